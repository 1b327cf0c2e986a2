"""Page tokens: opaque, signed, short, and no longer accepted after a while.

A token holds its place by itself, so that walking through any number of pages stores nothing. Only
filters, which may be longer than a token's 255 characters, are kept here under a number.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import threading
from dataclasses import dataclass

from ._errors import bad_parameter
from ._filters import Filters

_PLACE = struct.Struct(">IBqq")
_SIGNATURE_BYTES = 9  # With the place a multiple of three, so that base64 needs no padding.
_MAX_LENGTH = 255


@dataclass(frozen=True)
class Place:
    """A place in a listing: its filters, the page size, and the number it goes on below."""

    filters: Filters
    size: int
    before: int


class PageTokens:
    """Issues page tokens and reads them again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secret = b""
        self._numbers: dict[Filters, int] = {}
        self._filters: list[Filters] = []
        self.forget()

    def forget(self) -> None:
        """Reject every token issued so far."""
        with self._lock:
            self._secret = secrets.token_bytes(32)
            self._numbers = {}
            self._filters = []

    def issue(self, place: Place, expires: int) -> str:
        """A token for a place, accepted until the clock says `expires` (nanoseconds)."""
        packed = _PLACE.pack(self._number(place.filters), place.size, place.before, expires)
        return base64.urlsafe_b64encode(packed + self._sign(packed)).decode()

    def read(self, token: str, now: int) -> Place:
        """The place a token stands for.

        Raises:
            Problem: 400 if it is too long, garbled, expired, or was not issued here.
        """
        if len(token) > _MAX_LENGTH:
            raise bad_parameter("page_token", f"It is longer than {_MAX_LENGTH} characters.")
        number: int
        number, size, before, expires = _PLACE.unpack(self._verified(token))
        if now >= expires:
            raise bad_parameter("page_token", "The page token has expired.")
        return Place(self._filters[number], size, before)

    def _number(self, filters: Filters) -> int:
        with self._lock:
            if filters not in self._numbers:
                self._numbers[filters] = len(self._filters)
                self._filters.append(filters)
            return self._numbers[filters]

    def _sign(self, packed: bytes) -> bytes:
        digest = hashlib.blake2b(packed, key=self._secret, digest_size=_SIGNATURE_BYTES)
        return digest.digest()

    def _verified(self, token: str) -> bytes:
        try:
            raw = base64.b64decode(token, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        packed, signature = raw[: _PLACE.size], raw[_PLACE.size :]
        if not hmac.compare_digest(signature, self._sign(packed)):
            raise bad_parameter("page_token", "The page token is not valid.")
        return packed
