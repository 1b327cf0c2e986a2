"""What the tests of the wire share: a service that records, and APIs that talk to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from openapi_client import ApiClient, Configuration, KeysByokV1Api
from support.clock import FakeClock
from support.recorder import RecordingServer
from support.socket_server import SocketServer

from .service import OPERATIONS, Connect, Operation, answer


@pytest.fixture(params=OPERATIONS, ids=lambda operation: operation.name.partition("_")[0])
def operation(request: pytest.FixtureRequest) -> Operation:
    """Each operation of the API."""
    made: Operation = request.param
    return made


@pytest.fixture(params=["", "_with_http_info", "_without_preload_content"])
def variant(request: pytest.FixtureRequest) -> str:
    """The suffix of each variant of an operation."""
    suffix: str = request.param
    return suffix


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """A service that answers every operation as documented."""
    with RecordingServer(answer) as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    """The time of the clients that `connect` makes."""
    return FakeClock()


@pytest.fixture
def connect(clock: FakeClock) -> Iterator[Connect]:
    """Makes an API that talks to a server, with an API key unless it is told otherwise."""
    clients: list[ApiClient] = []

    def make(
        server: SocketServer,
        prefix: str = "",
        *,
        client: Callable[[Configuration], ApiClient] = ApiClient,
        **settings: Any,
    ) -> KeysByokV1Api:
        if "access_token" not in settings:
            settings = {"username": "id", "password": "s3cret", **settings}
        made = client(Configuration(**{"host": server.url + prefix, **settings}))
        made.clock = clock
        clients.append(made)
        return KeysByokV1Api(made)

    yield make
    for made in clients:
        made.close()
