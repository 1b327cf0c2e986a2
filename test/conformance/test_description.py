"""The emulator does what docs/openapi.yaml says, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from openapi_client.testing import ByokEmulator

_HERE = Path(__file__).parent
_DESCRIPTION = _HERE.parents[1] / "docs" / "openapi.yaml"


def test_emulator_agrees_with_the_description(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Code tested against the emulator would fail against a service as it is described."""
    examples = "500" if pytestconfig.getoption("--conformance") else "15"
    with ByokEmulator(quota=None) as emulator:
        run = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli"),
                *("--config-file", str(_HERE / "schemathesis.toml")),
                *("run", str(_DESCRIPTION), "--url", emulator.url),
                *("--auth", f"{emulator.api_key}:{emulator.api_secret}"),
                *("--checks", "all", "--max-examples", examples, "--no-color"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert len(emulator.requests) > 200
    assert run.returncode == 0, run.stdout + run.stderr
