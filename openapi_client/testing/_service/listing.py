"""The operation that lists keys: parameters in, one page and its links out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .._faults.page_quirks import PAGE_QUIRKS, Links
from .._http.message import Reply
from .._http.problems import bad_parameter
from .._store.clock import nanoseconds
from .._store.listing import FILTER_NAMES, NEWEST, OLDEST, Cursor, Filters, Position
from .call import KEYS_PATH, Call, parameters, whole_number

LIST_PARAMETERS = (*FILTER_NAMES, "page_size", "page_token")
_DEFAULT_PAGE_SIZE = 10
_MAX_PAGE_SIZE = 100


def list_keys(call: Call) -> Reply:
    """Answer one page of the keys that match."""
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
