"""What the client costs beyond urllib3 alone, as ratios of one run: `tox -e bench` prints them."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType

import pytest
import urllib3

from openapi_client import ApiClient, ByokV1KeyList, KeysByokV1Api
from openapi_client.testing import ByokEmulator

_ROUNDS, _CALLS = 7, 200


def _best(call: Callable[[], object], calls: int = _CALLS) -> float:
    """The seconds of one call, in the best of several rounds: what noise cannot improve."""

    def round_() -> float:
        began = time.perf_counter()
        for _ in range(calls):
            call()
        return (time.perf_counter() - began) / calls

    return min(round_() for _ in range(_ROUNDS))


@pytest.fixture
def emulator() -> Iterator[ByokEmulator]:
    """Serve a hundred keys."""
    with ByokEmulator(quota=None, log_limit=0) as emulator:
        emulator.seed(100)
        yield emulator


@pytest.mark.parametrize("path", ["/byok/v1/keys/{id}", "/byok/v1/keys?page_size=100"])
def test_call_beside_urllib3(path: str, emulator: ByokEmulator) -> None:
    """A slow client is noticed before its users notice it."""
    key_id = emulator.keys[0]["id"]
    pools = urllib3.PoolManager()
    headers = urllib3.make_headers(basic_auth=f"{emulator.api_key}:{emulator.api_secret}")
    url = emulator.url + path.format(id=key_id)
    with ApiClient(emulator.configuration()) as client:
        api = KeysByokV1Api(client)
        calls = 200 if "{id}" in path else 40
        raw = _best(lambda: json.loads(pools.request("GET", url, headers=headers).data), calls)
        if "{id}" in path:
            ours = _best(lambda: api.get_byok_v1_key(key_id), calls)
        else:
            ours = _best(lambda: api.list_byok_v1_keys(page_size=100), calls)
    pools.clear()
    print(f"\n{path}: {ours / raw:.2f} times urllib3 and json.loads")


def test_decoding_beside_json(emulator: ByokEmulator) -> None:
    """A page of a hundred keys is decoded slowly, and nobody sees it."""
    with ApiClient(emulator.configuration()) as client:
        answer = KeysByokV1Api(client).list_byok_v1_keys_with_http_info(page_size=100)
    assert answer.validation_errors == []
    body = answer.raw_data
    parsed = _best(lambda: json.loads(body), 20)
    decoded = _best(lambda: ByokV1KeyList.from_json(body), 20)
    print(f"\na page of 100 keys: {decoded / parsed:.2f} times json.loads")


def test_python_frames_before_urllib3(emulator: ByokEmulator) -> None:
    """The way of a call grows longer with each change, unseen."""
    key_id = emulator.keys[0]["id"]
    depths: list[int] = []
    calls = 0

    def watch(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        module = frame.f_globals.get("__name__", "")
        if event != "call" or depths:
            return
        if module.startswith("urllib3") and frame.f_code.co_name == "request":
            depths.append(_depth(frame))
        elif module.startswith("openapi_client"):
            calls += 1

    with ApiClient(emulator.configuration()) as client:
        api = KeysByokV1Api(client)
        api.get_byok_v1_key(key_id)
        base = _depth(sys._getframe())
        sys.setprofile(watch)
        try:
            api.get_byok_v1_key(key_id)
        finally:
            sys.setprofile(None)
    print(f"\na get: {depths[0] - base - 1} frames deep before urllib3, {calls} calls of our own")


def _depth(frame: FrameType | None) -> int:
    return 0 if frame is None else 1 + _depth(frame.f_back)
