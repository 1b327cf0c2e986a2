"""Through proxies of all kinds: who is told what, and what becomes of a request that gets stuck."""

import base64
import ssl
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from openapi_client import ApiConnectionException, ApiException, ApiValueError, KeysByokV1Api
from openapi_client._core.clock import SystemClock
from support.fault_matrix import FaultCase
from support.fault_proxy import FaultyProxy, SpoilAnswer
from support.fault_server import FaultServer, refusing_port
from support.faults import Drop, Send, cut_body
from support.proxies import CONNECT_FAULTS, ForwardProxy, forward_proxy
from support.recorder import RecordingServer
from support.replies import Reply, html_reply, redirect
from support.socket_server import Connection, SocketServer
from support.socks import SocksProxy
from support.tls import Authority
from support.tunnel import Tunnel, drop_once_delivered, relay

from .conftest import MakeApi
from .service import GOOD, REQUEST, answer

_AUTHORITY = Authority()
_TRUSTING = {"ca_cert_data": _AUTHORITY.pem}
_LOGIN = "user:p%40ss%2Fhush"
_AS_SENT = "Basic " + base64.b64encode(b"user:p@ss/hush").decode()


@pytest.fixture(scope="module")
def running() -> Iterator[RecordingServer]:
    """A service over https."""
    with RecordingServer(answer, tls=_AUTHORITY.server_context()) as server:
        yield server


@pytest.fixture
def secure(running: RecordingServer) -> RecordingServer:
    """The service over https, with no request yet."""
    running.requests.clear()
    return running


def _with_login(proxy: SocketServer, login: str = _LOGIN) -> str:
    return proxy.url.replace("://", f"://{login}@")


def _lines(server: SocketServer) -> list[str]:
    return [f"{request.method} {request.target}" for request in server.requests]


def _create(api: KeysByokV1Api) -> Any:
    return api.create_byok_v1_key(REQUEST)


def _get(api: KeysByokV1Api) -> Any:
    return api.get_byok_v1_key("cck-1")


_CALLS = pytest.mark.parametrize("call", [_create, _get], ids=["POST", "GET"])


@pytest.mark.parametrize("is_tls", [False, True], ids=["http proxy", "https proxy"])
def test_a_tunnel(is_tls: bool, secure: RecordingServer, make_api: MakeApi) -> None:
    """Proxy and service each get their own credentials and headers, and not the other's."""
    tls = _AUTHORITY.server_context() if is_tls else None
    with FaultServer([Tunnel()], tls=tls) as proxy:
        api = make_api(
            secure.url,
            proxy=_with_login(proxy),
            proxy_headers={"X-Department": "keys"},
            **_TRUSTING,
        )
        assert _get(api).id == "cck-1"
        assert _create(api).id == "cck-1"
        (connect,) = proxy.requests
    assert _lines(proxy) == [f"CONNECT 127.0.0.1:{secure.port}"]
    assert connect.header("Proxy-Authorization") == _AS_SENT
    assert connect.header("X-Department") == "keys"
    assert connect.header("Authorization") is None
    for request in secure.requests:
        assert request.header("Proxy-Authorization") is None
        assert request.header("X-Department") is None
        assert request.header("Authorization") is not None


@pytest.mark.parametrize("service", ["http", "https"])
def test_a_proxy_with_an_ipv6_address(
    service: str, secure: RecordingServer, make_api: MakeApi
) -> None:
    """A proxy is reached by its IPv6 address, whichever scheme the service has."""
    with FaultServer([Tunnel() if service == "https" else GOOD], host="[::1]") as proxy:
        host = secure.url.replace("https:", f"{service}:")
        assert _get(make_api(host, proxy=proxy.url, **_TRUSTING)).id == "cck-1"
        assert len(proxy.requests) == 1


def test_a_context_for_the_proxy_alone(secure: RecordingServer, make_api: MakeApi) -> None:
    """An https proxy may have an authority that the service has not, and the other way round."""
    own = Authority()
    with FaultServer([Tunnel()], then=Tunnel(), tls=own.server_context()) as proxy:
        with pytest.raises(ApiConnectionException, match="its certificate is refused"):
            _get(make_api(secure.url, proxy=proxy.url, **_TRUSTING))
        context = ssl.create_default_context(cadata=own.pem)
        api = make_api(secure.url, proxy=proxy.url, proxy_ssl_context=context, **_TRUSTING)
        assert _get(api).id == "cck-1"
        assert len(proxy.requests) == 1


def test_pools_that_are_used_by_themselves_tunnel_too(
    secure: RecordingServer, make_api: MakeApi
) -> None:
    """A program that borrows the client's pools goes through the proxy too."""
    with FaultServer([Tunnel()]) as proxy:
        client = make_api(secure.url, proxy=_with_login(proxy), **_TRUSTING).api_client
        pools = client.rest_client.pool_manager
        assert pools.request("GET", f"{secure.url}/keys/cck-1").status == 200
        assert len(proxy.requests) == 1


@pytest.mark.parametrize("is_tls", [False, True], ids=["http proxy", "https proxy"])
def test_plain_http_through_a_proxy(is_tls: bool, make_api: MakeApi) -> None:
    """A service over plain http is reached through a proxy, with its login."""
    tls = _AUTHORITY.server_context() if is_tls else None
    with RecordingServer(answer) as service, FaultyProxy(service.url, tls=tls) as proxy:
        api = make_api(service.url, proxy=_with_login(proxy), **_TRUSTING)
        assert _create(api).id == "cck-1"
        (request,) = proxy.requests
    assert request.target == f"{service.url}/byok/v1/keys"
    assert request.header("Proxy-Authorization") == _AS_SENT
    assert request.header("Host") == f"127.0.0.1:{service.port}"
    assert request.header("Accept") == "application/json"


@pytest.mark.parametrize(
    ("variables", "is_used"),
    [
        ({"https_proxy": "{}"}, True),
        ({"HTTPS_PROXY": "{}"}, True),
        ({"all_proxy": "{}"}, True),
        ({"ALL_PROXY": "{}"}, True),
        ({"https_proxy": "{bare}"}, True),
        ({"http_proxy": "{}"}, False),
        ({"https_proxy": "{}", "HTTPS_PROXY": "http://127.0.0.1:1"}, True),
        ({"https_proxy": "{}", "no_proxy": "127.0.0.1"}, False),
        ({"https_proxy": "{}", "NO_PROXY": "a.test, 127.0.0.0/8"}, False),
        ({"https_proxy": "{}", "NO_PROXY": "127.0.0.1:1"}, True),
        ({"https_proxy": "{}", "no_proxy": "*"}, False),
        ({"https_proxy": ""}, False),
    ],
    ids=str,
)
def test_the_environment(
    variables: dict[str, str],
    is_used: bool,
    secure: RecordingServer,
    make_api: MakeApi,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The proxy of the environment is used, except where ``no_proxy`` says not to."""
    with FaultServer([Tunnel()]) as proxy:
        for name, value in variables.items():
            url = value.format(_with_login(proxy), bare=f"{_LOGIN}@127.0.0.1:{proxy.port}")
            monkeypatch.setenv(name, url)
        assert _get(make_api(secure.url, **_TRUSTING)).id == "cck-1"
        assert len(proxy.requests) == is_used
        if is_used:
            assert proxy.requests[0].header("Proxy-Authorization") == _AS_SENT


def test_no_proxy_by_setting(
    secure: RecordingServer, make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client can be told to go directly, whatever the environment says."""
    with refusing_port() as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        assert _get(make_api(secure.url, proxy="", **_TRUSTING)).id == "cck-1"
        assert _get(make_api(secure.url, no_proxy="127.0.0.1", **_TRUSTING)).id == "cck-1"
        with pytest.raises(ApiConnectionException, match="refused"):
            _get(make_api(secure.url, retries=0, **_TRUSTING))


def test_each_redirect_finds_its_own_proxy(secure: RecordingServer, make_api: MakeApi) -> None:
    """Whether a proxy is used is decided anew for where a redirect leads."""
    with RecordingServer(lambda _: redirect(307, f"{secure.url}/elsewhere")) as outside:
        inside = f"127.0.0.1:{secure.port}"
        with FaultyProxy(outside.url) as proxy:
            api = make_api(outside.url, proxy=proxy.url, no_proxy=inside, **_TRUSTING)
            assert _get(api).id == "cck-1"
            assert _lines(proxy) == [f"GET {outside.url}/byok/v1/keys/cck-1"]
        assert _lines(secure) == ["GET /elsewhere"]


@_CALLS
@pytest.mark.parametrize("always", [False, True], ids=["once", "always"])
@pytest.mark.parametrize("case", CONNECT_FAULTS.values(), ids=CONNECT_FAULTS)
def test_a_tunnel_that_fails(
    case: FaultCase, always: bool, call: Any, secure: RecordingServer, make_api: MakeApi
) -> None:
    """A write that never left is tried again, and known to have had no effect."""
    step = case.make(Reply())
    refuses = isinstance(step, Reply) and step.status == 407
    retries = 1 if case.lasts and always else 4
    limits = {"clock": SystemClock(), "connect_timeout": 1.0} if case.lasts else {}
    with FaultServer([step], then=step if always else Tunnel()) as proxy:
        api = make_api(secure.url, proxy=_with_login(proxy), retries=retries, **_TRUSTING, **limits)
        if not (always or refuses):
            assert call(api).id == "cck-1"
            assert len(secure.requests) == 1
            return
        with pytest.raises(ApiException) as caught:
            call(api)
        # A password that was refused is not sent again: that locks accounts.
        assert len(proxy.requests) == len(caught.value.attempts) == (1 if refuses else 1 + retries)
    assert secure.requests == []
    error = caught.value
    assert not error.outcome_unknown
    assert "no connection to 127.0.0.1" in str(error)
    assert "hush" not in str(error)
    if isinstance(step, Reply):
        assert str(step.status) in str(error)


def test_a_proxy_that_wants_a_login_says_so(secure: RecordingServer, make_api: MakeApi) -> None:
    """A proxy that wants a login is told as such."""
    with FaultServer([html_reply(407)]) as proxy, pytest.raises(ApiConnectionException) as caught:
        _get(make_api(secure.url, proxy=_with_login(proxy), retries=0, **_TRUSTING))
    assert "407 Proxy Authentication Required" in str(caught.value)


def test_a_proxy_that_is_not_there(secure: RecordingServer, make_api: MakeApi) -> None:
    """A proxy that is not there is tried again, and never gone past."""
    with refusing_port() as port:
        api = make_api(secure.url, proxy=f"http://127.0.0.1:{port}", **_TRUSTING)
        with pytest.raises(ApiConnectionException, match="refused") as caught:
            _create(api)
    assert len(caught.value.attempts) == 5
    assert caught.value.status == 0
    assert not caught.value.outcome_unknown
    assert secure.requests == []


def test_a_write_lost_in_a_tunnel_is_sent_once(secure: RecordingServer, make_api: MakeApi) -> None:
    """A write that a proxy lost is sent once, and its outcome told as unknown."""
    with FaultServer([drop_once_delivered(secure)]) as proxy:
        api = make_api(secure.url, proxy=proxy.url, **_TRUSTING)
        with pytest.raises(ApiConnectionException) as caught:
            _create(api)
        assert len(secure.requests) == 1
        assert caught.value.outcome_unknown
        with pytest.raises(ApiConnectionException) as caught:
            _get(api)
    assert len(caught.value.attempts) == 5
    assert not caught.value.outcome_unknown


@pytest.mark.parametrize(
    "plan",
    [
        SpoilAnswer(lambda _: Drop.after_reading()),
        SpoilAnswer(lambda _: Drop.after_reading(reset=True)),
        SpoilAnswer(cut_body),
        SpoilAnswer(lambda _: Send(b"garbage")),
        SpoilAnswer(lambda _: html_reply(502)),
        SpoilAnswer(lambda _: html_reply(504)),
        Drop.after_reading(),
        Drop.after_reading(reset=True),
    ],
    ids=["close", "reset", "cut", "garbage", "502", "504", "close undelivered", "undelivered"],
)
@pytest.mark.parametrize("is_tls", [False, True], ids=["http proxy", "https proxy"])
def test_a_write_lost_by_a_forwarding_proxy_is_sent_once(
    plan: Any, is_tls: bool, make_api: MakeApi
) -> None:
    """A write that a proxy lost is sent once, and its outcome told as unknown."""
    tls = _AUTHORITY.server_context() if is_tls else None
    with (
        RecordingServer(answer) as service,
        FaultyProxy(service.url, lambda _: plan, tls=tls) as proxy,
    ):
        api = make_api(service.url, proxy=proxy.url, **_TRUSTING)
        with pytest.raises(ApiException) as caught:
            _create(api)
        assert caught.value.outcome_unknown
        assert len(proxy.requests) == 1
        assert len(service.requests) <= 1
        with pytest.raises(ApiException) as caught:
            _get(api)
        assert len(proxy.requests) == 1 + 5


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_cannot_be_trusted(
    scheme: str, secure: RecordingServer, make_api: MakeApi
) -> None:
    """A proxy that cannot be trusted is told no login."""
    with FaultServer([Tunnel()], tls=Authority().server_context()) as proxy:
        host = secure.url.replace("https:", f"{scheme}:")
        with pytest.raises(ApiConnectionException, match="ssl_ca_cert") as caught:
            _create(make_api(host, proxy=_with_login(proxy), **_TRUSTING))
        assert proxy.requests == []
    assert len(caught.value.attempts) == 1


def test_a_tunnel_to_a_host_that_cannot_be_trusted(make_api: MakeApi) -> None:
    """The certificate of the service is checked behind a proxy too."""
    with (
        FaultServer([GOOD], tls=Authority().server_context()) as stranger,
        FaultServer([Tunnel()], tls=_AUTHORITY.server_context()) as proxy,
    ):
        with pytest.raises(ApiConnectionException, match="ssl_ca_cert"):
            _create(make_api(stranger.url, proxy=proxy.url, **_TRUSTING))
        assert stranger.requests == []


class _Socks4Proxy(SocketServer):
    """SOCKS 4 and 4a: ``users`` and ``targets`` are what clients gave."""

    def __init__(self, *, granted: bool = True) -> None:
        super().__init__()
        self.users: list[str] = []
        self.targets: list[str] = []
        self._granted = granted

    def serve(self, connection: Connection) -> None:
        """Connect as told, and carry bytes."""
        wire = connection.wire
        version, command, port = struct.unpack("!BBH", wire.exactly(4))
        assert (version, command) == (4, 1)
        address = wire.exactly(4)
        self.users.append(wire.until(b"\0")[:-1].decode())
        is_name = address[:3] == b"\0\0\0"
        self.targets.append(wire.until(b"\0")[:-1].decode() if is_name else "an address")
        wire.send(bytes([0, 0x5A if self._granted else 0x5B]) + bytes(6))
        if self._granted:
            relay(connection, connection.dial(("127.0.0.1", port)))


@pytest.mark.parametrize("login", ["", "user@"])
@pytest.mark.parametrize(("scheme", "target"), [("socks4", "an address"), ("socks4a", "localhost")])
def test_socks_4(
    scheme: str, target: str, login: str, secure: RecordingServer, make_api: MakeApi
) -> None:
    """SOCKS 4 proxies work, with the name looked up on either side."""
    with _Socks4Proxy() as proxy:
        host = f"https://localhost:{secure.port}"
        url = f"{scheme}://{login}127.0.0.1:{proxy.port}"
        assert _get(make_api(host, proxy=url, **_TRUSTING)).id == "cck-1"
    assert (proxy.targets, proxy.users) == ([target], [login.rstrip("@")])


def test_socks_4_refuses(secure: RecordingServer, make_api: MakeApi) -> None:
    """A write that never left is tried again, and known to have had no effect."""
    with _Socks4Proxy(granted=False) as proxy:
        api = make_api(secure.url, proxy=f"socks4://127.0.0.1:{proxy.port}", **_TRUSTING)
        with pytest.raises(ApiConnectionException, match="rejected") as caught:
            _create(api)
    assert len(caught.value.attempts) == 5
    assert not caught.value.outcome_unknown


@pytest.mark.parametrize("login", [None, ("user", "p@ss/hush")], ids=["open", "login"])
@pytest.mark.parametrize(("scheme", "target"), [("socks5", "127.0.0.1"), ("socks5h", "localhost")])
@pytest.mark.parametrize("service", ["http", "https"])
def test_socks_5(
    service: str,
    scheme: str,
    target: str,
    login: tuple[str, str] | None,
    secure: RecordingServer,
    make_api: MakeApi,
) -> None:
    """SOCKS 5 proxies work, with the name looked up on the side that was asked for."""
    with SocksProxy(login=login) as proxy, RecordingServer(answer) as plain:
        port = plain.port if service == "http" else secure.port
        userinfo = f"{_LOGIN}@" if login else ""
        url = f"{scheme}://{userinfo}127.0.0.1:{proxy.port}"
        api = make_api(f"{service}://localhost:{port}", proxy=url, **_TRUSTING)
        assert _create(api).id == "cck-1"
        assert proxy.targets == [(target, port)]
        assert proxy.logins == ([login] if login else [])


@_CALLS
@pytest.mark.parametrize("failure", [None, 2], ids=["wrong login", "not allowed"])
def test_socks_5_refuses(
    failure: int | None, call: Any, secure: RecordingServer, make_api: MakeApi
) -> None:
    """A write that never left is known to have had no effect."""
    with SocksProxy(login=None if failure else ("user", "other"), failure=failure) as proxy:
        url = _with_login(proxy)
        with pytest.raises(ApiConnectionException, match="no connection to") as caught:
            call(make_api(secure.url, proxy=url, **_TRUSTING))
    assert len(caught.value.attempts) == 5
    assert not caught.value.outcome_unknown
    assert "hush" not in str(caught.value)
    assert secure.requests == []


@_CALLS
def test_a_write_lost_behind_socks_is_sent_once(call: Any, make_api: MakeApi) -> None:
    """A write that a jump host lost is sent once, and its outcome told as unknown."""
    with FaultServer([Drop.after_reading()]) as service, SocksProxy() as proxy:
        with pytest.raises(ApiConnectionException) as caught:
            call(make_api(service.url, proxy=proxy.url))
        assert caught.value.outcome_unknown == (call is _create)
        assert len(service.requests) == (1 if call is _create else 5)


def test_socks_without_its_extra(
    secure: RecordingServer, make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing package is named, with the extra that brings it."""
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.setenv("all_proxy", "socks5h://user:hush@127.0.0.1:1")
    with pytest.raises(ApiValueError, match=r"pip install .*\[socks\]") as caught:
        _get(make_api(secure.url, **_TRUSTING))
    assert "hush" not in str(caught.value)


@pytest.fixture(scope="module")
def real_proxy() -> Iterator[ForwardProxy]:
    """A forward proxy that others have written, with a login."""
    with forward_proxy("user:p@ss/hush") as proxy:
        yield proxy


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_real_proxy(
    scheme: str, real_proxy: ForwardProxy, secure: RecordingServer, make_api: MakeApi
) -> None:
    """A proxy that people really run is gone through."""
    with RecordingServer(answer) as plain:
        service = plain if scheme == "http" else secure
        url = real_proxy.url.replace("://", f"://{_LOGIN}@")
        api = make_api(service.url, proxy=url, **_TRUSTING)
        assert _create(api).id == "cck-1"
        assert _get(api).id == "cck-1"
        api.delete_byok_v1_key("cck-1")
        api.api_client.close()
        expected = ("POST", "/byok/v1/keys") if scheme == "http" else ("CONNECT", "")
        real_proxy.wait_for_request(expected[0], f"127.0.0.1:{service.port}{expected[1]}")
        assert [request.method for request in service.requests] == ["POST", "GET", "DELETE"]
        # In plain http it is for the proxy to take its login out; this one does so once only.
        by_client = service.requests if scheme == "https" else service.requests[:1]
        assert all(request.header("Proxy-Authorization") is None for request in by_client)


def test_a_real_proxy_with_a_wrong_login(
    real_proxy: ForwardProxy, secure: RecordingServer, make_api: MakeApi
) -> None:
    """A wrong password of the proxy is told as such."""
    url = real_proxy.url.replace("://", "://user:wrong-hush@")
    with pytest.raises(ApiConnectionException, match="407") as caught:
        _create(make_api(secure.url, proxy=url, **_TRUSTING))
    assert not caught.value.outcome_unknown
    assert "hush" not in str(caught.value)
    with RecordingServer(answer) as plain, pytest.raises(ApiException, match="407"):
        _create(make_api(plain.url, proxy=url))
    assert secure.requests == plain.requests == []
