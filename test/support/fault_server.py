"""A server that plays a script, one step per request."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Generator, Iterable

from .replies import Step
from .socket_server import Connection, Exchange, SocketServer


class FaultServer(SocketServer):
    """Plays a script of faults and replies, one step per request, over all connections together.

        with FaultServer([Drop.after_reading(), json_reply(200, {})]) as server:
            ...
            assert len(server.requests) == 2

    After the last step, `then` is played for every further request; by default the last step again.
    """

    def __init__(
        self,
        script: Iterable[Step],
        *,
        then: Step | None = None,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        listening: bool = True,
    ) -> None:
        """Raises ValueError for an empty script without `then`."""
        super().__init__(tls=tls, host=host, listening=listening)
        self._script = list(script)
        if then is None and not self._script:
            raise ValueError("an empty script needs a step for `then`")
        self._then = then or self._script[-1]
        self._played = 0
        self._turn = threading.Lock()

    @property
    def unplayed(self) -> int:
        """How many steps of the script no request has met yet."""
        return max(0, len(self._script) - self._played)

    @property
    def played(self) -> int:
        """How many requests, whole or not, have met a step."""
        return self._played

    def serve(self, connection: Connection) -> None:
        """Play one step for each request."""
        greeting = self._take_at_accept()
        if greeting is not None:
            if self._tls is not None:
                # Python's TLS client leaks its socket if it is reset before it says hello.
                connection.wire.fill()
            greeting.play(Exchange(self, connection))
            return
        for exchange in self.exchanges(connection):
            self._take().play(exchange)

    def _take(self) -> Step:
        with self._turn:
            step = self._next()
            self._played += 1
            return step

    def _take_at_accept(self) -> Step | None:
        with self._turn:
            step = self._next()
            self._played += step.at_accept
            return step if step.at_accept else None

    def _next(self) -> Step:
        return self._script[self._played] if self.unplayed else self._then


@contextlib.contextmanager
def refusing_port() -> Generator[int, None, None]:
    """A port of 127.0.0.1 that refuses connections, held so that nobody else can open it."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]
