"""What listings show: keys in the order of their creation, as of some moment."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from .documents import Document
from .filters import Filters

Position = tuple[int, int]
"""The place of a key among all: when it was created, and its number among those of that moment."""

NEWEST: Position = (1 << 80, 0)
OLDEST: Position = (-(1 << 80), 0)
_RESULTS_KEPT = 16


@dataclass(frozen=True)
class Page:
    """Part of a listing: its keys, newest first, how many match in all, where the next begins."""

    documents: Sequence[Document]
    total: int
    next_before: Position | None


class Listing:
    """The keys that listings show. A change shows once it is old enough, as in a replica."""

    def __init__(self) -> None:
        self._changes: deque[tuple[int, Position, Document | None]] = deque()
        self._documents: dict[Position, Document] = {}
        self._order: list[Position] = []
        self._results: dict[Filters, list[Position]] = {}

    def change(self, moment: int, position: Position, document: Document | None) -> None:
        """Note a change made at some moment; None for a key that was deleted."""
        self._changes.append((moment, position, document))

    def catch_up(self, moment: int) -> None:
        """Show everything that was changed by some moment."""
        while self._changes and self._changes[0][0] <= moment:
            _, position, document = self._changes.popleft()
            self.show(position, document)

    def show(self, position: Position, document: Document | None) -> None:
        """Show a key as it is now; None for a key that was deleted."""
        self._results.clear()
        if document is None:
            del self._documents[position]
            del self._order[bisect_left(self._order, position)]
            return
        if position not in self._documents:
            insort(self._order, position)
        self._documents[position] = document

    def page(self, filters: Filters, before: Position, size: int, overlap: int) -> Page:
        """Up to `size` matching keys that are older than `before`, and `overlap` newer ones."""
        matching = self._matching(filters)
        end = bisect_left(matching, before)
        start = max(0, end - size)
        documents = [self._documents[one] for one in matching[start : end + overlap]]
        return Page(documents[::-1], len(matching), matching[start] if start else None)

    def _matching(self, filters: Filters) -> list[Position]:
        # Kept until the next change: walking through many pages costs one scan, not one a page.
        if filters == Filters():
            return self._order
        if filters not in self._results:
            if len(self._results) >= _RESULTS_KEPT:
                self._results.clear()
            matching = [one for one in self._order if filters.match(self._documents[one])]
            self._results[filters] = matching
        return self._results[filters]
