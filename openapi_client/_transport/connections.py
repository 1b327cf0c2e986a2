"""Pools and connections that keep to a deadline: all that rests on the inside of urllib3.

What each part needs of urllib3 or ``http.client`` stands beside it, and has a test of its own in
``test/network/test_hooks.py``.
"""

import _socket
import queue
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from math import inf
from typing import Any

import urllib3
from typing_extensions import override
from urllib3 import exceptions as errors
from urllib3.connection import HTTPConnection
from urllib3.util import connection as urllib3_sockets

from .exchange import Exchange, current
from .idle import queue_class
from .reading import TimedResponse
from .writing import with_plain_fields

_PIECE = 16 * 1024
"""Bytes, as many as a record of TLS has."""


class TimedConnection(HTTPConnection):
    """A connection that is made in the time there is, and read within the deadline."""

    # ``http.client`` makes answers of this class, those of a proxy to CONNECT included.
    response_class = TimedResponse
    idle_since = -inf
    """When the last answer began, by the clock of its call."""
    keep_alive = inf
    """Seconds after which the server closes an idle connection, as far as it said so."""
    tunnel: Any = None
    """The ``TunnelSocket`` that it goes through, where it does."""

    @override
    def connect(self) -> None:
        exchange, limit = current.get(), self.timeout or inf
        if exchange is None:  # Somebody uses the pool by itself.
            super().connect()
            return
        exchange.connecting = True
        self.tunnel = None
        self.timeout = exchange.left_to_connect()
        super().connect()
        self.timeout = exchange.left(limit)
        connected: Any = self.sock
        if connected is not None:  # One that plays a recording back has none.
            connected.settimeout(self.timeout)
            steady(connected)
        exchange.connecting = False

    @override
    def send(self, data: Any) -> None:
        """Send a part of a request in pieces, each of which has the time that is left.

        ``http.client`` calls this for the head and for the body, urllib3 having set one timeout
        for both; and TLS sends a body record by record, each with all of that timeout.
        """
        exchange = current.get()
        if exchange is None or not isinstance(data, bytes):
            super().send(data)
            return
        if self.sock is None:
            self.connect()
        sock: Any = self.sock
        if exchange.connecting and isinstance(sock, ssl.SSLSocket):
            # A proxy is asked for a tunnel, in which there will be another TLS.
            base: Any = type(sock)
            self.tunnel = sock
            self.tunnel.__class__ = timed(TunnelSocket, base)
        if self.tunnel:
            self.tunnel.exchange = exchange
        for start in range(0, len(data), _PIECE):
            if exchange.connecting:
                sock.settimeout(exchange.left_to_connect())
            elif exchange.is_sending:
                sock.settimeout(exchange.left(self.timeout or inf))
            exchange.is_sending = not exchange.connecting
            super().send(data[start : start + _PIECE])

    @override
    def _new_conn(self) -> socket.socket:
        """Make the socket, where urllib3 itself would: its way knows no deadline.

        urllib3 calls this from ``connect``, and expects its own exceptions. Where another class
        has a way of its own to a socket, such as that for SOCKS proxies, it goes that way, which
        may have several steps and look for addresses.
        """
        exchange, base = current.get(), super()._new_conn
        if exchange is None:
            return base()
        if getattr(base, "__func__", None) is HTTPConnection._new_conn:
            sock = self._first_that_answers(exchange)
        else:
            what = f"a connection to {self.host}"
            sock = in_time(base, exchange.left_to_connect(), what)
        try:
            sock.settimeout(exchange.left_to_connect())
        except TimeoutError:
            sock.close()
            raise
        return sock

    def _first_that_answers(self, exchange: Exchange) -> socket.socket:
        try:
            sock = self._connected(exchange)
        except TimeoutError as error:
            raise errors.ConnectTimeoutError(self, str(error)) from error
        except (OSError, UnicodeError) as error:
            raise errors.NewConnectionError(self, str(error)) from error
        sys.audit("http.client.connect", self, self.host, self.port)
        return sock

    def _connected(self, exchange: Exchange) -> socket.socket:
        """A socket to the first address of the host that answers; they share the time there is."""
        found = addresses(self._dns_host, self.port, exchange.left_to_connect())
        while True:
            address = found.pop(0)
            share = exchange.left_to_connect() / (len(found) + 1)
            try:
                return urllib3_sockets.create_connection(
                    (address, self.port),
                    share,
                    source_address=self.source_address,
                    socket_options=self.socket_options,
                )
            except OSError:
                if not found:
                    raise

    def may_be_dying(self, exchange: Exchange) -> bool:
        """Whether the other side may be about to close this idle connection, or has forgotten it.

        It may within a second (half of it, where it is shorter) of the time that it announced.
        """
        announced = self.keep_alive - min(1.0, self.keep_alive / 2)
        idle = exchange.timeout.clock.monotonic() - self.idle_since
        return idle > min(exchange.max_idle_for_post, announced)


class SteadySocket:
    """What is added to the class of a socket: a timeout that it has is not set once more.

    urllib3 sets one before each request and before each answer, mostly the one that is there. To
    set it is a call to the system, which lets other threads have the interpreter.
    """

    __slots__ = ()

    def settimeout(self, value: float | None) -> None:
        """Limit each step, as on any socket."""
        base: Any = super()
        if value != base.gettimeout():
            base.settimeout(value)


_STANDARD_SOCKETS: frozenset[Any] = frozenset(
    kind
    for kind in (socket.socket, ssl.SSLSocket)
    # Those of gevent, which may have put its own here, set timeouts in a way of theirs.
    if kind.settimeout is _socket.socket.settimeout
)


def steady(sock: object) -> None:
    """Make a ``SteadySocket`` of one of the standard library's sockets, and of no other."""
    kind: Any = type(sock)
    if kind in _STANDARD_SOCKETS:
        sock.__class__ = timed(SteadySocket, kind)


class TunnelSocket:
    """What is added to the class of a TLS socket to a proxy through which another TLS goes.

    urllib3 takes several steps at it for one of the other TLS, and sets one timeout for them: here
    each has the time that is left.
    """

    exchange: Exchange
    _longest: float | None = None

    def settimeout(self, value: float | None) -> None:
        """Limit each step, as on any socket."""
        self._longest = value
        base: Any = super()
        base.settimeout(value)

    def recv(self, *args: Any) -> Any:
        """Receive, as on any socket."""
        self._limit()
        base: Any = super()
        return base.recv(*args)

    def sendall(self, *args: Any) -> None:
        """Send, as on any socket."""
        self._limit()
        base: Any = super()
        base.sendall(*args)

    def _limit(self) -> None:
        exchange, longest = self.exchange, self._longest or inf
        base: Any = super()
        base.settimeout(
            exchange.left_to_connect() if exchange.connecting else exchange.left(longest)
        )


class TimedPool(urllib3.HTTPConnectionPool):
    """A pool of such connections."""

    @property
    def QueueCls(self) -> Any:  # type: ignore[override]  # a class attribute there
        """The class of what keeps the idle connections; urllib3 asks when a pool is made."""
        return queue_class(super().QueueCls)

    @override
    def _new_conn(self) -> Any:
        """Make a connection of whichever class the pool's is now, with our methods put before.

        Libraries that record and replay put classes of their own into ``ConnectionCls`` of
        urllib3's pools, and look at the class of idle connections: so nothing is kept here.
        """
        connection = super()._new_conn()
        if isinstance(connection, HTTPConnection):
            base = with_plain_fields(type(connection))
            # Not by plain assignment: vcrpy hands that on to the real connection behind its own.
            object.__setattr__(connection, "__class__", timed(TimedConnection, base))
        return connection

    @override
    def _get_conn(self, timeout: float | None = None) -> Any:
        """Take a connection from the pool; a POST does not go out on one that may be dying.

        urllib3 calls this once a request. A POST that is lost cannot be repeated, and a
        connection that is closed while it is on its way loses it.
        """
        exchange = current.get()
        if exchange and self.block and timeout is None:
            timeout = exchange.left_to_connect()
        connection: Any = super()._get_conn(timeout)
        if exchange and isinstance(connection, TimedConnection):
            exchange.connection = connection
            # It knows by itself how long it may take to connect: the limit is for sending.
            exchange.limits.connect_timeout = exchange.limits.read_timeout
            if exchange.method == "POST" and connection.may_be_dying(exchange):
                connection.close()
        return connection

    @override
    def _put_conn(self, conn: Any) -> None:
        """Keep a connection for the next request, or close it where enough are kept.

        urllib3 calls this when an answer was read, and would log a warning where it closes one.
        """
        try:
            kept: Any = self.pool
            kept.put(conn, block=False)
        except (queue.Full, AttributeError):  # It is ``None`` where the pool was closed.
            if conn:
                conn.close()


@cache
def timed(overrides: Any, base: Any) -> Any:
    """A class derived from another library's, with methods of ours before it."""
    # Empty slots keep the layout, so that an object of the other class may become one of this.
    return type(f"Timed{base.__name__}", (overrides, base), {"__slots__": ()})


def addresses(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host, each once.

    The system's resolver has no timeout, and may take minutes when its servers are silent. Raises
    ``TimeoutError`` when the time is up, and ``OSError`` or ``ValueError`` as
    ``socket.getaddrinfo`` does.
    """
    host = host.strip("[]")
    with suppress(ValueError):
        return [str(ip_address(host))]
    family = urllib3_sockets.allowed_gai_family()

    def look_up() -> Any:
        return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)

    result = in_time(look_up, seconds, f"the address of {host}")
    return list(dict.fromkeys(_numeric(found[4]) for found in result))


def _numeric(address: Any) -> str:
    """The address as text; that of one link, in IPv6, names the link.

    It is not asked of ``socket.getnameinfo``: mocks of sockets replace ``getaddrinfo`` alone, and
    give names in place of numbers.
    """
    scope = address[3] if len(address) > 3 else 0
    return f"{address[0]}%{scope}" if scope else str(address[0])


def in_time(find: Callable[[], Any], seconds: float, what: str) -> Any:
    """What a function finds that cannot be told how long it may take.

    It works in a thread, which is left alone when the time is up: raises ``TimeoutError`` then,
    and closes the socket that may come too late.
    """
    # Looked up now, not at import: gevent and others may have replaced them in between.
    results: queue.SimpleQueue[Any] = queue.SimpleQueue()
    is_late = False

    def work() -> None:
        try:
            results.put(find())
        except Exception as error:  # noqa: BLE001 - it is raised by whoever waits for the result
            results.put(error)
        if is_late:
            _close_socket_in(results)

    try:
        threading.Thread(target=work, daemon=True).start()
    except RuntimeError:  # No thread can be had: at the system's limit, or while Python ends.
        work()
    try:
        result = results.get(timeout=seconds)
    except queue.Empty:
        is_late = True
        _close_socket_in(results)  # It may have come in between.
        raise TimeoutError(f"{what} could not be found in time") from None
    if isinstance(result, Exception):
        raise result
    return result


def _close_socket_in(results: Any) -> None:
    with suppress(queue.Empty):
        result = results.get_nowait()
        if isinstance(result, socket.socket):
            result.close()
