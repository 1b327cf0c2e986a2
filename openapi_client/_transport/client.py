"""One HTTP exchange. This is the only module that touches urllib3."""

import importlib.util
import json
import os
import socket
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from http.client import HTTPException
from importlib.metadata import version
from math import inf
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from typing_extensions import override
from urllib3 import exceptions as errors
from urllib3.connection import HTTPConnection
from urllib3.util.connection import allowed_gai_family
from urllib3.util.ssl_match_hostname import CertificateError

from .._core.attempts import Delivery
from .._core.clock import Clock, SystemClock
from .._core.headers import Headers, merged
from ..configuration import Configuration
from ..exceptions import (
    ApiConnectionException,
    ApiException,
    ApiTimeoutException,
    ApiValueError,
)
from . import tls as _tls
from .bodies import unpacked
from .exchange import Exchange, TimedResponse, addresses, current
from .proxies import Proxies, Proxy
from .timeouts import CallTimeout

RESTResponseType = urllib3.BaseHTTPResponse
"""What the ``_without_preload_content`` variants give: urllib3's own response."""
TRANSPORT = f"urllib3/{version('urllib3')}"
_TRANSPORT_ERRORS = (errors.HTTPError, HTTPException, OSError, ValueError)


class RESTResponse:
    """An answer: its head at once, its body when ``read`` is called."""

    def __init__(self, resp: Any) -> None:
        self.response: RESTResponseType = resp
        """urllib3's own response."""
        self.status: int = resp.status
        """The HTTP status."""
        self.reason: str | None = resp.reason
        """The reason phrase."""
        self.data: bytes | None = None
        """The body, once it is read."""

    def read(self) -> bytes:
        """The body, read within the deadline of the call, without its content encoding.

        Raises ``ApiTimeoutException`` or ``ApiConnectionException`` where it does not come whole.
        """
        if self.data is None:
            try:
                raw = self.response.read(decode_content=False)
            except _TRANSPORT_ERRORS as error:
                raise _failure(error, self.response.url or "", answer=self) from error
            self.data = unpacked(raw, self.getheader("Content-Encoding"))
        return self.data

    def close(self) -> None:
        """Give the answer up, and its connection with it."""
        self.response.close()

    @property
    def headers(self) -> Headers:
        """The headers; names in any case."""
        return Headers(self.response.headers.items())

    def getheaders(self) -> Headers:
        """The headers; names in any case."""
        return self.headers

    def getheader(self, name: str, default: str | None = None) -> str | None:
        """One header, or ``default``."""
        return self.response.headers.get(name, default)


class RESTClientObject:
    """The transport of a client: pools of connections, made when they are first needed."""

    def __init__(self, configuration: Configuration, clock: Clock | None = None) -> None:
        self._configuration = configuration
        self._clock = clock or SystemClock()
        self._start()
        _transports.add(self)

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._managers: dict[tuple[Proxy | None, bool], urllib3.PoolManager] = {}
        self._proxies: Proxies | None = None

    def forget_connections(self) -> None:
        """Start with new pools, and leave the old ones for ever as they are."""
        _forgotten.append(self._managers)
        self._start()

    def close(self) -> None:
        """Close the idle connections. The next request opens new ones."""
        with self._lock:
            managers, self._managers, self._proxies = self._managers, {}, None
        for manager in managers.values():
            # ``clear`` leaves that to the garbage collector, and an exception may keep them alive.
            for pool in filter(None, map(manager.pools.get, manager.pools.keys())):
                pool.close()
            manager.clear()

    @property
    def pool_manager(self) -> urllib3.PoolManager:
        """urllib3's manager of the pools that lead to the configured host."""
        return self._manager(self._configuration.host)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Sequence[tuple[str, str]] | None = None,
        _request_timeout: Any = None,
    ) -> RESTResponse:
        """Send one request and return the head of its answer; no retry, no redirect.

        ``body`` is bytes or text, or anything that JSON can hold; ``post_params`` are the fields
        of a form. Raises ``ApiTimeoutException`` or ``ApiConnectionException`` where no answer
        comes; their ``delivery`` tells whether the request was sent.
        """
        timeout = CallTimeout.of(_request_timeout, self._configuration, self._clock)
        left = timeout.left()
        if left <= 0:
            late = ApiTimeoutException(reason="the deadline passed before the request was sent")
            late.delivery = Delivery.NOT_SENT
            raise late
        exchange = Exchange(timeout)
        token = current.set(exchange)
        try:
            response = self._response(
                method,
                url,
                body=_bytes(body, post_params),
                headers=dict(headers or {}),
                timeout=urllib3.Timeout(connect=min(timeout[0], left), read=min(timeout[1], left)),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except ApiValueError:
            raise  # A setting is wrong; nothing was sent.
        except _TRANSPORT_ERRORS as error:
            raise _failure(error, url, connecting=exchange.connecting) from error
        finally:
            current.reset(token)
        return RESTResponse(response)

    def _response(self, method: str, url: str, **options: Any) -> RESTResponseType:
        while True:
            manager = self._manager(url)
            try:
                return manager.request(method, url, **options)
            except errors.ClosedPoolError:
                continue  # ``close`` came between these two lines; the next manager is open.

    def _manager(self, url: str) -> urllib3.PoolManager:
        with self._lock:
            self._proxies = self._proxies or Proxies(self._configuration)
            proxy = self._proxies.choose(url)
            schemes = {urlsplit(hop).scheme for hop in (url, proxy.url if proxy else "")}
            kind = proxy, "https" in schemes
            if kind not in self._managers:
                self._managers[kind] = _new_manager(self._configuration, *kind)
            return self._managers[kind]


def _bytes(body: Any, post_params: Sequence[tuple[str, str]] | None) -> bytes | None:
    if post_params:
        return urlencode(post_params).encode()
    if body is None or isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def _new_manager(
    configuration: Configuration, proxy: Proxy | None, is_secure: bool
) -> urllib3.PoolManager:
    settings: dict[str, Any] = {
        "maxsize": configuration.connection_pool_maxsize,
        "assert_hostname": configuration.assert_hostname,
        "server_hostname": configuration.tls_server_name,
        "socket_options": configuration.socket_options,
    }
    settings = {name: value for name, value in settings.items() if value is not None}
    if is_secure:  # To read the system's certificates takes longer than a request.
        settings["ssl_context"] = _tls.context_of(configuration)
    manager = _proxied(configuration, proxy, settings)
    pools: Any = manager
    pools.pool_classes_by_scheme = {
        scheme: _timed(_TimedPool, pool) for scheme, pool in pools.pool_classes_by_scheme.items()
    }
    return manager


def _proxied(
    configuration: Configuration, proxy: Proxy | None, settings: dict[str, Any]
) -> urllib3.PoolManager:
    if proxy is None:
        return urllib3.PoolManager(**settings)
    if proxy.url.startswith("socks"):
        return _socks_manager(proxy, settings)
    basic = urllib3.make_headers(proxy_basic_auth=proxy.credentials) if proxy.credentials else {}
    return urllib3.ProxyManager(
        proxy.url,
        proxy_headers=merged(basic, configuration.proxy_headers or {}),
        proxy_ssl_context=settings.get("ssl_context"),
        **settings,
    )


def _socks_manager(proxy: Proxy, settings: dict[str, Any]) -> urllib3.PoolManager:
    if importlib.util.find_spec("socks") is None:
        raise ApiValueError(
            "proxy is a SOCKS proxy, which takes an extra: pip install confluent-byok-client[socks]"
        )
    from urllib3.contrib.socks import SOCKSProxyManager

    username, _, password = (proxy.credentials or "").partition(":")
    return SOCKSProxyManager(proxy.url, username or None, password or None, **settings)


class _TimedConnection(HTTPConnection):
    """A connection that is made in the time there is, and read within the deadline."""

    response_class = TimedResponse

    @override
    def connect(self) -> None:
        exchange, limit = current.get(), self.timeout or inf
        if exchange is None:  # Somebody uses the pool by itself.
            super().connect()
            return
        exchange.connecting = True
        super().connect()
        self.timeout = exchange.left(limit)
        exchange.connecting = False

    @override
    def _new_conn(self) -> socket.socket:
        exchange, name = current.get(), self._dns_host
        if exchange is None:
            return super()._new_conn()
        try:
            self.sock = self._first_that_answers(exchange)
        finally:
            self._dns_host = name
        self.sock.settimeout(exchange.left_to_connect())
        return self.sock

    def _first_that_answers(self, exchange: Exchange) -> socket.socket:
        """A socket to one of the addresses of the host; they share the time to connect."""
        self.timeout = exchange.left_to_connect()
        if hasattr(self, "_socks_options"):  # It is the proxy that is connected to.
            return super()._new_conn()
        found = addresses(self._dns_host, self.port, allowed_gai_family(), self.timeout)
        while True:
            self._dns_host = found.pop(0)
            self.timeout = exchange.left_to_connect() / (len(found) + 1)
            try:
                return super()._new_conn()
            except errors.ConnectTimeoutError:  # And so its child ``NewConnectionError``.
                if not found:
                    raise

    @override
    def _tunnel(self) -> None:
        base: Any = super()
        base._tunnel()
        exchange = current.get()
        if exchange:
            self.sock.settimeout(exchange.left_to_connect())


class _TimedPool(urllib3.HTTPConnectionPool):
    """A pool of such connections."""

    @override
    def _new_conn(self) -> Any:
        # Libraries that record and replay exchanges put a class of theirs here.
        kind: Any = type(self).ConnectionCls
        is_plain = issubclass(kind, HTTPConnection)
        self.ConnectionCls = _timed(_TimedConnection, kind) if is_plain else kind
        return super()._new_conn()


@cache
def _timed(way: Any, kind: Any) -> Any:
    return type(f"Timed{kind.__name__}", (way, kind), {})


def _failure(
    error: Exception, url: str, *, connecting: bool = False, answer: RESTResponse | None = None
) -> ApiException:
    """The exception of ours for one of the transport's, which becomes its cause."""
    causes = list(_causes(error))
    slow = any(isinstance(cause, TimeoutError | errors.ReadTimeoutError) for cause in causes)
    advice = next(filter(None, map(_tls.advice, causes)), None)
    if advice or any(isinstance(cause, CertificateError) for cause in causes):
        delivery = Delivery.REFUSED
    elif connecting or any(isinstance(cause, errors.ConnectTimeoutError) for cause in causes):
        delivery = Delivery.NOT_SENT  # ``NewConnectionError`` is a ``ConnectTimeoutError``.
    else:
        delivery = Delivery.UNANSWERED
    kind = ApiTimeoutException if slow else ApiConnectionException
    what = "no complete answer from" if delivery is Delivery.UNANSWERED else "no connection to"
    by_proxy = any(isinstance(cause, errors.ProxyError) for cause in causes)
    where = urlsplit(url).netloc + by_proxy * " through the proxy"
    why = "timed out" if slow else getattr(causes[-1], "strerror", None) or str(causes[-1])
    failure = kind(reason=f"{what} {where}: {advice or why}", http_resp=answer)
    failure.delivery = delivery
    return failure


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those inside it, the innermost last."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = getattr(seen, "original_error", None) or seen.__cause__ or seen.__context__
        held = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        seen = inner or held


_transports: "weakref.WeakSet[RESTClientObject]" = weakref.WeakSet()
_forgotten: list[object] = []
"""Pools from before a fork: to close one takes its lock, which a thread of the parent may hold."""


def _start_anew_in_child() -> None:
    for transport in list(_transports):
        transport.forget_connections()


if hasattr(os, "register_at_fork"):  # pragma: no branch - not on Windows
    # A child that used its parent's sockets would mix its requests with the parent's.
    os.register_at_fork(after_in_child=_start_anew_in_child)
