"""Listing keys: parameters in, one page and its links out."""

from __future__ import annotations

from dataclasses import replace

from .._faults.page_quirks import PAGE_QUIRKS, PageView
from .._http.message import Reply
from .._store.clock import nanoseconds
from .._store.filters import FILTER_NAMES, Filters
from .._store.listing import NEWEST, OLDEST, Position
from .call import KEYS_PATH, Call, parameters, whole_number
from .page_tokens import Cursor

LIST_PARAMETERS = (*FILTER_NAMES, "page_size", "page_token")
_DEFAULT_PAGE_SIZE = 10
_MAX_PAGE_SIZE = 100


def list_keys(call: Call) -> Reply:
    """Answer one page of the keys that match."""
    cursor = _cursor(call)
    size = max(1, cursor.size // 2) if "short_pages" in call.quirks else cursor.size
    overlap = 1 if "item_on_two_pages" in call.quirks else 0
    page = call.backend.store.page(cursor.filters, cursor.before, size, overlap)

    def link(before: Position) -> str:
        expires = call.now + nanoseconds(call.backend.settings.page_token_lifetime)
        token = call.backend.page_tokens.issue(replace(cursor, before=before), expires)
        return f"{call.base}{KEYS_PATH}?page_token={token}"

    metadata = {"first": link(NEWEST), "total_size": page.total}
    if page.next_before is not None:
        metadata["next"] = link(page.next_before)
    document = {
        "api_version": "byok/v1",
        "kind": "KeyList",
        "metadata": metadata,
        "data": [call.present(document) for document in page.documents],
    }
    own_link = f"{call.base}{KEYS_PATH}?{call.request.query}"
    is_first, is_past_end = cursor.before == NEWEST, cursor.before == OLDEST
    view = PageView(
        document, metadata, call.base, own_link, lambda: link(OLDEST), is_first, is_past_end
    )
    for name, (_, change) in PAGE_QUIRKS.items():
        if name in call.quirks:
            change(view)
    return Reply(200, document)


def _cursor(call: Call) -> Cursor:
    sent = parameters(call.request.query, LIST_PARAMETERS)
    size_sent, token = sent.pop("page_size", None), sent.pop("page_token", "")
    size = None if size_sent is None else whole_number("page_size", size_sent, _MAX_PAGE_SIZE)
    start = Cursor(Filters(**sent), size or _DEFAULT_PAGE_SIZE, NEWEST)
    if not token:
        return start
    # A token holds filters and size, so that following a link verbatim is enough; repeating the
    # filters, as the vendor's own tool does, changes nothing.
    cursor = call.backend.page_tokens.read(token, call.now)
    if "filters_not_in_token" in call.quirks:
        return replace(start, before=cursor.before)
    return replace(cursor, size=size or cursor.size)
