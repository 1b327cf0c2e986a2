"""Quirks of a listing: its links, its last page, its sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PageView:
    """A page about to be sent, with what is needed to change its links."""

    document: dict[str, Any]
    metadata: dict[str, Any]
    base: str
    own_link: str
    link_past_end: Callable[[], str]
    is_first: bool
    is_past_end: bool


Change = Callable[[PageView], object]


def _next(change: Callable[[str, str], str]) -> Change:
    """Change the link to the next page, if there is one, knowing what all links begin with."""

    def apply(page: PageView) -> None:
        if "next" in page.metadata:
            page.metadata["next"] = change(page.metadata["next"], page.base)

    return apply


def _next_repeats(page: PageView) -> None:
    if not page.is_first:
        page.metadata["next"] = page.own_link


def _last_page_empty(page: PageView) -> None:
    if "next" not in page.metadata and not page.is_past_end:
        page.metadata["next"] = page.link_past_end()


def _last_page_null(page: PageView) -> None:
    _last_page_empty(page)
    if page.is_past_end:
        page.document["data"] = None


PAGE_QUIRKS: Mapping[str, tuple[str, Change]] = {
    # In this order: a last page has to be made before its link can be changed.
    "last_page_empty": ("one more page, with nothing on it", _last_page_empty),
    "last_page_null": ("one more page, with null for its data", _last_page_null),
    "next_null": ("null for next at the end", lambda p: p.metadata.setdefault("next", None)),
    "next_empty": ("empty text for next at the end", lambda p: p.metadata.setdefault("next", "")),
    "next_relative": ("next without scheme and host", _next(str.removeprefix)),
    "next_malformed": ("next without its question mark", _next(lambda n, _: n.replace("?", ""))),
    "next_other_host": (
        "next leading to another host",
        _next(lambda link, base: link.replace(base, "https://elsewhere.invalid", 1)),
    ),
    "next_repeats": ("from the second page on, next leads to the page itself", _next_repeats),
    "total_size_missing": ("no total_size", lambda page: page.metadata.pop("total_size")),
}
LISTING_QUIRKS: Mapping[str, str] = {
    "item_on_two_pages": "each page after the first begins with the last key of the one before",
    "short_pages": "pages hold half as many keys as asked for",
    "filters_not_in_token": "a page token is only a place: filters and size must be repeated",
}
"""Those that change how a page is made."""
