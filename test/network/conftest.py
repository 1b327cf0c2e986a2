"""Clients for tests of the network: no proxy, and no time lost in waiting."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from openapi_client import ApiClient, Configuration, KeysByokV1Api
from support.clock import FakeClock

MakeApi = Callable[..., KeysByokV1Api]


@pytest.fixture
def make_api() -> Iterator[MakeApi]:
    """Makes an API for a host; its client waits on a clock that moves only when it sleeps."""
    with ExitStack() as clients:

        def make(host: str, *, clock: Any = None, **settings: Any) -> KeysByokV1Api:
            settings = {"username": "key-id", "password": "s3cret"} | settings
            client = clients.enter_context(ApiClient(Configuration(host=host, **settings)))
            client.clock = clock or FakeClock()
            return KeysByokV1Api(client)

        yield make
