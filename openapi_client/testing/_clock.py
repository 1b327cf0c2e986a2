"""Time as the emulator sees it: nanoseconds since the epoch, from a source that tests can move."""

from __future__ import annotations

import time
from collections.abc import Callable

NANOSECONDS = 1_000_000_000


class Clock:
    """A source of time (a callable like `time.time_ns`) that can be moved forward."""

    def __init__(self, source: Callable[[], int] = time.time_ns) -> None:
        self._source = source
        self._offset = 0

    def now(self) -> int:
        """The present moment, in nanoseconds since the epoch."""
        return self._source() + self._offset

    def advance(self, seconds: float) -> None:
        """Move the present moment `seconds` into the future."""
        if seconds < 0:
            raise ValueError(f"time only moves forward, not by {seconds} seconds")
        self._offset += nanoseconds(seconds)

    def reset(self) -> None:
        """Follow the source again, without any offset."""
        self._offset = 0


def nanoseconds(seconds: float) -> int:
    """Seconds as a whole number of nanoseconds."""
    return round(seconds * NANOSECONDS)


def timestamp(moment: int) -> str:
    """RFC 3339 in UTC with nine fractional digits, as the service has it (contract section 3)."""
    seconds, fraction = divmod(moment, NANOSECONDS)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{fraction:09d}Z"
