"""A call ends in time, whatever keeps it waiting."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
import urllib3

from openapi_client import (
    ApiConnectionException,
    ApiException,
    ApiTimeoutException,
    RetryPolicy,
    ServiceException,
    TooManyRequestsException,
)
from openapi_client._core.clock import SystemClock
from support.clock import FakeClock
from support.fault_server import FaultServer
from support.faults import Silence, drip_body
from support.recorder import RecordingServer
from support.replies import Reply, json_reply, redirect_to_itself

from .conftest import MakeApi
from .service import GOOD, REQUEST, answer
from .slowness import CASES, Case, Late, call, resolving, swallowing

_DEADLINE = 0.2
# Each step by itself may take the ten seconds of `connect_timeout`, or more. A busy machine may be
# late; how late a call really ends is measured in test/bench.
_FAR_BELOW_ONE_STEP = 5.0


@contextmanager
def _in_time() -> Generator[None, None, None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < _FAR_BELOW_ONE_STEP


@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES)
def test_a_call_ends_at_its_deadline(name: str, case: Case, make_api: MakeApi) -> None:
    """A job would hang, or take many times as long as it may, where the network is like this."""
    endless = RetryPolicy(max_attempts=1_000_000, backoff_base=0.01, backoff_cap=0.01)
    with case() as settings:
        api = make_api(**settings, clock=SystemClock(), deadline=_DEADLINE, retries=endless)
        with pytest.raises(ApiException) as caught, _in_time():
            call(api, name)
    assert caught.value.attempts


@pytest.mark.parametrize("name", ["resolver", "connect", "TLS handshake", "headers, dripping"])
def test_a_number_of_seconds_is_the_deadline_of_one_call(name: str, make_api: MakeApi) -> None:
    """The caller who is in a hurry would wait as long as all others."""
    with CASES[name]() as settings:
        api = make_api(**settings, clock=SystemClock())
        with pytest.raises(ApiTimeoutException), _in_time():
            call(api, name, _request_timeout=_DEADLINE)


_STEPS = ["resolver", "connect", "TLS handshake", "proxy", "https proxy", "SOCKS proxy"]
_STEPS += ["no answer", "no answer, over TLS", "body, stalled"]


@pytest.mark.parametrize("name", _STEPS)
def test_a_pair_limits_the_steps_of_an_attempt(name: str, make_api: MakeApi) -> None:
    """An attempt that will not succeed would take the time that the next ones need."""
    reading = name in _STEPS[-3:]
    pair = (5 * _DEADLINE, 0.05) if reading else [0.05, 5 * _DEADLINE]
    with CASES[name]() as settings:
        api = make_api(**settings, clock=SystemClock(), retries=1)
        started = time.monotonic()
        with pytest.raises(ApiTimeoutException) as caught:
            call(api, name, _request_timeout=pair)
    assert len(caught.value.attempts) == 2
    assert all(attempt.duration < 5 * _DEADLINE for attempt in caught.value.attempts)
    assert time.monotonic() - started < _FAR_BELOW_ONE_STEP


def test_addresses_that_swallow_leave_time_for_one_that_answers(make_api: MakeApi) -> None:
    """One dead machine among those of the service would make every call fail."""
    dead = [f"127.0.0.{number}" for number in range(51, 54)]
    with (
        RecordingServer(answer) as server,
        swallowing(*dead, port=server.port),
        resolving("several.test", [*dead, "127.0.0.1"]),
    ):
        host = f"http://several.test:{server.port}"
        limits = {"retries": 0, "connect_timeout": 0.4, "allow_insecure_http": True}
        assert make_api(host, clock=SystemClock(), **limits).get_byok_v1_key("x").id == "cck-1"


def test_addresses_that_refuse(make_api: MakeApi) -> None:
    """A host that lists an IPv6 address on which nobody listens could not be reached."""
    with RecordingServer(answer) as server, resolving("several.test", ["127.0.0.9", "127.0.0.1"]):
        host = f"http://several.test:{server.port}"
        api = make_api(host, allow_insecure_http=True, retries=0)
        assert api.get_byok_v1_key("x").id == "cck-1"
        server.close()
        with pytest.raises(ApiConnectionException, match="no connection to several.test"):
            api.create_byok_v1_key(REQUEST)


def test_the_name_stays_that_of_the_host(make_api: MakeApi) -> None:
    """The service would be asked for its address in place of its name, and know no such host."""
    with RecordingServer(answer) as server, resolving("by-name.test", ["127.0.0.1"]):
        host = f"http://by-name.test:{server.port}"
        api = make_api(host, allow_insecure_http=True)
        api.get_byok_v1_key("cck-1")
        assert server.only.header("Host") == f"by-name.test:{server.port}"


def test_a_host_without_an_address(make_api: MakeApi) -> None:
    """A misspelt host would not be told from a broken connection."""
    host = "https://a..b"
    with pytest.raises(ApiConnectionException) as caught:
        make_api(host, retries=0).create_byok_v1_key(REQUEST)
    assert not caught.value.outcome_unknown


def test_no_thread_for_the_resolver(make_api: MakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the system's limit of threads, or while Python ends, the last calls would fail."""

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
    """A caller who reads the body himself would read for ever."""
    with CASES[name]() as settings:
        api = make_api(**settings, clock=SystemClock())
        response = api.get_byok_v1_key_without_preload_content("x", _request_timeout=_DEADLINE)
        assert response.status == 200
        with pytest.raises(urllib3.exceptions.ReadTimeoutError), _in_time():
            response.read()


def test_a_stream_may_be_read_in_its_time(make_api: MakeApi) -> None:
    """A body that comes in time would be cut off."""
    with FaultServer([Late(GOOD, 0.05)]) as server:
        api = make_api(server.url, clock=SystemClock())
        response = api.get_byok_v1_key_without_preload_content("x", _request_timeout=30)
        assert response.json()["id"] == "cck-1"


def test_a_deadline_that_has_passed(make_api: MakeApi) -> None:
    """A write would be sent by a caller who has given up."""
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
    assert not caught.value.outcome_unknown
    assert clock.sleeps == []


def test_waits_end_before_the_deadline(make_api: MakeApi) -> None:
    """The waits between attempts would add up to more than the call may take."""
    clock = FakeClock()
    policy = RetryPolicy(max_attempts=1000, backoff_base=3, backoff_cap=3)
    with FaultServer([Reply(503)]) as server:
        api = make_api(server.url, clock=clock, retries=policy, deadline=30)
        with pytest.raises(ServiceException) as caught:
            api.get_byok_v1_key("x")
    assert len(server.requests) == len(caught.value.attempts) > 5
    assert clock.slept < 30


def test_a_wait_beyond_the_deadline_is_not_begun(make_api: MakeApi) -> None:
    """A job would sleep through the time it has, only to fail at the end of it."""
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
    """Two servers that send callers to each other would keep one for ever."""
    with FaultServer([redirect_to_itself(code)]) as server:
        api = make_api(server.url)
        arguments: list[Any] = ["cck-1", {"display_name": "n"}]
        operation = getattr(api, f"{method}_byok_v1_key")
        with pytest.raises(ApiException) as caught:
            operation(*arguments[: 2 if method == "update" else 1])
    assert (caught.value.status, len(server.requests)) == (code, 6)


def test_the_time_for_the_steps_is_shared_by_redirects(make_api: MakeApi) -> None:
    """Each redirect would begin the deadline anew."""
    with FaultServer([Late(redirect_to_itself(307), 0.05)], then=Silence()) as server:
        api = make_api(server.url, clock=SystemClock(), retries=0)
        with pytest.raises(ApiTimeoutException), _in_time():
            api.get_byok_v1_key("x", _request_timeout=_DEADLINE)
    assert len(server.requests) == 2


def test_the_connection_of_a_call_that_ran_out_of_time_is_closed(make_api: MakeApi) -> None:
    """The next call would read the rest of an answer that is not its own."""
    with FaultServer([drip_body(GOOD)], then=GOOD) as server:
        api = make_api(server.url, clock=SystemClock(), retries=0)
        with pytest.raises(ApiTimeoutException):
            api.get_byok_v1_key("x", _request_timeout=_DEADLINE)
        assert api.get_byok_v1_key("x").id == "cck-1"
    assert [request.connection for request in server.requests] == [1, 2]
