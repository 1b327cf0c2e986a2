"""The routes: what is served at which method and path, and which statuses it can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .._http.message import Reply
from .bodies import FORM, JSON
from .operations import (
    KEYS_PATH,
    LIST_PARAMETERS,
    Call,
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
    """What it does; it raises `Problem` or `Refused` to fail."""
    query: tuple[str, ...] = ()
    accepts: str | None = None
    """The media type of its request body; None for no body."""
    secured: bool = True


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

ROUTES_BY_TEMPLATE: Mapping[str, Mapping[str, Route]] = {
    template: {route.method: route for route in ROUTES if route.template == template}
    for template in (KEYS_PATH, _KEY_PATH, _STS_PATH)
}
"""The routes by the template of their path, and by method."""


def match(path: str) -> tuple[str, str]:
    """The template that a path, not decoded, is of, and the key id in it; empty for none."""
    parent, _, last = path.rpartition("/")
    if parent == KEYS_PATH and last:
        return _KEY_PATH, last
    return path if path in ROUTES_BY_TEMPLATE else "", ""
