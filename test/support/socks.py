"""A SOCKS 5 proxy (RFC 1928, and RFC 1929 for user name and password), CONNECT only."""

from __future__ import annotations

import socket
import struct

from .socket_server import Connection, SocketServer
from .tunnel import relay
from .wire import MalformedMessageError, Wire

_NO_LOGIN, _LOGIN, _NO_WAY = 0, 2, 255
_GRANTED, _REFUSED = 0, 5


class SocksProxy(SocketServer):
    """A SOCKS 5 proxy. `targets` records the host, as the client named it, and port of each tunnel.

    A host that is a name was left to the proxy to resolve (`socks5h`); an address was resolved by
    the client (`socks5`). `logins` records user names and passwords as they came.
    """

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        address: tuple[str, int] | None = None,
        failure: int | None = None,
    ) -> None:
        """`login` is required of clients if given, `address` connected to in place of any target.

        `failure` refuses every tunnel with that code of RFC 1928 section 6.
        """
        super().__init__()
        self.targets: list[tuple[str, int]] = []
        self.logins: list[tuple[str, str]] = []
        self._login = login
        self._address = address
        self._failure = failure

    @property
    def url(self) -> str:
        """The proxy's URL, without a login. Its scheme leaves resolving to the client."""
        return f"socks5://{self.host}:{self.port}"

    def serve(self, connection: Connection) -> None:
        """Greet, let in, connect, and carry bytes."""
        wire = connection.wire
        if not self._let_in(wire):
            return
        target = _read_target(wire)
        self.targets.append(target)
        if self._failure is not None:
            wire.send(_result(self._failure))
            return
        try:
            upstream = connection.dial(self._address or target)
        except OSError:
            wire.send(_result(_REFUSED))
            return
        wire.send(_result(_GRANTED))
        relay(connection, upstream)

    def _let_in(self, wire: Wire) -> bool:
        version, count = wire.exactly(2)
        if version != 5:
            raise MalformedMessageError(f"SOCKS version {version}")
        wanted = _LOGIN if self._login else _NO_LOGIN
        if wanted not in wire.exactly(count):
            wire.send(bytes([5, _NO_WAY]))
            return False
        wire.send(bytes([5, wanted]))
        return self._login is None or self._check_login(wire)

    def _check_login(self, wire: Wire) -> bool:
        wire.exactly(1)
        login = (_read_text(wire), _read_text(wire))
        self.logins.append(login)
        wire.send(bytes([1, 0 if login == self._login else 1]))
        return login == self._login


def _read_text(wire: Wire) -> str:
    return wire.exactly(wire.exactly(1)[0]).decode()


def _read_target(wire: Wire) -> tuple[str, int]:
    version, command, _, kind = wire.exactly(4)
    if (version, command) != (5, 1):
        raise MalformedMessageError(f"SOCKS version {version}, command {command}")
    if kind == 1:
        host = socket.inet_ntop(socket.AF_INET, wire.exactly(4))
    elif kind == 4:
        host = socket.inet_ntop(socket.AF_INET6, wire.exactly(16))
    else:
        host = _read_text(wire)
    return host, struct.unpack("!H", wire.exactly(2))[0]


def _result(code: int) -> bytes:
    return bytes([5, code, 0, 1]) + bytes(6)
