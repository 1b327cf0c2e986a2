"""A call ends in time, whatever keeps it waiting."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest
import urllib3
from urllib3.util import connection as urllib3_sockets

from openapi_client import (
    ApiConnectionException,
    ApiException,
    ApiTimeoutException,
    KeysByokV1Api,
    RetryPolicy,
    ServiceException,
    TooManyRequestsException,
)
from openapi_client._core.clock import SystemClock
from openapi_client._transport.connections import in_time
from support.clock import FakeClock
from support.fault_server import FaultServer
from support.faults import Silence, drip_body
from support.recorder import RecordingServer
from support.replies import Reply, Respond, Step, json_reply, redirect_to_itself
from support.waits import ROUNDED, watched
from support.wire import Request

from .conftest import MakeApi
from .service import GOOD, REQUEST, answer
from .slowness import AUTHORITY, CASES, Case, Late, call, resolving, swallowing

_DEADLINE = 0.2
# What these do goes on in a thread of its own, which is left alone when the time is up.
_IN_THREADS = ["resolver", "SOCKS proxy", "SOCKS proxy, resolver"]
_AT_SOCKETS = {name: case for name, case in CASES.items() if name not in _IN_THREADS}
_ENDLESS = RetryPolicy(max_attempts=1_000_000, backoff_base=0.01, backoff_cap=0.01)


@contextmanager
def _in_time(clock: FakeClock) -> Generator[None, None, None]:
    """Nothing that is waited for may last beyond the deadline, counted from now.

    How late a call really ends, on a machine with nothing else to do, is measured in test/bench.
    """
    before = clock.slept
    with watched(clock, _DEADLINE) as waits:
        yield
    assert waits.ready
    assert max(ready for _, ready in waits.ready) <= _DEADLINE + ROUNDED
    assert waits.too_long == []
    assert clock.slept - before < _DEADLINE


@pytest.mark.parametrize(("name", "case"), _AT_SOCKETS.items(), ids=_AT_SOCKETS)
def test_a_call_ends_at_its_deadline(name: str, case: Case, make_api: MakeApi) -> None:
    """A call ends at its deadline, whatever in the network keeps it waiting."""
    clock = FakeClock()
    with case() as settings:
        api = make_api(**settings, clock=clock, deadline=_DEADLINE, retries=_ENDLESS)
        with _in_time(clock), pytest.raises(ApiException) as caught:
            call(api, name)
    assert caught.value.attempts


@pytest.mark.parametrize("name", _IN_THREADS)
def test_a_call_ends_at_its_deadline_in_another_thread(name: str, make_api: MakeApi) -> None:
    """A call ends at its deadline while name servers, or a SOCKS proxy, are silent."""
    with CASES[name]() as settings:
        limits = {"deadline": _DEADLINE, "connect_timeout": 1000.0, "retries": _ENDLESS}
        api = make_api(**settings, clock=SystemClock(), **limits)
        with pytest.raises(ApiTimeoutException) as caught:
            api.get_byok_v1_key("cck-1")
    # A second one would be made if the first had given up before the deadline; and if it knew of
    # none, the first would last as long as all that a test may.
    assert len(caught.value.attempts) == 1


@pytest.mark.parametrize("name", ["connect", "TLS handshake", "headers, dripping"])
def test_a_number_of_seconds_is_the_deadline_of_one_call(name: str, make_api: MakeApi) -> None:
    """A number of seconds that a call is given is the deadline of that call."""
    clock = FakeClock()
    with CASES[name]() as settings:
        api = make_api(**settings, clock=clock)
        with _in_time(clock), pytest.raises(ApiTimeoutException):
            call(api, name, _request_timeout=_DEADLINE)


_CONNECTING = ["connect", "TLS handshake", "proxy", "https proxy"]
_READING = ["no answer", "no answer, over TLS", "body, stalled"]


@pytest.mark.parametrize("name", [*_CONNECTING, *_READING])
def test_a_pair_limits_the_steps_of_an_attempt(name: str, make_api: MakeApi) -> None:
    """A pair of seconds limits the steps of an attempt, and leaves time for the next one."""
    pair = (60, 0.05) if name in _READING else [0.05, 60]
    clock = FakeClock()
    with CASES[name]() as settings, watched(clock, 120) as waits:
        api = make_api(**settings, clock=clock, retries=1)
        with pytest.raises(ApiTimeoutException) as caught:
            call(api, name, _request_timeout=pair)
    assert len(caught.value.attempts) == 2
    receiving = [ready for step, ready in waits.ready if "recv" in step or "read" in step]
    limited = receiving if name in _READING else [ready for _, ready in waits.ready]
    assert limited
    assert max(limited) <= 0.05 + ROUNDED


@pytest.mark.parametrize("proxied", [False, True])
def test_a_request_may_take_as_long_to_send_as_an_answer_to_come(
    proxied: bool, make_api: MakeApi
) -> None:
    """The first number of a pair is for connecting alone, the second for all that follows."""
    with RecordingServer(answer) as server, watched(FakeClock(), 120) as waits:
        settings = {"proxy": server.url, "allow_insecure_http": True} if proxied else {}
        api = make_api("http://byok.test" if proxied else server.url, **settings)
        api.create_byok_v1_key(REQUEST, _request_timeout=(10, 20))
        assert server.only.target.startswith("http://byok.test") is proxied
    connecting = [ready for step, ready in waits.ready if step == "socket.connect"]
    assert connecting == [pytest.approx(10, abs=ROUNDED)]
    after = [ready for step, ready in waits.ready if step != "socket.connect"]
    assert len(after) >= 3, "head, body and answer"
    assert set(after) == {20}


def _plain_pools(api: KeysByokV1Api) -> None:
    manager: Any = api.api_client.rest_client.pool_manager
    manager.pool_classes_by_scheme = {"http": urllib3.HTTPConnectionPool}


def _own_manager(api: KeysByokV1Api) -> None:
    api.api_client.rest_client.pool_manager = urllib3.PoolManager()


@pytest.mark.parametrize("replace", [_plain_pools, _own_manager])
def test_a_pair_limits_how_long_others_connections_connect(
    replace: Callable[[KeysByokV1Api], None], make_api: MakeApi
) -> None:
    """The time to connect is that of the pair, too, where the connections are not ours."""
    with swallowing("127.0.0.1") as port, watched(FakeClock(), 120) as waits:
        api = make_api(f"http://127.0.0.1:{port}", retries=0)
        replace(api)
        with pytest.raises(ApiTimeoutException):
            api.get_byok_v1_key("x", _request_timeout=(0.05, 60))
    assert [ready for _, ready in waits.ready] == [pytest.approx(0.05, abs=ROUNDED)]


@pytest.mark.parametrize("name", _IN_THREADS)
def test_a_pair_limits_the_search_in_another_thread(name: str, make_api: MakeApi) -> None:
    """A pair of seconds limits the search for an address, and leaves time for the next one."""
    with CASES[name]() as settings:
        api = make_api(**settings, deadline=1000.0, retries=1)
        with pytest.raises(ApiTimeoutException) as caught:
            api.get_byok_v1_key("cck-1", _request_timeout=(0.05, 1000))
    assert len(caught.value.attempts) == 2


def test_a_connection_that_comes_too_late_is_closed() -> None:
    """A connection that stands only after the deadline is closed."""
    closed = threading.Event()
    over = threading.Event()

    class Noted(socket.socket):
        def close(self) -> None:
            super().close()
            closed.set()

    def find() -> socket.socket:
        over.wait()
        return Noted()

    with pytest.raises(TimeoutError, match="the proxy could not be found in time"):
        in_time(find, 0.01, "the proxy")
    assert not closed.is_set()
    over.set()
    assert closed.wait(30)


def test_a_connection_that_stands_as_the_time_is_up(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write is not sent after the deadline, and its socket is closed."""
    clock = FakeClock()
    made: list[socket.socket] = []
    create = urllib3_sockets.create_connection

    def slowly(*args: Any, **options: Any) -> socket.socket:
        made.append(create(*args, **options))
        clock.advance(200)
        return made[-1]

    monkeypatch.setattr("urllib3.util.connection.create_connection", slowly)
    with RecordingServer(answer) as server:
        with pytest.raises(ApiTimeoutException) as caught:
            make_api(server.url, clock=clock).create_byok_v1_key(REQUEST)
        assert server.requests == []
    assert not caught.value.outcome_unknown
    assert [sock.fileno() for sock in made] == [-1]


def test_addresses_that_swallow_leave_time_for_one_that_answers(make_api: MakeApi) -> None:
    """A host with dead machines is reached at the one that answers, within one attempt."""
    dead = [f"127.0.0.{number}" for number in range(51, 54)]
    with (
        RecordingServer(answer) as server,
        swallowing(*dead, port=server.port),
        resolving("several.test", [*dead, "127.0.0.1"]),
    ):
        host = f"http://several.test:{server.port}"
        limits = {"retries": 0, "connect_timeout": 0.4, "allow_insecure_http": True}
        assert make_api(host, **limits).get_byok_v1_key("x").id == "cck-1"


@pytest.mark.parametrize("first", ["127.0.0.9", "::1"])
def test_addresses_that_refuse(first: str, make_api: MakeApi) -> None:
    """A host whose first address refuses, be it of IPv6, is reached at the next one."""
    with RecordingServer(answer) as server, resolving("several.test", [first, "127.0.0.1"]):
        host = f"http://several.test:{server.port}"
        api = make_api(host, allow_insecure_http=True, retries=0)
        assert api.get_byok_v1_key("x").id == "cck-1"
        server.close()
        with pytest.raises(ApiConnectionException, match="no connection to several.test"):
            api.create_byok_v1_key(REQUEST)


def test_an_address_is_tried_once(make_api: MakeApi) -> None:
    """An address that is listed several times is tried once."""
    listed = [*["127.0.0.9"] * 3, "127.0.0.1"]
    with RecordingServer(answer) as server, resolving("several.test", listed):
        host = f"http://several.test:{server.port}"
        api = make_api(host, allow_insecure_http=True, retries=0)
        with watched(FakeClock(), 120) as waits:
            assert api.get_byok_v1_key("x").id == "cck-1"
    assert [step for step, _ in waits.ready].count("socket.connect") == 2


# A system that counts milliseconds in 32 bits takes the second one for no time at all.
@pytest.mark.parametrize("seconds", [1e9, 2**32 / 1000])
@pytest.mark.parametrize("tls", [None, AUTHORITY.server_context()], ids=["http", "https"])
def test_very_long_timeouts(seconds: float, tls: Any, make_api: MakeApi) -> None:
    """Timeouts of many years are taken, and an answer is waited for."""
    every: dict[str, float] = dict.fromkeys(
        ("connect_timeout", "read_timeout", "deadline"), seconds
    )
    pair = {"_request_timeout": (seconds, seconds)}
    cases: list[tuple[dict[str, float], dict[str, Any]]] = [
        (every, {}),
        ({"deadline": seconds}, pair),
        ({}, {"_request_timeout": seconds}),
    ]
    for settings, options in cases:
        with (
            FaultServer([Late(GOOD, 0.01)], tls=tls) as server,
            resolving("by-name.test", ["127.0.0.1"]),
        ):
            host = server.url if tls else f"http://by-name.test:{server.port}"
            own = {"ca_cert_data": AUTHORITY.pem, "allow_insecure_http": True, **settings}
            api = make_api(host, clock=SystemClock(), retries=0, **own)
            assert api.get_byok_v1_key("x", **options).id == "cck-1"
            stream = api.get_byok_v1_key_without_preload_content("x", **options)
            assert stream.json()["id"] == "cck-1"


_SILENT_RESOLVER = """
import socket, threading
from openapi_client import ApiClient, ApiTimeoutException, Configuration, KeysByokV1Api

socket.getaddrinfo = lambda *_, **__: threading.Event().wait()
with ApiClient(Configuration("https://byok.test", deadline=0.1)) as client:
    try:
        KeysByokV1Api(client).get_byok_v1_key("cck-1")
    except ApiTimeoutException:
        print("timed out")
"""


def test_a_program_ends_although_a_name_server_is_silent() -> None:
    """What is left to find an address in the background keeps no program from ending."""
    command = [sys.executable, "-c", _SILENT_RESOLVER]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("timed out\n", 0)


def test_the_name_stays_that_of_the_host(make_api: MakeApi) -> None:
    """A service that is found by its name is also asked by that name."""
    with RecordingServer(answer) as server, resolving("by-name.test", ["127.0.0.1"]):
        host = f"http://by-name.test:{server.port}"
        api = make_api(host, allow_insecure_http=True)
        api.get_byok_v1_key("cck-1")
        assert server.only.header("Host") == f"by-name.test:{server.port}"


@pytest.mark.parametrize(
    ("host", "why"),
    [("a..b", "label"), ("misspelt.test", "Name or service not known")],
)
def test_a_host_without_an_address(
    host: str, why: str, make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host name that leads nowhere is told as such, and nothing was sent."""
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **options: Any) -> Any:
        if host == "misspelt.test":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **options)

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    with pytest.raises(ApiConnectionException) as caught:
        make_api(f"https://{host}", retries=0).create_byok_v1_key(REQUEST)
    assert why in str(caught.value)
    assert not caught.value.outcome_unknown


def test_no_thread_for_the_resolver(make_api: MakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no thread can be started to look up a name, the call is made all the same."""

    class NoThreads:
        """What the transport sees of ``threading``."""

        @staticmethod
        def Thread(**_: Any) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr("openapi_client._transport.connections.threading", NoThreads)
    with RecordingServer(answer) as server, resolving("by-name.test", ["127.0.0.1"]):
        api = make_api(f"http://by-name.test:{server.port}", allow_insecure_http=True)
        assert api.get_byok_v1_key("cck-1").id == "cck-1"


@pytest.mark.parametrize("name", ["body, dripping", "body, dripping over TLS", "body, stalled"])
def test_a_stream_stays_under_the_deadline(name: str, make_api: MakeApi) -> None:
    """A body that the caller reads ends at the deadline of the call."""
    clock = FakeClock()
    with CASES[name]() as settings:
        api = make_api(**settings, clock=clock)
        # The clock stands still, however long a busy machine takes for the head.
        response = api.get_byok_v1_key_without_preload_content("x", _request_timeout=60)
        assert response.status == 200
        clock.advance(60 - _DEADLINE)
        with _in_time(clock), pytest.raises(urllib3.exceptions.ReadTimeoutError):
            response.read()


def test_a_stream_may_be_read_in_its_time(make_api: MakeApi) -> None:
    """A body that the caller reads in time comes whole."""
    with FaultServer([Late(GOOD, 0.05)]) as server:
        api = make_api(server.url, clock=SystemClock())
        response = api.get_byok_v1_key_without_preload_content("x", _request_timeout=30)
        assert response.json()["id"] == "cck-1"


def test_a_deadline_that_has_passed(make_api: MakeApi) -> None:
    """A write whose deadline has passed before it is sent is not sent."""
    clock = FakeClock()

    def token() -> str:
        clock.advance(200)  # As a slow identity provider does.
        return "token"

    with RecordingServer(answer) as server:
        auth: dict[str, Any] = {"username": None, "password": None, "access_token": token}
        api = make_api(server.url, clock=clock, **auth)
        with pytest.raises(ApiTimeoutException, match="before the request was sent") as caught:
            api.create_byok_v1_key(REQUEST)
        assert server.requests == []
    assert (caught.value.status, caught.value.outcome_unknown) == (0, False)
    assert clock.sleeps == []


def test_waits_end_before_the_deadline(make_api: MakeApi) -> None:
    """The waits between attempts end before the deadline of the call."""
    clock = FakeClock()
    policy = RetryPolicy(max_attempts=1000, backoff_base=3, backoff_cap=3)
    with FaultServer([Reply(503)]) as server:
        api = make_api(server.url, clock=clock, retries=policy, deadline=30)
        with pytest.raises(ServiceException) as caught:
            api.get_byok_v1_key("x")
    assert len(server.requests) == len(caught.value.attempts) > 5
    assert clock.slept < 30


def test_a_wait_beyond_the_deadline_is_not_begun(make_api: MakeApi) -> None:
    """A call that is told to wait beyond its deadline fails at once."""
    clock = FakeClock()
    with FaultServer([json_reply(429, {}, ("Retry-After", "31"))]) as server:
        api = make_api(server.url, clock=clock, deadline=30)
        with pytest.raises(TooManyRequestsException) as caught:
            api.create_byok_v1_key(REQUEST)
    assert caught.value.retry_after == 31
    assert (clock.sleeps, len(server.requests)) == ([], 1)


@pytest.mark.parametrize("code", [307, 308])
@pytest.mark.parametrize("method", ["get", "update", "delete"])
def test_a_loop_of_redirects_ends(code: int, method: str, make_api: MakeApi) -> None:
    """A loop of redirects ends the call after five of them."""
    with FaultServer([redirect_to_itself(code)]) as server:
        api = make_api(server.url)
        arguments: list[Any] = ["cck-1", {"display_name": "n"}]
        operation = getattr(api, f"{method}_byok_v1_key")
        with pytest.raises(ApiException) as caught:
            operation(*arguments[: 2 if method == "update" else 1])
    assert (caught.value.status, len(server.requests)) == (code, 6)


def test_the_time_for_the_steps_is_shared_by_redirects(make_api: MakeApi) -> None:
    """Redirects share the deadline of the call."""
    clock = FakeClock()

    def redirect(_: Request) -> Step:
        clock.advance(59)
        return redirect_to_itself(307)

    with FaultServer([Respond(redirect)], then=Silence()) as server:
        api = make_api(server.url, clock=clock, retries=0)
        with watched(FakeClock(), 120) as waits, pytest.raises(ApiTimeoutException):
            api.get_byok_v1_key("x", _request_timeout=60)
    (_, ready), *_ = reversed(waits.ready)
    assert ready <= 1 + ROUNDED
    assert len(server.requests) == 2


def test_the_connection_of_a_call_that_ran_out_of_time_is_closed(make_api: MakeApi) -> None:
    """After a call that ran out of time, the next one takes another connection."""
    clock = FakeClock()

    def drip(_: Request) -> Step:
        clock.advance(60 - _DEADLINE)
        return drip_body(GOOD)

    with FaultServer([Respond(drip)], then=GOOD) as server:
        api = make_api(server.url, clock=clock, retries=0)
        with watched(clock, 60), pytest.raises(ApiTimeoutException):
            api.get_byok_v1_key("x", _request_timeout=60)
        assert api.get_byok_v1_key("x").id == "cck-1"
    assert [request.connection for request in server.requests] == [1, 2]
