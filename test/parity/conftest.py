"""Compares this client with the one that OpenAPI Generator makes from `docs/openapi.yaml`.

The reference is generated anew for each run, into a folder that pytest throws away. That takes the
generator, a Java runtime and seconds, so these tests run only when asked for, by `tox -e parity`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import openapi_client
from support.recorder import RecordingServer

from .answers import well_formed
from .generator import generate

_NAME = "generated_client"


@pytest.fixture(scope="session")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The generated package. Named apart from ours, for a process holds one of a name."""
    folder = generate(tmp_path_factory.mktemp("reference"), package=_NAME)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(_NAME)
        for name in [name for name in sys.modules if name.partition(".")[0] == _NAME]:
            patch.delitem(sys.modules, name)


@pytest.fixture(scope="session")
def ours() -> Any:
    """The package under test, as loosely typed as the generated one."""
    return openapi_client


@pytest.fixture(scope="session")
def server() -> Iterator[RecordingServer]:
    """Answers every call with a well-formed success."""
    with RecordingServer(well_formed) as running:
        yield running
