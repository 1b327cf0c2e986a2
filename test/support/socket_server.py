"""The socket loop under all test servers: one thread accepts, and each connection has its own."""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import struct
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType

from typing_extensions import Self

from .wire import DisconnectedError, Request, Wire, read_request

# A thread that outlives this many seconds after close() is a defect of the test support.
_JOIN_SECONDS = 5.0


class Connection:
    """An accepted connection. `number` counts from 1 in the order of acceptance."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.number = number
        self.wire = Wire(sock)
        self.is_open = True
        self._is_shut_down = False
        self._attached: list[socket.socket] = []
        self._lock = threading.Lock()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def secure(self, context: ssl.SSLContext) -> None:
        """Shake hands as a TLS server. Raises OSError when that fails."""
        # The socket is swapped before the handshake: shut_down() must find the one that blocks.
        with self._lock:
            secured = context.wrap_socket(
                self.wire.sock, server_side=True, do_handshake_on_connect=False
            )
            self.wire.sock = secured
        secured.do_handshake()

    def dial(self, address: tuple[str, int]) -> Wire:
        """Connect onwards. The new socket is shut down and closed together with this connection.

        Raises OSError if nobody answers there.
        """
        sock = socket.create_connection(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._attached.append(sock)
            if self._is_shut_down:
                sock.shutdown(socket.SHUT_RDWR)
        return Wire(sock)

    def shut_down(self) -> None:
        """Wake whoever is blocked on this connection. May be called from any thread."""
        with self._lock:
            self._is_shut_down = True
            for sock in (self.wire.sock, *self._attached):
                with contextlib.suppress(OSError):
                    # SSLSocket.shutdown would pull the TLS state from under the blocked reader.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close. Bytes that were received but not read make the kernel send RST instead of FIN."""
        with self._lock:
            self.is_open = False
            for sock in (self.wire.sock, *self._attached):
                sock.close()

    def reset(self) -> None:
        """Close with RST, throwing away what was not yet transmitted."""
        linger = struct.pack("ii", 1, 0)
        with contextlib.suppress(OSError):
            self.wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close()


class Exchange:
    """One turn on a connection: a request that is waiting to be read, and the wire to answer on."""

    def __init__(self, server: SocketServer, connection: Connection) -> None:
        self.connection = connection
        self._server = server
        self._request: Request | None = None

    def read(self) -> Request:
        """The whole request, recorded as delivered. Asked again, it returns the same one."""
        if self._request is None:
            self._request = read_request(self.connection.wire, self.connection.number)
            self._server.requests.append(self._request)
        return self._request

    def send(self, data: bytes) -> None:
        """Send all of `data`."""
        self.connection.wire.send(data)

    def pause(self, seconds: float) -> None:
        """Wait. Raises DisconnectedError at once when the server closes."""
        if self._server.stopping.wait(seconds):
            raise DisconnectedError("the server is closing")

    def wait_for_release(self) -> None:
        """Wait for the server's release(). Raises DisconnectedError when the server closes."""
        self._server.gate.wait()
        if self._server.stopping.is_set():
            raise DisconnectedError("the server is closing")


class SocketServer(ABC):
    """A threaded server on a free port of 127.0.0.1 (or ::1), used as a context manager.

    `requests` are those that arrived whole, in order of arrival. `connections` counts accepted
    connections. `handshake_errors` are failed TLS handshakes. What goes wrong in the server itself,
    such as a malformed request or a failing reply function, is raised when the context ends.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        listening: bool = True,
    ) -> None:
        """`tls` serves HTTPS. `host` is the name used in `url`; "[::1]" listens there.

        With `listening=False` the port refuses connections until listen() is called.
        """
        self.requests: list[Request] = []
        self.connections = 0
        self.handshake_errors: list[OSError] = []
        self.failures: list[Exception] = []
        self.stopping = threading.Event()
        self.gate = threading.Event()
        self.host = host
        self.port = 0
        self._tls = tls
        self._listen_at_start = listening
        self._is_listening = False
        self._open: set[Connection] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    @property
    def open_connections(self) -> int:
        """How many accepted connections neither side has ended yet."""
        with self._lock:
            return len(self._open)

    @abstractmethod
    def serve(self, connection: Connection) -> None:
        """Do what this server does with a connection, until it has no more use for it."""

    @property
    def url(self) -> str:
        """Scheme, host and port, without a trailing slash."""
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    def exchanges(self, connection: Connection) -> Iterator[Exchange]:
        """One exchange per request, begun when the request's first byte is there."""
        self._secure(connection)
        while connection.is_open and (connection.wire.has_bytes() or connection.wire.fill()):
            yield Exchange(self, connection)

    def start(self) -> None:
        """Take a free port, and listen unless told otherwise."""
        is_ipv6 = self.host == "[::1]"
        self._listener = socket.socket(socket.AF_INET6 if is_ipv6 else socket.AF_INET)
        self._listener.bind(("::1" if is_ipv6 else "127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        if self._listen_at_start:
            self.listen()

    def listen(self) -> None:
        """Accept connections from now on. Calling it again does nothing."""
        with self._lock:
            if self._is_listening or self.stopping.is_set():
                return
            self._is_listening = True
            self._listener.listen(128)
            self._waker, self._woken = socket.socketpair()
            self._acceptor = threading.Thread(target=self._accept, daemon=True)
            self._acceptor.start()

    def release(self) -> None:
        """Let every silent exchange go on, those to come included."""
        self.gate.set()

    def close(self) -> None:
        """Drop every connection, end every thread, free the port."""
        with self._lock:
            self.stopping.set()
            self.gate.set()
        if self._is_listening:
            self._waker.close()
            self._join(self._acceptor)
            self._woken.close()
        self._listener.close()
        with self._lock:
            for connection in self._open:
                connection.shut_down()
        for thread in self._threads:
            self._join(thread)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
        if exc_type is None and self.failures:
            raise self.failures[0]

    @staticmethod
    def _join(thread: threading.Thread) -> None:
        thread.join(_JOIN_SECONDS)
        if thread.is_alive():
            raise RuntimeError("a thread of the test server did not end")

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            woken = selector.register(self._woken, selectors.EVENT_READ)
            while woken not in [key for key, _ in selector.select()]:
                self._admit(self._listener.accept()[0])

    def _admit(self, sock: socket.socket) -> None:
        self.connections += 1
        connection = Connection(sock, self.connections)
        thread = threading.Thread(target=self._run, args=[connection], daemon=True)
        with self._lock:
            self._open.add(connection)
            self._threads = [old for old in self._threads if old.is_alive()] + [thread]
        thread.start()

    def _run(self, connection: Connection) -> None:
        try:
            self.serve(connection)
        except DisconnectedError:
            # The peer left, or the server closes: an ordinary end for a server that drops others.
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the test raises it at its end
            self.failures.append(error)
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _secure(self, connection: Connection) -> None:
        if self._tls is None:
            return
        try:
            connection.secure(self._tls)
        except OSError as error:
            self.handshake_errors.append(error)
            raise DisconnectedError("the TLS handshake failed") from error
