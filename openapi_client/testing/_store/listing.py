"""Listings: filters, the order of keys, cursors, and what shows as of some moment."""

import secrets
import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .checks import is_object
from .documents import Document, identifier

Position = tuple[int, int]
"""The place of a key among all: when it was created, and its number among those of that moment."""

Filters = tuple[tuple[str, str], ...]
"""What a listing is restricted to: names of `FILTERS`, and what is looked for."""

NEWEST: Position = (1 << 80, 0)
OLDEST: Position = (-(1 << 80), 0)
_RESULTS_KEPT = 16
_TOKENS_KEPT = 50_000


def _contains(value: object, text: str) -> bool:
    return text.casefold() in str(value or "").casefold()


def _validation(document: Document, name: str) -> object:
    # Seeded documents may have any shape, so that nothing can be taken for granted.
    validation = document.get("validation")
    return validation.get(name) if is_object(validation) else None


FILTERS: Mapping[str, Callable[[Document, str], bool]] = {
    "provider": lambda document, text: document["provider"] == text,
    "state": lambda document, text: document["state"] == text,
    "display_name": lambda document, text: _contains(document.get("display_name"), text),
    "validation_phase": lambda document, text: _validation(document, "phase") == text,
    "validation_region": lambda document, text: _validation(document, "region") == text,
    "key": lambda document, text: _contains(identifier(document["key"]), text),
}
"""How query parameters are compared with keys: exact ones respect case, partial ones do not."""


@dataclass(frozen=True)
class Cursor:
    """A place in a listing: its filters, the page size, and the position it goes on below."""

    filters: Filters
    size: int
    before: Position


class PageTokens:
    """Random tokens that stand for cursors; of very many the first are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cursors: dict[str, tuple[Cursor, int]] = {}

    def issue(self, cursor: Cursor, expires: int) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._cursors[token] = (cursor, expires)
            if len(self._cursors) > _TOKENS_KEPT:
                del self._cursors[next(iter(self._cursors))]
        return token

    def read(self, token: str, now: int) -> Cursor | None:
        """The cursor that a token stands for; None if it was not issued here, or has expired."""
        cursor, expires = self._cursors.get(token, (None, 0))
        return cursor if now < expires else None


@dataclass(frozen=True)
class Page:
    """Part of a listing: its keys, newest first, how many match in all, where the next begins."""

    documents: Sequence[Document]
    total: int
    next_before: Position | None


class Listing:
    """The keys that listings show. A change shows once it is old enough, as in a replica."""

    def __init__(self) -> None:
        # Each with the document since then; None for a key that was deleted.
        self._changes: deque[tuple[int, Position, Document | None]] = deque()
        self._documents: dict[Position, Document] = {}
        # Kept until the next change: walking through many pages costs one scan, not one a page.
        self._matching = lru_cache(_RESULTS_KEPT)(self._scan)

    def change(self, moment: int, position: Position, document: Document | None) -> None:
        self._changes.append((moment, position, document))

    def catch_up(self, moment: int) -> None:
        """Show everything that was changed by some moment."""
        while self._changes and self._changes[0][0] <= moment:
            _, position, document = self._changes.popleft()
            self.show(position, document)

    def show(self, position: Position, document: Document | None) -> None:
        self._matching.cache_clear()
        if document is None:
            del self._documents[position]
        else:
            self._documents[position] = document

    def page(self, cursor: Cursor, size: int, overlap: int) -> Page:
        """Up to `size` matching keys that are older than the cursor, and `overlap` newer ones."""
        matching = self._matching(cursor.filters)
        end = bisect_left(matching, cursor.before)
        start = max(0, end - size)
        documents = [self._documents[one] for one in matching[start : end + overlap]]
        return Page(documents[::-1], len(matching), matching[start] if start else None)

    def _scan(self, filters: Filters) -> list[Position]:
        return sorted(
            position
            for position, document in self._documents.items()
            if all(FILTERS[name](document, text) for name, text in filters)
        )
