"""Steps of a script, and the well-behaved one: a reply."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from http import HTTPStatus
from typing import Any, ClassVar

from .socket_server import Exchange
from .wire import Headers, Request, Wire, header_values, read_chunked, read_head


class Step(ABC):
    """What a server does with one request. Steps hold no state, so one may be played often."""

    # A step that is played on a fresh connection, before TLS and before the first byte.
    at_accept: ClassVar[bool] = False

    @abstractmethod
    def play(self, exchange: Exchange) -> None:
        """Read, answer, keep silent or hang up."""


class End(Enum):
    """What becomes of the connection after a step has sent its bytes."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    HOLD = "hold"

    def apply(self, exchange: Exchange) -> None:
        """Bring the connection to this end. HOLD keeps silent until release, then closes."""
        if self is End.RESET:
            exchange.connection.reset()
        elif self is not End.KEEP:
            if self is End.HOLD:
                exchange.wait_for_release()
            exchange.connection.close()


class Framing(Enum):
    """How a reply tells where its body ends."""

    LENGTH = "Content-Length"
    CHUNKED = "Transfer-Encoding: chunked"
    CLOSE = "the end of the connection"
    # The headers of the reply say it themselves, or lie about it.
    AS_GIVEN = "as given"


@dataclass(frozen=True)
class Reply(Step):
    """A complete answer. `reason=None` sends the standard phrase, `""` sends none."""

    status: int = 200
    headers: Headers = ()
    body: bytes = b""
    reason: str | None = None
    version: str = "HTTP/1.1"
    framing: Framing = Framing.LENGTH
    end: End = End.KEEP

    def play(self, exchange: Exchange) -> None:
        """Read the request, send the answer."""
        request = exchange.read()
        exchange.send(self.head() + (b"" if request.method == "HEAD" else self.payload()))
        (End.CLOSE if self.framing is Framing.CLOSE else self.end).apply(exchange)

    def head(self) -> bytes:
        """Status line and headers, with the empty line that ends them."""
        reason = _standard_reason(self.status) if self.reason is None else self.reason
        lines = [f"{self.version} {self.status} {reason}".rstrip()]
        lines += [f"{name}: {value}" for name, value in (*self.headers, *self._framing_header())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def payload(self) -> bytes:
        """The body as it goes over the wire."""
        return chunked(self.body) if self.framing is Framing.CHUNKED else self.body

    def with_headers(self, *headers: tuple[str, str]) -> Reply:
        """A copy in which these headers replace those of the same names."""
        names = {name.lower() for name, _ in headers}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in names)
        return replace(self, headers=kept + headers)

    def _framing_header(self) -> Headers:
        if self.framing is Framing.CHUNKED:
            return (("Transfer-Encoding", "chunked"),)
        # 1xx and 204 have no body by definition, and must not carry a length.
        bodiless = self.status < 200 or self.status == 204
        if self.framing is not Framing.LENGTH or (bodiless and not self.body):
            return ()
        return (("Content-Length", str(len(self.body))),)


@dataclass(frozen=True)
class Respond(Step):
    """The step that `choose` picks for the request: routes, redirects, anything that depends."""

    choose: Callable[[Request], Step]

    def play(self, exchange: Exchange) -> None:
        """Read the request, then play what was chosen for it."""
        self.choose(exchange.read()).play(exchange)


def json_reply(status: int, data: Any, *headers: tuple[str, str]) -> Reply:
    """A JSON answer."""
    body = json.dumps(data).encode()
    return Reply(status, (("Content-Type", "application/json"), *headers), body)


def html_reply(status: int, *headers: tuple[str, str]) -> Reply:
    """An error page such as proxies and load balancers write."""
    title = f"{status} {_standard_reason(status)}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status, (("Content-Type", "text/html"), *headers), page.encode())


def redirect(code: int, location: str) -> Reply:
    """A redirection with an HTML body, as servers send it."""
    return html_reply(code, ("Location", location))


def redirect_to_itself(code: int) -> Respond:
    """A redirection to the very target that was asked for: a loop, unless the next step answers."""
    return Respond(lambda request: redirect(code, request.target))


def chunked(body: bytes, size: int = 1000) -> bytes:
    """A body in chunks of `size` bytes, complete with the last chunk."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def read_reply(wire: Wire, method: str) -> Reply:
    """One whole answer to a request with `method`. Interim 1xx answers are skipped."""
    line, headers = read_head(wire)
    version, _, rest = line.partition(" ")
    status, _, reason = rest.partition(" ")
    if status.startswith("1"):
        return read_reply(wire, method)
    body = _read_reply_body(wire, method, int(status), headers)
    kept = tuple(pair for pair in headers if pair[0].lower() not in _FRAMING_HEADERS)
    return Reply(int(status), kept, body, reason, version)


_FRAMING_HEADERS = {"content-length", "transfer-encoding"}


def _read_reply_body(wire: Wire, method: str, status: int, headers: Headers) -> bytes:
    if method == "HEAD" or status in (204, 304):
        return b""
    if header_values(headers, "Transfer-Encoding"):
        return read_chunked(wire)
    lengths = header_values(headers, "Content-Length")
    return wire.exactly(int(lengths[0])) if lengths else wire.rest()


def _standard_reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unassigned"
