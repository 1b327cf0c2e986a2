"""What the tests of the jobs share: an emulator without a quota, and clients that do not wait."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from openapi_client import ApiClient, Configuration, KeysByokV1Api
from openapi_client.testing import ByokEmulator
from support.clock import FakeClock

Connect = Callable[..., KeysByokV1Api]


@pytest.fixture
def emulator() -> Iterator[ByokEmulator]:
    """The service, as new."""
    with ByokEmulator(quota=None) as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    """The time of the clients that `connect` makes."""
    return FakeClock()


@pytest.fixture
def connect(clock: FakeClock) -> Iterator[Connect]:
    """Makes an API for the server at a URL."""
    with ExitStack() as clients:

        def make(url: str, **settings: Any) -> KeysByokV1Api:
            if "access_token" not in settings:
                settings = {"username": "id", "password": "s3cret", **settings}
            client = clients.enter_context(ApiClient(Configuration(host=url, **settings)))
            client.clock = clock
            return KeysByokV1Api(client)

        yield make


@pytest.fixture
def api(emulator: ByokEmulator, connect: Connect) -> KeysByokV1Api:
    """The API of the emulator, without retries: a test sees each failure once."""
    return connect(
        emulator.url, username=emulator.api_key, password=emulator.api_secret, retries=False
    )
