"""The transport of a client: one request, one answer, over pools that are kept."""

import importlib.util
import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from typing_extensions import Self, override
from urllib3 import exceptions as errors

from .._core.attempts import Delivery
from .._core.clock import Clock, SystemClock
from .._core.headers import Headers, merged
from ..configuration import Configuration
from ..exceptions import ApiTimeoutException, ApiValueError
from . import tls
from .bodies import unpacked
from .connections import TimedPool, timed
from .exchange import Exchange, current
from .failures import TRANSPORT_ERRORS, failure_of, refuse_unsendable
from .forks import forget_in_child
from .proxies import Proxies, Proxy
from .routes import Route, has_keys, is_patched
from .timeouts import CallTimeout

RESTResponseType = urllib3.BaseHTTPResponse
"""What the ``_without_preload_content`` variants give: urllib3's own response."""
TRANSPORT = f"urllib3/{vars(urllib3)['__version__']}"
_NO_RETRIES = urllib3.Retry(False, redirect=False)
_forgotten: list[object] = []
"""Pools from before a fork: to close one takes its lock, which a thread of the parent may hold."""


class RESTResponse:
    """An answer: its head at once, its body when ``read`` is called."""

    def __init__(self, resp: Any, url: str = "", exchange: Exchange | None = None) -> None:
        self.response: RESTResponseType = resp
        """urllib3's own response."""
        self.status: int = resp.status
        """The HTTP status."""
        self.reason: str | None = resp.reason if isinstance(resp.reason, str) else None
        """The reason phrase."""
        self.data: bytes | None = None
        """The body, once it is read."""
        self._url = url
        self._exchange = exchange
        self._headers: Headers | None = None

    def read(self) -> bytes:
        """The body, read within the deadline of the call, without its content encoding.

        Raises ``ApiTimeoutException`` or ``ApiConnectionException`` where it does not come whole,
        and ``ApiResponseException`` where it is larger than 256 MiB.
        """
        if self.data is None:
            timed_response = self._exchange and self._exchange.response
            try:
                if timed_response:
                    # Not by urllib3's ``read``: it fails for a list of encodings that is odd.
                    raw: bytes = timed_response.read_body()
                    self.response.release_conn()
                else:
                    raw = self._read_stand_in()
            except TRANSPORT_ERRORS as error:
                self.close()
                raise failure_of(error, self._url, self._exchange, self) from error
            encoding = self.getheaders().get("Content-Encoding")
            is_plain = raw.startswith(b"{") and not encoding
            self.data = raw if is_plain else unpacked(raw, encoding)
        return self.data

    def _read_stand_in(self) -> bytes:
        """The body of another class of response; each tells it by a name of its own."""
        content: Any = self.response.read(decode_content=False)
        return content if isinstance(content, bytes) and content else self.response.data or b""

    def close(self) -> None:
        """Give the answer up, and its connection with it."""
        if self._exchange and self._exchange.response:
            self._exchange.response.close()
        self.response.close()

    @property
    def headers(self) -> Headers:
        """The headers; names in any case."""
        return self.getheaders()

    def getheaders(self) -> Headers:
        """The headers; names in any case."""
        if self._headers is None:
            fields = getattr(self._exchange and self._exchange.response, "fields", None)
            self._headers = Headers(fields) if fields else Headers.of(self.response.headers)
        return self._headers

    def getheader(self, name: str, default: str | None = None) -> str | None:
        """One header, or ``default``."""
        return self.getheaders().get(name, default)


class _Limits(urllib3.Timeout):
    """The limits of one request: nobody else has them, so that urllib3 need not copy them."""

    # To urllib3 it is the limit for sending, too; a connection of ours sets it to that.
    connect_timeout: Any = None

    @override
    def clone(self) -> Self:
        return self


class RESTClientObject:
    """The transport of a client: pools of connections, made when they are first needed."""

    def __init__(self, configuration: Configuration, clock: Clock | None = None) -> None:
        self._configuration = configuration
        self._clock = clock or SystemClock()
        self._own_manager: urllib3.PoolManager | None = None
        self._start()
        forget_in_child(self)

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._managers: dict[tuple[Proxy | None, bool], urllib3.PoolManager] = {}
        self._routes: dict[str, Route] = {}
        self._proxies: Proxies | None = None

    def forget_connections(self) -> None:
        """Start with new pools, and leave the old ones for ever as they are."""
        _forgotten.append((self._managers, self._routes))
        self._start()

    def close(self) -> None:
        """Close the idle connections. The next request opens new ones."""
        with self._lock:
            managers = [*self._managers.values()]
            self._managers, self._routes, self._proxies = {}, {}, None
        own: Any = self._own_manager
        # Of what stands in its place nothing is known, nor of a mock that says it is one.
        if issubclass(type(own), urllib3.PoolManager):
            managers.append(own)
        for manager in managers:
            # ``clear`` leaves that to the garbage collector, and an exception may keep them alive.
            if has_keys(manager):
                for pool in filter(None, map(manager.pools.get, manager.pools.keys())):
                    pool.close()
            manager.clear()

    @property
    def pool_manager(self) -> urllib3.PoolManager:
        """urllib3's manager of the pools that lead to the configured host.

        It can be replaced by any other, which then makes all requests, whatever the settings say
        of proxies and TLS: each goes through its ``request``. Deadlines hold as far as its
        connections know of timeouts. Changes to its ``connection_pool_kw`` hold from the next
        request.
        """
        return self._own_manager or self._manager(self._configuration.host)

    @pool_manager.setter
    def pool_manager(self, manager: urllib3.PoolManager) -> None:
        self._own_manager = manager
        self._routes = {}

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
        timeout = _request_timeout
        if not isinstance(timeout, CallTimeout):
            timeout = CallTimeout.of(timeout, self._configuration, self._clock)
        exchange = Exchange(method, timeout, self._configuration.max_idle_for_post)
        left = timeout.deadline - exchange.began
        if left <= 0:
            late = ApiTimeoutException(0, "the deadline passed before the request was sent")
            late.delivery = Delivery.NOT_SENT
            raise late
        exchange.limits = limits = _Limits(read=min(timeout[1], left))
        limits.connect_timeout = min(timeout[0], left)
        token = current.set(exchange)
        try:
            response = self._send(
                method,
                url,
                body=_bytes(body, post_params) if body is not None or post_params else None,
                headers=dict(headers or ()),
                timeout=limits,
                retries=_NO_RETRIES,
                redirect=False,
                preload_content=False,
            )
        except ApiValueError:
            raise  # A setting is wrong; nothing was sent.
        except TRANSPORT_ERRORS as error:
            if exchange.response:
                exchange.response.close()
            refuse_unsendable(error, headers or {})
            raise failure_of(error, url, exchange) from error
        finally:
            current.reset(token)
        return RESTResponse(response, url, exchange)

    def _send(self, method: str, url: str, **options: Any) -> RESTResponseType:
        path = url.find("/", len("https://"))
        # What urllib3 would change is left to it: no path, a fragment, dot segments.
        base = "" if path < 0 or "#" in url or "/." in url or "?" in url[:path] else url[:path]
        closed: Any = None
        while True:
            # Taken before the manager: if ``close`` comes in between, no route to it is kept.
            routes = self._routes
            route = routes.get(base)
            try:
                if route and route.is_current():
                    response: RESTResponseType = route.pool.urlopen(
                        method, url[path:], assert_same_host=False, **options
                    )
                    return response
                manager = self._own_manager or self._manager(url)
                route = self._new_route(manager, url)
                if route is None or not base:
                    return manager.request(method, url, **options)
                routes[base] = route
            except errors.ClosedPoolError as error:
                # ``close`` came in between, or the manager made room for other pools; unless the
                # same pool comes back, which somebody closed by itself.
                routes.pop(base, None)
                if error.pool is closed:
                    raise
                closed = error.pool

    def _new_route(self, manager: urllib3.PoolManager, url: str) -> Route | None:
        """The way past the manager to its pool; ``None`` where it has to see each request."""
        is_forwarded = manager.proxy is not None and url.startswith("http:")
        is_own = manager is self._own_manager
        if is_own or is_forwarded or is_patched(manager) or not has_keys(manager):
            return None
        return Route(manager, url)

    def _manager(self, url: str) -> urllib3.PoolManager:
        with self._lock:
            self._proxies = self._proxies or Proxies(self._configuration)
            proxy = self._proxies.choose(url)
            schemes = {urlsplit(hop).scheme for hop in (url, proxy.url if proxy else "")}
            key = proxy, "https" in schemes
            if key not in self._managers:
                self._managers[key] = _new_manager(self._configuration, *key)
            return self._managers[key]


def _bytes(body: Any, post_params: Sequence[tuple[str, str]] | None) -> bytes:
    if post_params:
        return urlencode(post_params).encode()
    if isinstance(body, bytes):
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
        settings["ssl_context"] = tls.context_of(configuration)
    manager = _proxied(configuration, proxy, settings)
    pools: Any = manager
    pools.pool_classes_by_scheme = {
        scheme: timed(TimedPool, pool) for scheme, pool in pools.pool_classes_by_scheme.items()
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
        proxy_ssl_context=tls.proxy_context_of(configuration) or settings.get("ssl_context"),
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
