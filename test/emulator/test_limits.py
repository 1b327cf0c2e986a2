"""Quota and rate limit."""

from __future__ import annotations

import re

import pytest

from emulator.calling import ARN, AWS, GCP, KEYS, Answer, Caller
from openapi_client.testing import ByokEmulator


def limits(answer: Answer) -> list[str | None]:
    """The rate-limit headers of an answer."""
    names = ("Limit", "Remaining", "Reset")
    return [answer.headers.get(f"X-RateLimit-{name}") for name in names]


def test_the_21st_key_is_one_too_many(emulator: ByokEmulator, call: Caller) -> None:
    """The quota is twenty keys; the next one is answered with 402."""
    emulator.seed(19)
    last = call.create()

    answer = call("POST", KEYS, {"key": {**AWS, "key_arn": ARN + "2"}})

    assert (answer.status, answer.error["code"]) == (402, "quota_exceeded")
    assert re.fullmatch(".* is currently limited to .*", answer.error["detail"])
    call("DELETE", f"{KEYS}/{last['id']}")
    call.create()


def test_the_quota_can_be_changed_and_lifted(emulator: ByokEmulator, call: Caller) -> None:
    """The quota can be raised, lowered and lifted while it runs."""
    emulator.settings.quota = 0
    assert call("POST", KEYS, {"key": AWS}).status == 402
    emulator.settings.quota = 1
    call.create()
    assert call("POST", KEYS, {"key": GCP}).status == 402
    emulator.settings.quota = None
    emulator.seed(30)
    call.create(GCP)


def test_seeding_is_not_subject_to_the_quota(emulator: ByokEmulator) -> None:
    """More keys than the quota allows can be seeded."""
    assert len(emulator.seed(30)) == 30


def test_without_a_limit_there_are_no_rate_headers(call: Caller) -> None:
    """Without a limit there are no headers about one."""
    assert limits(call("GET", KEYS)) == [None, None, None]


def test_headers_count_what_is_left(emulator: ByokEmulator, call: Caller) -> None:
    """The headers count down what is left."""
    emulator.settings.rate_limit = (3, 60)

    assert [limits(call("GET", KEYS))[:2] for _ in range(3)] == [
        ["3", "2"],
        ["3", "1"],
        ["3", "0"],
    ]


def test_one_request_too_many_answers_429_without_a_body(
    emulator: ByokEmulator, call: Caller
) -> None:
    """The request that is one too many is answered with 429, headers and no body."""
    emulator.settings.rate_limit = (1, 60)
    call("GET", KEYS)

    answer = call("POST", KEYS, {"key": AWS})

    assert (answer.status, answer.body) == (429, b"")
    assert limits(answer)[:2] == ["1", "0"]
    assert answer.headers["Retry-After"] == limits(answer)[2]
    assert "Content-Type" not in answer.headers
    assert emulator.keys == []


def test_waiting_as_long_as_told_is_enough(emulator: ByokEmulator, call: Caller) -> None:
    """Whoever waits as long as told is served again."""
    emulator.settings.rate_limit = (2, 2.5)
    for _ in range(3):
        _, _, _, refused = [call("GET", KEYS) for _ in range(4)]
        assert refused.status == 429
        emulator.advance(int(refused.headers["Retry-After"]))
        assert limits(call("GET", KEYS))[1] == "1"
        emulator.advance(3)


def test_reset_is_relative_and_rounded_up() -> None:
    """The reset is in seconds from now, rounded up."""
    now = [10**18]
    with ByokEmulator(clock=lambda: now[0], rate_limit=(2, 2.5)) as emulator:
        call = Caller(emulator)
        assert limits(call("GET", KEYS)) == ["2", "1", "3"]
        now[0] += 1_600_000_000
        assert limits(call("GET", KEYS)) == ["2", "0", "1"]
        now[0] += 899_999_999
        assert call("GET", KEYS).headers["Retry-After"] == "1"
        now[0] += 1
        assert limits(call("GET", KEYS)) == ["2", "1", "3"]
        call.close()


def test_failures_count_but_do_not_tell(emulator: ByokEmulator, call: Caller) -> None:
    """Failures count as requests too, but carry no headers of the limit."""
    emulator.settings.rate_limit = (3, 60)

    assert limits(call("GET", f"{KEYS}/cck-none")) == [None, None, None]
    assert limits(call("GET", KEYS, headers={"Authorization": ""})) == [None, None, None]
    assert limits(call("GET", KEYS))[1] == "1"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_every_success_tells(emulator: ByokEmulator, call: Caller, method: str) -> None:
    """Every success carries the headers of the limit."""
    emulator.settings.rate_limit = (3, 60)
    [key_id] = emulator.seed()

    answer = (
        call("POST", KEYS, {"key": AWS}) if method == "POST" else call(method, f"{KEYS}/{key_id}")
    )

    assert limits(answer)[:2] == ["3", "2"]


def test_a_new_limit_and_a_clear_begin_anew(emulator: ByokEmulator, call: Caller) -> None:
    """A new limit, and clear, begin a new count."""
    emulator.settings.rate_limit = (1, 60)
    call("GET", KEYS)
    emulator.settings.rate_limit = (2, 60)
    assert limits(call("GET", KEYS))[1] == "1"
    emulator.clear()
    emulator.settings.rate_limit = (2, 60)
    assert limits(call("GET", KEYS))[1] == "1"
