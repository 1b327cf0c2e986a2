"""Rate limits, counted in windows of fixed length that begin with a request."""

from __future__ import annotations

import threading

from .._store.clock import nanoseconds, whole_seconds


class RateLimiter:
    """Counts requests of the one organization."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Begin counting anew."""
        with self._lock:
            self._limit: tuple[int, float] | None = None
            self._ends = self._count = 0

    def take(self, limit: tuple[int, float] | None, now: int) -> dict[str, str]:
        """Count a request, and return the headers that say what is left; none without a limit.

        They hold `Retry-After` if the request is one too many.
        """
        if limit is None:
            return {}
        requests, seconds = limit
        with self._lock:
            if limit != self._limit or now >= self._ends:
                self._limit, self._ends, self._count = limit, now + nanoseconds(seconds), 0
            self._count += 1
            left, reset = requests - self._count, str(whole_seconds(self._ends - now))
        headers = {
            "X-RateLimit-Limit": str(requests),
            "X-RateLimit-Remaining": str(max(0, left)),
            "X-RateLimit-Reset": reset,
        }
        return headers if left >= 0 else {**headers, "Retry-After": reset}
