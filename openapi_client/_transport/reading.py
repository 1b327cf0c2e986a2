"""Answers of which every byte, from the status line on, is read within the deadline."""

import io
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPMessage, HTTPResponse, RemoteDisconnected
from math import inf
from typing import Any

from typing_extensions import override

from .._core.headers import TOKEN
from .bodies import LARGEST_BODY
from .exchange import Exchange, current

_PIECE = 1024 * 1024
_FIRST_READ = 96 * 1024
"""Bytes that are received at once; a page of 100 keys, with its head, has some 70,000."""
_WITHOUT_BODY = frozenset({204, 304})
_MOST_FIELDS = 100
"""Header fields; the standard parser refuses more."""
_PLAIN_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9][0-9]) ?([\x20-\x7e]*)\r\n"
    rb"((?:%b:[\t\x20-\x7e]*\r\n)*)\r\n" % TOKEN.encode()
)
"""A head that has no folded lines, no bytes beyond ASCII and no stray characters."""
_IDLE_TIME = r"\btimeout=([0-9]{1,9})\b"


class BodyTooLargeError(ValueError):
    """A body of more bytes than an answer may have."""


class _PlainMessage(HTTPMessage):
    """Header fields in which there is nothing to decode."""

    @override
    def items(self) -> list[tuple[str, str]]:
        """The fields, as they came."""
        return list(self.raw_items())


class _ReceivedBody(io.BytesIO):
    """A body that has come with its head, in place of the stream that would receive it."""

    def peek(self, _: int = 0) -> bytes:
        """What is still to be read, as ``io.BufferedReader`` has it."""
        return self.getvalue()[self.tell() :]


class TimedResponse(HTTPResponse):
    """An answer that is read within the deadline of its exchange.

    Most answers arrive at once. A timed reader receives the rest of any other, and all of one
    whose head is not plain. Both are for the file of a real socket only: libraries that play back
    recorded exchanges bring sockets of theirs.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._sock: Any = None
        """The socket, where it is a real one."""
        self._reader: DeadlineReader | None = None
        self.fields: list[tuple[str, str]] | None = None
        """The header fields, where the head was a plain one."""
        exchange = current.get()
        if exchange is None:
            return
        if isinstance(getattr(self.fp, "raw", None), socket.SocketIO):
            self._sock = sock
            if exchange.connecting:  # ``http.client`` reads a proxy's answer without ``begin``.
                self._receive_later(exchange)
        # The exchange is not kept here: a circle of the two would wait for the garbage collector.
        exchange.response = self

    def _receive_later(self, exchange: Exchange, received: bytes = b"") -> None:
        """Leave it to a timed reader to receive what follows on ``received``."""
        stream: Any = self.fp
        self._reader = DeadlineReader(self._sock, stream.detach(), exchange, received)
        self.fp = io.BufferedReader(self._reader, _FIRST_READ)

    @override
    def begin(self, **options: Any) -> None:
        """Read the head: in one pass where it is plain, else as the standard library does."""
        exchange = current.get()
        head: Any = self._read_plain_head(exchange) if exchange and self._sock else None
        if head is None:
            super().begin(**options)
            head = self.headers
            # ``http.client`` takes the premature end of a head for its end.
            if self._reader and self._reader.ended:
                raise RemoteDisconnected("the connection ended within the headers")
        if self.chunked and self.status in _WITHOUT_BODY:
            # Whatever the head says; but chunks may come, and are not to meet another request.
            self.will_close = True
        if exchange and (connection := exchange.connection):
            # What ``Keep-Alive`` says is said of the connection.
            connection.idle_since = exchange.timeout.clock.monotonic()
            keep_alive = head.get("keep-alive")
            announced = re.search(_IDLE_TIME, keep_alive, re.IGNORECASE) if keep_alive else None
            connection.keep_alive = float(announced[1]) if announced else inf

    def _read_plain_head(self, exchange: Exchange) -> Mapping[str, str] | None:
        """Read a head that arrives at once and is plain; ``None`` leaves it to be read otherwise.

        Returns the first value of each field, by its name in lower case.
        """
        stream: Any = self.fp
        received = b""
        if not self.debuglevel:
            longest = self._sock.gettimeout() or inf
            if exchange.timeout.left() < longest:
                self._sock.settimeout(exchange.left(longest))
            # The buffer of the file is empty; it has room for less, and is passed by.
            received = stream.read1(_FIRST_READ)
        match = _PLAIN_HEAD.match(received)
        if match is None or match[3].count(b"\n") > _MOST_FIELDS:
            self._receive_later(exchange, received)
            return None
        self.code = self.status = int(match[1])
        self.reason = match[2].decode("ascii").strip()
        self.version = 11
        self.headers = self.msg = message = _PlainMessage()
        fields: list[tuple[str, str]] = []
        self.fields = fields
        first: dict[str, str] = {}
        for line in match[3].decode("ascii").split("\r\n")[:-1]:
            name, _, value = line.partition(":")
            field = name, value.strip(" \t")
            fields.append(field)
            message.set_raw(*field)
            first.setdefault(name.lower(), field[1])
        self._frame(first)
        body = received[match.end() :]
        if self.length is None or len(body) < self.length:
            self._receive_later(exchange, body)
        else:
            stream.close()
            base: Any = self
            base.fp = _ReceivedBody(body)
        return first

    def _frame(self, head: Mapping[str, str]) -> None:
        """Tell from the head where the body ends, as ``HTTPResponse.begin`` does."""
        base: Any = self
        transfer_encoding = head.get("transfer-encoding", "")
        self.chunked = transfer_encoding.lower() == "chunked"
        self.chunk_left = None
        self.will_close = "close" in head.get("connection", "").lower()
        length = head.get("content-length", "")
        self.length = None
        if length and not self.chunked:
            with suppress(ValueError):
                number = int(length)
                self.length = number if number >= 0 else None
        if self.status in _WITHOUT_BODY or base._method == "HEAD":
            self.length = 0
        if not self.chunked and self.length is None:
            self.will_close = True

    def read_body(self) -> bytes:
        """The whole body, as it was sent. Raises ``BodyTooLargeError`` beyond the limit."""
        if self.status in _WITHOUT_BODY:
            self.close()
            return b""
        if self.length is not None and not self.chunked:
            if self.length > LARGEST_BODY:
                raise BodyTooLargeError(f"the body has {self.length} bytes")
            return self.read()
        pieces: list[bytes] = []
        size = 0
        while piece := self.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_BODY:
                raise BodyTooLargeError(f"the body has more than {LARGEST_BODY} bytes")
        return b"".join(pieces)

    def _read_status(self) -> tuple[str, int, str]:
        """The status line; ``http.client`` would take an interim 103 for the answer.

        Of a proxy's answer to CONNECT it reads no more than this by way of this class.
        """
        base: Any = super()
        version: str
        status: int
        version, status, reason = base._read_status()
        exchange = current.get()
        if exchange and exchange.connecting:
            exchange.proxy_status = status
        return version, 100 if 102 <= status <= 199 else status, reason


class DeadlineReader(io.RawIOBase):
    """What a socket receives, with an end to each wait."""

    def __init__(
        self, sock: Any, raw: socket.SocketIO, exchange: Exchange, received: bytes
    ) -> None:
        self._sock = sock
        self._raw = raw
        """Keeps the socket open until it is closed, as ``socket.makefile`` does."""
        self._received = received
        """What has been received and is still to be read."""
        self._is_of_proxy = exchange.connecting
        """Whether it reads a proxy's answer to ``CONNECT``."""
        self._clock = exchange.timeout.clock.monotonic
        self._deadline = exchange.connect_by if exchange.connecting else exchange.timeout.deadline
        self._longest = sock.gettimeout() or inf
        self.ended = False
        """Whether the other side has closed the connection."""

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        if self._received:
            part = self._received[: len(buffer)]
            buffer[: len(part)] = part
            self._received = self._received[len(part) :]
            return len(part)
        left = self._deadline - self._clock()
        if left < self._longest:
            if left <= 0:
                raise TimeoutError("the time is up")
            # A timeout is set where it matters, and else is the one that the socket has.
            self._sock.settimeout(left)
        count: int = self._sock.recv_into(buffer)
        self.ended = count == 0
        return count

    @override
    def close(self) -> None:
        if not self.closed and self._is_of_proxy and self._sock.fileno() >= 0:
            # What follows on the socket has less time than it had.
            self._sock.settimeout(max(self._deadline - self._clock(), 0.001))
        self._raw.close()
        super().close()
