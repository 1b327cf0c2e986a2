"""HTTP/1.1 on the wire: reading requests strictly, writing replies whole (RFC 9112).

The standard library's reader forgives what a client under test should not get away with: blanks
before a colon, folded headers, doubled slashes, a head that breaks off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email.utils import formatdate
from io import BufferedIOBase

from .message import Headers, Reply, Request
from .problems import malformed, phrase

MAX_LINE = 65_536
MAX_FIELDS = 100
MAX_BODY = 1_048_576

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_REQUEST_LINE = re.compile(rb"(%b) ([\x21-\x7e]+) HTTP/(\d)\.(\d)\r?\n" % _TOKEN)
_FIELD = re.compile(rb"(%b):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*\r?\n" % _TOKEN)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r?\n")
_ORIGIN = re.compile(r"^https?://[^/?#]+", re.IGNORECASE)
_BLANK = (b"\r\n", b"\n")


def read_request(
    stream: BufferedIOBase, send_continue: Callable[[], object]
) -> tuple[Request, bool]:
    """The next request, and whether the connection serves further ones.

    Raises:
        Problem: if it is malformed, or larger than the limits of this module.
        ConnectionError: if there is none, or it breaks off.
    """
    line = _line(stream, 414)
    if line in _BLANK:
        line = _line(stream, 414)  # One empty line before a request is to be tolerated.
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise malformed("The request line is malformed.")
    method, target, major, minor = (part.decode() for part in found.groups())
    if major != "1":
        raise malformed("Only HTTP/1.0 and HTTP/1.1 are spoken here.", 505)
    headers = Headers(_fields(stream))
    is_http_1_0 = minor == "0"
    if "Host" not in headers and not is_http_1_0:
        raise malformed("The Host header is missing.")
    if headers.get("Expect", "").lower() == "100-continue" and not is_http_1_0:
        send_continue()
    # A proxy is sent absolute URLs; what it would do with them is done here.
    path, _, query = (_ORIGIN.sub("", target) or "/").partition("?")
    request = Request(method, path, query, headers, b"".join(_body(stream, headers)))
    options = {option.strip().lower() for option in headers.get("Connection", "").split(",")}
    return request, "keep-alive" in options if is_http_1_0 else "close" not in options


def encode(reply: Reply, method: str, keep_alive: bool) -> bytes:
    """A reply as bytes; the answer to HEAD has no body."""
    lines = [f"HTTP/1.1 {reply.status} {phrase(reply.status)}", f"Date: {formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.body or reply.status not in (204, 304):
        lines.append(f"Content-Length: {len(reply.body)}")
    if not keep_alive:
        lines.append("Connection: close")
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return head if method == "HEAD" else head + reply.body


def _line(stream: BufferedIOBase, too_long: int) -> bytes:
    line = stream.readline(MAX_LINE + 1)
    if len(line) > MAX_LINE:
        raise malformed(f"A line is longer than {MAX_LINE} bytes.", too_long)
    if not line.endswith(b"\n"):
        raise ConnectionAbortedError
    return line


def _fields(stream: BufferedIOBase) -> Iterator[tuple[str, str]]:
    for _ in range(MAX_FIELDS + 1):
        line = _line(stream, 431)
        if line in _BLANK:
            return
        found = _FIELD.fullmatch(line)
        if found is None:
            raise malformed("A header field is malformed.")
        yield found[1].decode(), found[2].decode("latin-1")
    raise malformed(f"There are more than {MAX_FIELDS} header fields.", 431)


def _body(stream: BufferedIOBase, headers: Headers) -> Iterator[bytes]:
    coding, length = headers.get("Transfer-Encoding"), headers.get("Content-Length")
    if coding is not None:
        if length is not None:
            raise malformed("Content-Length and Transfer-Encoding exclude each other.")
        if coding.strip().lower() != "chunked":
            raise malformed("Only the chunked transfer coding is known here.", 501)
        yield from _chunks(stream)
    elif length is not None:
        if not (length.isascii() and length.isdigit()):
            raise malformed("Content-Length is not a number.")
        yield _exactly(stream, int(length) if len(length) <= 12 else MAX_BODY + 1)


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    size, total = 1, 0
    while size:
        found = _CHUNK_SIZE.fullmatch(_line(stream, 400))
        if found is None:
            raise malformed("A chunk size is malformed.")
        size = int(found[1], 16)
        if size:
            yield _exactly(stream, size, total)
            total += size
            if _exactly(stream, 2) != b"\r\n":
                raise malformed("A chunk does not end where it says.")
    for _ in _fields(stream):  # Trailers are read, and mean nothing here.
        pass


def _exactly(stream: BufferedIOBase, size: int, before: int = 0) -> bytes:
    if before + size > MAX_BODY:
        raise malformed(f"The request body is larger than {MAX_BODY} bytes.", 413)
    data = stream.read(size)
    if len(data) < size:
        raise ConnectionAbortedError
    return data
