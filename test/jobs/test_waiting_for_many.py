"""Waiting for many keys at once: one deadline, one progress, one result for each key."""

from collections import Counter
from typing import Any
from unittest.mock import patch

import pytest

from openapi_client import (
    ApiTypeError,
    ApiValueError,
    ByokV1KeyList,
    KeysByokV1Api,
    NotFoundException,
    ServiceException,
    UnauthorizedException,
    WaitFailedException,
    WaitProgress,
    WaitResult,
    WaitTimeoutException,
)
from openapi_client.testing import ByokEmulator, ValidationStep
from support.clock import FakeClock

_VALID = {"validation": {"phase": "VALID"}}


def _errors(results: list[WaitResult]) -> list[type[Exception] | None]:
    return [None if result.error is None else type(result.error) for result in results]


def _paths(emulator: ByokEmulator) -> Counter[str]:
    return Counter(request.path for request in emulator.requests)


@pytest.mark.parametrize("count", [1, 3, 4, 120])
def test_each_key_has_its_result_in_order(
    emulator: ByokEmulator, api: KeysByokV1Api, count: int
) -> None:
    """Results can be put beside the ids that were asked for."""
    ids = emulator.seed([_VALID] * count)
    results = api.wait_for_byok_v1_keys([*ids, ids[0]])
    assert [result.id for result in results] == [*ids]
    assert [result.key and result.key.id for result in results] == [*ids]
    assert _errors(results) == [None] * count


def test_nothing_to_wait_for(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """An empty list of keys takes no call."""
    assert api.wait_for_byok_v1_keys([]) == []
    assert emulator.requests == []


def test_many_keys_take_few_calls(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """Two hundred keys do not use up the rate limit of the organization."""
    ids = emulator.seed(200)
    for id in ids:
        emulator.script_validation(id, ValidationStep("VALID", seconds=120))
    api.api_client.clock = FakeClock(on_sleep=emulator.advance)
    assert _errors(api.wait_for_byok_v1_keys(ids)) == [None] * 200
    assert len(emulator.requests) <= 2 * 15


def test_key_that_fails_does_not_end_the_wait_for_the_others(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """Of five keys each has the end that it would have had alone."""
    valid, slow, invalid, never = emulator.seed([_VALID, {}, {}, {}])
    emulator.script_validation(slow, ValidationStep("VALID", reads=3))
    emulator.script_validation(invalid, ValidationStep("INVALID", "denied", reads=1))
    results = api.wait_for_byok_v1_keys([valid, slow, invalid, "cck-none", never])
    assert _errors(results) == [
        None,
        None,
        WaitFailedException,
        NotFoundException,
        WaitTimeoutException,
    ]
    assert str(results[2].error) == f"key {invalid} is INVALID: denied"
    assert str(results[4].error) == (
        f"after 900 s key {never} is not VALID: INITIALIZING, AVAILABLE"
    )
    assert results[3].key is None
    assert results[4].key
    assert results[4].key.id == never
    assert 890 < clock.slept <= 900, "one deadline for all"


def test_progress_counts_the_keys_that_are_done(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """A bar can be drawn, and each result told as it comes."""
    ids = emulator.seed([_VALID, {}, _VALID])
    emulator.script_validation(ids[1], ValidationStep("VALID", reads=2))
    told: list[WaitProgress] = []
    results = api.wait_for_byok_v1_keys(ids, on_progress=told.append)
    assert [(each.done, each.total) for each in told] == [(1, 3), (2, 3), (3, 3)]
    assert [each.result for each in told] == [results[0], results[2], results[1]]


def test_failure_in_the_progress_callback_is_the_callers(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A slip in a callback does not pass unseen."""
    with pytest.raises(ZeroDivisionError):
        api.wait_for_byok_v1_keys(emulator.seed([_VALID]), on_progress=lambda _: 1 / 0)


@pytest.mark.parametrize("count", [2, 9])
def test_trouble_that_passes_is_waited_out(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock, count: int
) -> None:
    """A failing call does not end the wait, and nobody asks sooner than told."""
    ids = emulator.seed([_VALID] * count)
    emulator.fail_next(503, times=2, headers={"Retry-After": "20"})
    assert _errors(api.wait_for_byok_v1_keys(ids)) == [None] * count
    assert len(clock.sleeps) == 2
    assert all(20 <= sleep <= 25 for sleep in clock.sleeps)


def test_key_that_cannot_be_read_keeps_no_other_waiting(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A key whose read fails each time costs the others nothing."""
    broken, good = emulator.seed([_VALID, _VALID])
    emulator.fail_next(500, path=f"/byok/v1/keys/{broken}", times=None)
    results = api.wait_for_byok_v1_keys([broken, good], timeout=60)
    assert _errors(results) == [WaitTimeoutException, None]
    assert isinstance(results[0].error, WaitTimeoutException)
    assert isinstance(results[0].error.__cause__, ServiceException)
    assert "could not be read once" in str(results[0].error)


def test_wait_ends_in_time_however_many_keys_are_read_by_themselves(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """Keys that the list does not show, and that are slow to read, do not prolong the wait."""
    ids = emulator.seed([_VALID] * 40)
    read = api.get_byok_v1_key

    def slowly(id: str, **options: Any) -> Any:
        clock.advance(0.9)
        return read(id, **options)

    began = clock.monotonic()
    with (
        patch.object(api, "get_byok_v1_key", slowly),
        patch.object(api, "list_byok_v1_keys", return_value=ByokV1KeyList.from_dict({"data": []})),
    ):
        results = api.wait_for_byok_v1_keys(ids, "IN_USE", timeout=30)
    assert {*_errors(results)} == {WaitTimeoutException}
    assert clock.monotonic() - began <= 33
    assert sum("could not be read once" in str(result.error) for result in results) < 10


@pytest.mark.parametrize("count", [1, 9])
def test_trouble_is_told_of_the_key_that_has_it(
    emulator: ByokEmulator, api: KeysByokV1Api, count: int
) -> None:
    """A key that was read, and is not as wanted, is not said to be unreadable."""
    *waiting, broken = emulator.seed([_VALID] * (count + 1))
    emulator.fail_next(500, path=f"/byok/v1/keys/{broken}", times=None)
    results = api.wait_for_byok_v1_keys([*waiting, broken], "IN_USE", timeout=60)
    *others, last = [str(result.error) for result in results]
    assert all("is not IN_USE" in text and "500" not in text for text in others)
    # Of many the list is asked, in which there is no trouble.
    assert ("the last attempt to read it failed: 500" in last) is (count == 1)


def test_trouble_with_the_list_is_told_of_all(emulator: ByokEmulator, api: KeysByokV1Api) -> None:
    """Where no key could be looked at in the end, each result says why."""
    ids = emulator.seed(9)
    emulator.delay_next(0.0, path="/byok/v1/keys")
    emulator.fail_next(500, path="/byok/v1/keys", times=None)
    results = api.wait_for_byok_v1_keys(ids, "IN_USE", timeout=60)
    assert all("attempt to read it failed: 500" in str(result.error) for result in results)


@pytest.mark.parametrize("count", [2, 9])
def test_refused_credentials_are_not_tried_for_each_key(
    emulator: ByokEmulator, api: KeysByokV1Api, count: int
) -> None:
    """A wrong password is not sent once for each of two hundred keys."""
    ids = emulator.seed(count)
    emulator.fail_next(401, times=None)
    results = api.wait_for_byok_v1_keys(ids)
    assert _errors(results) == [UnauthorizedException] * count
    assert len(emulator.requests) == 1


def test_key_that_the_list_does_not_show_is_read(
    emulator: ByokEmulator, api: KeysByokV1Api
) -> None:
    """A list that lags behind hides no key that was just registered."""
    ids = emulator.seed([_VALID] * 5)
    empty: Any = {"data": [], "metadata": {}}
    emulator.fail_next(200, body=empty, path="/byok/v1/keys", times=None)
    assert _errors(api.wait_for_byok_v1_keys(ids)) == [None] * 5
    assert _paths(emulator)["/byok/v1/keys"] == 1


def test_mocked_read_that_gives_no_key_ends_the_wait(
    emulator: ByokEmulator, api: KeysByokV1Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong mock fails at once."""
    monkeypatch.setattr(api, "get_byok_v1_key", lambda *_, **__: {"id": "cck-1"})
    with pytest.raises(TypeError, match="gave no GetByokV1Key200Response"):
        api.wait_for_byok_v1_keys(["cck-1"])


def test_any_condition_can_be_waited_for(
    emulator: ByokEmulator, api: KeysByokV1Api, clock: FakeClock
) -> None:
    """Many keys are waited for as one is."""
    ids = emulator.seed([{"display_name": "new"}] * 5)
    results = api.wait_for_byok_v1_keys(ids, lambda key: key.display_name == "new")
    assert _errors(results) == [None] * 5
    assert _errors(api.wait_for_byok_v1_keys(ids, "available")) == [None] * 5
    assert clock.sleeps == []


@pytest.mark.parametrize(
    ("arguments", "kind", "name"),
    [
        ({"ids": "cck-1"}, ApiTypeError, "ids has to be a list of ids, not one"),
        ({"ids": ["cck-1", ".."]}, ApiValueError, r"ids\[1\] is a dot segment"),
        ({"ids": ["cck-1", 7]}, ApiTypeError, r"ids\[1\] has to be a str"),
        ({"ids": ["cck-1"], "until": "VALD"}, ApiValueError, "until"),
        ({"ids": ["cck-1"], "timeout": 0}, ApiValueError, "timeout"),
        ({"ids": ["cck-1"], "invalid_grace": -1}, ApiValueError, "invalid_grace"),
        ({"ids": ["cck-1"], "colour": "red"}, ApiTypeError, "colour"),
    ],
)
def test_wrong_arguments_are_refused(
    emulator: ByokEmulator,
    api: KeysByokV1Api,
    arguments: dict[str, Any],
    kind: type[Exception],
    name: str,
) -> None:
    """A slip is named before anything is sent."""
    with pytest.raises(kind, match=name):
        api.wait_for_byok_v1_keys(**arguments)
    assert emulator.requests == []
