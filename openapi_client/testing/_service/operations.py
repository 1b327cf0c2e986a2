"""The operations: a call in, the reply out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._faults.page_quirks import PAGE_QUIRKS, Links
from .._http.message import Reply
from .._http.problems import bad_parameter, malformed
from .._store.clock import NANOSECONDS, nanoseconds
from .._store.documents import renamed
from .._store.listing import FILTER_NAMES, NEWEST, OLDEST, Cursor, Filters, Position
from .bodies import FORM, read_create, read_update, require_media_type
from .call import KEYS_PATH, Call, parameters, whole_number

LIST_PARAMETERS = (*FILTER_NAMES, "page_size", "page_token")
_DEFAULT_PAGE_SIZE = 10
_MAX_PAGE_SIZE = 100
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
_REQUIRED: Mapping[str, str | None] = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token": None,
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "requested_token_type": _ACCESS_TOKEN,
    "identity_pool_id": None,
}
_MAX_LIFETIME = 900


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
    past_end = link(OLDEST) if call.quirks and cursor.before != OLDEST else None
    links = Links(call.base, f"{url}?{call.request.query}", past_end, cursor.before == NEWEST)
    for name, (_, change) in PAGE_QUIRKS.items():
        if name in call.quirks:
            change(metadata, links)
    is_null = cursor.before == OLDEST and "last_page_null" in call.quirks
    data = None if is_null else [call.present(document) for document in page.documents]
    document = {"api_version": "byok/v1", "kind": "KeyList", "metadata": metadata, "data": data}
    return Reply(200, document)


def _cursor(call: Call, now: int) -> Cursor:
    sent = parameters(call.request.query, LIST_PARAMETERS)
    size_sent, token = sent.pop("page_size", None), sent.pop("page_token", "")
    size = None if size_sent is None else whole_number("page_size", size_sent, _MAX_PAGE_SIZE)
    start = Cursor(Filters(**sent), size or _DEFAULT_PAGE_SIZE, NEWEST)
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
    key, display_name = read_create(call.request)
    id_length = 255 if "id_of_255" in call.quirks else 0
    document = call.backend.store.create(key, display_name, id_length)
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
    require_media_type(FORM, call.request)
    try:
        text = call.request.body.decode("ascii")
    except UnicodeDecodeError:
        raise malformed("The request body is not form-encoded.") from None
    form = parameters(text, (*_REQUIRED, "expires_in"))
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
