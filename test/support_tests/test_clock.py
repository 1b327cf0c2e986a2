import threading

import pytest

from support.clock import FakeClock


def test_sleep_moves_both_clocks_and_is_recorded() -> None:
    """A sleep moves both clocks, and is recorded."""
    clock = FakeClock(start=100.0)
    before = clock.monotonic()
    clock.sleep(1.5)
    clock.advance(2.0)
    clock.sleep(0)
    assert clock.monotonic() - before == 3.5
    assert clock.time() == 103.5
    assert clock.sleeps == [1.5, 0]
    assert clock.slept == 1.5


def test_time_does_not_run_backwards() -> None:
    """A negative sleep or step is refused."""
    clock = FakeClock()
    with pytest.raises(ValueError, match="non-negative"):
        clock.sleep(-1)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)


def test_the_world_can_change_during_a_sleep() -> None:
    """A test can change the world while the clock sleeps."""
    seen: list[tuple[float, float]] = []

    def look(seconds: float) -> None:
        seen.append((seconds, clock.time()))

    clock = FakeClock(start=0.0, on_sleep=look)
    clock.sleep(2)
    assert seen == [(2, 2.0)]


def test_threads_share_a_clock() -> None:
    """The sleeps of many threads are all recorded."""
    clock = FakeClock()

    def sleep_often() -> None:
        for _ in range(200):
            clock.sleep(1)

    threads = [threading.Thread(target=sleep_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(clock.sleeps) == 1600
    assert clock.slept == 1600
