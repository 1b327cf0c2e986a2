"""The operations: a call in, the reply out; and the routes they are served at."""

import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from .._faults.answer_quirks import change_links
from .._faults.faults import Faults
from .._faults.quirks import Quirk
from .._http.message import RecordedRequest, Reply, bad_parameter
from .._store.checks import is_object
from .._store.clock import NANOSECONDS, Clock, nanoseconds
from .._store.documents import renamed
from .._store.listing import FILTERS, NEWEST, OLDEST, Cursor, PageTokens, Position
from .._store.settings import Settings
from .._store.store import KeyStore
from .access import Credentials, RateLimiter
from .bodies import FORM, JSON, parameters, read_create, read_form, read_update, whole_number

KEYS_PATH = "/byok/v1/keys"
_KEY_PATH = f"{KEYS_PATH}/{{id}}"
_STS_PATH = "/sts/v1/oauth2/token"
LIST_PARAMETERS = (*FILTERS, "page_size", "page_token")
_DEFAULT_PAGE_SIZE = 10
_MAX_PAGE_SIZE = 100
_LONGEST_ID = 255
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
_REQUIRED: Mapping[str, str | None] = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token": None,
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "requested_token_type": _ACCESS_TOKEN,
    "identity_pool_id": None,
}
_MAX_LIFETIME = 900


class Backend:
    """Everything that lasts from one request to the next, until `ByokEmulator.clear`."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], int],
        numbers: Iterator[int],
        credentials: Credentials,
        random_seed: int,
        log_limit: int | None,
    ) -> None:
        self.settings = settings
        self.clock = Clock(clock)
        self.store = KeyStore(settings, self.clock, numbers)
        self.credentials = replace(credentials)  # Without the tokens issued before.
        self.limiter = RateLimiter()
        self.page_tokens = PageTokens()
        self.faults = Faults(random_seed)
        self.quirks: list[Quirk] = []
        self.log = deque[RecordedRequest](maxlen=log_limit)


@dataclass(frozen=True)
class Call:
    """What an operation works on."""

    backend: Backend
    request: RecordedRequest
    base: str  # Scheme, host and prefix by which the client came: links lead back the same way.
    path: str  # Below that prefix; not decoded, as the id in it.
    template: str  # Empty where nothing is served.
    raw_id: str
    quirks: frozenset[str]

    @property
    def key_id(self) -> str:
        """The key id in the path. Raises `Problem` (400) if it can be none."""
        try:
            key_id = unquote(self.raw_id, errors="strict")
        except UnicodeDecodeError:
            raise bad_parameter("id", "It is not UTF-8.") from None
        if len(key_id) > _LONGEST_ID:
            raise bad_parameter("id", f"It has more than {_LONGEST_ID} characters.")
        return key_id

    def location(self, key_id: str) -> str:
        return f"{self.base}{KEYS_PATH}/{quote(key_id, safe='')}"

    def present(self, document: dict[str, Any]) -> dict[str, Any]:
        """A document as it is sent: its metadata name the URL it can be read at."""
        metadata = document["metadata"]
        if is_object(metadata):
            metadata = {"self": self.location(str(document["id"])), **metadata}
        return {**document, "metadata": metadata}


def list_keys(call: Call) -> Reply:
    backend, url, now = call.backend, f"{call.base}{KEYS_PATH}", call.backend.clock.now()
    cursor = _cursor(call, now)
    size = max(1, cursor.size // 2) if "short_pages" in call.quirks else cursor.size
    page = backend.store.page(cursor, size, 1 if "item_on_two_pages" in call.quirks else 0)

    def link(before: Position) -> str:
        expires = now + nanoseconds(backend.settings.page_token_lifetime)
        token = backend.page_tokens.issue(replace(cursor, before=before), expires)
        return f"{url}?page_token={token}"

    metadata: dict[str, Any] = {"first": link(NEWEST), "total_size": page.total}
    if page.next_before is not None:
        metadata["next"] = link(page.next_before)
    if call.quirks:
        this = None if cursor.before == NEWEST else f"{url}?{call.request.query}"
        past_end = None if cursor.before == OLDEST else link(OLDEST)
        change_links(metadata, call.quirks, call.base, this, past_end)
    is_null = cursor.before == OLDEST and "last_page_null" in call.quirks
    data = None if is_null else [call.present(document) for document in page.documents]
    document = {"api_version": "byok/v1", "kind": "KeyList", "metadata": metadata, "data": data}
    return Reply(200, document)


def _cursor(call: Call, now: int) -> Cursor:
    sent = parameters(call.request.query, LIST_PARAMETERS)
    size_sent, token = sent.pop("page_size", None), sent.pop("page_token", "")
    size = None if size_sent is None else whole_number("page_size", size_sent, _MAX_PAGE_SIZE)
    filters = tuple(sorted((name, looked_for) for name, looked_for in sent.items() if looked_for))
    start = Cursor(filters, size or _DEFAULT_PAGE_SIZE, NEWEST)
    if not token:
        return start
    # A token stands for filters and size, too, so that following a link verbatim is enough;
    # repeating the filters, as the vendor's own tool does, changes nothing.
    cursor = call.backend.page_tokens.read(token, now)
    if cursor is None:
        raise bad_parameter("page_token", "The page token is not valid, or has expired.")
    if "filters_not_in_token" in call.quirks:
        return replace(start, before=cursor.before)
    return replace(cursor, size=size or cursor.size)


def create_key(call: Call) -> Reply:
    id_length = _LONGEST_ID if "id_of_255" in call.quirks else 0
    document = call.backend.store.create(read_create(call.request), id_length)
    return Reply(201, call.present(document), {"Location": call.location(document["id"])})


def get_key(call: Call) -> Reply:
    return Reply(200, call.present(call.backend.store.read(call.key_id)))


def update_key(call: Call) -> Reply:
    key_id, name, store = call.key_id, read_update(call.request), call.backend.store
    if name is None:
        return Reply(200, call.present(store.document(key_id)))
    return Reply(200, call.present(store.edit(key_id, lambda old, now: renamed(old, name, now))))


def delete_key(call: Call) -> Reply:
    call.backend.store.delete(call.key_id)
    return Reply(204)


def exchange_token(call: Call) -> Reply:
    """Issue an access token for any subject token that is not empty."""
    form = read_form(call.request, (*_REQUIRED, "expires_in"))
    for name, expected in _REQUIRED.items():
        if not form.get(name):
            raise bad_parameter(name, "It is required.")
        if expected not in (None, form[name]):
            raise bad_parameter(name, f"It must be {expected}.")
    lifetime = whole_number("expires_in", form.get("expires_in", str(_MAX_LIFETIME)), _MAX_LIFETIME)
    now, backend = call.backend.clock.now(), call.backend
    issued_at = now // NANOSECONDS
    claims = {
        "iss": "https://confluent.cloud",
        "sub": form["identity_pool_id"],
        "iat": issued_at,
        "exp": issued_at + lifetime,
        "jti": secrets.token_hex(8),
    }
    document = {
        "access_token": backend.credentials.issue(now + lifetime * NANOSECONDS, claims),
        "issued_token_type": _ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": lifetime,
    }
    return Reply(200, document)


@dataclass(frozen=True)
class Route:
    """One operation: its name in the API's description, and what it is there."""

    operation_id: str
    method: str
    template: str
    success: int
    failures: tuple[int, ...]  # Those that only faults bring about included.
    handle: Callable[[Call], Reply]  # Raises `Problem` or `Refused` to fail.
    query: tuple[str, ...] = ()
    accepts: str | None = None  # The media type of its request body; None for no body.
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


def match(path: str) -> tuple[str, str]:
    """The template that a path, not decoded, is of, and the key id in it; empty for none."""
    parent, _, last = path.rpartition("/")
    if parent == KEYS_PATH and last:
        return _KEY_PATH, last
    return path if path in ROUTES_BY_TEMPLATE else "", ""
