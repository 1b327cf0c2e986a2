"""The server: one thread for each connection, which lives as long as the client keeps it."""

from __future__ import annotations

import contextlib
import secrets
import selectors
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from ._errors import malformed
from ._message import Reply, Request
from ._wire import Disconnected, WireError, encode, read_body, read_head

if TYPE_CHECKING:
    import ssl

Answer = Callable[[Request], "Reply | None"]

_BACKLOG = 512
_LINGER_SECONDS = 1.0


class HttpServer:
    """Serves an `answer` function at an address from construction until `stop`."""

    def __init__(
        self, address: tuple[str, int], answer: Answer, tls: ssl.SSLContext | None = None
    ) -> None:
        self._answer = answer
        self._tls = tls
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._listener = socket.create_server(address, backlog=_BACKLOG)
        self._waker, self._wakened = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="byok-emulator", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    def stop(self) -> None:
        """Close the listener and every connection, and wait for their threads."""
        self._waker.close()
        self._thread.join()
        with self._lock:
            connections = dict(self._connections)
        for connection in connections.values():
            with contextlib.suppress(OSError):
                # Not the method of a TLS socket, which would pull it from under its thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in connections:
            thread.join()

    def _accept(self) -> None:
        with self._listener, self._wakened, selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wakened, selectors.EVENT_READ)
            self._listener.setblocking(False)
            while not any(key.fileobj is self._wakened for key, _ in selector.select()):
                # The client may be gone again by now.
                with contextlib.suppress(OSError):
                    self._begin(self._listener.accept()[0])

    def _begin(self, connection: socket.socket) -> None:
        connection.setblocking(True)
        if self._tls:
            # The handshake comes with the first read, in the thread of the connection.
            connection = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
        with self._lock:
            self._connections[thread] = connection
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            # Whatever the network does to one connection is over with that connection.
            with contextlib.suppress(OSError, Disconnected):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._converse(connection)
        finally:
            connection.close()
            with self._lock:
                del self._connections[threading.current_thread()]

    def _converse(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            try:
                while self._exchange(connection, stream):
                    pass
            except WireError as error:
                reply = _refusal(error)
                connection.sendall(encode(reply, "", keep_alive=False))
                _linger(connection)

    def _exchange(self, connection: socket.socket, stream: BinaryIO) -> bool:
        head = read_head(stream)
        if head is None:
            return False
        request, version = head
        if version != "1.0" and request.headers.get("Expect", "").lower() == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        request = replace(request, body=read_body(stream, request.headers))
        reply = self._answer(request)
        if reply is None:
            return False
        connection.sendall(encode(reply, request.method, request.keep_alive))
        return request.keep_alive


def _refusal(error: WireError) -> Reply:
    document = malformed(error.detail, status=error.status).document()
    reply = Reply(error.status, document, headers={"X-Request-Id": secrets.token_hex(16)})
    reply.encode()
    return reply


def _linger(connection: socket.socket) -> None:
    # What the client is still sending must be read, or closing would reset the connection and
    # take the answer with it.
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(_LINGER_SECONDS)
    while connection.recv(65_536):
        pass
