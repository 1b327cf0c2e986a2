"""A server that answers by route and remembers what it was sent, for tests of the wire."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping

from .replies import Respond, Step, json_reply
from .socket_server import Connection, SocketServer
from .wire import Request

Answer = Step | Callable[[Request], Step]


class RecordingServer(SocketServer):
    """Answers each request with what stands for its route, and keeps the request in `requests`.

        routes = {"GET /byok/v1/keys": json_reply(200, {...}), "DELETE /byok/v1/keys/a": Reply(204)}
        with RecordingServer(routes) as server:
            ...
            assert server.only.query == "page_size=10"

    A route is a method and a raw path; it leads to a reply, to a fault, or to a function of the
    request. A function in place of the mapping answers every request. Any other request gets 404.
    """

    def __init__(
        self,
        routes: Mapping[str, Answer] | Callable[[Request], Step],
        *,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        super().__init__(tls=tls, host=host)
        self._choose = routes if callable(routes) else _by_route(routes)

    @property
    def only(self) -> Request:
        """The one request that came. Raises AssertionError if it was none or several."""
        lines = [f"{request.method} {request.target}" for request in self.requests]
        assert len(lines) == 1, f"expected one request, got {lines}"
        return self.requests[0]

    def serve(self, connection: Connection) -> None:
        """Answer request after request."""
        for exchange in self.exchanges(connection):
            Respond(self._choose).play(exchange)


def _by_route(routes: Mapping[str, Answer]) -> Callable[[Request], Step]:
    missing = json_reply(404, {"errors": [{"status": "404", "title": "Not Found"}]})

    def choose(request: Request) -> Step:
        answer = routes.get(f"{request.method} {request.path}", missing)
        return answer if isinstance(answer, Step) else answer(request)

    return choose
