"""Who may call: one API key, one fixed bearer token, and tokens from the STS exchange."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import threading

from ._errors import unauthenticated


class Credentials:
    """What the emulator accepts in an Authorization header (contract section 1.3)."""

    def __init__(self, api_key: str | None, api_secret: str | None, token: str | None) -> None:
        self.api_key = api_key or secrets.token_hex(8).upper()
        self.api_secret = api_secret or secrets.token_urlsafe(48)
        self.access_token = token or secrets.token_urlsafe(48)
        self._lock = threading.Lock()
        self._expiries: dict[str, int] = {}

    def issue(self, expires: int) -> str:
        """A new bearer token, accepted until the clock says `expires` (nanoseconds)."""
        token = secrets.token_urlsafe(48)
        with self._lock:
            self._expiries[token] = expires
        return token

    def revoke(self) -> None:
        """Accept none of the tokens issued so far."""
        with self._lock:
            self._expiries.clear()

    def check(self, authorization: str | None, now: int) -> None:
        """Accept an Authorization header, or raise `Problem` (401 with a challenge)."""
        scheme, _, value = (authorization or "").partition(" ")
        if scheme.lower() == "bearer":
            self._check_bearer(value.strip(), now)
        elif scheme.lower() == "basic":
            self._check_basic(value.strip())
        else:
            detail = "The request has no credentials of a known scheme."
            raise unauthenticated("Basic", "invalid_key", detail)

    def _check_basic(self, value: str) -> None:
        try:
            given = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            given = b""
        if not hmac.compare_digest(given, f"{self.api_key}:{self.api_secret}".encode()):
            raise unauthenticated("Basic", "invalid_key", "invalid API key")

    def _check_bearer(self, token: str, now: int) -> None:
        if hmac.compare_digest(token.encode(), self.access_token.encode()):
            return
        with self._lock:
            expires = self._expiries.get(token)
        if expires is None:
            raise unauthenticated("Bearer", "invalid_token", "The access token is not valid.")
        if now >= expires:
            raise unauthenticated("Bearer", "invalid_token", "The access token has expired.")
