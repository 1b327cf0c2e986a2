import signal
import time
from functools import partial
from types import FrameType

import pytest

from openapi_client._core.clock import SystemClock


class _Interrupt(Exception):
    """What a signal handler raises."""


def test_time_goes_forward() -> None:
    """The time of the clock does not go back, whatever becomes of the time of day."""
    clock = SystemClock()
    number = getattr(time, "CLOCK_MONOTONIC", None)
    system = time.monotonic if number is None else partial(time.clock_gettime, number)
    before = system()
    clock.sleep(0)
    assert before <= clock.monotonic() <= clock.monotonic() <= system()


def test_time_goes_on_where_a_test_has_frozen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job under freezegun ends in time, as it would without."""
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    clock = SystemClock()
    before = clock.monotonic()
    while clock.monotonic() == before:
        pass
    assert clock.monotonic() > before > 0


def test_a_wait_can_be_interrupted() -> None:
    """A signal, as that of Ctrl-C, ends a wait."""

    def handler(signum: int, frame: FrameType | None) -> None:
        raise _Interrupt

    previous = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try:
        with pytest.raises(_Interrupt):
            SystemClock().sleep(50)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
