"""From a request to its answer: faults, routing, credentials, rate limit, operation, log."""

from __future__ import annotations

import logging
import secrets
import threading

from .._faults.faults import Fault
from .._faults.quirks import MOVED, active, finish, redirect
from .._http.message import RecordedRequest, Reply, Request, merged
from .._http.problems import Problem, error, malformed
from .call import Backend, Call
from .routes import Match, Route, match

_logger = logging.getLogger(__name__)


class Service:
    """Answers requests, from any number of threads at once.

    Attributes:
        url: where the service is reached by a client that does not say how it came.
        closing: set when the emulator stops, so that no delay holds it up.
    """

    def __init__(self, backend: Backend, prefix: str) -> None:
        self.url = ""
        self.closing = threading.Event()
        self._backend = backend
        self._prefix = prefix

    def answer(self, request: Request) -> Reply | None:
        """The answer to a request; None to close the connection without one."""
        request_id = secrets.token_hex(16)
        try:
            reply = self._answer(request)
        except Exception:
            # A mistake in here is shown to whoever runs the emulator, and the client is answered.
            _logger.exception("the emulator failed on %s %s", request.method, request.path)
            reply = Reply(500, Problem(500, error(500)).document())
            reply.encode()
        if reply is not None:
            reply.headers = merged({"X-Request-Id": request_id}, reply.headers)
        status = reply.status if reply else None
        entry = RecordedRequest(**vars(request), status=status, request_id=request_id)
        self._backend.log.append(entry)
        return reply

    def _answer(self, request: Request) -> Reply | None:
        path = request.path.removeprefix(self._prefix)
        found = match(path.removeprefix(MOVED)) if request.path.startswith(self._prefix) else None
        template = found.template if found else None
        fault = self._backend.faults.take(request.method, path, template)
        reply = self._faulty(request, found, fault) if fault else self._perform(request, found)
        if reply is not None:
            finish(reply, request, self._backend.clock.now(), active(self._backend.quirks))
        return reply

    def _faulty(self, request: Request, found: Match | None, fault: Fault) -> Reply | None:
        reply = self._perform(request, found) if fault.when == "after" else None
        self.closing.wait(fault.delay)
        if fault.is_mere_delay:
            return reply or self._perform(request, found)
        return fault.reply()

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
            raise malformed("This method is not served here.", 405, Allow=allowed)
        host, scheme = request.headers.get("Host"), self.url.partition("://")[0]
        base = f"{scheme}://{host}{self._prefix}" if host else self.url
        call = Call(self._backend, request, base, found.raw_id, active(self._backend.quirks))
        path = request.path.removeprefix(self._prefix)
        return redirect(path, request.query, base, call.quirks) or self._run(route, call)

    def _run(self, route: Route, call: Call) -> Reply:
        backend, now = self._backend, self._backend.clock.now()
        if route.secured:
            backend.credentials.check(call.request.headers.get("Authorization"), now)
        limits = backend.limiter.take(backend.settings.rate_limit, now)
        if "Retry-After" in limits:
            return Reply(429, headers=limits)
        reply = route.perform(call)
        reply.headers.update(limits)
        return reply
