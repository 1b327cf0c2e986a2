"""The loop that attempts a call until it is answered, or there is no point in going on."""

import logging
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, cast

from .._core.clock import Clock
from .._core.headers import Headers, has_authorization, merged
from .._core.logging import logger as library_logger
from .._core.logging import logger_for
from .._core.urls import origin
from .._transport.timeouts import CallTimeout
from ..configuration import Configuration
from ..exceptions import ApiException
from ..retry import RetryPolicy, wait_before_retry
from . import redirects
from .call import Call
from .decode import prepare_to_read
from .history import CallHistory, outcome_of
from .redact import redact

RequestSerialized = tuple[str, str, dict[str, str], bytes | None, Sequence[tuple[str, str]] | None]
"""Method, URL, headers, body and form fields: what ``call_api`` takes."""

_NONE = Headers()
_NO_ANSWER = cast("Any", None)
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_AUTH_SETTINGS = ("cloud-api-key", "confluent-sts-access-token")
CROSS_ORIGIN_HEADERS = ("Accept", "User-Agent")
"""The headers that another origin may be sent."""
LOGGED_RESPONSE_HEADERS = (
    "Content-Type",
    "Location",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
)
"""The headers of an answer that may stand in a log."""


class Stages(Protocol):
    """What the loop takes of a client: settings, and the stages that a subclass may override."""

    configuration: Configuration
    clock: Clock

    def param_serialize(self, *args: Any, **kwargs: Any) -> RequestSerialized:
        """The request of a call, with credentials."""
        ...

    def call_api(self, *args: Any, **kwargs: Any) -> Any:
        """The head of the answer to one request."""
        ...


def send(client: Stages, call: Call[Any], *, read: bool) -> tuple[Any, CallHistory]:
    """The answer to a call, its body read if ``read``, and the attempts that it took.

    Raises ``ApiException`` where there is no answer.
    """
    configuration, clock = client.configuration, client.clock
    timeout = CallTimeout.of(call.options.get("_request_timeout"), configuration, clock)
    request = _serialized(client, call)
    if call.method != "GET":
        # A module that cannot be loaded any more must not hide what became of a write.
        prepare_to_read(call.returns)
    history = CallHistory(call, request[1], request[2])
    renewed = False
    while True:
        started = clock.monotonic()
        answer = _NO_ANSWER
        failure: ApiException | None = None
        wait: float | None = None
        try:
            answer = _attempt(client, request, timeout, read=read)
        except ApiException as error:
            failure = error
        duration = clock.monotonic() - started
        renews = False
        if failure or not 200 <= answer.status <= 299:
            outcome = outcome_of(answer, failure)
            history.count(outcome)
            policy = RetryPolicy.of(configuration.retries)
            wait = wait_before_retry(
                policy,
                call.retried_as,
                len(history.attempts) + 1,
                outcome,
                history.counted,
                time_left=timeout.left(),
                jitter=random.random(),
            )
            # A token may be refused before its time. A 401 has done nothing, so: once more.
            is_first_refusal = outcome.status == 401 and not renewed
            renews = is_first_refusal and _drop_token(configuration, call, request)
            renewed, wait = renewed or renews, 0.0 if renews else wait
        _report(configuration, history, answer, failure, duration, wait)
        if wait is None:
            if failure:
                history.attach_to(failure)
                try:
                    raise failure
                finally:
                    # Its traceback leads here: a circle would wait for the garbage collector.
                    del failure
            if read and not 200 <= answer.status <= 299:
                _redact(credentials_sent(call, request[2]), answer)
            answer.attempts = tuple(history.attempts)
            return answer, history
        if not read and failure is None:
            with suppress(ApiException):
                answer.read()  # Lets go of its connection; what it says no longer matters.
        clock.sleep(wait)
        if renews:
            request = _serialized_again(client, call, history)


def _serialized(client: Stages, call: Call[Any]) -> RequestSerialized:
    options = call.options
    headers = {"Accept": _JSON}
    if call.method in {"POST", "PATCH"}:
        headers["Content-Type"] = options.get("_content_type") or (_FORM if call.form else _JSON)
    own = options.get("_headers")
    return client.param_serialize(
        call.method,
        call.path,
        path_params=call.path_params,
        query_params=call.query_params,
        header_params=merged(headers, own) if own else headers,
        body=call.body,
        post_params=call.form or None,
        auth_settings=_AUTH_SETTINGS,
        _request_auth=options.get("_request_auth"),
    )


def _serialized_again(client: Stages, call: Call[Any], history: CallHistory) -> RequestSerialized:
    """The request with a new token; where there is none, what came before is not forgotten."""
    try:
        request = _serialized(client, call)
    except ApiException as error:
        history.attach_to(error)
        raise
    history.headers = request[2]
    return request


def _attempt(
    client: Stages, request: RequestSerialized, timeout: CallTimeout, *, read: bool
) -> Any:
    """One attempt, through redirects: its answer. Raises ``ApiException`` where there is none."""
    method, url, headers, body, post_params = request
    answer = _NO_ANSWER
    for _ in range(redirects.MOST + 1):
        # An override may add to the headers, at each attempt: so it gets a copy.
        answer = client.call_api(
            method, url, headers.copy(), body, post_params, _request_timeout=timeout
        )
        target = None
        if 300 <= answer.status <= 399:
            target = redirects.target(method, url, answer.status, Headers.of(answer.getheaders()))
        if read or target:
            answer.read()
        if target is None:
            break
        if origin(target) != origin(url):
            headers = dict(Headers(headers).only(CROSS_ORIGIN_HEADERS))
        url = target
    return answer


def credentials_sent(call: Call[Any], headers: Mapping[str, str]) -> list[str]:
    """The credentials among the headers and the form fields of a request."""
    own: Mapping[str, Any] = call.options.get("_request_auth") or {}
    names = ("Authorization", "Cookie", str(own.get("key")))
    return [*Headers(headers).only(names).values(), dict(call.form).get("subject_token", "")]


def _redact(credentials: Sequence[str], answer: Any) -> None:
    """Take out of the answer what it repeats of the credentials that it was asked with."""
    answer.reason = redact(answer.reason or "", credentials)
    # Any byte is a character of Latin-1.
    answer.data = redact((answer.data or b"").decode("latin-1"), credentials).encode("latin-1")


def _drop_token(configuration: Configuration, call: Call[Any], request: RequestSerialized) -> bool:
    """Tell the provider of tokens, if there is one, that its token was refused."""
    invalidate = getattr(configuration.access_token, "invalidate", None)
    own: Mapping[str, str] = call.options.get("_headers") or {}
    if invalidate is None or call.options.get("_request_auth") or has_authorization(own):
        return False
    invalidate(Headers(request[2]).get("Authorization", "").removeprefix("Bearer "))
    return True


def _report(
    configuration: Configuration,
    history: CallHistory,
    answer: Any,
    failure: ApiException | None,
    duration: float,
    wait: float | None,
) -> None:
    """Note an attempt, log it, and hand it to ``on_attempt``."""
    headers = _NONE if answer is None else Headers.of(answer.getheaders())
    attempt = history.add(
        status=None if answer is None else answer.status,
        error=None if failure is None else failure.reason,
        request_id=headers.get("X-Request-Id"),
        duration=duration,
        wait=wait,
    )
    logger = logger_for(debug=True) if configuration.debug else library_logger
    level = logging.DEBUG if wait is None else logging.INFO
    if logger.isEnabledFor(level):
        logger.log(
            level,
            "%s %s, attempt %d: %s in %.3f s, request id %s, %s, %s",
            attempt.method,
            attempt.path,
            attempt.number,
            attempt.status or attempt.error,
            attempt.duration,
            attempt.request_id,
            "no retry" if attempt.wait is None else f"next in {attempt.wait:.3f} s",
            dict(headers.only(LOGGED_RESPONSE_HEADERS)),
        )
    if configuration.on_attempt is None:
        return
    try:
        configuration.on_attempt(attempt)
    except Exception:
        logger.exception("on_attempt failed")
