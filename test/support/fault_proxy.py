"""A man in the middle: requests pass through to a working server, save those chosen to go wrong."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from .faults import Drop
from .replies import Reply, Step, read_reply
from .socket_server import Connection, Exchange, SocketServer
from .wire import DisconnectedError, Request, Wire, header_values


@dataclass(frozen=True)
class SpoilAnswer:
    """Let the upstream do the work, then spoil its answer.

        SpoilAnswer(cut_body)
        SpoilAnswer(lambda answer: Drop.after_reading(reset=True))

    Any `FaultCase.make` fits.
    """

    spoil: Callable[[Reply], Step]


Plan = Step | SpoilAnswer | None


@dataclass(frozen=True)
class Passage:
    """What became of one request.

    `delivered` says whether the upstream was sent the request. `upstream` is its answer; None if
    the request was withheld from it, or if it gave none. `played` is what the client got instead
    of that answer; None if it got just that.
    """

    request: Request
    plan: Plan
    delivered: bool
    upstream: Reply | None
    played: Step | None

    @property
    def answer(self) -> Reply | None:
        """The reply that the client was sent in full, if it was sent one."""
        answer = self.upstream if self.played is None else self.played
        return answer if isinstance(answer, Reply) else None


class FaultyProxy(SocketServer):
    """Forwards every request to the server at `upstream_url`, unless `choose` plans otherwise.

    `choose` gets the request and returns None to let it pass; a fault or a reply to play without
    the upstream ever seeing the request; or a `SpoilAnswer`. It is called by one thread at a time,
    so a seeded random generator may be used in it.

    Requests in absolute form are forwarded too, all to the same upstream: so this is also a faulty
    forward proxy for plain http. `passages` holds a record of every request.
    """

    def __init__(
        self,
        upstream_url: str,
        choose: Callable[[Request], Plan] = lambda request: None,
        *,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        """`tls` serves HTTPS in front of an upstream that is plain http."""
        super().__init__(tls=tls, host=host)
        parts = urlsplit(upstream_url)
        if parts.scheme != "http" or parts.hostname is None:
            raise ValueError(f"the upstream must be plain http, not {upstream_url!r}")
        self._address = (parts.hostname, parts.port or 80)
        self._choose = choose
        self._turn = threading.Lock()
        self.passages: list[Passage] = []

    def serve(self, connection: Connection) -> None:
        """Pass or spoil request after request."""
        upstream = _Upstream(connection, self._address)
        for exchange in self.exchanges(connection):
            self._handle(exchange, upstream)

    def _handle(self, exchange: Exchange, upstream: _Upstream) -> None:
        request = exchange.read()
        with self._turn:
            plan = self._choose(request)
        if isinstance(plan, Step):
            passage = Passage(request, plan, False, None, plan)
        else:
            passage = _forward(request, plan, upstream)
        # Recorded first: the client may look as soon as it has its answer.
        self.passages.append(passage)
        step = passage.played or passage.upstream
        assert step is not None
        step.play(exchange)


def _forward(request: Request, plan: SpoilAnswer | None, upstream: _Upstream) -> Passage:
    try:
        upstream.connect()
    except OSError:
        return Passage(request, plan, False, None, Drop.after_reading())
    try:
        answer = upstream.ask(request)
    except DisconnectedError:
        return Passage(request, plan, True, None, Drop.after_reading())
    return Passage(request, plan, True, answer, plan.spoil(answer) if plan else None)


class _Upstream:
    """The upstream's side of one client connection, kept alive as long as the upstream allows."""

    def __init__(self, connection: Connection, address: tuple[str, int]) -> None:
        self._connection = connection
        self._address = address
        self._wire: Wire | None = None

    def connect(self) -> None:
        """Make sure of a live connection. Raises OSError if the upstream refuses."""
        if self._wire is not None and self._wire.is_stale():
            self._wire.sock.close()
            self._wire = None
        if self._wire is None:
            self._wire = self._connection.dial(self._address)

    def ask(self, request: Request) -> Reply:
        assert self._wire is not None
        self._wire.send(_encode(request))
        return read_reply(self._wire, request.method)


def _encode(request: Request) -> bytes:
    """The request as an origin server wants it: origin form, and a body of known length."""
    target = request.target
    if "://" in target:
        target = "/" + [*target.split("/", 3), ""][3]
    headers = [pair for pair in request.headers if not _is_for_the_proxy(pair[0])]
    if header_values(request.headers, "Transfer-Encoding"):
        headers.append(("Content-Length", str(len(request.body))))
    lines = [f"{request.method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + request.body


def _is_for_the_proxy(name: str) -> bool:
    return name.lower().startswith("proxy-") or name.lower() == "transfer-encoding"
