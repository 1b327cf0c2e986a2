"""Ctrl-C at whatever moment: the call ends, and the client can be closed and used again."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest
import urllib3

from openapi_client import ApiClient, Configuration, KeysByokV1Api
from openapi_client._transport.idle import IdleConnections, queue_class
from support.recorder import RecordingServer

from .conftest import MakeApi
from .service import answer

_FAR_BEYOND = 100_000
"""Moments; a call has some hundreds."""


def _interrupted(call: Callable[[], object], moment: int) -> bool:
    """Raise `KeyboardInterrupt` at so many moments of a call; false where it has fewer.

    The interpreter sees to signals when a function begins, and when one, in C or in Python, has
    returned and its caller has not gone on yet.
    """
    left = moment

    def watch(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal left
        left -= event in {"call", "return", "c_return"}
        if left == 0:
            sys.setprofile(None)
            raise KeyboardInterrupt

    sys.setprofile(watch)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    # One that comes while an object is finalized is printed by the interpreter, and ignored.
    return left <= 0


def _ends(work: Callable[[], object]) -> bool:
    """Whether something ends at all, in a thread that is left alone if it does not."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(120)
    return not thread.is_alive()


# A socket that was just made, and has no owner yet, is left to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_leaves_nothing_locked() -> None:
    """Wherever in a call Ctrl-C comes, the client is closed at once, and works again."""
    with RecordingServer(answer) as server:
        # Not by the fixture, which would wait for ever to close what is locked.
        api = KeysByokV1Api(ApiClient(Configuration(server.url, username="u", password="p")))
        reached = 0

        def interrupt_all() -> None:
            nonlocal reached
            for moment in range(1, _FAR_BEYOND):
                api.get_byok_v1_key("cck-1")
                if not _interrupted(lambda: api.get_byok_v1_key("cck-1"), moment):
                    break
                api.api_client.close()
                reached = moment
            api.get_byok_v1_key("cck-1")
            api.api_client.close()

        assert _ends(interrupt_all), f"it hangs after an interrupt at moment {reached + 1}"
    assert reached > 300


@pytest.mark.parametrize(("most", "kept"), [(2, 2), (0, 3)])
def test_as_many_connections_are_kept_as_are_asked_for(most: int, kept: int) -> None:
    """A pool keeps so many connections, the last one first; with a limit of 0, all of them."""
    idle = IdleConnections(most)
    for number in range(3):
        with suppress(queue.Full):
            idle.put(number, block=False)
    assert [idle.get(block=False) for _ in range(kept)] == [*reversed(range(kept))]
    with pytest.raises(queue.Empty):
        idle.get(block=False)


def _taken(api: KeysByokV1Api) -> Any:
    return api.api_client.rest_client.pool_manager.connection_from_url(
        api.api_client.configuration.host
    )


def test_a_queue_that_somebody_chose_is_used(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that gives urllib3's pools a queue of its own gets it here too."""

    class Chosen(IdleConnections):
        pass

    with RecordingServer(answer) as server:
        assert type(_taken(make_api(server.url)).pool) is IdleConnections
        monkeypatch.setattr(urllib3.HTTPConnectionPool, "QueueCls", Chosen)
        api = make_api(server.url)
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert type(_taken(api).pool) is Chosen
    assert queue_class(Chosen) is Chosen
