"""Who may call: one API key, one fixed bearer token, and tokens from the STS exchange."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
from typing import Any

from .._http.problems import Problem, error


class Credentials:
    """What the emulator accepts in an Authorization header."""

    def __init__(self, api_key: str | None, api_secret: str | None, token: str | None) -> None:
        self.api_key = api_key or secrets.token_hex(8).upper()
        self.api_secret = api_secret or secrets.token_urlsafe(48)
        self.access_token = token or secrets.token_urlsafe(48)
        self._expiries: dict[str, int] = {}

    def clear(self) -> None:
        """Accept none of the tokens issued so far."""
        self._expiries.clear()

    def issue(self, expires: int, claims: dict[str, Any]) -> str:
        """A bearer token, accepted until a moment in nanoseconds since the epoch.

        It has the form of a JSON Web Token, but its signature, which is random, cannot be verified.
        """
        parts = (json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, claims))
        signed = (*parts, secrets.token_bytes(256))
        token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in signed)
        self._expiries[token] = expires
        return token

    def check(self, authorization: str | None, now: int) -> None:
        """Accept an Authorization header, or raise `Problem` (401 with a challenge)."""
        scheme, _, value = (authorization or "").partition(" ")
        if scheme.lower() == "bearer":
            self._check_bearer(value.strip(), now)
        elif scheme.lower() == "basic":
            self._check_basic(value.strip())
        else:
            detail = "The request has no credentials of a known scheme."
            raise _unauthenticated("Basic", "invalid_key", detail)

    def _check_basic(self, value: str) -> None:
        try:
            pair = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            pair = b""
        if not hmac.compare_digest(pair, f"{self.api_key}:{self.api_secret}".encode()):
            raise _unauthenticated("Basic", "invalid_key", "invalid API key")

    def _check_bearer(self, token: str, now: int) -> None:
        if hmac.compare_digest(token.encode(), self.access_token.encode()):
            return
        expires = self._expiries.get(token)
        if expires is None:
            raise _unauthenticated("Bearer", "invalid_token", "The access token is not valid.")
        if now >= expires:
            raise _unauthenticated("Bearer", "invalid_token", "The access token has expired.")


def _unauthenticated(scheme: str, code: str, detail: str) -> Problem:
    challenge = f'{scheme} realm="confluent.cloud", error="{code}", error_description="{detail}"'
    return Problem(401, error(401, detail=detail), WWW_Authenticate=challenge)
