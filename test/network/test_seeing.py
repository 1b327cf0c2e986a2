"""What can be seen of a call while it is made: the log, and `on_attempt`."""

import logging
import re

import pytest

from openapi_client import ApiException, Attempt
from support.clock import FakeClock
from support.fault_server import FaultServer
from support.faults import Drop
from support.replies import Reply, html_reply

from .conftest import MakeApi
from .service import GOOD, REQUEST

_FACTS = (
    ("X-Request-Id", "r-1"),
    ("X-RateLimit-Limit", "60"),
    ("X-RateLimit-Remaining", "0"),
    ("X-RateLimit-Reset", "7"),
    ("Retry-After", "3"),
    ("Set-Cookie", "sid=hush"),
    ("X-Internal", "hush"),
    ("WWW-Authenticate", "Bearer hush"),
)


def _lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = (record for record in caplog.records if record.name == "openapi_client")
    return [record.getMessage() for record in ours if record.levelno <= logging.INFO]


def test_a_line_for_each_attempt(make_api: MakeApi, caplog: pytest.LogCaptureFixture) -> None:
    """Each attempt is one line of the log: what was asked, how it ended, and what comes next."""
    with (
        FaultServer([Drop.after_reading(), Reply(429, _FACTS), GOOD]) as server,
        caplog.at_level(logging.DEBUG, "openapi_client"),
    ):
        make_api(server.url).list_byok_v1_keys(page_token="opaque")
    first, second, third = _lines(caplog)
    start = r"GET /byok/v1/keys, attempt "
    times = r"in 0\.\d{3} s, request id "
    reset = rf"{start}1: no complete answer from 127\.0\.0\.1:\d+: .+ {times}None, next in .*, {{}}"
    assert re.fullmatch(reset, first)
    assert re.match(rf"{start}2: 429 {times}r-1, next in 3\.\d+ s, {{.*'Retry-After': '3'", second)
    assert re.match(rf"{start}3: 200 {times}None, no retry, {{'Content-Type':", third)
    for name in ("Limit", "Remaining", "Reset"):
        assert f"X-RateLimit-{name}" in second
    assert "opaque" not in caplog.text
    assert "hush" not in caplog.text


def test_silence_by_default(make_api: MakeApi, caplog: pytest.LogCaptureFixture) -> None:
    """A program that has not asked for it finds nothing of the library's in its log."""
    with FaultServer([Reply(503), GOOD]) as server:
        make_api(server.url).get_byok_v1_key("cck-1")
    assert caplog.records == []


def test_debug_touches_nothing_of_others(make_api: MakeApi) -> None:
    """No level and no handler of the program changes, and no header is printed by http.client."""
    import http.client

    def state() -> list[tuple[str, int, list[logging.Handler]]]:
        named = [logging.getLogger(name) for name in ("openapi_client", "urllib3", "http.client")]
        return [(each.name, each.level, each.handlers.copy()) for each in [logging.root, *named]]

    before = state()
    with FaultServer([GOOD]) as server:
        api = make_api(server.url, debug=True)
        api.get_byok_v1_key("cck-1")
        assert state() == before
        assert http.client.HTTPConnection.debuglevel == 0
        api.api_client.configuration.debug = False
    assert state() == before
    handlers = logging.getLogger("openapi_client").handlers
    assert [type(handler) for handler in handlers] == [logging.NullHandler]


def test_debug_shows_the_attempts_of_one_configuration(
    make_api: MakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    """The calls of a configuration with ``debug`` are seen on stderr; those of others are not."""
    with FaultServer([Reply(503), GOOD]) as server:
        api = make_api(server.url, debug=True)
        make_api(server.url, retries=1).get_byok_v1_key("hush")
        api.get_byok_v1_key("cck-1")
        api.api_client.configuration.debug = False
        api.get_byok_v1_key("hush")
    (line,) = capsys.readouterr().err.splitlines()
    assert " DEBUG GET /byok/v1/keys/cck-1, attempt 1: 200 in " in line


def test_the_facts_of_each_attempt(make_api: MakeApi) -> None:
    """``on_attempt`` is told the facts of each attempt, which the result has too."""
    told: list[Attempt] = []
    clock = FakeClock()
    with FaultServer([Drop.after_reading(), Reply(429, _FACTS), GOOD]) as server:
        api = make_api(server.url, clock=clock, on_attempt=told.append)
        response = api.get_byok_v1_key_with_http_info("cck/1")
    assert list(response.attempts) == told
    assert [attempt.number for attempt in told] == [1, 2, 3]
    assert {(attempt.method, attempt.path) for attempt in told} == {
        ("GET", "/byok/v1/keys/cck%2F1")
    }
    assert [attempt.status for attempt in told] == [None, 429, 200]
    assert [attempt.request_id for attempt in told] == [None, "r-1", None]
    assert [attempt.wait for attempt in told] == [*clock.sleeps, None]
    assert told[0].error is not None
    assert told[0].error.startswith("no complete answer from")
    assert told[1].error is None


def test_it_is_told_before_the_wait(make_api: MakeApi) -> None:
    """``on_attempt`` is told of an attempt before the wait for the next."""
    told: list[Attempt] = []
    seen: list[int] = []
    clock = FakeClock(on_sleep=lambda _: seen.append(len(told)))
    with FaultServer([Reply(503), Reply(503), GOOD]) as server:
        make_api(server.url, clock=clock, on_attempt=told.append).get_byok_v1_key("x")
    assert seen == [1, 2]


@pytest.mark.parametrize("step", [GOOD, html_reply(500)], ids=["success", "failure"])
def test_an_observer_that_fails(
    step: Reply, make_api: MakeApi, caplog: pytest.LogCaptureFixture
) -> None:
    """An observer that fails is logged, and the answer still reaches the caller."""

    def fail(attempt: Attempt) -> None:
        raise ZeroDivisionError(f"attempt {attempt.number}")

    with FaultServer([step]) as server:
        api = make_api(server.url, on_attempt=fail)
        if step is GOOD:
            assert api.create_byok_v1_key(REQUEST).id == "cck-1"
        else:
            with pytest.raises(ApiException, match="500"):
                api.create_byok_v1_key(REQUEST)
        assert len(server.requests) == 1
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("openapi_client", "ERROR")
    assert "ZeroDivisionError: attempt 1" in caplog.text


def test_an_observer_that_stops_the_program(make_api: MakeApi) -> None:
    """Ctrl-C in an observer stops the program."""

    def stop(attempt: Attempt) -> None:
        raise KeyboardInterrupt

    with FaultServer([Reply(503)]) as server, pytest.raises(KeyboardInterrupt):
        make_api(server.url, on_attempt=stop).get_byok_v1_key("x")
    assert len(server.requests) == 1


def test_ctrl_c_during_a_wait(make_api: MakeApi) -> None:
    """Ctrl-C stops a wait."""

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    with FaultServer([Reply(503)]) as server, pytest.raises(KeyboardInterrupt):
        make_api(server.url, clock=FakeClock(on_sleep=interrupt)).get_byok_v1_key("x")
    assert len(server.requests) == 1
