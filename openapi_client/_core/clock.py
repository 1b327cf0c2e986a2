"""Time, as the library sees it: a test puts another clock in its place and need not wait."""

import time
from typing import Protocol


class Clock(Protocol):
    """What the library asks of time."""

    def monotonic(self) -> float:
        """Seconds from a point in the past, never going back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        ...


class SystemClock:
    """The machine's own time."""

    def monotonic(self) -> float:
        """Seconds from a point in the past, never going back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds; a signal handler that raises ends it."""
        time.sleep(seconds)
