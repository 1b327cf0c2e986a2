"""From a request to its answer: faults, routing, credentials, rate limit, operation, log."""

import logging
import threading
from dataclasses import replace

from .._faults.faults import Fault
from .._faults.quirks import MOVED, finish, redirect
from .._http.message import Problem, RecordedRequest, Reply, error, malformed, merged
from .._store.store import DuplicateError, InUseError, QuotaError, Refused
from .operations import ROUTES_BY_TEMPLATE, Backend, Call, match

_logger = logging.getLogger(__name__)


class Service:
    """Answers requests, from any number of threads at once."""

    def __init__(self, backend: Backend, prefix: str) -> None:
        self.backend = backend  # May be replaced at any time.
        self.url = ""  # Where it is reached by a client that does not say how it came.
        self.closing = threading.Event()  # Set when the emulator stops: no delay holds it up.
        self._prefix = prefix

    def answer(self, request: RecordedRequest) -> Reply | None:
        """The answer to a request; None to close the connection without one."""
        backend = self.backend
        try:
            reply = self._answer(request, backend)
        except Exception:
            # A mistake in here is shown to whoever runs the emulator, and the client is answered.
            _logger.exception("the emulator failed on %s %s", request.method, request.path)
            reply = Problem(500, error(500)).reply()
        if reply is not None:
            reply.headers = merged({"X-Request-Id": request.request_id}, reply.headers)
        backend.log.append(replace(request, status=reply.status if reply else None))
        return reply

    def _answer(self, request: RecordedRequest, backend: Backend) -> Reply | None:
        path = request.path.removeprefix(self._prefix)
        is_below_prefix = request.path.startswith(self._prefix)
        template, raw_id = match(path.removeprefix(MOVED) if is_below_prefix else "")
        host, scheme = request.headers.get("Host"), self.url.partition("://")[0]
        base = f"{scheme}://{host}{self._prefix}" if host else self.url
        quirks = frozenset[str]().union(*(quirk.names for quirk in backend.quirks.copy()))
        call = Call(backend, request, base, path, template, raw_id, quirks)
        fault = backend.faults.take(request.method, path, template)
        reply = self._faulty(call, fault) if fault else _perform(call)
        if reply is not None:
            finish(reply, request, backend.clock.now(), quirks)
        return reply

    def _faulty(self, call: Call, fault: Fault) -> Reply | None:
        reply = _perform(call) if fault.when == "after" else None
        self.closing.wait(fault.delay)
        if fault.is_mere_delay:
            return reply or _perform(call)
        return fault.reply()


def _perform(call: Call) -> Reply:
    try:
        return _operate(call)
    except (Problem, Refused) as failure:
        problem = _refusal(failure, call) if isinstance(failure, Refused) else failure
        return problem.reply(empty_source=call.backend.settings.empty_source)


def _operate(call: Call) -> Reply:
    backend, request = call.backend, call.request
    routes = ROUTES_BY_TEMPLATE.get(call.template)
    if routes is None:
        raise malformed("Nothing is served at this path.", status=404)
    route = routes.get(request.method)
    if route is None:
        raise malformed("This method is not served here.", 405, Allow=", ".join(sorted(routes)))
    redirected = redirect(call.path, request.query, call.base, call.quirks)
    if redirected:
        return redirected
    now = backend.clock.now()
    if route.secured:
        backend.credentials.check(request.headers.get("Authorization"), now)
    limits = backend.limiter.take(backend.settings.rate_limit, now)
    if "Retry-After" in limits:
        return Reply(429, headers=limits)
    reply = route.handle(call)
    reply.headers.update(limits)
    return reply


def _refusal(refused: Refused, call: Call) -> Problem:
    match refused:
        case DuplicateError(args=(name, key_id)):
            detail = f"The key {name} is already registered."
            return Problem(409, error(409, detail=detail), Location=call.location(key_id))
        case QuotaError(args=(quota,)):
            # The wording is the one by which the vendor's tool knows a quota error.
            detail = f"The number of BYOK keys per organization is currently limited to {quota}."
            return Problem(402, error(402, detail=detail))
        case InUseError(args=(key_id,)):
            return Problem(409, {"title": "Conflict", "detail": f"The key {key_id} is in use."})
        case _ if call.backend.settings.absent_status == 403:
            return Problem(403, {"code": "forbidden_access", "title": "Forbidden Access"})
        case _:
            return Problem(404, error(404))
