"""Tokens from the security token service: exchanged, kept, renewed, and never shown."""

import base64
import json
import logging
import os
import pickle
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import (
    ApiClient,
    ApiException,
    ApiResponseException,
    ApiValueError,
    Configuration,
    KeysByokV1Api,
    ServiceException,
    StsTokenProvider,
    UnauthorizedException,
)
from openapi_client._core.clock import SystemClock
from openapi_client.auth.environment import provider_from_environment
from openapi_client.auth.subject_tokens import expiry_of
from openapi_client.testing import ByokEmulator
from support.clock import FakeClock
from support.recorder import RecordingServer
from support.replies import json_reply

_PATH = "/sts/v1/oauth2/token"
_SUBJECT = "subject.jwt.s3cret"
Provide = Callable[..., StsTokenProvider]


def _jwt(**claims: object) -> str:
    """A token of an identity provider, as far as anybody reads it here."""
    header, payload = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none"}, claims)
    )
    return f"{header}.{payload}.signature-s3cret"


_EXPIRED = _jwt(exp=1_700_000_000)


@pytest.fixture
def provide(emulator: ByokEmulator, clock: FakeClock) -> Iterator[Provide]:
    """Makes a provider of the emulator's tokens, on a clock that moves only when it sleeps."""
    made: list[StsTokenProvider] = []

    def provider(url: str | None = None, *, retries: Any = False, **more: Any) -> StsTokenProvider:
        settings = Configuration(host=url or emulator.url, retries=retries)
        made.append(StsTokenProvider("pool-1", _SUBJECT, configuration=settings, **more))
        made[-1].api_client.clock = clock
        return made[-1]

    yield provider
    for each in made:
        each.api_client.close()


def _exchanges(emulator: ByokEmulator) -> int:
    return sum(request.path == _PATH for request in emulator.requests)


def test_exchange_sends_what_the_service_asks_for(emulator: ByokEmulator, provide: Provide) -> None:
    """The exchange has the form that the service documents."""
    assert provide(expires_in=600)()
    [request] = emulator.requests
    urn = "urn:ietf:params:oauth"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in request.headers
    assert parse_qs(request.body.decode()) == {
        "grant_type": [f"{urn}:grant-type:token-exchange"],
        "subject_token": [_SUBJECT],
        "subject_token_type": [f"{urn}:token-type:jwt"],
        "requested_token_type": [f"{urn}:token-type:access_token"],
        "identity_pool_id": ["pool-1"],
        "expires_in": ["600"],
    }


def test_token_is_kept_until_shortly_before_its_end(
    emulator: ByokEmulator, provide: Provide, clock: FakeClock
) -> None:
    """A token serves many calls, and none with little time left."""
    provider = provide()
    first = provider()
    clock.advance(839)
    assert provider() == first
    clock.advance(1)
    assert provider() != first
    assert _exchanges(emulator) == 2


def test_short_token_is_kept_for_half_its_life(
    emulator: ByokEmulator, provide: Provide, clock: FakeClock
) -> None:
    """A token of less than a minute serves several calls too."""
    provider = provide(expires_in=40)
    first = provider()
    clock.advance(19)
    assert provider() == first
    clock.advance(1)
    assert provider() != first


def test_failed_renewal_leaves_the_token_that_is_still_good(
    emulator: ByokEmulator, provide: Provide, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A hiccup of the token service does not stop a job whose token is still good."""
    provider = provide()
    first = provider()
    clock.advance(850)
    emulator.fail_next(500, path=_PATH)
    assert provider() == first
    assert "could not be renewed" in caplog.text
    clock.advance(49)
    assert provider() != first


@pytest.mark.parametrize("content", [None, "", _EXPIRED], ids=["missing", "empty", "expired"])
def test_subject_token_that_is_late_leaves_the_token_that_is_still_good(
    content: str | None, emulator: ByokEmulator, tmp_path: Path, clock: FakeClock
) -> None:
    """A token file that is not rotated yet does not stop a job whose token is still good."""
    file = tmp_path / "token"
    file.write_text(_SUBJECT, encoding="utf-8")
    provider = StsTokenProvider("pool-1", file, configuration=Configuration(emulator.url))
    provider.api_client.clock = clock
    first = provider()
    if content is None:
        file.unlink()
    else:
        file.write_text(content, encoding="utf-8")
    clock.advance(850)
    assert provider() == first
    clock.advance(50)
    with pytest.raises(ApiValueError, match="token"):
        provider()
    file.write_text(_SUBJECT, encoding="utf-8")
    assert provider() != first
    provider.api_client.close()


def test_token_may_be_refused_before_there_was_one(provide: Provide) -> None:
    """A provider that is told of a refused token before it gave any gives one."""
    provider = provide()
    provider.invalidate("an older one")
    assert provider()


def test_exchange_takes_no_other_credentials(emulator: ByokEmulator) -> None:
    """Of the settings that an exchange is given, the credentials are not sent."""
    settings = Configuration(emulator.url, username="key-id", password="s3cret")
    provider = StsTokenProvider("pool-1", _SUBJECT, configuration=settings)
    assert provider()
    assert "Authorization" not in emulator.requests[0].headers
    assert settings.username == "key-id"
    provider.api_client.close()


def test_failed_renewal_hides_nothing_that_came_before(
    emulator: ByokEmulator, provide: Provide, clock: FakeClock
) -> None:
    """A write whose outcome is unknown stays so where no new token can be had to repeat it."""
    told: list[tuple[int | None, float]] = []
    settings = emulator.configuration(
        access_token=provide(), on_attempt=lambda each: told.append((each.status, each.duration))
    )
    [id] = emulator.seed(1)
    with ApiClient(settings) as client:
        client.clock = clock
        api = KeysByokV1Api(client)
        api.list_byok_v1_keys()
        emulator.fail_next(500, method="DELETE", when="after")
        emulator.fail_next(401, method="DELETE")
        emulator.fail_next(400, path=_PATH, times=None)
        with pytest.raises(ApiException) as caught:
            api.delete_byok_v1_key(id)
    assert caught.value.outcome_unknown
    assert [attempt.status for attempt in caught.value.attempts] == [500, 401]
    assert [status for status, _ in told] == [200, 500, 401]


def test_renewal_is_no_part_of_the_attempt_that_was_refused(
    emulator: ByokEmulator, clock: FakeClock
) -> None:
    """The time that a new token takes is not told as that of the request before it."""
    told: list[float] = []

    class Slow:
        def __call__(self) -> str:
            clock.advance(20)
            return "token"

        def invalidate(self, _: str) -> None:
            pass

    settings = emulator.configuration(
        access_token=Slow(), on_attempt=lambda each: told.append(each.duration)
    )
    with ApiClient(settings) as client:
        client.clock = clock
        emulator.fail_next(401, times=2)
        with pytest.raises(UnauthorizedException):
            KeysByokV1Api(client).list_byok_v1_keys()
    assert told == [0, 0]


def test_failure_of_the_exchange_reaches_the_caller(
    emulator: ByokEmulator, provide: Provide
) -> None:
    """A failed exchange is raised, and the next call tries again."""
    provider = provide()
    emulator.fail_next(500, path=_PATH)
    with pytest.raises(ServiceException):
        provider()
    assert provider(), "and the next call tries again"


def test_failure_is_not_kept(emulator: ByokEmulator, provide: Provide) -> None:
    """The exception of a failed exchange, with the secrets in its frames, outlives no handler."""
    provider = provide()
    emulator.fail_next(500, path=_PATH)
    failures: list[weakref.ref[ServiceException]] = []
    try:
        provider()
    except ServiceException as error:
        failures.append(weakref.ref(error))
    assert [failure() for failure in failures] == [None]


def test_exchange_is_retried_as_a_read_is(emulator: ByokEmulator, provide: Provide) -> None:
    """An exchange whose answer is lost is tried again: it registers nothing."""
    emulator.drop_next("after", path=_PATH)
    assert provide(retries=2)()
    assert _exchanges(emulator) == 2


def test_threads_wait_for_one_exchange(emulator: ByokEmulator, provide: Provide) -> None:
    """Many threads take one exchange."""
    provider = provide()
    start = threading.Barrier(32)

    def token(_: int) -> str:
        start.wait()
        return provider()

    with ThreadPoolExecutor(32) as pool:
        tokens = set(pool.map(token, range(32)))
    assert len(tokens) == _exchanges(emulator) == 1


def test_threads_share_a_failure(emulator: ByokEmulator, provide: Provide) -> None:
    """Threads that wait for an exchange that fails do not fail one after the other."""
    provider = provide()
    emulator.fail_next(500, path=_PATH, times=None, delay=0.3)
    start = threading.Barrier(8)

    def attempt(_: int) -> type[Exception]:
        start.wait()
        with pytest.raises(ServiceException) as caught:
            provider()
        return type(caught.value)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(attempt, range(8))) == {ServiceException}
    assert _exchanges(emulator) < 8


@pytest.mark.parametrize("write", [False, True])
def test_refused_token_is_replaced_once(
    write: bool, emulator: ByokEmulator, provide: Provide, clock: FakeClock
) -> None:
    """A token that the service has forgotten is replaced, once a call."""
    provider = provide()
    with ApiClient(emulator.configuration(access_token=provider)) as client:
        client.clock = clock
        api = KeysByokV1Api(client)
        api.list_byok_v1_keys()
        emulator.advance(901)
        if write:
            arn = "arn:aws:kms:eu-west-1:1:key/1"
            assert api.create_byok_v1_key({"key": {"kind": "AwsKey", "key_arn": arn}}).id
        else:
            assert api.list_byok_v1_keys().data == []
        assert len(emulator.keys) == write
        emulator.fail_next(401, times=None, path="/byok/v1/keys")
        with pytest.raises(UnauthorizedException) as caught:
            api.list_byok_v1_keys()
    assert [attempt.status for attempt in caught.value.attempts] == [401, 401]


@pytest.mark.parametrize(
    "options",
    [
        {"_request_auth": {"in": "header", "key": "Authorization", "value": "Bearer mine"}},
        {"_headers": {"authorization": "Bearer mine"}},
    ],
    ids=["auth", "headers"],
)
def test_refused_credentials_of_one_call_cost_no_token(
    options: Any, emulator: ByokEmulator, provide: Provide
) -> None:
    """Where a call has credentials of its own and they are refused, the token stays."""
    provider = provide()
    token = provider()
    with ApiClient(emulator.configuration(access_token=provider)) as client:
        with pytest.raises(UnauthorizedException) as caught:
            KeysByokV1Api(client).list_byok_v1_keys(**options)
        assert len(caught.value.attempts) == 1
    assert provider() == token


def test_token_of_somebody_elses_is_left_alone(provide: Provide, emulator: ByokEmulator) -> None:
    """A thread that was refused an old token does not throw away the new one."""
    provider = provide()
    token = provider()
    provider.invalidate("an older one")
    assert provider() == token
    provider.invalidate(token)
    assert provider() != token


@pytest.mark.parametrize("body", [{}, {"access_token": ""}, {"access_token": 5}, [], "text"])
def test_answer_without_a_token_is_an_error(body: Any, provide: Provide) -> None:
    """No call is made with a token that is none, and the error says what was answered."""
    reply = json_reply(200, body, ("X-Request-Id", "r1"))
    with RecordingServer(lambda _: reply) as server:
        provider = provide(server.url)
        with pytest.raises(ApiResponseException, match="without a token|no JSON object") as caught:
            provider()
        provider.api_client.close()
    assert (caught.value.status, caught.value.request_id) == (200, "r1")
    assert [attempt.status for attempt in caught.value.attempts] == [200]
    assert caught.value.body is None, "it may hold a token of another name"


def test_unreadable_answer_keeps_its_secret(provide: Provide) -> None:
    """No token stands in an exception."""
    broken = json_reply(200, {}).with_headers()
    with RecordingServer(
        lambda _: type(broken)(200, (), b'{"access_token": "t0ken-s3cret"')
    ) as server:
        provider = provide(server.url)
        with pytest.raises(ApiResponseException) as caught:
            provider()
        provider.api_client.close()
    assert caught.value.body is None
    assert b"t0ken" not in pickle.dumps(caught.value)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("", _SUBJECT), "identity_pool_id"),
        (("pool", " "), "subject_token"),
        (("pool", 5), "subject_token"),
        (("pool", lambda: ""), "subject_token"),
    ],
)
def test_arguments_are_refused_by_name(arguments: tuple[Any, Any], name: str) -> None:
    """A job without its token says what is missing."""
    with pytest.raises(ApiValueError, match=name):
        StsTokenProvider(*arguments)()


@pytest.mark.parametrize("expires_in", [0, 901, True, "5"])
def test_life_is_within_its_limits(expires_in: Any) -> None:
    """A lifetime that the service would refuse is refused at once."""
    with pytest.raises(ApiValueError, match="expires_in"):
        StsTokenProvider("pool", _SUBJECT, expires_in=expires_in)


def test_subject_token_does_not_cross_a_network_in_the_clear() -> None:
    """A mistyped scheme does not give the identity token away."""
    provider = StsTokenProvider(
        "pool", _SUBJECT, configuration=Configuration(host="http://sts.example")
    )
    with pytest.raises(ApiValueError, match="unencrypted"):
        provider()


def test_nothing_shows_a_token(
    emulator: ByokEmulator, provide: Provide, caplog: pytest.LogCaptureFixture
) -> None:
    """No token stands in a log or a representation."""
    caplog.set_level(logging.DEBUG, "openapi_client")
    provider = provide()
    token = provider()
    configuration = emulator.configuration(access_token=provider)
    shown = caplog.text + repr(provider) + repr(configuration)
    assert token not in shown
    assert _SUBJECT not in shown


def test_provider_goes_to_other_processes(emulator: ByokEmulator) -> None:
    """A job that runs under an identity pool can fan out."""
    settings = Configuration(host=emulator.url)
    provider = StsTokenProvider("pool-1", _SUBJECT, configuration=settings)
    token = provider()
    packed = pickle.dumps(provider)
    assert token.encode() not in packed
    twin: StsTokenProvider = pickle.loads(packed)
    assert twin() != token
    for each in (provider, twin):
        each.api_client.close()


def test_child_of_a_fork_begins_anew(
    provide: Provide, emulator: ByokEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forked worker does not hang on a lock that its parent held."""
    provider = provide()
    provider()
    held = provider._lock  # pyright: ignore[reportPrivateUsage]  # what a fork copies
    with held:
        monkeypatch.setattr(os, "getpid", lambda: -1)
        assert provider()
    assert _exchanges(emulator) == 2


def test_failure_is_in_the_family() -> None:
    """``except ApiException`` catches the failure of an exchange."""
    provider = StsTokenProvider(
        "pool", _SUBJECT, configuration=Configuration(host="http://127.0.0.1:1", retries=False)
    )
    with pytest.raises(ApiException):
        provider()


def test_plain_http_may_be_allowed(provide: Provide, clock: FakeClock) -> None:
    """A test environment without TLS can be used where that is said."""
    settings = Configuration(
        host="http://sts.example",
        allow_insecure_http=True,
        retries=False,
        proxy="http://127.0.0.1:1",
    )
    provider = StsTokenProvider("pool", _SUBJECT, configuration=settings)
    with pytest.raises(ApiException, match="no connection"):
        provider()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file that an orchestrator projects a token into."""
    return tmp_path / "token"


@pytest.fixture
def from_environment(
    emulator: ByokEmulator, clock: FakeClock
) -> Iterator[Callable[..., StsTokenProvider | None]]:
    """Makes the provider that variables of the environment describe."""
    made: list[StsTokenProvider] = []

    def make(**variables: object) -> StsTokenProvider | None:
        environ = {
            f"CONFLUENT_CLOUD_IDENTITY_{name}": str(value) for name, value in variables.items()
        }
        provider = provider_from_environment(Configuration(host=emulator.url), environ)
        if provider:
            provider.api_client.clock = clock
            made.append(provider)
        return provider

    yield make
    for each in made:
        each.api_client.close()


def _subjects(emulator: ByokEmulator) -> list[str]:
    """The tokens of the identity provider that were exchanged."""
    bodies = [each.body.decode() for each in emulator.requests if each.path == _PATH]
    return [parse_qs(body)["subject_token"][0] for body in bodies]


@pytest.mark.parametrize("by", ["path", "environment"])
def test_file_that_rotates_is_read_for_each_exchange(
    emulator: ByokEmulator,
    clock: FakeClock,
    file: Path,
    by: str,
    from_environment: Callable[..., StsTokenProvider],
) -> None:
    """A job outlives the token that its orchestrator has given it."""
    first, second = _jwt(exp=time.time() + 600, n=1), _jwt(exp=time.time() + 600, n=2)
    file.write_text(f"{first}\n", encoding="utf-8")
    if by == "path":
        settings = Configuration(host=emulator.url)
        provider = StsTokenProvider("pool-1", file, configuration=settings)
        provider.api_client.clock = clock
    else:
        provider = from_environment(POOL_ID="pool-1", TOKEN_FILE=file)
    with ApiClient(emulator.configuration(access_token=provider)) as client:
        api = KeysByokV1Api(client)
        api.list_byok_v1_keys()
        file.write_text(second, encoding="utf-8")
        api.list_byok_v1_keys()
        clock.advance(900)
        api.list_byok_v1_keys()
    assert _subjects(emulator) == [first, second]
    provider.api_client.clock = SystemClock()  # the one of the tests stays in its process
    twin: StsTokenProvider = pickle.loads(pickle.dumps(provider))
    assert twin()
    assert _subjects(emulator)[2:] == [second], "also in another process"
    for each in (provider, twin):
        each.api_client.close()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "cannot be read: No such file"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "holds no text"),
        (b"x" * 1_000_001, "holds more than a token"),
        (_EXPIRED.encode(), "expired at 2023-11-14T22:13:20\\+00:00"),
    ],
    ids=["missing", "empty", "blank", "no text", "too long", "expired"],
)
def test_file_without_a_token_is_named(
    emulator: ByokEmulator,
    file: Path,
    from_environment: Callable[..., StsTokenProvider],
    content: bytes | None,
    what: str,
) -> None:
    """A job that has lost its identity says which file it is about, and sends nothing."""
    if content is not None:
        file.write_bytes(content)
    provider = from_environment(POOL_ID="pool-1", TOKEN_FILE=file)
    with pytest.raises(ApiValueError, match=what) as caught:
        provider()
    assert str(caught.value).startswith(f"the file {file} (CONFLUENT_CLOUD_IDENTITY_TOKEN_FILE) ")
    assert "s3cret" not in str(caught.value)
    assert emulator.requests == []


def test_token_in_the_environment_is_exchanged(
    emulator: ByokEmulator, from_environment: Callable[..., StsTokenProvider]
) -> None:
    """A pipeline that has its token in a variable needs no file."""
    provider = from_environment(POOL_ID=" pool-1 ", TOKEN=f"{_SUBJECT}\n")
    assert provider()
    assert _subjects(emulator) == [_SUBJECT]
    expired = from_environment(POOL_ID="pool-1", TOKEN=_jwt(exp=5))
    with pytest.raises(ApiValueError, match="^CONFLUENT_CLOUD_IDENTITY_TOKEN holds a token that"):
        expired()


def test_environment_without_an_identity(
    from_environment: Callable[..., StsTokenProvider | None],
) -> None:
    """Where there is no pool there is no identity; half an identity is named."""
    assert from_environment() is None
    assert from_environment(POOL_ID=" ", TOKEN="jwt") is None
    with pytest.raises(ApiValueError, match="_POOL_ID is set, and neither .*_FILE nor .*_TOKEN is"):
        from_environment(POOL_ID="pool-1", TOKEN=" ")


@given(
    st.text()
    | st.builds(lambda claims: _jwt(**claims), st.dictionaries(st.text(), st.integers()))
    | st.builds(
        lambda exp: _jwt(exp=exp),
        st.none() | st.booleans() | st.text() | st.integers() | st.floats() | st.lists(st.none()),
    )
)
def test_expiry_of_any_token_can_be_asked_for(token: str) -> None:
    """Any token can be asked for its expiry; one that is no JWT, or an odd one, may have none."""
    expiry = expiry_of(token)
    assert expiry is None or expiry >= 0


@pytest.mark.parametrize("expiry", [None, True, "1", [], -1, 1e300, float("nan")])
def test_odd_expiry_says_nothing(
    expiry: object,
    emulator: ByokEmulator,
    from_environment: Callable[..., StsTokenProvider],
) -> None:
    """A token with a claim that is no time is sent as it is."""
    token = _jwt(exp=expiry)
    assert expiry_of(token) is None
    assert from_environment(POOL_ID="pool-1", TOKEN=token)()
    assert _subjects(emulator) == [token]


def test_expiry_is_read_from_the_claims() -> None:
    """A token is known to have expired whatever else is in it."""
    assert [expiry_of(_jwt(exp=exp, sub="x" * n)) for n, exp in enumerate((5, 7.5, 9))] == [
        *(5, 7.5, 9)
    ]
    assert expiry_of(f"a.{base64.urlsafe_b64encode(b'[]').decode()}.b") is None


def test_tokens_hide_where_local_variables_are_shown(
    emulator: ByokEmulator, provide: Provide
) -> None:
    """An error tracker that ships the locals of every frame ships no token."""
    provider = provide()
    token = provider()
    emulator.fail_next(500, path=_PATH)
    provider.invalidate(token)
    with pytest.raises(ServiceException) as caught:
        provider()
    trace = caught.value.__traceback__
    shown: list[str] = []
    while trace:
        if "auth" in trace.tb_frame.f_code.co_filename:
            shown += [repr(value) for value in trace.tb_frame.f_locals.values()]
            shown += [repr(vars(provider)), repr(vars(vars(provider)["_subject"]))]
        trace = trace.tb_next
    assert shown
    assert not [text for text in shown if _SUBJECT in text or token in text]
    assert repr(token) == "'***'"
