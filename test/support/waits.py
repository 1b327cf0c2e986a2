"""What a call waits for at sockets, and how long it would be ready to: exact on any machine.

How late a call ends can only be measured with a tolerance, which a busy machine takes for itself.
What can be told exactly is how long each step was willing to wait when it began.
"""

from __future__ import annotations

import functools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from math import inf
from typing import Any
from unittest.mock import patch

from support.clock import FakeClock

ROUNDED = 1e-6
"""Seconds by which a socket may take a timeout for more than it was: it counts nanoseconds."""
_STEPS: Sequence[tuple[type, Sequence[str]]] = [
    (socket.socket, ["connect", "recv", "recv_into", "send", "sendall"]),
    (ssl.SSLSocket, ["do_handshake", "read", "recv", "recv_into", "send", "sendall", "write"]),
]


class Waits:
    """The waits of this thread. On their clock time passes in waits alone, not in computing."""

    def __init__(self, clock: FakeClock, deadline: float) -> None:
        self.ready: list[tuple[str, float]] = []
        """Each step that was waited for, and how many seconds it would have waited."""
        self.too_long: list[str] = []
        """The waits that might have lasted beyond the deadline."""
        self._clock = clock
        self._ends = clock.monotonic() + deadline
        self._thread = threading.get_ident()
        self._inside = False

    def concern(self, sock: socket.socket) -> bool:
        """Whether a step at a socket is one to look at: of this thread, and the outermost."""
        return threading.get_ident() == self._thread and not self._inside and sock.timeout != 0

    @contextmanager
    def waiting(self, step: str, sock: socket.socket) -> Generator[None, None, None]:
        """Note how long a step is ready to wait, and let the clock know how long it did."""
        left, ready, started = self._ends - self._clock.monotonic(), sock.timeout, time.monotonic()
        ready = inf if ready is None else ready
        self.ready.append((step, ready))
        if ready > left + ROUNDED:
            self.too_long.append(f"{step}: ready to wait {ready} s, with {left} s left")
        self._inside = True
        try:
            yield
        finally:
            self._inside = False
            self._clock.advance(time.monotonic() - started)


@contextmanager
def watched(clock: FakeClock, deadline: float) -> Generator[Waits, None, None]:
    """Watch the waits of this thread; `deadline` is in seconds from now."""
    waits = Waits(clock, deadline)

    def watching(kind: type, name: str) -> Callable[..., Any]:
        real = getattr(kind, name)

        @functools.wraps(real)
        def step(sock: socket.socket, *args: Any, **kwargs: Any) -> Any:
            if not waits.concern(sock):
                return real(sock, *args, **kwargs)
            with waits.waiting(f"{kind.__name__}.{name}", sock):
                return real(sock, *args, **kwargs)

        return step

    with ExitStack() as patches:
        for kind, names in _STEPS:
            for name in names:
                patches.enter_context(patch.object(kind, name, watching(kind, name)))
        yield waits
