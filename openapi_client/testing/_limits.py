"""Rate limits, counted in windows of fixed length that begin with a request."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from ._clock import NANOSECONDS, nanoseconds


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit after a request, and the headers that tell it."""

    limit: int
    remaining: int
    reset: int

    @property
    def exhausted(self) -> bool:
        """Whether the request is one too many."""
        return self.remaining < 0

    def headers(self) -> dict[str, str]:
        """Rate-limit headers, times in whole seconds from now (contract section 1.2)."""
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.remaining)),
            "X-RateLimit-Reset": str(self.reset),
        }
        return {**headers, "Retry-After": str(self.reset)} if self.exhausted else headers


class RateLimiter:
    """Counts requests of the one organization."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rule: tuple[int, float] | None = None
        self._ends = 0
        self._count = 0

    def reset(self) -> None:
        """Begin counting anew."""
        with self._lock:
            self._rule = None

    def take(self, rule: tuple[int, float] | None, now: int) -> Allowance | None:
        """Count a request made `now` against a rule of (requests, seconds); None for no rule."""
        if rule is None:
            return None
        limit, seconds = rule
        with self._lock:
            if rule != self._rule or now >= self._ends:
                self._rule, self._ends, self._count = rule, now + nanoseconds(seconds), 0
            self._count += 1
            # Rounded up: who waits that many whole seconds finds the window over.
            reset = -(-(self._ends - now) // NANOSECONDS)
            return Allowance(limit, limit - self._count, reset)
