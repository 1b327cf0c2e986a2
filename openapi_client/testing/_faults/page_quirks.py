"""Quirks of a listing: its links, its last page, its sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Links(NamedTuple):
    """What a page's links are made of."""

    base: str
    this: str
    past_end: str | None  # To the page behind the last key, unless the page is that one.
    is_first: bool


Metadata = dict[str, Any]
Change = Callable[[Metadata, Links], object]


def _next(change: Callable[[str, str], str]) -> Change:
    """Change the link to the next page, if there is one, knowing what all links begin with."""
    return lambda metadata, links: metadata.update(
        {"next": change(metadata["next"], links.base)} if "next" in metadata else {}
    )


def _one_page_more(metadata: Metadata, links: Links) -> None:
    if links.past_end:
        metadata.setdefault("next", links.past_end)


def _next_repeats(metadata: Metadata, links: Links) -> None:
    if not links.is_first:
        metadata["next"] = links.this


PAGE_QUIRKS: Mapping[str, tuple[str, Change]] = {
    # In this order: a last page has to be made before its link can be changed.
    "last_page_empty": ("one more page, with nothing on it", _one_page_more),
    "last_page_null": ("one more page, with null for its data", _one_page_more),
    "next_null": ("null for next at the end", lambda m, _: m.setdefault("next", None)),
    "next_empty": ("empty text for next at the end", lambda m, _: m.setdefault("next", "")),
    "next_relative": ("next without scheme and host", _next(str.removeprefix)),
    "next_malformed": ("next without its question mark", _next(lambda n, _: n.replace("?", ""))),
    "next_other_host": (
        "next leading to another host",
        _next(lambda link, base: link.replace(base, "https://elsewhere.invalid", 1)),
    ),
    "next_repeats": ("from the second page on, next leads to the page itself", _next_repeats),
    "total_size_missing": ("no total_size", lambda metadata, _: metadata.pop("total_size")),
}
LISTING_QUIRKS: Mapping[str, str] = {
    "item_on_two_pages": "each page after the first begins with the last key of the one before",
    "short_pages": "pages hold half as many keys as asked for",
    "filters_not_in_token": "a page token is only a place: filters and size must be repeated",
}
