"""Things that are to happen at a given time."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class Agenda:
    """Actions by the moment they are due; each is told the moment it was due at."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, int, Callable[[int], None]]] = []
        self._order = itertools.count()

    def at(self, moment: int, action: Callable[[int], None]) -> None:
        """Have `action` done once time reaches `moment` (nanoseconds)."""
        heapq.heappush(self._entries, (moment, next(self._order), action))

    def run(self, now: int) -> None:
        """Do, in order, everything that is due by `now`, and what becomes due by doing it."""
        while self._entries and self._entries[0][0] <= now:
            moment, _, action = heapq.heappop(self._entries)
            action(moment)
