"""Waiting for a key: which answers end the wait, which do not, and how long it takes."""

import ssl
from enum import Enum
from itertools import pairwise
from typing import Any
from unittest.mock import Mock

import pytest
import trustme

from openapi_client import (
    ApiConnectionException,
    ApiException,
    ApiTypeError,
    ApiValueError,
    ConflictException,
    ForbiddenException,
    GetByokV1Key200Response,
    KeysByokV1Api,
    NotFoundException,
    ServiceException,
    TooManyRequestsException,
    UnauthorizedException,
    WaitFailedException,
    WaitTimeoutException,
)
from openapi_client.testing import ByokEmulator, ValidationStep
from support.clock import FakeClock
from support.fault_server import FaultServer
from support.faults import Drop
from support.recorder import RecordingServer
from support.replies import Reply, Step, html_reply, json_reply
from support.wire import Request

from .conftest import Connect

_DAY = 86_400.0
# The pipeline is about to refuse JSON that is no object; then this passes, and the mark goes.


def _key(phase: str | None = "INITIALIZING", **fields: Any) -> Reply:
    validation = {} if phase is None else {"validation": {"phase": phase, "since": "2026-01-01"}}
    return json_reply(200, {"id": "cck-1", "state": "AVAILABLE", **validation, **fields})


def test_key_that_is_valid_is_returned_at_once(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A job that runs every hour does not wait for what has happened long ago."""
    (id,) = emulator.seed([{"validation": {"phase": "VALID"}}])
    assert api.wait_for_byok_v1_key(id).validation.phase == "VALID"
    assert clock.sleeps == []


def test_key_is_read_until_it_is_valid(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A wait ends when the key is validated, and tells of each look."""
    (id,) = emulator.seed()
    emulator.script_validation(id, ValidationStep("VALID", reads=3))
    seen: list[str] = []

    def note(key: GetByokV1Key200Response) -> None:
        seen.append(key.validation.phase)

    key = api.wait_for_byok_v1_key(id, on_progress=note)
    assert (key.id, key.validation.phase, key.validation.region) == (id, "VALID", "us-west-2")
    assert seen == ["INITIALIZING"] * 3 + ["VALID"]


def test_key_that_stays_invalid_ends_the_wait(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A key that the service cannot use is given up after ten minutes, with the reason."""
    (id,) = emulator.seed()
    emulator.script_validation(id, ValidationStep("INVALID", "key access denied", reads=1))
    with pytest.raises(WaitFailedException, match=f"key {id} is INVALID: key access denied") as e:
        api.wait_for_byok_v1_key(id)
    assert e.value.key.validation.message == "key access denied"
    _, *rest = clock.sleeps
    assert sum(rest) == pytest.approx(600, rel=1e-3), "counted from the first time it was seen"


def test_invalid_may_be_yesterdays_news(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A job that runs again after the policy was mended sees the key become valid."""
    (id,) = emulator.seed([{"validation": {"phase": "INVALID"}}])
    emulator.script_validation(id, ValidationStep("VALID", reads=3))
    assert api.wait_for_byok_v1_key(id).validation.phase == "VALID"


def test_grace_begins_anew_with_each_interruption(connect: Connect, clock: FakeClock) -> None:
    """A key that is not INVALID all the time is waited for until the timeout."""
    phases = iter(range(100_000))

    def choose(request: Request) -> Step:
        return _key("INITIALIZING" if next(phases) % 10 == 9 else "INVALID")

    with RecordingServer(choose) as server:
        api = connect(server.url)
        with pytest.raises(WaitTimeoutException):
            api.wait_for_byok_v1_key("cck-1", timeout=3_000)


def test_failure_to_read_the_key_is_no_interruption(connect: Connect, clock: FakeClock) -> None:
    """Calls that fail meanwhile do not keep a hopeless wait alive."""
    answers = iter(range(100_000))

    def choose(request: Request) -> Step:
        return json_reply(503, {}) if next(answers) % 2 else _key("INVALID")

    with RecordingServer(choose) as server:
        api = connect(server.url, retries=False)
        with pytest.raises(WaitFailedException):
            api.wait_for_byok_v1_key("cck-1")
    assert clock.slept == pytest.approx(600, rel=0.06)


def test_grace_can_be_chosen(connect: Connect, clock: FakeClock) -> None:
    """Whoever has just mended nothing need not wait for ten minutes to hear so."""
    with RecordingServer(lambda request: _key("INVALID")) as server:
        api = connect(server.url)
        with pytest.raises(WaitFailedException):
            api.wait_for_byok_v1_key("cck-1", invalid_grace=0)
        assert clock.sleeps == []
        with pytest.raises(WaitFailedException):
            api.wait_for_byok_v1_key("cck-1", invalid_grace=20)
        assert clock.slept == pytest.approx(20, rel=1e-3)


def test_timeout_within_the_grace_tells_of_the_invalid_key(connect: Connect) -> None:
    """A wait that ends first says what the service said, and leaves room to try again."""
    with RecordingServer(lambda request: _key("INVALID")) as server:
        api = connect(server.url)
        with pytest.raises(WaitTimeoutException, match=r"INVALID \(no reason given\), AVAILABLE"):
            api.wait_for_byok_v1_key("cck-1", timeout=30)


def test_invalid_key_without_a_reason(connect: Connect) -> None:
    """The failure of a key of which nothing is said can be told."""
    with RecordingServer(lambda request: _key("INVALID")) as server:
        api = connect(server.url)
        with pytest.raises(WaitFailedException, match="no reason given"):
            api.wait_for_byok_v1_key("cck-1")


class _Phase(str, Enum):
    VALID = "valid"


@pytest.mark.parametrize("until", ["valid", "Valid", _Phase.VALID, "available", "Available"])
def test_goal_may_be_in_any_case(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock, until: str
) -> None:
    """A goal in lower case is reached as any other."""
    (id,) = emulator.seed([{"validation": {"phase": "VALID"}}])
    assert api.wait_for_byok_v1_key(id, until=until).id == id
    assert clock.sleeps == []


def test_phase_of_the_service_may_be_in_any_case(connect: Connect) -> None:
    """A service that spells a phase in another way is understood."""
    with FaultServer([_key("valid")]) as server:
        assert connect(server.url).wait_for_byok_v1_key("cck-1").id == "cck-1"


@pytest.mark.parametrize("answer", [{"id": "cck-1"}, None, Mock(), [], "cck-1"])
def test_mocked_read_that_gives_no_key_ends_the_wait(
    api: KeysByokV1Api, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    """A wrong mock fails at once, and not after a quarter of an hour."""
    monkeypatch.setattr(api, "get_byok_v1_key", lambda *_, **__: answer)
    with pytest.raises(TypeError, match="get_byok_v1_key gave no GetByokV1Key200Response"):
        api.wait_for_byok_v1_key("cck-1")
    assert clock.sleeps == []


def test_invalid_can_be_waited_for(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """The effect of a withdrawal of access can be waited for."""
    (id,) = emulator.seed([{"validation": {"phase": "VALID"}}])
    emulator.script_validation(id, ValidationStep("INVALID", reads=2))
    assert api.wait_for_byok_v1_key(id, until="INVALID").validation.phase == "INVALID"


def test_condition_decides_alone(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A condition is not overruled by the phase of validation."""
    (id,) = emulator.seed([{"validation": {"phase": "INVALID"}, "display_name": "old"}])

    def rename(key: GetByokV1Key200Response) -> None:
        api.update_byok_v1_key(id, {"display_name": "new"})

    key = api.wait_for_byok_v1_key(id, lambda key: key.display_name == "new", on_progress=rename)
    assert key.display_name == "new"


def test_principals_can_be_waited_for(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A group that the service names late can be waited for."""
    emulator.settings.principals_delay = 60.0
    request: dict[str, Any] = {"key": {"kind": "GcpKey", "key_id": "projects/p"}}
    id = api.create_byok_v1_key(request).id
    api.api_client.clock = FakeClock(on_sleep=emulator.advance)

    def named(key: GetByokV1Key200Response) -> bool:
        return "security_group" in key.key.to_dict()

    key = api.wait_for_byok_v1_key(id, until=named)
    assert key.key.to_dict()["security_group"] == f"{id}@confluent.io"


def test_key_in_use_is_deleted_once_it_is_released(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A key can be waited for until its cluster is gone, and then be deleted."""
    (id,) = emulator.seed([{"validation": {"phase": "INVALID"}}])
    emulator.mark_in_use(id)
    with pytest.raises(ConflictException):
        api.delete_byok_v1_key(id)

    def pass_the_time(seconds: float) -> None:
        if clock.slept > 5 * _DAY:
            emulator.release(id)

    clock = api.api_client.clock = FakeClock(on_sleep=pass_the_time)
    key = api.wait_for_byok_v1_key(id, until="AVAILABLE", timeout=6 * _DAY)
    assert key.state == "AVAILABLE", "though it became invalid when the cluster went"
    assert 5 * _DAY < clock.slept < 5 * _DAY + 900
    assert len(emulator.requests) < 1_000
    api.delete_byok_v1_key(id)
    assert emulator.keys == []


def test_key_that_is_never_as_wanted(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A wait ends in time, and says what it has last seen."""
    (id,) = emulator.seed()
    with pytest.raises(WaitTimeoutException) as caught:
        api.wait_for_byok_v1_key(id, timeout=600)
    assert str(caught.value) == f"after 600 s key {id} is not VALID: INITIALIZING, AVAILABLE"
    assert caught.value.key.id == id
    assert 590 < clock.slept <= 600, "it has not given up early either"
    with pytest.raises(WaitTimeoutException, match="is not as wanted"):
        api.wait_for_byok_v1_key(id, lambda key: False, timeout=2)


def test_pauses_grow_and_vary(emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock) -> None:
    """A fleet of waiting jobs does not call at the same moments."""
    (id,) = emulator.seed()
    with pytest.raises(WaitTimeoutException):
        api.wait_for_byok_v1_key(id, timeout=1_000)
    assert len(emulator.requests) == len(clock.sleeps) + 1
    *sleeps, _ = clock.sleeps
    assert all(0.5 <= sleep <= 30 for sleep in sleeps)
    assert all(after < 3 * before for before, after in pairwise(sleeps))
    assert sleeps[0] <= 1
    assert max(sleeps) > 15
    late = sleeps[-10:]
    assert all(sleep >= 15 for sleep in late)
    assert len(set(late)) == len(late)


def test_wait_of_days_looks_each_quarter_of_an_hour(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a wait is, a change is seen within 900 seconds, and no sooner than need be."""
    monkeypatch.setattr("random.uniform", lambda _, most: most)
    (id,) = emulator.seed()
    with pytest.raises(WaitTimeoutException):
        api.wait_for_byok_v1_key(id, "IN_USE", timeout=5 * _DAY)
    assert max(clock.sleeps) == 900


def test_short_wait_reads_the_key_at_least_once(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """Whoever asks for no more than a look gets one."""
    (id,) = emulator.seed([{"validation": {"phase": "VALID"}}])
    assert api.wait_for_byok_v1_key(id, timeout=3.0).id == id
    assert clock.slept == 0
    with pytest.raises(WaitTimeoutException) as caught:
        api.wait_for_byok_v1_key(id, until="IN_USE", timeout=3.0)
    assert caught.value.key.id == id
    assert clock.slept <= 3.0


def test_sleep_that_takes_too_long(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """After a laptop was closed meanwhile, the key is looked at once more."""
    (id,) = emulator.seed()
    clock = api.api_client.clock = FakeClock(on_sleep=lambda _: clock.advance(3_600))
    with pytest.raises(WaitTimeoutException):
        api.wait_for_byok_v1_key(id, timeout=60)
    emulator.script_validation(id, ValidationStep("VALID", reads=1))
    assert api.wait_for_byok_v1_key(id, timeout=60).validation.phase == "VALID", "one more look"


@pytest.mark.parametrize(
    "trouble",
    [
        Drop.after_reading(reset=True),
        json_reply(408, {}),
        json_reply(429, {}),
        json_reply(500, {}),
        json_reply(503, {}),
        json_reply(522, {}),
        html_reply(200),
        json_reply(200, []),
        Reply(200),
        Reply(200, (("Content-Length", "100"),), b"{}"),
    ],
    ids=["drop", "408", "429", "500", "503", "522", "page", "array", "nothing", "cut"],
)
def test_trouble_that_passes_is_waited_out(connect: Connect, trouble: Step) -> None:
    """A failing call among hundreds does not end a wait of hours."""
    script = [_key(), trouble, trouble, _key(), _key("VALID")]
    with FaultServer(script) as server:
        api = connect(server.url, retries=False)
        seen: list[str | None] = []
        key = api.wait_for_byok_v1_key("cck-1", on_progress=lambda key: seen.append(key.id))
        assert key.validation.phase == "VALID"
        assert seen == ["cck-1"] * 3


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, ApiException),
        (401, UnauthorizedException),
        (403, ForbiddenException),
        (404, NotFoundException),
        (407, ApiException),
        (501, ServiceException),
        (505, ServiceException),
    ],
)
def test_trouble_that_stays_ends_the_wait(
    connect: Connect, clock: FakeClock, status: int, kind: type[ApiException]
) -> None:
    """A wrong password or a key that is gone is told at once."""
    with FaultServer([_key(), json_reply(status, {})]) as server:
        api = connect(server.url)
        with pytest.raises(kind):
            api.wait_for_byok_v1_key("cck-1")
        assert len(clock.sleeps) == 1


def test_password_that_a_proxy_refuses_is_not_tried_again(
    connect: Connect, clock: FakeClock
) -> None:
    """No account is locked because a job sends the same wrong password for a quarter of an hour."""
    with FaultServer([html_reply(407)]) as proxy:
        api = connect("https://api.example", proxy=f"http://user:wrong@{proxy.host}:{proxy.port}")
        with pytest.raises(ApiConnectionException, match="407"):
            api.wait_for_byok_v1_key("cck-1")
        with pytest.raises(ApiConnectionException, match="407"):
            api.ensure_byok_v1_key({"key": {"kind": "GcpKey", "key_id": "projects/p"}})
        assert clock.sleeps == []


def test_untrusted_certificate_ends_the_wait(connect: Connect, clock: FakeClock) -> None:
    """A missing certificate authority is told at once."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with RecordingServer(lambda request: _key(), tls=context, host="localhost") as server:
        with pytest.raises(ApiConnectionException, match="certificate"):
            connect(server.url).wait_for_byok_v1_key("cck-1")
        assert clock.sleeps == []


def test_service_that_stays_away(connect: Connect, clock: FakeClock) -> None:
    """The end of a wait tells what was last known of the key, and why no more is."""
    with FaultServer([_key(), json_reply(500, {}, ("X-Request-Id", "r7"))]) as server:
        api = connect(server.url, retries=False)
        with pytest.raises(WaitTimeoutException, match=r"cck-1 is not VALID.*500 .*r7") as caught:
            api.wait_for_byok_v1_key("cck-1", timeout=60)
    assert caught.value.key.validation.phase == "INITIALIZING"
    assert isinstance(caught.value.__cause__, ServiceException)


def test_service_that_was_never_there(connect: Connect) -> None:
    """The end of a wait tells that the key could not be read once."""
    with FaultServer([json_reply(500, {})]) as server:
        api = connect(server.url, retries=False)
        with pytest.raises(WaitTimeoutException, match="could not be read once.*500") as caught:
            api.wait_for_byok_v1_key("cck-1", timeout=60)
    assert caught.value.key is None


def test_service_is_not_asked_sooner_than_it_said(connect: Connect, clock: FakeClock) -> None:
    """A wait heeds the limits of the service."""
    told = json_reply(429, {}, ("Retry-After", "45"))
    with FaultServer([told, _key("VALID")]) as server:
        connect(server.url, retries=False).wait_for_byok_v1_key("cck-1")
    [slept] = clock.sleeps
    assert 45 <= slept <= 45 * 1.25, "and a fleet does not come back as one"


def test_fleet_that_was_told_to_wait_does_not_come_back_as_one(
    connect: Connect, clock: FakeClock
) -> None:
    """Jobs that were told the same time to wait spread over some more of it."""
    told = json_reply(429, {}, ("Retry-After", "40"))
    with RecordingServer(lambda request: told) as server:
        api = connect(server.url, retries=False)
        with pytest.raises(WaitTimeoutException):
            api.wait_for_byok_v1_key("cck-1", timeout=1_000)
    *sleeps, _ = clock.sleeps
    assert all(40 <= sleep <= 50 for sleep in sleeps)
    assert len(set(sleeps)) == len(sleeps)


def test_end_of_the_grace_makes_for_no_earlier_look_than_allowed(
    connect: Connect, clock: FakeClock
) -> None:
    """A key that is about to fail is not asked for sooner than the service said."""
    told = json_reply(429, {}, ("Retry-After", "40"))
    with FaultServer([_key("INVALID"), told, _key("INVALID")]) as server:
        api = connect(server.url, retries=False)
        with pytest.raises(WaitFailedException):
            api.wait_for_byok_v1_key("cck-1", invalid_grace=10)
    assert len(clock.sleeps) == 2
    assert 40 <= clock.sleeps[1] <= 50


def test_wait_that_would_pass_the_end_is_not_begun(connect: Connect, clock: FakeClock) -> None:
    """A job does not wait where it is known that there will be no answer in time."""
    with FaultServer([json_reply(429, {}, ("Retry-After", "3600"))]) as server:
        api = connect(server.url)
        with pytest.raises(WaitTimeoutException) as caught:
            api.wait_for_byok_v1_key("cck-1", timeout=60)
    assert isinstance(caught.value.__cause__, TooManyRequestsException)
    assert clock.sleeps == []


@pytest.mark.parametrize(
    "silent",
    [_key(None), _key(None, validation=None), _key(None, validation="soon"), _key("NEW_PHASE")],
    ids=["absent", "null", "text", "unknown"],
)
def test_service_that_says_nothing_of_validation(connect: Connect, silent: Reply) -> None:
    """With an older service the wait goes on until its end."""
    with FaultServer([silent, _key("VALID")]) as server:
        assert connect(server.url).wait_for_byok_v1_key("cck-1").validation.phase == "VALID"
    with FaultServer([silent]) as server, pytest.raises(WaitTimeoutException, match="AVAILABLE"):
        connect(server.url).wait_for_byok_v1_key("cck-1", timeout=5)


def test_single_call_takes_no_more_than_its_share(connect: Connect) -> None:
    """A call of the last second takes no longer than there is time."""
    budgets: list[float] = []

    with FaultServer([_key()]) as server:
        api = connect(server.url)
        client = api.api_client
        call_api: Any = client.call_api

        def spy(*request: Any, _request_timeout: Any) -> Any:
            budgets.append(round(_request_timeout.left(), 6))
            return call_api(*request, _request_timeout=_request_timeout)

        client.call_api = spy  # type: ignore[method-assign, assignment]  # as a subclass does
        with pytest.raises(WaitTimeoutException):
            api.wait_for_byok_v1_key("cck-1", timeout=200)
        assert budgets[0] == 120.0, "the deadline of a call, as configured"
        assert budgets[-1] == 1.0
        assert sorted(budgets, reverse=True) == budgets
        budgets.clear()
        with pytest.raises(WaitTimeoutException):
            api.wait_for_byok_v1_key("cck-1", timeout=5, _request_timeout=3)
        assert set(budgets) == {3.0}, "or as the caller says"


def test_failure_in_the_progress_callback_is_the_callers(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A slip in a callback is raised as it is."""
    (id,) = emulator.seed()
    with pytest.raises(ZeroDivisionError):
        api.wait_for_byok_v1_key(id, on_progress=lambda key: 1 / 0)


@pytest.mark.parametrize(
    ("arguments", "kind", "name"),
    [
        ({"until": ""}, ApiValueError, "until"),
        ({"until": "VALD"}, ApiValueError, "no phase of validation and no state.*IN_USE"),
        ({"invalid_grace": -1}, ApiValueError, "invalid_grace has to be 0 seconds or more"),
        ({"invalid_grace": False}, ApiTypeError, "invalid_grace"),
        ({"invalid_grace": "1 min"}, ApiTypeError, "invalid_grace"),
        ({"until": None}, ApiTypeError, "until"),
        ({"timeout": 0}, ApiValueError, "timeout"),
        ({"timeout": "1 min"}, ApiTypeError, "timeout"),
    ],
)
def test_wrong_arguments_are_refused(
    emulator: ByokEmulator,
    api: KeysByokV1Api,
    arguments: dict[str, Any],
    kind: type[ApiValueError],
    name: str,
) -> None:
    """A slip is named before anything is sent."""
    with pytest.raises(kind, match=name):
        api.wait_for_byok_v1_key("cck-1", **arguments)
    assert emulator.requests == []


class _WrapperError(Exception):
    """What an SDK that wraps this one raises."""


def test_wrappers_exceptions_are_waited_out(
    emulator: ByokEmulator, api: KeysByokV1Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrapper that translates exceptions keeps what the wait takes for transient."""
    (id,) = emulator.seed()
    emulator.script_validation(id, ValidationStep("VALID", reads=1))
    get = api.get_byok_v1_key

    def translated(id: str, **options: Any) -> GetByokV1Key200Response:
        try:
            return get(id, **options)
        except ApiException as error:
            raise _WrapperError("of the wrapper") from error

    monkeypatch.setattr(api, "get_byok_v1_key", translated)
    emulator.fail_next(503)
    assert api.wait_for_byok_v1_key(id).validation.phase == "VALID"
    emulator.fail_next(404)
    with pytest.raises(_WrapperError):
        api.wait_for_byok_v1_key(id)
    emulator.fail_next(503, times=None)
    with pytest.raises(WaitTimeoutException, match="failed: of the wrapper") as caught:
        api.wait_for_byok_v1_key(id, timeout=5)
    assert isinstance(caught.value.__cause__, _WrapperError)


def test_key_is_deleted_as_soon_as_no_cluster_uses_it(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A key is cleaned up days after its cluster, and is not asked about too often."""
    (id,) = emulator.seed([{"validation": {"phase": "INVALID"}}])
    emulator.mark_in_use(id)

    def pass_the_time(seconds: float) -> None:
        if clock.slept > 5 * _DAY:
            emulator.release(id)

    clock = api.api_client.clock = FakeClock(on_sleep=pass_the_time)
    states: list[str] = []
    api.delete_byok_v1_key_when_available(
        id, timeout=6 * _DAY, on_progress=lambda key: states.append(key.state)
    )
    assert emulator.keys == []
    assert {*states[:-1]} == {"IN_USE"}
    assert states[-1] == "AVAILABLE"
    assert len(emulator.requests) < 1_000
    assert sum(request.method == "DELETE" for request in emulator.requests) == 1


def test_key_in_use_is_not_deleted_in_time(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A key that a cluster still uses stays, and the job says so."""
    (id,) = emulator.seed()
    emulator.mark_in_use(id)
    with pytest.raises(WaitTimeoutException, match="is not AVAILABLE: .*IN_USE") as caught:
        api.delete_byok_v1_key_when_available(id, timeout=600)
    assert caught.value.key.id == id
    assert 590 < clock.slept <= 600
    assert {request.method for request in emulator.requests} == {"GET"}


@pytest.mark.parametrize("job", ["wait_for_byok_v1_key", "delete_byok_v1_key_when_available"])
def test_jobs_wait_a_quarter_of_an_hour(
    job: str, emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A job that is told no timeout gives up after 900 seconds."""
    (id,) = emulator.seed()
    emulator.mark_in_use(id)
    emulator.validate(id, "INITIALIZING")
    with pytest.raises(WaitTimeoutException, match="after 900 s "):
        getattr(api, job)(id)
    assert 890 < clock.slept <= 900


def test_deletion_that_is_refused_is_tried_again(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A key whose state lags behind is deleted once the service allows it."""
    (id,) = emulator.seed()
    emulator.fail_next(409, method="DELETE", times=3)
    api.delete_byok_v1_key_when_available(id)
    assert emulator.keys == []
    assert len(clock.sleeps) == 3
    (id,) = emulator.seed()
    emulator.fail_next(409, method="DELETE", times=None)
    with pytest.raises(WaitTimeoutException, match="could not be deleted: 409") as caught:
        api.delete_byok_v1_key_when_available(id, timeout=60)
    assert isinstance(caught.value.__cause__, ConflictException)
    assert caught.value.key.id == id
    assert len(emulator.keys) == 1


def test_time_of_a_deletion_is_told_whole(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A job that gives up tells how long it has tried, also where it was refused in between."""
    (id,) = emulator.seed()
    emulator.fail_next(409, method="DELETE", times=2)

    def use_again(key: GetByokV1Key200Response) -> None:
        if sum(request.method == "DELETE" for request in emulator.requests) == 2:
            emulator.mark_in_use(id)

    with pytest.raises(WaitTimeoutException, match="after 600 s .* is not AVAILABLE"):
        api.delete_byok_v1_key_when_available(id, timeout=600, on_progress=use_again)


@pytest.mark.parametrize("when", ["before", "after"])
def test_deletion_whose_answer_is_lost_is_settled(
    emulator: ByokEmulator, api: KeysByokV1Api, when: Any
) -> None:
    """A deletion that went through is not reported as a key that is not there."""
    (id,) = emulator.seed()
    emulator.drop_next(when, method="DELETE")
    api.delete_byok_v1_key_when_available(id)
    assert emulator.keys == []


def test_key_that_is_not_there_is_not_reported_as_deleted(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """A slip in an id does not pass for success."""
    with pytest.raises(NotFoundException):
        api.delete_byok_v1_key_when_available("cck-none")
    (id,) = emulator.seed()
    emulator.fail_next(401, method="DELETE")
    with pytest.raises(UnauthorizedException):
        api.delete_byok_v1_key_when_available(id)
    with pytest.raises(ApiValueError, match="timeout"):
        api.delete_byok_v1_key_when_available(id, timeout=0)
    assert clock.sleeps == []
