"""The log of requests, for assertions."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from .._http.message import Request


@dataclass(frozen=True)
class RecordedRequest(Request):
    """One request that the emulator received, and how it was answered.

    Attributes:
        method: the method, as sent.
        path: the path, as sent: neither decoded nor normalized.
        query: the query, as sent, without its question mark; empty for none.
        headers: the header fields; looked up without regard to case, repeated ones joined by
            commas (all of them as sent: `headers.fields`).
        body: the body's bytes; empty for none.
        status: the status it was answered with; None if the connection was dropped instead.
        request_id: the `X-Request-Id` of the answer.
    """

    status: int | None
    request_id: str

    @property
    def params(self) -> dict[str, str]:
        """The query, decoded; of a repeated parameter the last value."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def json(self) -> Any:
        """The body, parsed as JSON. Raises `ValueError` if it is none."""
        return json.loads(self.body)


class RequestLog:
    """The last requests, oldest first; at most `limit` of them (None for all)."""

    def __init__(self, limit: int | None) -> None:
        # Safe between threads: each of its methods is one step for the interpreter.
        self._requests: deque[RecordedRequest] = deque(maxlen=limit)

    def add(self, request: Request, status: int | None, request_id: str) -> None:
        """Write a request down."""
        entry = RecordedRequest(**vars(request), status=status, request_id=request_id)
        self._requests.append(entry)

    def entries(self) -> list[RecordedRequest]:
        """A copy of the log."""
        return list(self._requests.copy())

    def clear(self) -> None:
        """Forget all requests."""
        self._requests.clear()
