"""The routes: what is served at which method and path, and which statuses it can answer.

`ROUTES` is read by the tests that compare the emulator with the API's description.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ._bodies import check_create, check_update, parse_json, require_media_type
from ._call import KEYS_PATH, Call
from ._errors import Problem, absent, already_exists, in_use, quota_exceeded
from ._listing import LIST_PARAMETERS, list_keys
from ._message import Reply
from ._state import DuplicateError, InUseError, QuotaError, Refused
from ._sts import exchange_token

_JSON = "application/json"


@dataclass(frozen=True)
class Route:
    """One operation.

    Attributes:
        operation_id: its name in the API's description.
        template: its path, with `{id}` for the id of a key.
        success: the status of its success.
        failures: the statuses of its failures, those that only faults bring about included.
        handle: what it does; it raises `Problem` to fail.
        query: the query parameters it knows.
        accepts: the media type of its request body; None for no body.
        secured: whether it needs credentials, and counts against the rate limit.
    """

    operation_id: str
    method: str
    template: str
    success: int
    failures: tuple[int, ...]
    handle: Callable[[Call], Reply]
    query: tuple[str, ...] = ()
    accepts: str | None = None
    secured: bool = True

    def perform(self, call: Call) -> Reply:
        """Do the operation; what the store refuses becomes the answer that tells it."""
        try:
            return self.handle(call)
        except Refused as refused:
            raise _problem(refused, call) from None


def _body(call: Call) -> dict[str, Any]:
    require_media_type(_JSON, call.request.headers.get("Content-Type"), call.request.body)
    return parse_json(call.request.body)


def _create(call: Call) -> Reply:
    key, display_name = check_create(_body(call))
    id_length = 255 if "id_of_255" in call.odd else 0
    document = call.backend.store.create(key, display_name, id_length)
    location = call.location(document["id"])
    return Reply(201, call.present(document), headers={"Location": location})


def _get(call: Call) -> Reply:
    return Reply(200, call.present(call.backend.store.read(call.key_id)))


def _update(call: Call) -> Reply:
    key_id = call.key_id
    # The body is optional as described; without one there is nothing to change.
    display_name = check_update(_body(call)) if call.request.body else None
    return Reply(200, call.present(call.backend.store.update(key_id, display_name)))


def _delete(call: Call) -> Reply:
    call.backend.store.delete(call.key_id)
    return Reply(204)


def _problem(refused: Refused, call: Call) -> Problem:
    match refused:
        case DuplicateError():
            return already_exists(refused.identifier, call.location(refused.key_id))
        case QuotaError():
            return quota_exceeded(refused.quota)
        case InUseError():
            return in_use(refused.key_id)
        case _:
            return absent(call.backend.settings.absent_status)


_KEY_PATH = f"{KEYS_PATH}/{{id}}"

ROUTES: tuple[Route, ...] = (
    Route(
        operation_id="listByokV1Keys",
        method="GET",
        template=KEYS_PATH,
        success=200,
        failures=(400, 401, 403, 429, 500),
        handle=list_keys,
        query=LIST_PARAMETERS,
    ),
    Route(
        operation_id="createByokV1Key",
        method="POST",
        template=KEYS_PATH,
        success=201,
        failures=(400, 401, 402, 403, 409, 415, 422, 429, 500),
        handle=_create,
        accepts=_JSON,
    ),
    Route(
        operation_id="getByokV1Key",
        method="GET",
        template=_KEY_PATH,
        success=200,
        failures=(400, 401, 403, 404, 429, 500),
        handle=_get,
    ),
    Route(
        operation_id="updateByokV1Key",
        method="PATCH",
        template=_KEY_PATH,
        success=200,
        failures=(400, 401, 402, 403, 404, 409, 415, 422, 429, 500),
        handle=_update,
        accepts=_JSON,
    ),
    Route(
        operation_id="deleteByokV1Key",
        method="DELETE",
        template=_KEY_PATH,
        success=204,
        failures=(400, 401, 403, 404, 409, 429, 500),
        handle=_delete,
    ),
    Route(
        operation_id="exchangeStsV1OauthToken",
        method="POST",
        template="/sts/v1/oauth2/token",
        success=200,
        failures=(400, 415, 429, 500),
        handle=exchange_token,
        accepts="application/x-www-form-urlencoded",
        secured=False,
    ),
)


def _by_template() -> Mapping[str, Mapping[str, Route]]:
    table: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        table.setdefault(route.template, {})[route.method] = route
    return table


_TABLE = _by_template()


@dataclass(frozen=True)
class Match:
    """The routes of a path by method, with their template and the raw id in the path."""

    template: str
    methods: Mapping[str, Route]
    raw_id: str


def match(path: str) -> Match | None:
    """What is served at a path that is not decoded; None for nothing."""
    if path in _TABLE:
        return Match(path, _TABLE[path], "")
    parent, _, last = path.rpartition("/")
    if parent == KEYS_PATH and last:
        return Match(_KEY_PATH, _TABLE[_KEY_PATH], last)
    return None
