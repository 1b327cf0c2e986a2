"""The rows of the retry table that show on the wire; the rest is in the matrix of faults."""

import logging

import pytest

from openapi_client import (
    ApiConnectionException,
    ApiException,
    ApiTimeoutException,
    Configuration,
    ForbiddenException,
    ServiceException,
    TooManyRequestsException,
)
from openapi_client._core.attempts import Delivery
from support.clock import FakeClock
from support.documents import KEY
from support.fault_server import FaultServer, refusing_port
from support.faults import Drop, Silence
from support.recorder import RecordingServer
from support.replies import Reply, json_reply, redirect, redirect_to_itself

from .service import Connect, Operation, answer

_TOLD = (("Retry-After", "7"), ("X-Request-Id", "r1"))


@pytest.mark.parametrize(
    "reply", [Reply(429, _TOLD), Reply(503, _TOLD), Reply(429, (("X-RateLimit-Reset", "7"),))]
)
def test_waits_as_told(
    connect: Connect, operation: Operation, variant: str, clock: FakeClock, reply: Reply
) -> None:
    """A throttled call waits as long as it is told, and is sent again the same."""
    replies = iter([reply, reply])
    with RecordingServer(lambda request: next(replies, None) or answer(request)) as server:
        operation.call(connect(server), variant)
        sent = {(request.target, request.body, request.headers) for request in server.requests}
    assert all(7 <= wait < 7 * 1.25 for wait in clock.sleeps)
    assert len(server.requests) == 3
    assert len(sent) == 1


def test_gives_up_in_time(connect: Connect, operation: Operation, clock: FakeClock) -> None:
    """A call that is told to wait beyond its deadline fails at once."""
    with FaultServer([Reply(429, (("Retry-After", "3600"),))]) as server:
        with pytest.raises(TooManyRequestsException) as caught:
            operation.call(connect(server))
        assert len(server.requests) == 1
    assert caught.value.retry_after == 3600
    assert caught.value.outcome_unknown is False
    assert clock.sleeps == []


def test_gives_up_after_all_attempts(
    connect: Connect, operation: Operation, clock: FakeClock
) -> None:
    """Exhausted retries keep the status and the errors of the last answer."""
    failure = {"errors": [{"detail": "too many"}]}
    with FaultServer([json_reply(503, failure, *_TOLD)]) as server:
        with pytest.raises(ServiceException) as caught:
            operation.call(connect(server))
        assert len(server.requests) == 5
    failed = caught.value
    assert (failed.status, failed.request_id) == (503, "r1")
    assert [error.detail for error in failed.errors] == ["too many"]
    assert [(a.number, a.wait) for a in failed.attempts] == [
        *enumerate(clock.sleeps, start=1),
        (5, None),
    ]
    path = operation.target.partition("?")[0]
    assert str(failed) == (
        f"503 Service Unavailable: too many. {operation.method} {path}. Request id r1. 5 attempts."
    )


def test_a_throttled_call_waits_until_its_deadline(
    connect: Connect, operation: Operation, clock: FakeClock
) -> None:
    """A job among many under one limit gets its turn, if its deadline leaves the time for it."""
    started = clock.monotonic()
    with FaultServer([Reply(429, _TOLD)]) as server:
        with pytest.raises(TooManyRequestsException) as caught:
            operation.call(connect(server))
        assert len(server.requests) == len(clock.sleeps) + 1 > 12
    assert 120 - 8.75 - 7 < clock.monotonic() - started < 120
    assert (caught.value.retry_after, caught.value.outcome_unknown) == (7, False)


def test_a_lost_answer(connect: Connect, operation: Operation, variant: str) -> None:
    """A call whose answer is lost is repeated; a registration is not, and is in doubt."""
    script = iter([Drop.after_reading()])
    with RecordingServer(lambda request: next(script, None) or answer(request)) as server:
        api = connect(server)
        if operation.method != "POST":
            operation.call(api, variant)
            assert len(server.requests) == 2
            return
        with pytest.raises(ApiConnectionException) as caught:
            operation.call(api, variant)
        assert len(server.requests) == 1
    assert caught.value.outcome_unknown is True
    assert caught.value.delivery is Delivery.UNANSWERED
    assert "outcome is unknown" in str(caught.value)


def test_a_lost_answer_to_a_deletion(connect: Connect) -> None:
    """A deletion that is repeated, and finds nothing any more, is a success."""
    missing = json_reply(404, {"errors": [{"title": "Not Found"}]})
    with FaultServer([Drop.after_reading(), missing]) as server:
        told = connect(server).delete_byok_v1_key_with_http_info("x")
    assert (told.status_code, told.data) == (404, None)
    assert [attempt.status for attempt in told.attempts] == [None, 404]
    with (
        FaultServer([Drop.after_reading(), Reply(403)]) as server,
        pytest.raises(ForbiddenException) as caught,
    ):
        connect(server).delete_byok_v1_key("x")
    assert caught.value.outcome_unknown is True


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 524, 527, 529, 599])
def test_a_failing_service(
    connect: Connect, operation: Operation, clock: FakeClock, status: int
) -> None:
    """A call that failed half-way is repeated; a registration is not, and is in doubt."""
    with FaultServer([Reply(status)]) as server:
        with pytest.raises(ApiException) as caught:
            operation.call(connect(server))
        assert len(server.requests) == (1 if operation.method == "POST" else 5)
    failed = caught.value
    assert failed.status == status
    assert isinstance(failed, ServiceException) == (status != 408)
    assert failed.outcome_unknown == (operation.method != "GET")
    assert all(0 <= wait <= 0.5 * 2**n for n, wait in enumerate(clock.sleeps))


def test_a_port_that_refuses(
    server: RecordingServer, connect: Connect, operation: Operation, clock: FakeClock
) -> None:
    """Every call to a port that refuses is repeated, for nothing was sent."""
    with refusing_port() as port, pytest.raises(ApiConnectionException) as caught:
        operation.call(connect(server, host=f"http://127.0.0.1:{port}"))
    assert len(caught.value.attempts) == 5
    assert len(clock.sleeps) == 4
    assert caught.value.outcome_unknown is False
    assert caught.value.delivery is Delivery.NOT_SENT
    assert caught.value.__cause__ is not None


def test_a_silent_service(connect: Connect, clock: FakeClock) -> None:
    """A call to a service that hangs ends by its timeout, and a write is in doubt."""
    with FaultServer([Silence()]) as server, pytest.raises(ApiTimeoutException) as caught:
        connect(server, retries=1).create_byok_v1_key(
            {"key": KEY["key"]}, _request_timeout=(1, 0.01)
        )
    assert caught.value.outcome_unknown is True
    assert clock.sleeps == []


def test_credentials_stay_at_home(server: RecordingServer, connect: Connect) -> None:
    """A redirect to another origin carries no credentials along."""
    with RecordingServer(lambda request: redirect(302, server.url + request.target)) as first:
        api = connect(first)
        api.api_client.cookie = "a=1"
        api.api_client.set_default_header("X-Secret", "s3cret")
        assert api.get_byok_v1_key("x").id == "cck-1"
    assert first.only.header("Authorization") is not None
    sent = {name for name, _ in server.only.headers}
    assert sent == {"Host", "Accept-Encoding", "Accept", "User-Agent"}


@pytest.mark.parametrize("status", [307, 308])
def test_writes_stay_at_home(
    server: RecordingServer, connect: Connect, operation: Operation, status: int
) -> None:
    """A write is not sent on to another origin."""
    elsewhere = redirect(status, f"{server.url}/x")
    with RecordingServer(lambda _: elsewhere) as first:
        if operation.method == "GET":
            operation.call(connect(first))
            return
        with pytest.raises(ApiException) as caught:
            operation.call(connect(first))
        assert len(first.requests) == 1
    assert caught.value.status == status
    assert server.requests == []


@pytest.mark.parametrize("status", [307, 308])
def test_redirects_within_the_origin(
    connect: Connect, operation: Operation, variant: str, status: int
) -> None:
    """A redirect within the origin is followed."""
    script = iter([redirect_to_itself(status)])
    with RecordingServer(lambda request: next(script, None) or answer(request)) as server:
        operation.call(connect(server), variant)
        first, second = server.requests
    assert second == first


def test_a_loop_of_redirects_ends(connect: Connect, operation: Operation) -> None:
    """A loop of redirects ends the call after five of them."""
    with FaultServer([redirect_to_itself(307)]) as server:
        with pytest.raises(ApiException) as caught:
            operation.call(connect(server))
        assert len(server.requests) == 6
    assert caught.value.status == 307


def test_log(
    connect: Connect, caplog: pytest.LogCaptureFixture, operation: Operation, clock: FakeClock
) -> None:
    """The log tells why a call took so long, and holds no credentials."""
    caplog.set_level(logging.DEBUG, "openapi_client")
    script = iter([Reply(429, (*_TOLD, ("Set-Cookie", "s3cret"), ("X-Other", "s3cret")))])
    with RecordingServer(lambda request: next(script, None) or answer(request)) as server:
        api = connect(server, access_token="s3cret")
        api.api_client.cookie = "a=s3cret"
        operation.call(api)
    lines = [record.getMessage() for record in caplog.records if record.name == "openapi_client"]
    path = operation.target.partition("?")[0]
    assert [line.startswith(f"{operation.method} {path}, attempt") for line in lines] == [True] * 2
    for part in ("429", "r1", f"next in {clock.sleeps[0]:.3f} s", "Retry-After"):
        assert part in lines[0]
    assert "s3cret" not in caplog.text


def test_no_log_unless_asked_for(
    server: RecordingServer, connect: Connect, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written to the console of a program that did not ask for it."""
    connect(server).list_byok_v1_keys()
    assert capfd.readouterr() == ("", "")
    assert Configuration().debug is False
