"""What went wrong in an exchange: the exception of ours for one of the transport's."""

import traceback
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from urllib3 import exceptions as errors
from urllib3.util.ssl_match_hostname import CertificateError

from .._core.attempts import Delivery
from ..exceptions import (
    ApiConnectionException,
    ApiException,
    ApiResponseException,
    ApiTimeoutException,
)
from . import tls
from .exchange import Exchange
from .reading import BodyTooLargeError

TRANSPORT_ERRORS = (errors.HTTPError, HTTPException, OSError, ValueError)
_NOT_CONNECTED = (errors.ConnectTimeoutError, errors.NewConnectionError, errors.NameResolutionError)
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
        slow = any(isinstance(cause, TimeoutError | errors.ReadTimeoutError) for cause in causes)
        by_proxy = any(isinstance(cause, errors.ProxyError) for cause in causes)
        why = "timed out" if slow else getattr(causes[-1], "strerror", None) or str(causes[-1])
        kind = ApiTimeoutException if slow else ApiConnectionException
        through = " through the proxy" if by_proxy or (exchange and exchange.proxy_status) else ""
        reason = f"{what}{through}: {advice or why}"
        failure = kind(None if answer else 0, reason, http_resp=answer)
    failure.delivery = delivery
    return failure


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


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those inside it, the innermost last."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = getattr(seen, "original_error", None) or seen.__cause__ or seen.__context__
        held = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        seen = inner or held
