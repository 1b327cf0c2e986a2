"""From a request to its answer: faults, routing, credentials, rate limit, operation, log."""

from __future__ import annotations

import logging
import secrets
import threading

from ._call import Backend, Call
from ._errors import Problem, malformed, standard
from ._faults import Fault, Faults
from ._limits import RateLimiter
from ._log import RequestLog
from ._message import Reply, Request
from ._odd import MOVED, OddShapes, finish, redirect
from ._routes import Match, Route, match

_logger = logging.getLogger(__name__)


class Service:
    """Answers requests, from any number of threads at once.

    Attributes:
        url: where the service is reached by a client that does not say how it came.
        closing: set when the emulator stops, so that no delay holds it up.
    """

    def __init__(
        self, backend: Backend, faults: Faults, odd: OddShapes, log: RequestLog, prefix: str
    ) -> None:
        self.url = ""
        self.closing = threading.Event()
        self._backend = backend
        self._faults = faults
        self._odd = odd
        self._log = log
        self._prefix = prefix
        self._limiter = RateLimiter()

    def forget_requests(self) -> None:
        """Begin counting requests anew."""
        self._limiter.reset()

    def answer(self, request: Request) -> Reply | None:
        """The answer to a request; None to close the connection without one."""
        request_id = secrets.token_hex(16)
        try:
            reply = self._answer(request)
        except Exception:
            # A mistake in here is shown to whoever runs the emulator, and told to the client.
            _logger.exception("the emulator failed on %s %s", request.method, request.path)
            reply = Reply(500, standard(500).document())
            reply.encode()
        if reply is not None:
            reply.default_headers({"X-Request-Id": request_id})
        self._log.add(request, reply.status if reply else None, request_id)
        return reply

    def _answer(self, request: Request) -> Reply | None:
        path = request.path.removeprefix(self._prefix)
        found = match(path.removeprefix(MOVED)) if request.path.startswith(self._prefix) else None
        fault = self._faults.take(request.method, path, found.template if found else None)
        reply = self._spoiled(request, found, fault) if fault else self._perform(request, found)
        if reply is not None:
            finish(reply, request, self._backend.clock.now(), self._odd.active())
        return reply

    def _spoiled(self, request: Request, found: Match | None, fault: Fault) -> Reply | None:
        if fault.when == "before":
            self.closing.wait(fault.delay)
            return fault.reply(None) if fault.strikes_answer else self._perform(request, found)
        reply = self._perform(request, found)
        self.closing.wait(fault.delay)
        return fault.reply(reply)

    def _perform(self, request: Request, found: Match | None) -> Reply:
        try:
            return self._operate(request, found)
        except Problem as problem:
            document = problem.document(empty_source=self._backend.settings.empty_source)
            return Reply(problem.status, document, dict(problem.headers))

    def _operate(self, request: Request, found: Match | None) -> Reply:
        if found is None:
            raise malformed("Nothing is served at this path.", status=404)
        route = found.methods.get(request.method)
        if route is None:
            allowed = ", ".join(sorted(found.methods))
            raise malformed("This method is not served here.", 405, {"Allow": allowed})
        call = Call(self._backend, request, self._base(request), found.raw_id, self._odd.active())
        return self._redirect(call) or self._run(route, call)

    def _redirect(self, call: Call) -> Reply | None:
        path = call.request.path.removeprefix(self._prefix)
        if path.startswith(MOVED):
            return None
        return redirect(path, call.request.query, call.base, call.odd)

    def _run(self, route: Route, call: Call) -> Reply:
        if not route.secured:
            return route.perform(call)
        backend = self._backend
        backend.credentials.check(call.request.headers.get("Authorization"), call.now)
        allowance = self._limiter.take(backend.settings.rate_limit, call.now)
        if allowance is None:
            return route.perform(call)
        if allowance.exhausted:
            return Reply(429, headers=allowance.headers())
        reply = route.perform(call)
        reply.headers.update(allowance.headers())
        return reply

    def _base(self, request: Request) -> str:
        host = request.headers.get("Host")
        scheme = self.url.partition("://")[0]
        return f"{scheme}://{host}{self._prefix}" if host else self.url
