"""What went wrong in an exchange: the exception of ours for one of the transport's."""

import traceback
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from urllib3 import exceptions as errors
from urllib3.util.ssl_match_hostname import CertificateError

from .. import _checks
from .._core.attempts import Delivery
from ..exceptions import (
    ApiConnectionException,
    ApiException,
    ApiResponseException,
    ApiTimeoutException,
    ApiValueError,
)
from . import tls
from .exchange import Exchange
from .reading import BodyTooLargeError

TRANSPORT_ERRORS = (errors.HTTPError, HTTPException, OSError, ValueError)
_NOT_CONNECTED = (
    errors.ConnectTimeoutError,
    errors.NewConnectionError,
    errors.NameResolutionError,
    errors.ClosedPoolError,
    errors.EmptyPoolError,
)
_PROXY_REFUSALS = frozenset({407})
"""Statuses of a proxy that wants another password: sent again, this one locks the account."""


def failure_of(
    error: Exception, url: str, exchange: Exchange | None, answer: Any = None
) -> ApiException:
    """The exception for an error of the transport, which becomes its cause."""
    causes = list(_causes(error))
    for cause in causes:
        # A frame of the transport holds the head of the request, credentials included, where
        # tools that report errors would find it.
        traceback.clear_frames(cause.__traceback__)
    where = urlsplit(url).netloc
    advice = next(filter(None, map(tls.advice, causes)), None)
    delivery = _delivery(causes, exchange, is_refused=advice is not None)
    if delivery is Delivery.UNANSWERED:
        what = f"no complete answer from {where}"
    else:
        what = f"no connection to {where}"
    if isinstance(causes[-1], BodyTooLargeError):
        failure: ApiException = ApiResponseException(
            reason=f"{what}: {causes[-1]}", http_resp=answer
        )
    else:
        slow = any(map(_is_timeout, causes))
        by_proxy = any(isinstance(cause, errors.ProxyError) for cause in causes)
        why = "timed out" if slow else getattr(causes[-1], "strerror", None) or str(causes[-1])
        kind = ApiTimeoutException if slow else ApiConnectionException
        through = " through the proxy" if by_proxy or (exchange and exchange.proxy_status) else ""
        reason = f"{what}{through}: {advice or why}"
        failure = kind(None if answer else 0, reason, http_resp=answer)
    failure.delivery = delivery
    return failure


def refuse_unsendable(error: Exception, headers: Mapping[str, str]) -> None:
    """Raise ``ApiValueError`` where the error is that a header cannot be sent.

    It names the header, and not the value, which may be secret.
    """
    if not isinstance(error, ValueError) or isinstance(error, OSError | errors.HTTPError):
        return
    try:
        _checks.headers("header_params", headers)
    except ApiValueError as refusal:
        traceback.clear_frames(error.__traceback__)
        error.args = ()  # They repeat the value.
        raise refusal from None


def _delivery(
    causes: list[BaseException], exchange: Exchange | None, *, is_refused: bool
) -> Delivery:
    if is_refused or any(isinstance(cause, CertificateError) for cause in causes):
        return Delivery.REFUSED
    # What a foreign pool says counts too: its connections do not tell how far they came.
    is_connecting = exchange is not None and exchange.connecting
    if is_connecting or any(isinstance(cause, _NOT_CONNECTED) for cause in causes):
        refused = exchange and exchange.proxy_status in _PROXY_REFUSALS
        return Delivery.REFUSED if refused else Delivery.NOT_SENT
    return Delivery.UNANSWERED


def _is_timeout(cause: BaseException) -> bool:
    # urllib3 has a refused connection among its timeouts.
    is_refused = isinstance(cause, errors.NewConnectionError)
    return isinstance(cause, TimeoutError | errors.TimeoutError) and not is_refused


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it says it comes from, the innermost last.

    Not its ``__context__``: that may be what the caller was handling when the call began.
    """
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = getattr(seen, "original_error", None) or seen.__cause__
        held = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        seen = inner or held
