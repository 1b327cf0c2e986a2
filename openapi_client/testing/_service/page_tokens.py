"""Page tokens: random, and no longer accepted after a while."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from .._http.problems import bad_parameter
from .._store.filters import Filters
from .._store.listing import Position

_LONGEST = 255
_KEPT = 50_000


@dataclass(frozen=True)
class Cursor:
    """A place in a listing: its filters, the page size, and the position it goes on below."""

    filters: Filters
    size: int
    before: Position


class PageTokens:
    """The cursors that tokens stand for; of very many the first are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cursors: dict[str, tuple[Cursor, int]] = {}

    def clear(self) -> None:
        """Accept none of the tokens issued so far."""
        self._cursors.clear()

    def issue(self, cursor: Cursor, expires: int) -> str:
        """A token for a cursor, accepted until a moment in nanoseconds since the epoch."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._cursors[token] = (cursor, expires)
            if len(self._cursors) > _KEPT:
                del self._cursors[next(iter(self._cursors))]
        return token

    def read(self, token: str, now: int) -> Cursor:
        """The cursor that a token stands for.

        Raises:
            Problem: 400 if it is too long, expired, or was not issued here.
        """
        if len(token) > _LONGEST:
            raise bad_parameter("page_token", f"It is longer than {_LONGEST} characters.")
        cursor, expires = self._cursors.get(token, (None, 0))
        if cursor is None:
            raise bad_parameter("page_token", "The page token is not valid.")
        if now >= expires:
            raise bad_parameter("page_token", "The page token has expired.")
        return cursor
