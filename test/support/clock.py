"""A clock that moves only when told to, so that tests of waiting do not wait."""

from __future__ import annotations

import threading
from collections.abc import Callable


class FakeClock:
    """Stands in for `time.monotonic`, `time.time` and `time.sleep`. Safe to share between threads.

    `sleeps` holds each duration slept, in seconds, in order. `on_sleep` is called with the duration
    after the clock has moved: the moment at which a test can let the world change, for instance
    open a port that refused so far. Each look at the time takes `tick` seconds, so that a deadline
    passes after so many looks, however fast the machine is.
    """

    def __init__(
        self,
        *,
        start: float = 1_700_000_000.0,
        on_sleep: Callable[[float], None] | None = None,
        tick: float = 0.0,
    ) -> None:
        """`start` is the wall-clock time at which the clock begins, in seconds since the epoch."""
        self.sleeps: list[float] = []
        self._start = start
        self._elapsed = 0.0
        self._on_sleep = on_sleep
        self._tick = tick
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        """Seconds gone by on this clock. Begins away from 0, as real monotonic clocks do."""
        with self._lock:
            self._elapsed += self._tick
            return 1_000.0 + self._elapsed

    def time(self) -> float:
        """Seconds since the epoch."""
        with self._lock:
            return self._start + self._elapsed

    def advance(self, seconds: float) -> None:
        """Let time pass without a sleep, for instance for the length of a request."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        with self._lock:
            self._elapsed += seconds

    def sleep(self, seconds: float) -> None:
        """Note the sleep, move the clock by it, and return at once.

        A negative duration raises ValueError, as `time.sleep` does.
        """
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        with self._lock:
            self._elapsed += seconds
            self.sleeps.append(seconds)
        if self._on_sleep is not None:
            self._on_sleep(seconds)

    @property
    def slept(self) -> float:
        """Seconds slept in all."""
        with self._lock:
            return sum(self.sleeps)
