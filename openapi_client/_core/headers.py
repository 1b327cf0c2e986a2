"""HTTP headers: a case-insensitive mapping, those of all calls, what the service's own say."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from typing_extensions import override

from .typeguards import is_list_or_tuple, is_mapping

TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
"""What the name of a header is made of, as a pattern (RFC 9110, 5.6.2)."""
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


class Headers(Mapping[str, str]):
    """Header fields by name, in any case of letters, in the order they came.

    A name that comes more than once has its values joined by ``", "`` (RFC 9110, 5.3).
    The values of headers that carry credentials are left out of ``repr``.
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs: Any = fields
        if type(fields) is not list and is_mapping(fields):
            pairs = fields.items()
        self._fields: dict[str, tuple[str, str]] = {}
        for name, value in pairs:
            key = name.lower()
            if key in self._fields:
                first, known = self._fields[key]
                self._fields[key] = (first, f"{known}, {value}")
            else:
                self._fields[key] = (name, value)

    @classmethod
    def of(cls, fields: Any) -> "Headers":
        """``Headers`` of a mapping or of pairs; empty for anything else."""
        if isinstance(fields, Headers):
            return fields
        return cls(fields if is_list_or_tuple(fields) or is_mapping(fields) else ())

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        shown = {
            name: "***" if key in _SECRET else value for key, (name, value) in self._fields.items()
        }
        return f"Headers({shown})"

    def only(self, names: Iterable[str]) -> "Headers":
        """Of these headers, those that are named."""
        wanted = {name.lower() for name in names}
        return Headers(field for key, field in self._fields.items() if key in wanted)


class _HasUserAgent(Protocol):
    @property
    def user_agent(self) -> str: ...


class DefaultHeaders(dict[str, str]):
    """Headers for all calls.

    ``User-Agent``, where it is not among them, reads as that of the client: by ``[]``, by ``get``
    and by ``in``.
    """

    def __init__(self, client: _HasUserAgent, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self._client = client

    def __missing__(self, name: str) -> str:
        if name == "User-Agent":
            return self._client.user_agent
        raise KeyError(name)

    @override
    def get(self, name: str, default: Any = None, /) -> Any:
        """The value of a header, or ``default``."""
        try:
            return self[name]
        except KeyError:
            return default

    @override
    def __contains__(self, name: object) -> bool:
        return name == "User-Agent" or super().__contains__(name)

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return _plain_headers, (dict(self),)


def _plain_headers(headers: dict[str, str]) -> dict[str, str]:
    return headers


def merged(*sources: Mapping[str, str]) -> dict[str, str]:
    """The headers of all sources; where two have a name, in whatever case, the later one's."""
    fields: dict[str, tuple[str, str]] = {}
    for source in sources:
        for name, value in source.items():
            fields[name.lower()] = (name, value)
    return dict(fields.values())


def has_authorization(headers: Mapping[str, str]) -> bool:
    """Whether ``Authorization`` is among the headers."""
    return any(name.lower() == "authorization" for name in headers)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``Retry-After`` asks to wait; ``None`` where it is absent or malformed.

    A date is measured from the response's own ``Date``, so that a client whose clock is wrong
    still waits as long as it was told.
    """
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return float(value)
    at = _timestamp(value)
    if at is None:
        return None
    now = _timestamp(headers.get("Date", ""))
    return max(0.0, at - (time.time() if now is None else now))


def server_delay(status: int | None, headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks to wait before the next request; ``None`` if it does not.

    It is ``Retry-After`` or, with a 429 that lacks it, the end of the window of the rate limit.
    """
    delay = retry_after(headers)
    if delay is None and status == 429:
        reset = count(headers.get("X-RateLimit-Reset"))
        return None if reset is None else float(reset)
    return delay


def count(value: str | None) -> int | None:
    """The number that a header tells; ``None`` where it is absent or malformed."""
    return int(value) if value is not None and re.fullmatch("[0-9]{1,18}", value) else None


def _timestamp(value: str) -> float | None:
    try:
        time = parsedate_to_datetime(value)
        # The old forms of a date name no zone, and mean UTC (RFC 9110, 5.6.7).
        return time.replace(tzinfo=time.tzinfo or timezone.utc).timestamp()
    except (ValueError, OverflowError):
        return None
