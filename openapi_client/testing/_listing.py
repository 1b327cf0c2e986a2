"""Listing keys: parameters in, one page and its links out (contract sections 1.1, 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._call import KEYS_PATH, Call
from ._clock import nanoseconds
from ._errors import bad_parameter
from ._filters import FILTER_NAMES, Filters
from ._message import Reply
from ._odd_pages import PAGE_SHAPES, Listing
from ._state import Page
from ._tokens import Place

LIST_PARAMETERS = (*FILTER_NAMES, "page_size", "page_token")
LISTING_SHAPES: Mapping[str, str] = {
    "item_on_two_pages": "each page after the first begins with the last key of the one before",
    "short_pages": "pages hold half as many keys as asked for",
    "filters_not_in_token": "a page token is only a place: filters and size must be repeated",
}
_DEFAULT_PAGE_SIZE = 10
_MAX_PAGE_SIZE = 100
_NEWEST = 2**63 - 1


def list_keys(call: Call) -> Reply:
    """Answer one page of the keys that match."""
    place = _place(call, call.parameters(LIST_PARAMETERS))
    size = max(1, place.size // 2) if "short_pages" in call.odd else place.size
    overlap = 1 if "item_on_two_pages" in call.odd else 0
    page = call.backend.store.page(place.filters, place.before, size, overlap)
    document = _document(call, place, page)
    _spoil(call, place, document)
    return Reply(200, document)


def _document(call: Call, place: Place, page: Page) -> dict[str, Any]:
    metadata: dict[str, Any] = {"first": _link(call, place, _NEWEST)}
    if page.next_before is not None:
        metadata["next"] = _link(call, place, page.next_before)
    metadata["total_size"] = page.total
    data = [call.present(document) for document in page.documents]
    return {"api_version": "byok/v1", "kind": "KeyList", "metadata": metadata, "data": data}


def _spoil(call: Call, place: Place, document: dict[str, Any]) -> None:
    listing = Listing(
        document=document,
        base=call.base,
        own=f"{call.base}{KEYS_PATH}?{call.request.query}",
        is_first=place.before == _NEWEST,
        is_past_end=place.before == 0,
        end=lambda: _link(call, place, 0),
    )
    for name, (_, shape) in PAGE_SHAPES.items():
        if name in call.odd:
            shape(listing)


def _place(call: Call, parameters: dict[str, str]) -> Place:
    size = _page_size(parameters.pop("page_size", None))
    token = parameters.pop("page_token", "")
    asked = Place(Filters(**parameters), size or _DEFAULT_PAGE_SIZE, _NEWEST)
    if not token:
        return asked
    # A token holds filters and size, so that following a link verbatim is enough; who repeats the
    # filters, as the vendor's own tool does, changes nothing by it.
    place = call.backend.tokens.read(token, call.now)
    if "filters_not_in_token" in call.odd:
        return Place(asked.filters, asked.size, place.before)
    return Place(place.filters, size or place.size, place.before)


def _page_size(text: str | None) -> int | None:
    if text is None:
        return None
    digits = text if text.isascii() and text.isdigit() and len(text) < 10 else "0"
    if not 1 <= int(digits) <= _MAX_PAGE_SIZE:
        raise bad_parameter("page_size", f"It must be a whole number of 1 to {_MAX_PAGE_SIZE}.")
    return int(digits)


def _link(call: Call, place: Place, before: int) -> str:
    expires = call.now + nanoseconds(call.backend.settings.page_token_lifetime)
    token = call.backend.tokens.issue(Place(place.filters, place.size, before), expires)
    return f"{call.base}{KEYS_PATH}?page_token={token}"
