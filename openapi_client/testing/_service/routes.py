"""The routes: what is served at which method and path, and which statuses it can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .._http.message import Reply
from .._http.problems import Problem, error
from .._store.store import DuplicateError, InUseError, QuotaError, Refused
from .bodies import FORM, JSON
from .call import KEYS_PATH, Call
from .operations import (
    LIST_PARAMETERS,
    create_key,
    delete_key,
    exchange_token,
    get_key,
    list_keys,
    update_key,
)

_KEY_PATH = f"{KEYS_PATH}/{{id}}"
_STS_PATH = "/sts/v1/oauth2/token"


@dataclass(frozen=True)
class Route:
    """One operation: its name in the API's description, and what it is there."""

    operation_id: str
    method: str
    template: str
    success: int
    failures: tuple[int, ...]
    """The statuses of its failures, those that only faults bring about included."""
    handle: Callable[[Call], Reply]
    """What it does; it raises `Problem` to fail."""
    query: tuple[str, ...] = ()
    accepts: str | None = None
    """The media type of its request body; None for no body."""
    secured: bool = True

    def perform(self, call: Call) -> Reply:
        """Do the operation; what the store refuses becomes the answer that says so."""
        try:
            return self.handle(call)
        except Refused as refused:
            raise _problem(refused, call) from None


def _problem(refused: Refused, call: Call) -> Problem:
    match refused:
        case DuplicateError(args=(name, key_id)):
            detail = f"The key {name} is already registered."
            return Problem(409, error(409, detail=detail), Location=call.location(key_id))
        case QuotaError(args=(quota,)):
            # The wording is the one by which the vendor's tool knows a quota error.
            detail = f"The number of BYOK keys per organization is currently limited to {quota}."
            return Problem(402, error(402, detail=detail))
        case InUseError(args=(key_id,)):
            return Problem(409, {"title": "Conflict", "detail": f"The key {key_id} is in use."})
        case _ if call.backend.settings.absent_status == 403:
            return Problem(403, {"code": "forbidden_access", "title": "Forbidden Access"})
        case _:
            return Problem(404, error(404))


_ANY = (400, 401, 403, 429, 500)
_CREATE = (400, 401, 402, 403, 409, 415, 422, 429, 500)
_READ = (400, 401, 403, 404, 429, 500)
_UPDATE = (400, 401, 402, 403, 404, 409, 415, 422, 429, 500)
_DELETE = (400, 401, 403, 404, 409, 429, 500)
_STS = (400, 415, 429, 500)

ROUTES: tuple[Route, ...] = (
    Route("listByokV1Keys", "GET", KEYS_PATH, 200, _ANY, list_keys, query=LIST_PARAMETERS),
    Route("createByokV1Key", "POST", KEYS_PATH, 201, _CREATE, create_key, accepts=JSON),
    Route("getByokV1Key", "GET", _KEY_PATH, 200, _READ, get_key),
    Route("updateByokV1Key", "PATCH", _KEY_PATH, 200, _UPDATE, update_key, accepts=JSON),
    Route("deleteByokV1Key", "DELETE", _KEY_PATH, 204, _DELETE, delete_key),
    Route("exchangeStsV1OauthToken", "POST", _STS_PATH, 200, _STS, exchange_token, (), FORM, False),
)
"""All operations; tests compare them with the API's description."""

_BY_PATH: Mapping[str, Mapping[str, Route]] = {
    template: {route.method: route for route in ROUTES if route.template == template}
    for template in (KEYS_PATH, _KEY_PATH, _STS_PATH)
}


class Match(NamedTuple):
    """The routes of a path by method, with their template and the raw id in the path."""

    template: str
    methods: Mapping[str, Route]
    raw_id: str


def match(path: str) -> Match | None:
    """What is served at a path that is not decoded; None for nothing."""
    if path in (KEYS_PATH, _STS_PATH):
        return Match(path, _BY_PATH[path], "")
    parent, _, last = path.rpartition("/")
    return Match(_KEY_PATH, _BY_PATH[_KEY_PATH], last) if parent == KEYS_PATH and last else None
