"""How much of the service's limit of requests is left, as an answer tells it."""

from collections.abc import Mapping
from dataclasses import dataclass

from .headers import count


@dataclass(frozen=True)
class RateLimit:
    """The ``X-RateLimit-*`` headers of one response; what is absent or malformed is ``None``.

    The service counts the window from the answer on; it is no time of day.
    """

    limit: int | None
    """Requests allowed per window."""
    remaining: int | None
    """Requests left in this window."""
    reset: int | None
    """Seconds until the window ends."""

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "RateLimit":
        """Read the three headers of a response."""
        return cls(
            limit=count(headers.get("X-RateLimit-Limit")),
            remaining=count(headers.get("X-RateLimit-Remaining")),
            reset=count(headers.get("X-RateLimit-Reset")),
        )
