"""Time as the emulator sees it, in nanoseconds since the epoch, and timestamps."""

import re
import time
from collections.abc import Callable
from datetime import datetime

NANOSECONDS = 1_000_000_000
_TIMESTAMP = re.compile(r"([-\d]{10}T[:\d]{8})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Clock:
    """A source of time (a callable like `time.time_ns`) that can be moved forward."""

    def __init__(self, source: Callable[[], int]) -> None:
        self._source = source
        self._offset = 0

    def now(self) -> int:
        return self._source() + self._offset

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError(f"time only moves forward, not by {seconds} seconds")
        self._offset += nanoseconds(seconds)


def nanoseconds(seconds: float) -> int:
    return round(seconds * NANOSECONDS)


def whole_seconds(duration: int) -> int:
    """Nanoseconds in seconds, rounded up: waiting that long is waiting long enough."""
    return -(-duration // NANOSECONDS)


def timestamp(moment: int) -> str:
    """RFC 3339 in UTC with nine fractional digits, as the service writes it."""
    seconds, fraction = divmod(moment, NANOSECONDS)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{fraction:09d}Z"


def moment_of(text: object) -> int | None:
    """The moment that an RFC 3339 timestamp names; None for anything else."""
    found = _TIMESTAMP.fullmatch(str(text))
    if found is None:
        return None
    seconds, fraction, zone = found.groups(default="")
    try:
        whole = datetime.fromisoformat(seconds + zone.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        return None
    return int(whole) * NANOSECONDS + int(fraction.ljust(9, "0"))
