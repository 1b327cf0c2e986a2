"""pytest fixtures around the emulator.

Opt in by name, in the `conftest.py` at the root of the tests:

    pytest_plugins = ["openapi_client.testing.pytest_plugin"]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .emulator import ByokEmulator

if TYPE_CHECKING:
    from ..api.keys_byok_v1_api import KeysByokV1Api
    from ..configuration import Configuration


@pytest.fixture(scope="session")
def _byok_emulator_server() -> Iterator[ByokEmulator]:
    with ByokEmulator() as emulator:
        yield emulator


@pytest.fixture
def byok_emulator(_byok_emulator_server: ByokEmulator) -> ByokEmulator:
    """An emulator as new: one server for the whole session, cleared for each test."""
    _byok_emulator_server.clear()
    return _byok_emulator_server


@pytest.fixture
def byok_configuration(byok_emulator: ByokEmulator) -> Configuration:
    """A client configuration that leads to the emulator."""
    return byok_emulator.configuration()


@pytest.fixture
def byok_api(byok_configuration: Configuration) -> Iterator[KeysByokV1Api]:
    """The keys API, talking to the emulator; its connections are closed after the test."""
    from ..api.keys_byok_v1_api import KeysByokV1Api
    from ..api_client import ApiClient

    with ApiClient(byok_configuration) as api_client:
        yield KeysByokV1Api(api_client)
