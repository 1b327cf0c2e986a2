"""What a call leaves in memory: nothing that has to wait for the garbage collector."""

from contextlib import suppress
from typing import Any

import pytest

from openapi_client import ApiException, KeysByokV1Api
from support.clock import FakeClock
from support.documents import KEY
from support.fault_matrix import ALL_FAULTS, FaultCase
from support.garbage import left_by
from support.recorder import RecordingServer
from support.replies import json_reply

from .conftest import MakeApi
from .service import REQUEST, answer


def _streamed(api: KeysByokV1Api) -> None:
    response = api.list_byok_v1_keys_without_preload_content()
    response.read()
    response.release_conn()


def _given_up(api: KeysByokV1Api) -> None:
    api.list_byok_v1_keys_without_preload_content().close()


_CALLS: dict[str, Any] = {
    "create": lambda api: api.create_byok_v1_key(REQUEST),
    "delete": lambda api: api.delete_byok_v1_key("cck-1"),
    "get": lambda api: api.get_byok_v1_key("cck-1"),
    "get with http info": lambda api: api.get_byok_v1_key_with_http_info("cck-1"),
    "list": lambda api: api.list_byok_v1_keys(),
    "streamed": _streamed,
    "streamed and given up": _given_up,
}


@pytest.mark.parametrize("call", _CALLS.values(), ids=_CALLS)
def test_a_success_leaves_no_garbage(call: Any, make_api: MakeApi) -> None:
    """A program that makes millions of calls has nothing of them to collect."""
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        call(api)  # What is made once is no garbage.
        # A connection lets go of its last answer with the next request.
        assert left_by(lambda: [call(api) for _ in range(3)]) == []


@pytest.mark.parametrize("case", ALL_FAULTS.values(), ids=ALL_FAULTS)
def test_a_fault_leaves_no_garbage(case: FaultCase, make_api: MakeApi) -> None:
    """A failed call, with the credentials in its frames, is gone when its exception is."""

    def call() -> None:
        with suppress(ApiException):
            api.create_byok_v1_key(REQUEST)

    with case.server(json_reply(201, KEY), always=True) as server:
        clock = FakeClock(tick=2.0 if case.drips else 0.0)
        limit = 0.1 if case.lasts and not case.drips else None
        limits = {"connect_timeout": 60.0, "read_timeout": limit, "deadline": 60.0}
        api = make_api(server.url, clock=clock, **limits)
        assert left_by(call) == []
