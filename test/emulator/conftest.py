"""An emulator for each test, and a plain client for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator.calling import Caller
from openapi_client.testing import ByokEmulator


@pytest.fixture
def emulator() -> Iterator[ByokEmulator]:
    """A running emulator."""
    with ByokEmulator() as running:
        yield running


@pytest.fixture
def still() -> Iterator[ByokEmulator]:
    """A running emulator whose time passes only when it is advanced."""
    with ByokEmulator(clock=lambda: 1_700_000_000_000_000_000) as running:
        yield running


@pytest.fixture
def still_call(still: ByokEmulator) -> Iterator[Caller]:
    """A client of the emulator whose time stands still."""
    caller = Caller(still)
    yield caller
    caller.close()


@pytest.fixture
def call(emulator: ByokEmulator) -> Iterator[Caller]:
    """A client of the running emulator."""
    caller = Caller(emulator)
    yield caller
    caller.close()
