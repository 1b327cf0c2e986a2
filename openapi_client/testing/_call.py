"""One call of an operation: the request, and what the emulator keeps to answer it with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from ._clock import Clock
from ._credentials import Credentials
from ._documents import with_self
from ._errors import bad_parameter, malformed
from ._message import Request
from ._settings import Settings
from ._state import KeyStore
from ._tokens import PageTokens

KEYS_PATH = "/byok/v1/keys"
_LONGEST_ID = 255


@dataclass(frozen=True)
class Backend:
    """Everything that lasts from one request to the next, and that operations work on."""

    settings: Settings
    clock: Clock
    credentials: Credentials
    store: KeyStore
    tokens: PageTokens


@dataclass(frozen=True)
class Call:
    """What an operation is told.

    Attributes:
        base: scheme, host and path prefix by which the client reached the emulator, so that links
            lead back the same way.
        raw_id: the key id in the path, not decoded; empty where the path has none.
        odd: names of the odd shapes in force.
    """

    backend: Backend
    request: Request
    base: str
    raw_id: str
    odd: frozenset[str]

    @property
    def now(self) -> int:
        """The present moment, in nanoseconds since the epoch."""
        return self.backend.clock.now()

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
        """The URL of a key."""
        return f"{self.base}{KEYS_PATH}/{quote(key_id, safe='')}"

    def present(self, document: dict[str, Any]) -> dict[str, Any]:
        """A key's document as it is sent."""
        return with_self(document, self.location(str(document["id"])))

    def parameters(self, names: Iterable[str]) -> dict[str, str]:
        """The query parameters of those names that were given; others are ignored.

        Raises:
            Problem: 400 if the query is not UTF-8, or one of them is repeated.
        """
        return known_pairs(self.request.query, names)


def known_pairs(text: str, names: Iterable[str]) -> dict[str, str]:
    """Those of the form-encoded pairs in `text` that have one of the names.

    Raises:
        Problem: 400 if the text is not UTF-8, or one of them is repeated.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        raise malformed("The parameters are not UTF-8.") from None
    known = frozenset(names)
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise bad_parameter(name, "It is given more than once.")
        if name in known:
            values[name] = value
    return values
