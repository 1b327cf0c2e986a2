"""Carrying bytes both ways between a client and the server it asked a proxy for."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass

from .replies import Reply, Step
from .socket_server import Connection, Exchange, SocketServer
from .wire import DisconnectedError, Wire


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Tunnel(Step):
    """Accept a CONNECT, and carry bytes until either side ends.

    `drop` is asked before anything is carried back to the client; when it says so, the connection
    is reset instead. `address` is connected to in place of the one that the client names.
    """

    drop: Callable[[], bool] = _never
    address: tuple[str, int] | None = None

    def play(self, exchange: Exchange) -> None:
        """Answer 200 once connected, 502 if the target refuses, 405 to anything but CONNECT."""
        request = exchange.read()
        if request.method != "CONNECT":
            Reply(405).play(exchange)
            return
        host, _, port = request.target.rpartition(":")
        try:
            upstream = exchange.connection.dial(self.address or (host.strip("[]"), int(port)))
        except OSError:
            Reply(502).play(exchange)
            return
        exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        relay(exchange.connection, upstream, self.drop)


def drop_once_delivered(server: SocketServer) -> Tunnel:
    """A tunnel to `server`, whose answers never reach the client: each request is delivered."""
    return Tunnel(lambda: bool(server.requests))


def relay(connection: Connection, upstream: Wire, drop: Callable[[], bool] = _never) -> None:
    """Carry bytes both ways until either side ends, then close both."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.wire.sock, selectors.EVENT_READ, upstream.sock)
        selector.register(upstream.sock, selectors.EVENT_READ, connection.wire.sock)
        while connection.is_open:
            for key, _ in selector.select():
                source, sink = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                if source is upstream.sock and drop():
                    connection.reset()
                    return
                if not _carry(source, sink):
                    connection.close()
                    return


def _carry(source: socket.socket, sink: socket.socket) -> bool:
    """Carry what has arrived. False at the end of the stream."""
    try:
        # A TLS record holds less, so no decrypted bytes are left where select cannot see them.
        data = source.recv(65536)
        sink.sendall(data)
    except OSError as error:
        raise DisconnectedError("one side of the tunnel broke") from error
    return bool(data)
