"""Steps that misbehave. Many are made of a reply, and spoil it, so that they fit any operation."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from .replies import End, Framing, Reply, Step, chunked
from .socket_server import Exchange


class Fault(Step):
    """A step that is not a plain answer."""


class _When(Enum):
    BEFORE_READING = "before reading"
    AFTER_READING = "after reading"


@dataclass(frozen=True)
class Drop(Fault):
    """Hang up without an answer, by closing or, with `reset=True`, by RST.

    Where more bytes of a request come than were read, the kernel turns a close into RST.
    """

    when: _When
    reset: bool = False

    @classmethod
    def before_reading(cls, *, reset: bool = False) -> Drop:
        """Hang up when the request begins to arrive: it is not processed."""
        return cls(_When.BEFORE_READING, reset)

    @classmethod
    def after_reading(cls, *, reset: bool = False) -> Drop:
        """Hang up when the whole request has arrived: it may have been processed."""
        return cls(_When.AFTER_READING, reset)

    def play(self, exchange: Exchange) -> None:
        """Read as far as told, then hang up."""
        if self.when is _When.AFTER_READING:
            exchange.read()
        (End.RESET if self.reset else End.CLOSE).apply(exchange)


@dataclass(frozen=True)
class DropOnAccept(Fault):
    """Hang up as soon as the connection stands; on a TLS client, when it has said hello."""

    at_accept = True
    reset: bool = False

    def play(self, exchange: Exchange) -> None:
        """Hang up."""
        (End.RESET if self.reset else End.CLOSE).apply(exchange)


@dataclass(frozen=True)
class Silence(Fault):
    """Never answer. After the server's release(), hang up; at its close(), end at once."""

    read: bool = True

    def play(self, exchange: Exchange) -> None:
        """Read the request, unless told not to, and wait."""
        if self.read:
            exchange.read()
        End.HOLD.apply(exchange)


@dataclass(frozen=True)
class Send(Fault):
    """Read the request, send exactly these bytes, whatever they mean, and end the connection."""

    data: bytes
    end: End = End.CLOSE

    def play(self, exchange: Exchange) -> None:
        """Send the bytes."""
        exchange.read()
        exchange.send(self.data)
        self.end.apply(exchange)


@dataclass(frozen=True)
class Drip(Fault):
    """Send `start` at once, then `slow` byte by byte with `interval` seconds between the bytes.

    With `endless=True` the last bytes, `slow`, are repeated until the peer gives up.
    """

    start: bytes
    slow: bytes
    interval: float = 0.02
    endless: bool = False
    end: End = End.CLOSE

    def play(self, exchange: Exchange) -> None:
        """Send, slowly."""
        exchange.read()
        exchange.send(self.start)
        while True:
            for index in range(len(self.slow)):
                exchange.pause(self.interval)
                exchange.send(self.slow[index : index + 1])
            if not self.endless:
                break
        self.end.apply(exchange)


def cut_status_line(reply: Reply) -> Send:
    """The connection ends within the status code, so that not even the status is known."""
    return Send(reply.head()[:10])


def cut_headers(reply: Reply, *, end: End = End.CLOSE) -> Send:
    """The connection ends in the middle of a header, before any that tells the body's length.

    `http.client` takes the end of the stream for the end of the headers, and reports no error.
    """
    started = replace(reply, framing=Framing.AS_GIVEN).with_headers(("X-Request-Id", "0123456789"))
    return Send(started.head()[:-10], end)


def cut_late_headers(reply: Reply) -> Send:
    """The connection ends just before the empty line: every header came, the body did not."""
    return Send(_bodied(reply).head()[:-2])


def cut_body(reply: Reply, *, end: End = End.CLOSE) -> Send:
    """Content-Length promises more bytes than come. `end=End.HOLD` makes the body stall instead."""
    body = reply.body or b"{}"
    promise = ("Content-Length", str(len(body) + 10))
    head = replace(_bodied(reply), framing=Framing.AS_GIVEN).with_headers(promise).head()
    return Send(head + body, end)


def cut_chunks(reply: Reply, *, end: End = End.CLOSE) -> Send:
    """The body arrives whole, but the chunk that ends it does not."""
    head = replace(_bodied(reply), framing=Framing.CHUNKED).head()
    return Send(head + chunked(reply.body or b"{}").removesuffix(b"0\r\n\r\n"), end)


def bad_chunks(reply: Reply, *, size_line: bytes = b"what\r\n") -> Send:
    """A good chunk, then a line that is not the size of one."""
    whole = cut_chunks(reply).data
    return Send(whole + size_line + b"{}\r\n0\r\n\r\n")


def drip_headers(reply: Reply, *, interval: float = 0.02) -> Drip:
    """A header that never ends, byte by byte. Each byte resets a timeout that counts silence."""
    return Drip(reply.head()[:-2] + b"X-Filler: ", b"f", interval, endless=True)


def drip_body(reply: Reply, *, interval: float = 0.02) -> Drip:
    """A body that never ends, byte by byte: spaces, which are white space to JSON as well."""
    open_ended = replace(_bodied(reply), framing=Framing.AS_GIVEN)
    head = open_ended.with_headers(("Content-Length", "1000000")).head()
    return Drip(head, b" ", interval, endless=True)


def slow_reply(reply: Reply, *, interval: float = 0.0005) -> Drip:
    """The whole reply, correct, byte by byte."""
    return Drip(b"", reply.head() + reply.payload(), interval, end=reply.end)


def interim(reply: Reply, *statuses: int) -> Send:
    """Interim answers, such as 100, before the final one."""
    noise = b"".join(b"HTTP/1.1 %d Interim\r\n\r\n" % status for status in statuses)
    return Send(noise + reply.head() + reply.payload(), End.KEEP)


def many_headers(reply: Reply, count: int) -> Reply:
    """The reply with `count` more headers."""
    return reply.with_headers(*((f"X-Filler-{index}", "1") for index in range(count)))


def huge_header(reply: Reply, size: int) -> Reply:
    """The reply with one more header, of `size` bytes."""
    return reply.with_headers(("X-Filler", "f" * size))


def surplus(reply: Reply) -> Send:
    """Bytes that belong to nothing follow the reply on a connection that stays open."""
    return Send(reply.head() + reply.payload() + b"HTTP/1.1 500 Not Yours\r\n\r\n", End.KEEP)


def encoded(reply: Reply, label: str | None, body: bytes | None = None) -> Reply:
    """The reply with `label` as Content-Encoding, and with `body` in place of its own."""
    reply = _bodied(reply)
    sent = reply if body is None else replace(reply, body=body)
    return sent if label is None else sent.with_headers(("Content-Encoding", label))


def gzipped(reply: Reply, *, label: str | None = "gzip", drop: int = 0) -> Reply:
    """The reply compressed, without its last `drop` bytes."""
    body = gzip.compress(_bodied(reply).body)
    return encoded(reply, label, body[: len(body) - drop])


def deflated(reply: Reply, *, raw: bool = False) -> Reply:
    """The reply as `deflate`: in the zlib format, or `raw` as some servers send it."""
    compressor = zlib.compressobj(wbits=-15 if raw else 15)
    return encoded(reply, "deflate", compressor.compress(_bodied(reply).body) + compressor.flush())


def in_charset(reply: Reply, charset: str, label: str) -> Reply:
    """The reply's JSON with an accented member, as bytes of `charset`, with `label` as its type."""
    data: Any = json.loads(reply.body or b"{}")
    text = json.dumps({**data, "x_note": "clé"}, ensure_ascii=False)
    return replace(_bodied(reply), body=text.encode(charset)).with_headers(("Content-Type", label))


def _bodied(reply: Reply) -> Reply:
    # A fault of the body needs a status that may have one.
    return replace(reply, status=200, body=reply.body or b"{}") if reply.status == 204 else reply
