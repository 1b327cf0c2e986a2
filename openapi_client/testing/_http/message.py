"""HTTP requests, replies and failures as plain data."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import responses
from typing import Any
from urllib.parse import parse_qsl

_ERRORS: Mapping[int, Mapping[str, str]] = {
    400: {"code": "invalid_filter", "title": "Invalid Filter"},
    401: {"code": "user_unauthenticated", "title": "Authentication Required"},
    402: {"code": "quota_exceeded", "title": "BYOK Keys Quota Exceeded"},
    403: {"code": "user_unauthorized", "title": "User Access Unauthorized"},
    409: {"code": "resource_already_exists", "title": "Resource Already exists"},
    422: {"code": "invalid_configuration", "title": "Validation Failed"},
}


class Headers(Mapping[str, str]):
    """Header fields: looked up without regard to case, repeated ones joined by commas.

    Attributes:
        fields: all fields as sent, names and values, in their order.
    """

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self.fields: tuple[tuple[str, str], ...] = tuple(fields)
        self._values: dict[str, list[str]] = {}
        for name, value in self.fields:
            self._values.setdefault(name.lower(), []).append(value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._values[name.lower()])

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({list(self.fields)!r})"


@dataclass(frozen=True)
class RecordedRequest:
    """One request that the emulator received, and how it was answered.

    Attributes:
        method: the method, as sent.
        path: the path, as sent: neither decoded nor normalized.
        query: the query, as sent, without its question mark; empty for none.
        headers: the header fields.
        body: the body's bytes; empty for none.
        status: the status it was answered with; None if the connection was dropped instead.
        request_id: the `X-Request-Id` of the answer.
    """

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    status: int | None
    request_id: str

    @property
    def params(self) -> dict[str, str]:
        """The query, decoded; of a repeated parameter the last value."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def json(self) -> Any:
        """The body, parsed as JSON. Raises `ValueError` if it is none."""
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer, without the headers that frame it; its body is `document`, if any, as JSON."""

    status: int
    document: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""

    def encode(self) -> None:
        """Turn the document into a body, unless that is done."""
        if self.document is not None:
            text = json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))
            self.body, self.document = text.encode(), None
            self.headers = merged({"Content-Type": "application/json"}, self.headers)


def merged(headers: Mapping[str, str], over: Mapping[str, str]) -> dict[str, str]:
    """Headers with others over them, which replace those of the same name in whatever case."""
    replaced = {name.lower() for name in over}
    return {**{name: headers[name] for name in headers if name.lower() not in replaced}, **over}


class Problem(Exception):
    """A request that fails: with a status, headers, and errors without their ids."""

    def __init__(self, status: int, *errors: dict[str, Any], **headers: str) -> None:
        super().__init__(status, *errors)
        self.status = status
        self.errors = errors
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def reply(self, *, empty_source: bool = False) -> Reply:
        """The answer: each error with an id of its own, its status as text, then its members."""
        start: dict[str, Any] = {"status": str(self.status)}
        start.update({"source": {}} if empty_source else {})
        errors = [{"id": secrets.token_hex(16), **start, **one} for one in self.errors]
        return Reply(self.status, {"errors": errors}, self.headers)


def error(status: int, **members: Any) -> dict[str, Any]:
    """An error with the code and the title that its status has in this API."""
    return {**_ERRORS.get(status, {"title": responses.get(status, "Error")}), **members}


def malformed(detail: str, status: int = 400, **headers: str) -> Problem:
    """A request that is wrong as HTTP or as JSON, before any operation looks at it."""
    return Problem(status, {"title": responses[status], "detail": detail}, **headers)


def bad_parameter(name: str, detail: str) -> Problem:
    """A path, query or form parameter with a value that is not allowed."""
    return Problem(400, error(400, detail=detail, source={"parameter": name}))
