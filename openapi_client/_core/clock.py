"""Time, as the library sees it: a test puts another clock in its place and need not wait."""

import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

if hasattr(time, "CLOCK_MONOTONIC"):
    # ``time.monotonic`` by another name, which tools that freeze the time leave alone.
    _monotonic: Callable[[], float] = partial(time.clock_gettime, time.CLOCK_MONOTONIC)
else:  # pragma: no cover - on Windows
    # Held in a partial, where such a tool does not find it later.
    _monotonic = partial(time.monotonic)


class Clock(Protocol):
    """What the library asks of time."""

    def monotonic(self) -> float:
        """Seconds from a point in the past, never going back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        ...


class SystemClock:
    """The machine's own time, also where a test has frozen that of the program.

    Tools that freeze time put functions of theirs in place of ``time.monotonic``, and let
    ``time.sleep`` be: by their time no deadline would ever come.
    """

    monotonic = staticmethod(_monotonic)
    """Seconds from a point in the past, never going back."""

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds; a signal handler that raises ends it."""
        time.sleep(seconds)
