"""The service, and programs beside it: most tools change the process that they are loaded into."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from network.conftest import make_api  # noqa: F401 - a fixture
from openapi_client import ApiClient, KeysByokV1Api
from openapi_client.testing import ByokEmulator
from support.tls import Authority

RunProgram = Callable[..., str]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The authority that the services of these tests have their certificates from."""
    return Authority()


@pytest.fixture
def emulator() -> Iterator[ByokEmulator]:
    """The service."""
    with ByokEmulator() as emulator:
        yield emulator


@pytest.fixture
def api(emulator: ByokEmulator) -> Iterator[KeysByokV1Api]:
    """The keys API with default settings, talking to the service."""
    with ApiClient(emulator.configuration()) as client:
        yield KeysByokV1Api(client)


@pytest.fixture
def service_environment(emulator: ByokEmulator) -> dict[str, str]:
    """The variables that lead a program to the service, by a name that has to be looked up."""
    return {
        "CONFLUENT_CLOUD_ENDPOINT": emulator.url.replace("127.0.0.1", "localhost"),
        "CONFLUENT_CLOUD_API_KEY": emulator.api_key,
        "CONFLUENT_CLOUD_API_SECRET": emulator.api_secret,
    }


@pytest.fixture
def run_program(service_environment: dict[str, str], tmp_path: Path) -> RunProgram:
    """Runs a program on its own, with the service's address in its environment: its output.

    What it writes to stderr is in the message if it fails. The folder it runs in is `tmp_path`.
    """

    def run(program: str, *arguments: str, **variables: str) -> str:
        path = tmp_path / "program.py"
        path.write_text(dedent(program), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, path, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=child_environment() | service_environment | variables,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def child_environment() -> dict[str, str]:
    """The environment for a program that is to find what this one finds, wherever it runs."""
    found = [str(Path(entry).absolute()) for entry in sys.path if entry]
    return dict(os.environ) | {"PYTHONPATH": os.pathsep.join(found), "PYTHONDONTWRITEBYTECODE": "1"}
