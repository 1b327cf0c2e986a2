"""One call of an operation: the request, and what the emulator keeps to answer it with."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from .._faults.faults import Faults
from .._faults.quirks import Quirk
from .._http.message import RecordedRequest, Request
from .._http.problems import bad_parameter, malformed
from .._store.clock import Clock
from .._store.documents import with_self
from .._store.listing import PageTokens
from .._store.settings import Settings
from .._store.store import KeyStore
from .access import Credentials, RateLimiter

KEYS_PATH = "/byok/v1/keys"
_LONGEST_ID = 255


@dataclass(frozen=True)
class Backend:
    """Everything that lasts from one request to the next; most of it has `clear`."""

    settings: Settings
    clock: Clock
    credentials: Credentials
    store: KeyStore
    page_tokens: PageTokens
    limiter: RateLimiter
    faults: Faults
    quirks: list[Quirk]
    log: deque[RecordedRequest]


@dataclass(frozen=True)
class Call:
    """What an operation works on."""

    backend: Backend
    request: Request
    base: str
    """Scheme, host and path prefix by which the client came: links lead back by the same route."""
    raw_id: str
    """The key id in the path, not decoded; empty where the path has none."""
    quirks: frozenset[str]

    @property
    def key_id(self) -> str:
        """The key id in the path. Raises `Problem` (400) if it can be none."""
        try:
            key_id = unquote(self.raw_id, errors="strict")
        except UnicodeDecodeError:
            raise bad_parameter("id", "It is not UTF-8.") from None
        if len(key_id) > _LONGEST_ID:
            raise bad_parameter("id", "It has more than 255 characters.")
        return key_id

    def location(self, key_id: str) -> str:
        return f"{self.base}{KEYS_PATH}/{quote(key_id, safe='')}"

    def present(self, document: dict[str, Any]) -> dict[str, Any]:
        return with_self(document, self.location(str(document["id"])))


def parameters(text: str, names: Iterable[str]) -> dict[str, str]:
    """The form-encoded parameters of some names. Raises `Problem` (400) if one is repeated."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        raise malformed("The parameters are not UTF-8.") from None
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise bad_parameter(name, "It is there more than once.")
        if name in names:
            values[name] = value
    return values


def whole_number(name: str, text: str, most: int) -> int:
    """A parameter that is a whole number from 1 up. Raises `Problem` (400) for anything else."""
    digits = text if text.isascii() and text.isdigit() and len(text) < 10 else "0"
    if not 1 <= int(digits) <= most:
        raise bad_parameter(name, f"It must be a whole number of 1 to {most}.")
    return int(digits)
