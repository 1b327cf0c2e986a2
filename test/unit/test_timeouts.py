import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import ApiTypeError, ApiValueError, Configuration
from openapi_client._transport.timeouts import CallTimeout
from support.clock import FakeClock


def _timeout(asked: object, clock: FakeClock | None = None) -> CallTimeout:
    settings = Configuration(connect_timeout=10, read_timeout=60, deadline=120)
    return CallTimeout.of(asked, settings, clock or FakeClock())


@pytest.mark.parametrize(
    ("asked", "pair", "budget"),
    [
        (None, (10.0, 60.0), 120.0),
        (5, (10.0, 60.0), 5.0),
        (0.25, (10.0, 60.0), 0.25),
        ((1, 2.5), (1.0, 2.5), 120.0),
        ([3, 4], (3.0, 4.0), 120.0),
    ],
)
def test_what_a_timeout_means(asked: object, pair: tuple[float, float], budget: float) -> None:
    """A number is the deadline of a call, and a pair limits connecting and reading."""
    timeout = _timeout(asked)
    assert timeout == pair
    assert timeout.left() == budget


@pytest.mark.parametrize("asked", [0, -1, float("nan"), float("inf"), (0, 1), (1, -1)])
def test_times_that_cannot_be(asked: object) -> None:
    """A timeout that is 0, negative or endless is refused by its name."""
    with pytest.raises(ApiValueError, match="_request_timeout"):
        _timeout(asked)


@pytest.mark.parametrize("asked", ["5", True, (1,), (1, 2, 3), (), (1, None), {1, 2}, object()])
def test_what_is_no_timeout(asked: object) -> None:
    """What is no timeout is refused by its name."""
    with pytest.raises(ApiTypeError, match="_request_timeout"):
        _timeout(asked)


def test_time_runs_from_the_start_of_the_call() -> None:
    """The time of a call runs from its start, also for a retry."""
    clock = FakeClock()
    timeout = _timeout(5, clock)
    clock.advance(3)
    assert timeout.left() == 2
    again = CallTimeout.of(timeout, Configuration(), clock)
    clock.advance(3)
    assert again is timeout
    assert again.left() == -1


def test_an_override_sees_the_pair_it_knows() -> None:
    """A wrapper can read a timeout as a pair, to connect and to read."""
    connect, read = _timeout(5)
    assert (connect, read) == (10.0, 60.0)


@given(st.floats(min_value=1e-6, max_value=1e9), st.floats(min_value=1e-6, max_value=1e9))
def test_sockets_take_every_accepted_timeout(connect: float, read: float) -> None:
    """A socket takes every timeout that is accepted."""
    with socket.socket() as sock:
        for seconds in _timeout((connect, read)):
            sock.settimeout(seconds)
    assert time.monotonic() + _timeout(connect).left() > 0
