import ssl
from collections.abc import Iterator

import pytest
import urllib3

from support.fault_matrix import FaultCase
from support.fault_server import FaultServer
from support.proxies import CONNECT_FAULTS, ForwardProxy, forward_proxy
from support.recorder import RecordingServer
from support.replies import Reply, json_reply
from support.socks import SocksProxy
from support.tls import Authority
from support.tunnel import Tunnel, drop_once_delivered

GOOD = json_reply(200, {"id": "cck-1"})
AUTHORITY = Authority()


@pytest.fixture(scope="module")
def secure() -> Iterator[RecordingServer]:
    """A service that answers over https."""
    with RecordingServer(lambda request: GOOD, tls=AUTHORITY.server_context()) as server:
        yield server


@pytest.fixture(scope="module")
def guarded_proxy() -> Iterator[ForwardProxy]:
    """A real forward proxy that wants a login."""
    with forward_proxy("user:p@ss") as proxy:
        yield proxy


def _through(url: str, login: str | None = None) -> urllib3.ProxyManager:
    headers = urllib3.make_headers(proxy_basic_auth=login) if login else None
    return urllib3.ProxyManager(
        url, retries=False, timeout=5, ca_cert_data=AUTHORITY.pem, proxy_headers=headers
    )


def test_a_real_proxy_forwards_and_tunnels(
    guarded_proxy: ForwardProxy, secure: RecordingServer
) -> None:
    """Requests through a real proxy go through it, over http and over https."""
    with RecordingServer(lambda request: GOOD) as plain:
        with _through(guarded_proxy.url, "user:p@ss") as http:
            assert http.request("GET", plain.url + "/a").status == 200
            assert http.request("GET", secure.url + "/b").status == 200
        guarded_proxy.wait_for_request("GET", f"127.0.0.1:{plain.port}/a")
        guarded_proxy.wait_for_request("CONNECT", f"127.0.0.1:{secure.port}")
    assert plain.only.header("Proxy-Authorization") is None


def test_a_real_proxy_refuses_without_its_login(
    guarded_proxy: ForwardProxy, secure: RecordingServer
) -> None:
    """A real proxy refuses a client that sends no login."""
    before = len(secure.requests)
    with RecordingServer(lambda request: GOOD) as plain, _through(guarded_proxy.url) as http:
        assert http.request("GET", plain.url).status == 407
        with pytest.raises(urllib3.exceptions.ProxyError, match="407"):
            http.request("GET", secure.url)
        assert plain.requests == []
    assert len(secure.requests) == before


@pytest.mark.parametrize("case", CONNECT_FAULTS.values(), ids=CONNECT_FAULTS.keys())
def test_a_connect_fails_before_anything_is_delivered(
    case: FaultCase, secure: RecordingServer
) -> None:
    """Where a tunnel fails, nothing is delivered."""
    before = len(secure.requests)
    timeout = 0.1 if case.lasts else 5
    with FaultServer([case.make(Reply())], then=Tunnel()) as proxy, _through(proxy.url) as http:
        with pytest.raises(urllib3.exceptions.HTTPError):
            http.request("GET", secure.url, timeout=timeout)
        assert len(secure.requests) == before
        assert http.request("GET", secure.url).status == 200
        lines = {(request.method, request.target) for request in proxy.requests}
    assert lines == {("CONNECT", f"127.0.0.1:{secure.port}")}


def test_a_tunnel_can_lose_the_answer_of_a_delivered_request() -> None:
    """A tunnel can lose the answer to a request that was delivered."""
    with (
        RecordingServer(lambda request: GOOD, tls=AUTHORITY.server_context()) as service,
        FaultServer([drop_once_delivered(service)]) as proxy,
        _through(proxy.url) as http,
    ):
        with pytest.raises(urllib3.exceptions.HTTPError):
            http.request("POST", service.url, body=b"{}")
        assert service.only.body == b"{}"


def test_a_tunnel_leads_elsewhere(secure: RecordingServer) -> None:
    """A tunnel can lead to another address than the client has named."""
    tunnel = Tunnel(address=("127.0.0.1", secure.port))
    with FaultServer([tunnel]) as proxy, _through(proxy.url) as http:
        reply = http.request("GET", "https://localhost:1/x")
        assert reply.status == 200
        assert proxy.requests[0].target == "localhost:1"


def test_a_tunnel_to_nowhere_and_no_tunnel() -> None:
    """A tunnel to nowhere is answered with 502, and a request for no tunnel with 405."""
    with FaultServer([Tunnel()]) as proxy, _through(proxy.url) as http:
        with pytest.raises(urllib3.exceptions.ProxyError, match="502"):
            http.request("GET", "https://127.0.0.1:1/")
        assert http.request("GET", "http://127.0.0.1:1/").status == 405


@pytest.mark.parametrize("tls", [None, AUTHORITY.server_context()], ids=["http", "https"])
def test_a_tunnel_carries_much(tls: ssl.SSLContext | None) -> None:
    """A tunnel carries megabytes whole, both ways."""
    data = b"x" * 3_000_000
    context = AUTHORITY.server_context()
    with (
        RecordingServer(lambda request: Reply(200, body=request.body), tls=context) as service,
        FaultServer([Tunnel()], tls=tls) as proxy,
        _through(proxy.url) as http,
    ):
        assert http.request("POST", service.url, body=data).data == data


@pytest.mark.parametrize(("scheme", "host"), [("socks5", "127.0.0.1"), ("socks5h", "localhost")])
def test_socks_carries(scheme: str, host: str, secure: RecordingServer) -> None:
    """Requests through SOCKS go through the proxy, which tells what name it was given."""
    socks = pytest.importorskip("urllib3.contrib.socks")
    with SocksProxy() as proxy:
        url = proxy.url.replace("socks5", scheme)
        with socks.SOCKSProxyManager(url, ca_cert_data=AUTHORITY.pem) as http:
            assert http.request("GET", f"https://localhost:{secure.port}/").status == 200
        assert proxy.targets == [(host, secure.port)]


def test_socks_login(secure: RecordingServer) -> None:
    """A SOCKS proxy refuses a client that sends no login, or a wrong one."""
    socks = pytest.importorskip("urllib3.contrib.socks")
    with SocksProxy(login=("user", "pässword")) as proxy:
        for login in (
            {"username": "user", "password": "pässword"},
            {},
            {"username": "user", "password": "x"},
        ):
            options = {"retries": False, "ca_cert_data": AUTHORITY.pem, **login}
            with socks.SOCKSProxyManager(proxy.url, **options) as http:
                if login.get("password") == "pässword":
                    assert http.request("GET", secure.url).status == 200
                else:
                    with pytest.raises(urllib3.exceptions.NewConnectionError, match="auth"):
                        http.request("GET", secure.url)
        assert proxy.logins == [("user", "pässword"), ("user", "x")]
        assert len(proxy.targets) == 1


@pytest.mark.parametrize("failure", [2, None], ids=["not allowed", "target refuses"])
def test_socks_refuses(failure: int | None) -> None:
    """A SOCKS proxy can refuse to connect."""
    socks = pytest.importorskip("urllib3.contrib.socks")
    with SocksProxy(failure=failure) as proxy:
        http = socks.SOCKSProxyManager(proxy.url, retries=False)
        with http, pytest.raises(urllib3.exceptions.NewConnectionError):
            http.request("GET", "http://127.0.0.1:1/")
        assert proxy.targets == [("127.0.0.1", 1)]
