"""Many clients at once: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from emulator.calling import ARN, AWS, KEYS, Caller
from openapi_client.testing import ByokEmulator, ValidationStep

THREADS = 32


def together(work: Callable[[int], list[int]]) -> list[int]:
    """The statuses that so many threads get, all beginning at once."""
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> list[int]:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return [status for found in pool.map(run, range(THREADS)) for status in found]


def test_an_identifier_is_registered_by_one_of_many(emulator: ByokEmulator, call: Caller) -> None:
    """Of many who register the same key at once, one succeeds."""
    found = together(lambda _: [call("POST", KEYS, {"key": AWS}).status])

    assert sorted(found) == [201] + [409] * (THREADS - 1)
    assert len(emulator.keys) == 1


def test_the_quota_holds_for_many(emulator: ByokEmulator, call: Caller) -> None:
    """The quota holds for many at once."""
    found = together(
        lambda number: [call("POST", KEYS, {"key": {**AWS, "key_arn": ARN + str(number)}}).status]
    )

    assert sorted(found) == [201] * 20 + [402] * (THREADS - 20)
    assert len({key["id"] for key in emulator.keys}) == 20


def test_the_rate_limit_counts_truly(emulator: ByokEmulator, call: Caller) -> None:
    """The rate limit counts each of many requests at once."""
    emulator.settings.rate_limit = (50, 3600)

    found = together(lambda _: [call("GET", KEYS).status for _ in range(4)])

    assert found.count(200) == 50
    assert found.count(429) == 4 * THREADS - 50


def test_faults_strike_as_often_as_ordered(emulator: ByokEmulator, call: Caller) -> None:
    """A fault strikes as often as ordered, however many ask at once."""
    emulator.fail_next(503, times=37)

    found = together(lambda _: [call("GET", KEYS).status for _ in range(4)])

    assert found.count(503) == 37
    assert len(emulator.requests) == 4 * THREADS


def test_whole_lives_at_once_end_in_nothing(emulator: ByokEmulator, call: Caller) -> None:
    """Many clients at once each have their own keys, and leave none behind."""
    emulator.settings.quota = None
    emulator.settings.validation = [ValidationStep("VALID", reads=1)]

    def life(number: int) -> list[int]:
        found = []
        for turn in range(5):
            answer = call("POST", KEYS, {"key": {**AWS, "key_arn": f"{ARN}-{number}-{turn}"}})
            path = f"{KEYS}/{answer.json()['id']}"
            found += [answer.status]
            found += [call("PATCH", path, {"display_name": f"{number}"}).status]
            assert call("GET", path).json()["validation"]["phase"] == "INITIALIZING"
            assert call("GET", path).json()["validation"]["phase"] == "VALID"
            [key] = call("GET", f"{KEYS}?key=-{number}-{turn}").json()["data"]
            assert key["display_name"] == str(number)
            found += [call("DELETE", path).status]
        return found

    assert sorted(set(together(life))) == [200, 201, 204]
    assert emulator.keys == []
