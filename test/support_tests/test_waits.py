"""Waits at sockets are seen, and measured on a clock of their own."""

import socket
import threading

import pytest

from support.clock import FakeClock
from support.waits import watched


def test_a_wait_beyond_the_deadline_is_seen() -> None:
    """A socket that is ready to wait beyond the deadline is seen."""
    here, there = socket.socketpair()
    with here, there, watched(FakeClock(), 1.0) as waits:
        for seconds in (0.5, 1.5, None):
            here.settimeout(seconds)
            there.send(b"x")
            here.recv(1)
    seen = [line.partition(",")[0] for line in waits.too_long if "recv" in line]
    assert seen == [f"socket.recv: ready to wait {seconds} s" for seconds in (1.5, "inf")]


def test_time_passes_while_something_is_waited_for() -> None:
    """Time that was waited counts, so that steps that are too long together are seen."""
    clock = FakeClock()
    before = clock.monotonic()
    here, there = socket.socketpair()
    with here, there, watched(clock, 1.0) as waits:
        here.settimeout(0.02)
        with pytest.raises(TimeoutError):
            here.recv(1)
        assert clock.monotonic() - before >= 0.02
        there.settimeout(0.5)
        there.send(b"x")
        here.settimeout(0.999)
        here.recv(1)
    assert [line.partition(":")[0] for line in waits.too_long] == ["socket.recv"]


def test_other_threads_and_sockets_that_do_not_block_do_not_count() -> None:
    """Other threads, and sockets that do not block, do not count as waits."""
    here, there = socket.socketpair()
    with here, there, watched(FakeClock(), 1.0) as waits:
        sender = threading.Thread(target=there.send, args=[b"x"])
        sender.start()
        sender.join()
        here.setblocking(False)
        assert here.recv(1) == b"x"
    assert waits.ready == []
