"""HTTP/1.1 as bytes on a socket: reading requests without interpreting more than framing needs.

Written by hand rather than on `http.server`, because tests must see what was really sent: targets
undecoded, header names in their own case, every header once per occurrence.
"""

from __future__ import annotations

import json
import selectors
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Headers = tuple[tuple[str, str], ...]


class DisconnectedError(Exception):
    """The peer went away, or the server is closing, in the middle of an exchange."""


class MalformedMessageError(Exception):
    """The peer sent something that is not HTTP/1.1."""


@dataclass(frozen=True)
class Request:
    """A request exactly as it arrived. `connection` counts accepted connections from 1."""

    method: str
    target: str
    version: str
    headers: Headers
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        """The target up to the question mark, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The target after the question mark, still percent-encoded; empty where there is none."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The value of a header sent at most once. Raises AssertionError if it was repeated."""
        found = header_values(self.headers, name)
        assert len(found) <= 1, f"header {name} was sent {len(found)} times"
        return found[0] if found else None

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


def header_values(headers: Iterable[tuple[str, str]], name: str) -> list[str]:
    """Every value of a header, whatever the case of its name."""
    return [value for key, value in headers if key.lower() == name.lower()]


class Wire:
    """A connected socket, read through a buffer. Its failures are DisconnectedError."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = bytearray()

    def fill(self) -> bool:
        """Wait for more bytes. False when the peer has closed."""
        try:
            data = self.sock.recv(65536)
        except OSError as error:
            raise DisconnectedError("the connection broke") from error
        self._buffer += data
        return bool(data)

    def send(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise DisconnectedError("the connection broke") from error

    def has_bytes(self) -> bool:
        """Whether bytes were received that nobody has read yet."""
        return bool(self._buffer)

    def is_stale(self) -> bool:
        """Whether an idle connection has something to read: its end, or bytes nobody asked for."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.sock, selectors.EVENT_READ)
            return bool(selector.select(0))

    def until(self, mark: bytes) -> bytes:
        """Everything up to and including `mark`."""
        start = 0
        while (found := self._buffer.find(mark, start)) < 0:
            start = max(0, len(self._buffer) - len(mark) + 1)
            self._fill_or_fail()
        return self.exactly(found + len(mark))

    def exactly(self, count: int) -> bytes:
        """The next `count` bytes."""
        while len(self._buffer) < count:
            self._fill_or_fail()
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def rest(self) -> bytes:
        """Everything until the peer closes."""
        while self.fill():
            pass
        return self.exactly(len(self._buffer))

    def _fill_or_fail(self) -> None:
        if not self.fill():
            raise DisconnectedError("the peer closed the connection in the middle of a message")


def read_head(wire: Wire) -> tuple[str, Headers]:
    """The start line and the headers of a message."""
    lines = wire.until(b"\r\n\r\n")[:-4].decode("latin-1").split("\r\n")
    headers: list[tuple[str, str]] = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise MalformedMessageError(f"bad header line {line!r}")
        headers.append((name, value.strip(" \t")))
    return lines[0], tuple(headers)


def read_chunked(wire: Wire) -> bytes:
    """A chunked body, joined. Trailers are dropped."""
    body = bytearray()
    while size := int(wire.until(b"\r\n").split(b";")[0], 16):
        body += wire.exactly(size)
        wire.until(b"\r\n")
    while wire.until(b"\r\n") != b"\r\n":
        pass
    return bytes(body)


def read_request(wire: Wire, connection: int) -> Request:
    """One whole request. Raises DisconnectedError if the peer leaves before its last byte."""
    line, headers = read_head(wire)
    parts = line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise MalformedMessageError(f"bad request line {line!r}")
    body = _read_request_body(wire, headers)
    return Request(parts[0], parts[1], parts[2], headers, body, connection)


def _read_request_body(wire: Wire, headers: Headers) -> bytes:
    if header_values(headers, "Transfer-Encoding"):
        return read_chunked(wire)
    lengths = set(header_values(headers, "Content-Length"))
    if len(lengths) > 1:
        raise MalformedMessageError(f"conflicting Content-Length {sorted(lengths)}")
    return wire.exactly(int(lengths.pop())) if lengths else b""
