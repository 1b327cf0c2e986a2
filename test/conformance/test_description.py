"""The emulator does what docs/openapi.yaml says, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from openapi_client.testing import ByokEmulator
from support.unmeasured import unmeasured_environment

_HERE = Path(__file__).parent
_DESCRIPTION = _HERE.parents[1] / "docs" / "openapi.yaml"
_STEADY = [["--max-examples", "15", "--generation-deterministic", "--seed", "1"]]
_NOTHING_KEPT = ["--generation-database", "none"]
_SEARCHES = [
    ["--phases", "examples,coverage,fuzzing", "--max-examples", "500", *_NOTHING_KEPT],
    # Its requests grow with the square of the examples: these have some 8,000.
    ["--phases", "stateful", "--max-examples", "40", *_NOTHING_KEPT],
]


def test_emulator_agrees_with_the_description(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Every answer of the emulator is one that the description allows."""
    # Alike on every run, unless it is asked to search.
    for generation in _SEARCHES if pytestconfig.getoption("--conformance") else _STEADY:
        with ByokEmulator(quota=None) as emulator:
            run = subprocess.run(
                [
                    *(sys.executable, "-m", "schemathesis.cli"),
                    *("--config-file", str(_HERE / "schemathesis.toml")),
                    *("run", str(_DESCRIPTION), "--url", emulator.url),
                    *("--auth", f"{emulator.api_key}:{emulator.api_secret}"),
                    *("--checks", "all", "--no-color"),
                    *generation,
                ],
                cwd=tmp_path,
                env=unmeasured_environment(),
                capture_output=True,
                text=True,
                check=False,
            )
            requests = len(emulator.requests)
        assert run.returncode == 0, run.stdout + run.stderr
        assert requests > 200
