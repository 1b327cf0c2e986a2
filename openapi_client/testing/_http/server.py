"""The server: one thread for each connection, which lives as long as the client keeps it."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, cast

from .message import Reply, Request
from .problems import Problem
from .wire import encode, read_request

if TYPE_CHECKING:
    import ssl

_POLL_SECONDS = 0.01
_LINGER_SECONDS = 1.0


class HttpServer(TCPServer):
    """Serves an `answer` function at an address from construction until `stop`.

    `http.server.HTTPServer` would ask the resolver for this machine's name, which can take seconds.
    """

    allow_reuse_address = os.name == "posix"
    request_queue_size = 512

    def __init__(
        self,
        address: tuple[str, int],
        answer: Callable[[Request], Reply | None],
        tls: ssl.SSLContext | None,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.answer = answer
        self._tls = tls
        self._connections: dict[threading.Thread, socket.socket] = {}
        super().__init__(address, _Connection)
        serve, arguments = self.serve_forever, (_POLL_SECONDS,)
        threading.Thread(target=serve, args=arguments, name="byok-emulator", daemon=True).start()

    def stop(self) -> None:
        """Close the listener and every connection, and wait for their threads."""
        self.shutdown()
        self.server_close()
        connections = self._connections.copy()
        for connection in connections.values():
            with contextlib.suppress(OSError):
                # Not the method of a TLS socket, which would pull it from under its thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in connections:
            thread.join()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection; a TLS handshake comes with the first read, in its own thread."""
        connection, address = self.socket.accept()
        if self._tls:
            connection = self._tls.wrap_socket(connection, True, do_handshake_on_connect=False)
        return connection, address

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


class _Connection(BaseHTTPRequestHandler):
    """Reads requests and writes replies until `close_connection`."""

    disable_nagle_algorithm = True
    protocol_version = request_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        self.close_connection = True
        try:
            request, keep_alive = read_request(self.rfile, self.handle_expect_100)
        except Problem as problem:
            self._refuse(problem)
            return
        reply = cast(HttpServer, self.server).answer(request)
        if reply is not None:
            self.close_connection = not keep_alive
            self.wfile.write(encode(reply, request.method, keep_alive))

    def _refuse(self, problem: Problem) -> None:
        headers = {"X-Request-Id": secrets.token_hex(16)}
        reply = Reply(problem.status, problem.document(), headers)
        reply.encode()
        self.wfile.write(encode(reply, "", keep_alive=False))
        # What the client is still sending must be read, or closing would reset the connection
        # and take the answer with it.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER_SECONDS)
        while self.connection.recv(65_536):
            pass
