"""What a get costs on any machine: counts, where the benchmark in test/bench has times."""

from collections.abc import Iterator

import pytest

from openapi_client import ApiClient, KeysByokV1Api
from openapi_client.testing import ByokEmulator
from support.own_calls import OwnCalls, own_calls

_MOST_CALLS = 60
_MOST_HEADERS = 1
_MOST_FRAMES = 7


@pytest.fixture(scope="module")
def counted() -> Iterator[OwnCalls]:
    """What a get does once its connection is open and all modules are loaded."""
    with ByokEmulator() as emulator:
        emulator.seed(1)
        key_id = emulator.keys[0]["id"]
        with ApiClient(emulator.configuration()) as client:
            api = KeysByokV1Api(client)
            for _ in range(2):
                assert api.get_byok_v1_key(key_id).id == key_id
            yield own_calls(lambda: api.get_byok_v1_key(key_id))


def test_calls(counted: OwnCalls) -> None:
    """A get makes few calls of our own Python functions."""
    assert counted.functions
    assert len(counted.functions) <= _MOST_CALLS, str(counted)


def test_headers(counted: OwnCalls) -> None:
    """The headers of an answer are put into one object, once."""
    assert counted.headers_built <= _MOST_HEADERS, str(counted)


def test_frames(counted: OwnCalls) -> None:
    """A traceback from urllib3 shows few frames of ours."""
    assert counted.frames_before_urllib3 is not None, "urllib3 was never called"
    assert counted.frames_before_urllib3 <= _MOST_FRAMES, str(counted)
