"""When a job asks again: ever more seldom, never sooner than told, and not after its end."""

import random
from math import inf

from .._core.clock import Clock
from ..exceptions import ApiException

_FIRST_PAUSE, _GROWTH = 1.0, 1.5
_LONGEST_PAUSES = 30.0, 900.0
"""Seconds: the first for waits of minutes, the second for waits of days."""

ROUNDING = 0.001
"""Seconds that count as none: sums of waits are off by rounding."""


def last_look(timeout: float) -> float:
    """The seconds that a look at the end of a job may take."""
    return min(1.0, timeout / 10)


class Pauses:
    """The seconds between one look and the next.

    They grow from one second to ``longest``, and vary, so that jobs which started together do
    not go on together.
    """

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._next = _FIRST_PAUSE

    def after(self, failure: ApiException | None = None) -> float:
        """The seconds to wait after a look, and at least those that its failure asks for."""
        pause = self._next * random.uniform(0.5, 1.0)
        self._next = min(self._next * _GROWTH, self._longest)
        return max(pause, server_delay(failure) * random.uniform(1.0, 1.25))


class Schedule:
    """The looks of a wait that ends after ``timeout`` seconds."""

    def __init__(self, timeout: float, clock: Clock) -> None:
        self._clock = clock
        self._end = clock.monotonic() + timeout
        # The last sleep ends early enough to look once more.
        self._last_look = last_look(timeout)
        few, many = _LONGEST_PAUSES
        self._pauses = Pauses(min(max(few, timeout / 100), many))

    def time_to_look(self) -> float:
        """The seconds that the next look may take."""
        # A sleep may have taken longer than it should.
        return max(self._last_look, self._end - self._clock.monotonic())

    def sleep(self, failure: ApiException | None = None, *, at_most: float = inf) -> bool:
        """Wait until it is time to look again; ``False``, at once, where that is too late.

        ``failure`` is what the last look ended in; ``at_most`` makes for an earlier look.
        """
        left = self._end - self._last_look - self._clock.monotonic()
        delay = server_delay(failure)
        if left <= max(delay, ROUNDING):
            return False
        wait = max(min(self._pauses.after(failure), at_most), delay)
        self._clock.sleep(min(wait, left))
        return True


def server_delay(failure: ApiException | None) -> float:
    """The seconds that the service asked to wait."""
    return (failure and failure.retry_after) or 0.0
