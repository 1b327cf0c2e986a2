"""Odd shapes of a listing: its links, its last page, its sizes (contract section 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Listing:
    """A page about to be sent.

    Attributes:
        document: the page, to be changed.
        base: scheme, host and path prefix of its links.
        own: the link by which the page itself was asked for.
        is_first: whether it was asked for without a token.
        is_past_end: whether it lies behind the last key.
        end: a link to the page behind the last key.
    """

    document: dict[str, Any]
    base: str
    own: str
    is_first: bool
    is_past_end: bool
    end: Callable[[], str]

    @property
    def links(self) -> dict[str, Any]:
        """The page's links by name, with the total size among them."""
        links: dict[str, Any] = self.document["metadata"]
        return links


PageShape = Callable[[Listing], None]


def _next(change: Callable[[str, Listing], str]) -> PageShape:
    def shape(listing: Listing) -> None:
        if "next" in listing.links:
            listing.links["next"] = change(listing.links["next"], listing)

    return shape


def _end_of_links(value: str | None) -> PageShape:
    return lambda listing: listing.links.setdefault("next", value)


def _next_repeats(listing: Listing) -> None:
    if not listing.is_first:
        listing.links["next"] = listing.own


def _last_page_empty(listing: Listing) -> None:
    if "next" not in listing.links and not listing.is_past_end:
        listing.links["next"] = listing.end()


def _last_page_null(listing: Listing) -> None:
    _last_page_empty(listing)
    if listing.is_past_end:
        listing.document["data"] = None


PAGE_SHAPES: Mapping[str, tuple[str, PageShape]] = {
    # In this order: a last page has to be made before its link can be spoiled.
    "last_page_empty": ("one more page, with nothing on it", _last_page_empty),
    "last_page_null": ("one more page, with null for its data", _last_page_null),
    "next_null": ("null for next at the end", _end_of_links(None)),
    "next_empty": ("empty text for next at the end", _end_of_links("")),
    "next_relative": (
        "next without scheme and host",
        _next(lambda link, listing: link.removeprefix(listing.base)),
    ),
    "next_malformed": (
        "next without its question mark",
        _next(lambda link, _: link.replace("?", "")),
    ),
    "next_other_host": (
        "next leading to another host",
        _next(lambda link, listing: link.replace(listing.base, "https://elsewhere.invalid", 1)),
    ),
    "next_repeats": ("from the second page on, next leads to the page itself", _next_repeats),
    "total_size_missing": (
        "no total_size",
        lambda listing: listing.links.pop("total_size"),
    ),
}
