"""The HTTP/1.1 server: one thread for each connection, which lasts as long as the client keeps it.

Requests are read strictly (RFC 9112). The standard library's reader forgives what a client under
test should not get away with: blanks before a colon, folded headers, doubled slashes, a head that
breaks off.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import ssl
import threading
from collections.abc import Callable
from email.utils import formatdate
from http.client import responses
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from socketserver import TCPServer
from typing import Any, cast

from .message import Headers, Problem, RecordedRequest, Reply, malformed

_POLL_SECONDS = 0.01
_LINGER_SECONDS = 1.0
_MAX_LINE = 65_536
_MAX_FIELDS = 100
_MAX_BODY = 1_048_576

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_REQUEST_LINE = re.compile(rb"(%b) ([\x21-\x7e]+) HTTP/(\d)\.(\d)\r?\n" % _TOKEN)
_FIELD = re.compile(rb"(%b):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*\r?\n" % _TOKEN)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r?\n")
_ORIGIN = re.compile(r"^https?://[^/?#]+", re.IGNORECASE)
_BLANK = (b"\r\n", b"\n")


class HttpServer(TCPServer):
    """Serves an `answer` function at an address from construction until `stop`.

    `http.server.HTTPServer` would ask the resolver for this machine's name, which can take seconds.
    """

    allow_reuse_address = os.name == "posix"
    request_queue_size = 512

    def __init__(
        self,
        address: tuple[str, int],
        answer: Callable[[RecordedRequest], Reply | None],
        tls: ssl.SSLContext | None,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.answer = answer
        self._connections: dict[threading.Thread, socket.socket] = {}
        super().__init__(address, _Connection)
        if tls:  # A handshake comes with the first read of a connection, in its own thread.
            self.socket = tls.wrap_socket(self.socket, True, do_handshake_on_connect=False)
        serve, arguments = self.serve_forever, (_POLL_SECONDS,)
        threading.Thread(target=serve, args=arguments, name="byok-emulator", daemon=True).start()

    def stop(self) -> None:
        """Close the listener and every connection, and wait for their threads."""
        _hang_up(self.socket)  # Where this wakes the accepting thread, it need not be waited for.
        self.shutdown()
        self.server_close()
        connections = self._connections.copy()
        for connection in connections.values():
            _hang_up(connection)
        for thread in connections:
            thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(target=self._serve, args=(request, client_address), daemon=True)
        self._connections[thread] = request
        thread.start()

    def _serve(self, connection: socket.socket, address: Any) -> None:
        try:
            # Whatever the network does to one connection is over with that connection.
            with contextlib.suppress(OSError):
                self.finish_request(connection, address)
        finally:
            self.shutdown_request(connection)
            del self._connections[threading.current_thread()]


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not the method of a TLS socket, which would pull it from under its thread.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _Connection(BaseHTTPRequestHandler):
    """Reads requests and writes replies until `close_connection`."""

    disable_nagle_algorithm = True
    protocol_version = request_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        self.close_connection = True
        try:
            request, keep_alive = self._read_request()
        except Problem as problem:
            self._refuse(problem)
            return
        reply = cast(HttpServer, self.server).answer(request)
        if reply is not None:
            self.close_connection = not keep_alive
            self.wfile.write(_encoded(reply, request.method, keep_alive))

    def _read_request(self) -> tuple[RecordedRequest, bool]:
        """The next request, not answered yet, and whether the connection serves further ones.

        Raises `Problem` if it is malformed or too large, `ConnectionError` if it breaks off.
        """
        line = _line(self.rfile, 414)
        if line in _BLANK:
            line = _line(self.rfile, 414)  # One empty line before a request is to be tolerated.
        found = _REQUEST_LINE.fullmatch(line)
        if found is None:
            raise malformed("The request line is malformed.")
        method, target, major, minor = (part.decode() for part in found.groups())
        if major != "1":
            raise malformed("Only HTTP/1.0 and HTTP/1.1 are spoken here.", 505)
        headers = Headers(_fields(self.rfile))
        is_http_1_0 = minor == "0"
        if "Host" not in headers and not is_http_1_0:
            raise malformed("The Host header is missing.")
        if headers.get("Expect", "").lower() == "100-continue" and not is_http_1_0:
            self.handle_expect_100()
        # A proxy is sent absolute URLs; what it would do with them is done here.
        path, _, query = (_ORIGIN.sub("", target) or "/").partition("?")
        body, request_id = _body(self.rfile, headers), secrets.token_hex(16)
        request = RecordedRequest(method, path, query, headers, body, None, request_id)
        options = {option.strip().lower() for option in headers.get("Connection", "").split(",")}
        return request, "keep-alive" in options if is_http_1_0 else "close" not in options

    def _refuse(self, problem: Problem) -> None:
        reply = problem.reply()
        reply.headers["X-Request-Id"] = secrets.token_hex(16)
        self.wfile.write(_encoded(reply, "", keep_alive=False))
        # What the client is still sending must be read, or closing would reset the connection
        # and take the answer with it.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER_SECONDS)
        while self.connection.recv(65_536):
            pass


def _encoded(reply: Reply, method: str, keep_alive: bool) -> bytes:
    """A reply as bytes; the answer to HEAD has no body."""
    reply.encode()
    start = f"HTTP/1.1 {reply.status} {responses.get(reply.status, '')}"
    lines = [start, f"Date: {formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.body or reply.status not in (204, 304):
        lines.append(f"Content-Length: {len(reply.body)}")
    if not keep_alive:
        lines.append("Connection: close")
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return head if method == "HEAD" else head + reply.body


def _line(stream: BufferedIOBase, too_long: int) -> bytes:
    line = stream.readline(_MAX_LINE + 1)
    if len(line) > _MAX_LINE:
        raise malformed(f"A line is longer than {_MAX_LINE} bytes.", too_long)
    if not line.endswith(b"\n"):
        raise ConnectionAbortedError
    return line


def _fields(stream: BufferedIOBase) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    while (line := _line(stream, 431)) not in _BLANK:
        if len(fields) == _MAX_FIELDS:
            raise malformed(f"There are more than {_MAX_FIELDS} header fields.", 431)
        found = _FIELD.fullmatch(line)
        if found is None:
            raise malformed("A header field is malformed.")
        fields.append((found[1].decode(), found[2].decode("latin-1")))
    return fields


def _body(stream: BufferedIOBase, headers: Headers) -> bytes:
    if "Transfer-Encoding" not in headers:
        length = headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            raise malformed("Content-Length is not a number.")
        return _exactly(stream, int(length) if len(length) <= 12 else _MAX_BODY + 1)
    if "Content-Length" in headers:
        raise malformed("Content-Length and Transfer-Encoding exclude each other.")
    if headers["Transfer-Encoding"].strip().lower() != "chunked":
        raise malformed("Only the chunked transfer coding is known here.", 501)
    body = bytearray()
    while size := _chunk_size(stream):
        body += _exactly(stream, size, len(body))
        if _exactly(stream, 2) != b"\r\n":
            raise malformed("A chunk does not end where it says.")
    _fields(stream)  # Trailers are read, and mean nothing here.
    return bytes(body)


def _chunk_size(stream: BufferedIOBase) -> int:
    found = _CHUNK_SIZE.fullmatch(_line(stream, 400))
    if found is None:
        raise malformed("A chunk size is malformed.")
    return int(found[1], 16)


def _exactly(stream: BufferedIOBase, size: int, before: int = 0) -> bytes:
    if before + size > _MAX_BODY:
        raise malformed(f"The request body is larger than {_MAX_BODY} bytes.", 413)
    data = stream.read(size)
    if len(data) < size:
        raise ConnectionAbortedError
    return data
