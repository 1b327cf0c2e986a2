"""One exchange while it goes on: the time that each of its steps has left."""

import io
import socket
from contextlib import suppress
from contextvars import ContextVar
from http.client import HTTPResponse, RemoteDisconnected
from ipaddress import ip_address
from math import inf
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from typing_extensions import override

from .timeouts import CallTimeout


class Exchange:
    """How far one exchange came, and how long its next step may take."""

    def __init__(self, timeout: CallTimeout) -> None:
        self.connecting = False
        """Whether a failure now comes before the first byte of the request."""
        self._timeout = timeout
        self._connect_by = timeout.clock.monotonic() + timeout[0]

    def left(self, longest: float) -> float:
        """The seconds for the next step: at most ``longest``, and not beyond the deadline.

        Raises ``TimeoutError`` where none are left.
        """
        left = min(longest, self._timeout.left())
        if left <= 0:
            raise TimeoutError("the time is up")
        return left

    def left_to_connect(self) -> float:
        """As ``left``, for all that comes before the request: addresses, proxy and TLS."""
        return self.left(self._connect_by - self._timeout.clock.monotonic())


current: ContextVar[Exchange | None] = ContextVar("openapi_client_exchange", default=None)
"""The exchange that goes on in this thread, for the parts that urllib3 makes itself."""


def addresses(host: str, port: int, family: int, seconds: float) -> list[str]:
    """The addresses of a host, each once.

    The system's resolver has no timeout, and may take minutes when its servers are silent: so it
    works in a thread, which is left alone when the time is up. Raises ``TimeoutError`` then, and
    ``OSError`` or ``ValueError`` as ``socket.getaddrinfo`` does.
    """
    with suppress(ValueError):
        return [str(ip_address(host))]
    results: SimpleQueue[Any] = SimpleQueue()

    def look_up() -> None:
        try:
            results.put(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001 - it is raised by whoever waits for the result
            results.put(error)

    try:
        Thread(target=look_up, daemon=True).start()
    except RuntimeError:  # No thread can be had: at the system's limit, or while Python ends.
        look_up()
    try:
        result = results.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"the address of {host} could not be found in time") from None
    if isinstance(result, Exception):
        raise result
    numbers = (socket.getnameinfo(found[4], socket.NI_NUMERICHOST)[0] for found in result)
    return list(dict.fromkeys(numbers))


class TimedResponse(HTTPResponse):
    """An answer of which every byte, from the status line on, is read within the deadline."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        exchange = current.get()
        self._reader: _TimedReader | None = None
        if exchange:
            self.fp.close()
            self._reader = _TimedReader(sock, exchange)
            self.fp = io.BufferedReader(self._reader)

    @override
    def begin(self) -> None:
        """Read the head; ``http.client`` would take its premature end for its end."""
        super().begin()
        if self._reader and self._reader.ended:
            raise RemoteDisconnected("the connection ended within the headers")

    def _read_status(self) -> tuple[str, int, str]:
        """The status line; ``http.client`` would take an interim 103 for the answer."""
        base: Any = super()
        version: str
        status: int
        version, status, reason = base._read_status()
        return version, 100 if 102 <= status <= 199 else status, reason


class _TimedReader(io.RawIOBase):
    """What a socket receives, with an end to each wait."""

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self._stream = sock.makefile("rb", buffering=0)
        self._longest = sock.gettimeout() or inf
        self._exchange = exchange
        self.ended = False
        """Whether the other side has closed the connection."""

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._exchange.left(self._longest))
        count = self._stream.readinto(buffer)
        self.ended = count == 0
        return count

    @override
    def close(self) -> None:
        self._stream.close()
        super().close()
