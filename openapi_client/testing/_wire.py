"""HTTP/1.1 on the wire: reading requests strictly, writing replies whole (RFC 9112)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import BinaryIO

from ._errors import phrase
from ._message import Headers, Reply, Request

MAX_LINE = 65_536
MAX_FIELDS = 100
MAX_BODY = 1_048_576

_REQUEST_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+) HTTP/(\d)\.(\d)")
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")
_ABSOLUTE = re.compile(r"https?://[^/?#]+", re.IGNORECASE)


class WireError(Exception):
    """A request that cannot be read; it is answered with `status`, and the connection closed."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail


class Disconnected(Exception):
    """The client went away in the middle of a request."""


def read_head(stream: BinaryIO) -> tuple[Request, str] | None:
    """The next request without its body, and its HTTP version; None at the end of the connection.

    Raises:
        WireError: if it is malformed, or larger than the limits of this module.
    """
    line = _line(stream, 414)
    if line == b"":
        line = _line(stream, 414)  # One empty line before a request is to be tolerated.
    if line is None:
        return None
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise WireError(400, "The request line is malformed.")
    method, target, major, minor = (part.decode() for part in found.groups())
    if major != "1":
        raise WireError(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
    headers = Headers(_fields(stream))
    path, query = _split(target)
    version = f"1.{minor}"
    if version != "1.0" and "Host" not in headers:
        raise WireError(400, "The Host header is missing.")
    keep_alive = _keeps_alive(headers.get("Connection", ""), version)
    return Request(method, path, query, headers, keep_alive=keep_alive), version


def read_body(stream: BinaryIO, headers: Headers) -> bytes:
    """The body that the headers announce.

    Raises:
        WireError: if its framing is malformed or ambiguous, or it is too large.
        Disconnected: if it ends too soon.
    """
    coding, length = headers.get("Transfer-Encoding"), headers.get("Content-Length")
    if coding is not None:
        if length is not None:
            raise WireError(400, "Content-Length and Transfer-Encoding exclude each other.")
        if coding.strip().lower() != "chunked":
            raise WireError(501, "Only the chunked transfer coding is known here.")
        return b"".join(_chunks(stream))
    if length is None:
        return b""
    if not (length.isascii() and length.isdigit()):
        raise WireError(400, "Content-Length is not a number.")
    if len(length) > 12 or int(length) > MAX_BODY:
        raise WireError(413, f"The request body is larger than {MAX_BODY} bytes.")
    return _exactly(stream, int(length))


def encode(reply: Reply, method: str, keep_alive: bool) -> bytes:
    """A reply as bytes; the answer to HEAD has no body."""
    lines = [f"HTTP/1.1 {reply.status} {phrase(reply.status)}", f"Date: {_date()}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.body or reply.status not in (204, 304):
        lines.append(f"Content-Length: {len(reply.body)}")
    if not keep_alive:
        lines.append("Connection: close")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if method == "HEAD" else head + reply.body


def _date() -> str:
    # Spelled out, because the names must be English in every locale.
    now = time.gmtime()
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[now.tm_wday]
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[3 * now.tm_mon - 3 : 3 * now.tm_mon]
    return time.strftime(f"{day}, %d {month} %Y %H:%M:%S GMT", now)


def _line(stream: BinaryIO, too_long: int) -> bytes | None:
    line = stream.readline(MAX_LINE + 1)
    if len(line) > MAX_LINE:
        raise WireError(too_long, f"A line is longer than {MAX_LINE} bytes.")
    if not line.endswith(b"\n"):
        return None
    return line[:-2] if line.endswith(b"\r\n") else line[:-1]


def _fields(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    for _ in range(MAX_FIELDS + 1):
        line = _line(stream, 431)
        if line is None:
            raise Disconnected
        if not line:
            return
        found = _FIELD.fullmatch(line)
        if found is None:
            raise WireError(400, "A header field is malformed.")
        yield found[1].decode(), found[2].decode("latin-1").rstrip(" \t")
    raise WireError(431, f"There are more than {MAX_FIELDS} header fields.")


def _split(target: str) -> tuple[str, str]:
    # A proxy is asked for absolute URLs; what it would do with them is done here.
    absolute = _ABSOLUTE.match(target)
    if absolute:
        target = target[absolute.end() :] or "/"
    path, _, query = target.partition("?")
    return path, query


def _keeps_alive(connection: str, version: str) -> bool:
    options = {option.strip().lower() for option in connection.split(",")}
    return "keep-alive" in options if version == "1.0" else "close" not in options


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    total = 0
    while size := _chunk_size(stream):
        total += size
        if total > MAX_BODY:
            raise WireError(413, f"The request body is larger than {MAX_BODY} bytes.")
        yield _exactly(stream, size)
        if _exactly(stream, 2) != b"\r\n":
            raise WireError(400, "A chunk does not end where it says.")
    for _ in _fields(stream):  # Trailers are read, and mean nothing here.
        pass


def _chunk_size(stream: BinaryIO) -> int:
    line = _line(stream, 400)
    if line is None:
        raise Disconnected
    found = _CHUNK.fullmatch(line)
    if found is None:
        raise WireError(400, "A chunk size is malformed.")
    return int(found[1], 16)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise Disconnected
    return data
