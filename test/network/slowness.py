"""The ways in which a network can keep a call waiting: each, left alone, would last for ever.

A case is a context that yields settings of `Configuration`. Used with a deadline, `call` has to
end when that has passed.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Any
from unittest.mock import patch

from openapi_client import ByokV1KeyUpdate, KeysByokV1Api
from support.fault_server import FaultServer
from support.faults import Drip, Silence, cut_body, drip_body, drip_headers
from support.replies import End, Reply, Step, json_reply, redirect_to_itself
from support.socket_server import Exchange
from support.socks import SocksProxy
from support.tls import Authority
from support.tunnel import Tunnel

from .service import GOOD

Settings = dict[str, Any]
AUTHORITY = Authority()
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Late(Step):
    """An answer that comes after a pause."""

    def __init__(self, step: Step, seconds: float) -> None:
        self._step, self._seconds = step, seconds

    def play(self, exchange: Exchange) -> None:
        """Read, pause, answer."""
        exchange.read()
        exchange.pause(self._seconds)
        self._step.play(exchange)


@contextmanager
def swallowing(*addresses: str, port: int = 0) -> Generator[int, None, None]:
    """A port that answers no connection, as behind a firewall: its queue is full."""
    with ExitStack() as sockets:
        for address in addresses:
            listener = sockets.enter_context(socket.socket())
            listener.bind((address, port))
            listener.listen(0)
            port = listener.getsockname()[1]
            for _ in range(3):
                filler = sockets.enter_context(socket.socket())
                filler.setblocking(False)
                with suppress(BlockingIOError):
                    filler.connect((address, port))
        yield port


@contextmanager
def resolving(name: str, addresses: Sequence[str]) -> Generator[None, None, None]:
    """A host name that has these addresses."""
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        hosts = addresses if host == name else [host]
        return [found for each in hosts for found in real(each, port, *args, **kwargs)]

    with patch("socket.getaddrinfo", resolve):
        yield


@contextmanager
def _silent_resolver() -> Generator[Settings, None, None]:
    over = threading.Event()

    def resolve(*args: Any, **kwargs: Any) -> Any:
        over.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with patch("socket.getaddrinfo", resolve):
        try:
            yield {"host": "http://silent.test", "allow_insecure_http": True}
        finally:
            over.set()


@contextmanager
def _unanswered_connection() -> Generator[Settings, None, None]:
    with swallowing("127.0.0.1") as port:
        yield {"host": f"http://127.0.0.1:{port}"}


@contextmanager
def _unanswered_connections() -> Generator[Settings, None, None]:
    several = [f"127.0.0.{number}" for number in range(2, 42)]
    with swallowing(*several) as port, resolving("several.test", several):
        yield {"host": f"http://several.test:{port}", "allow_insecure_http": True}


def _serving(step: Step, *, proxy: bool = False, **settings: Any) -> Any:
    @contextmanager
    def case() -> Generator[Settings, None, None]:
        with FaultServer([step]) as server:
            role = {"host": "https://127.0.0.1:1", "proxy": server.url} if proxy else {}
            yield {"host": server.url, **role, **settings}

    return case


@contextmanager
def _silent_tls() -> Generator[Settings, None, None]:
    with FaultServer([Silence(read=False)]) as server:
        yield {"host": server.url.replace("http:", "https:")}


@contextmanager
def _slow_tunnel_then_silent_tls() -> Generator[Settings, None, None]:
    with (
        FaultServer([Silence(read=False)]) as service,
        FaultServer([Late(Tunnel(), 0.1)]) as proxy,
    ):
        yield {"host": service.url.replace("http:", "https:"), "proxy": proxy.url}


@contextmanager
def _silent_https_proxy() -> Generator[Settings, None, None]:
    with FaultServer([Silence(read=False)]) as server:
        yield {"host": "https://127.0.0.1:1", "proxy": server.url.replace("http:", "https:")}


class _DrippingTls(Step):
    """A TLS handshake that never ends, byte by byte: no record of it is ever whole."""

    def play(self, exchange: Exchange) -> None:
        """Begin a record, and go on with it for ever."""
        exchange.send(b"\x16\x03\x03\x40\x00")
        while True:
            exchange.pause(0.02)
            exchange.send(b"\x00")


@contextmanager
def _through_https_proxy(step: Step, *, tls: bool) -> Generator[Settings, None, None]:
    context = AUTHORITY.server_context()
    with (
        FaultServer([step], tls=context if tls else None) as server,
        FaultServer([Tunnel()], tls=context) as proxy,
    ):
        host = f"https://127.0.0.1:{server.port}"
        yield {"host": host, "proxy": proxy.url, "ca_cert_data": AUTHORITY.pem}


@contextmanager
def _silent_socks_proxy() -> Generator[Settings, None, None]:
    with FaultServer([Silence(read=False)]) as server:
        yield {"host": "https://127.0.0.1:1", "proxy": server.url.replace("http:", "socks5:")}


@contextmanager
def _silent_resolver_of_socks() -> Generator[Settings, None, None]:
    with SocksProxy() as proxy, _silent_resolver() as settings:
        yield {**settings, "proxy": proxy.url}


@contextmanager
def _over_tls(step: Step) -> Generator[Settings, None, None]:
    with FaultServer([step], tls=AUTHORITY.server_context()) as server:
        yield {"host": server.url, "ca_cert_data": AUTHORITY.pem}


Case = Callable[[], AbstractContextManager[Settings]]
CASES: dict[str, Case] = {
    "resolver": _silent_resolver,
    "connect": _unanswered_connection,
    "connect to each address": _unanswered_connections,
    "TLS handshake": _silent_tls,
    "proxy": _serving(Silence(), proxy=True),
    "proxy, dripping": _serving(Drip(_ESTABLISHED[:-2], b"X: y\r\n", endless=True), proxy=True),
    "proxy, then TLS handshake": _slow_tunnel_then_silent_tls,
    "https proxy": _silent_https_proxy,
    "https proxy, then TLS handshake": lambda: _through_https_proxy(_DrippingTls(), tls=False),
    "https proxy, request unread": lambda: _through_https_proxy(Silence(read=False), tls=True),
    "https proxy, no answer": lambda: _through_https_proxy(Silence(), tls=True),
    "https proxy, body, dripping": lambda: _through_https_proxy(drip_body(GOOD), tls=True),
    "SOCKS proxy": _silent_socks_proxy,
    "SOCKS proxy, resolver": _silent_resolver_of_socks,
    "request unread": _serving(Silence(read=False)),
    "request unread, over TLS": lambda: _over_tls(Silence(read=False)),
    "no answer": _serving(Silence()),
    "no answer, over TLS": lambda: _over_tls(Silence()),
    "status line, dripping": _serving(Drip(b"HTTP/1.1 200 ", b"O", endless=True)),
    "headers, dripping": _serving(drip_headers(GOOD)),
    "headers, dripping over TLS": lambda: _over_tls(drip_headers(GOOD)),
    "interim answers": _serving(Drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001, endless=True)),
    "body, dripping": _serving(drip_body(GOOD)),
    "body, dripping over TLS": lambda: _over_tls(drip_body(GOOD)),
    "body, stalled": _serving(cut_body(GOOD, end=End.HOLD)),
    "slow failures": _serving(Late(Reply(503), 0.1)),
    "failures": _serving(Reply(500)),
    "throttling": _serving(json_reply(429, {}, ("Retry-After", "0"))),
    "slow redirects": _serving(Late(redirect_to_itself(307), 0.1)),
}
_HUGE = ByokV1KeyUpdate(display_name="n" * 20_000_000)


def call(api: KeysByokV1Api, case: str, **options: Any) -> Any:
    """A call that lasts as long as the case lets it."""
    if "request unread" in case:
        return api.update_byok_v1_key("cck-1", _HUGE, **options)
    return api.get_byok_v1_key("cck-1", **options)
