"""Who may call, and how often: credentials and the rate limit."""

import base64
import json
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from .._http.message import Problem, error
from .._store.clock import nanoseconds, whole_seconds


@dataclass(frozen=True, repr=False)  # They are secrets.
class Credentials:
    """What is accepted in an Authorization header: an API key, a token, those from the STS."""

    api_key: str
    api_secret: str
    access_token: str
    _expiries: dict[str, int] = field(default_factory=dict[str, int], init=False)

    def issue(self, expires: int, claims: dict[str, Any]) -> str:
        """A JSON Web Token, accepted until some moment; its signature is random."""
        parts = (json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, claims))
        signed = (*parts, secrets.token_bytes(256))
        token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in signed)
        self._expiries[token] = expires
        return token

    def check(self, authorization: str | None, now: int) -> None:
        """Accept an Authorization header, or raise `Problem` (401 with a challenge)."""
        scheme, _, value = (authorization or "").partition(" ")
        scheme, sent = scheme.lower(), value.strip()
        if scheme == "bearer":
            expires = self._expiries.get(sent)
            if sent != self.access_token and (expires is None or now >= expires):
                detail = f"The access token {'is not valid' if expires is None else 'has expired'}."
                raise _unauthenticated("Bearer", "invalid_token", detail)
            return
        detail = "The request has no credentials of a known scheme."
        if scheme == "basic":
            expected = base64.b64encode(f"{self.api_key}:{self.api_secret}".encode())
            if sent == expected.decode():
                return
            detail = "invalid API key"
        raise _unauthenticated("Basic", "invalid_key", detail)


def _unauthenticated(scheme: str, code: str, detail: str) -> Problem:
    challenge = f'{scheme} realm="confluent.cloud", error="{code}", error_description="{detail}"'
    return Problem(401, error(401, detail=detail), WWW_Authenticate=challenge)


class RateLimiter:
    """Counts the requests of the organization, in windows that begin with a request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limit: tuple[int, float] | None = None
        self._ends = self._count = 0

    def take(self, limit: tuple[int, float] | None, now: int) -> dict[str, str]:
        """Count a request, and return the headers that say what is left; none without a limit.

        `Retry-After` is one of them if the request is one too many.
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
