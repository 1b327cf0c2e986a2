"""Many keys on many workers: the example of docs/automation.md, as it is run."""

import importlib.util
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from openapi_client.testing import ByokEmulator
from support.unmeasured import unmeasured_environment

_PROGRAM = Path(__file__).parents[1] / "docs" / "examples" / "fleet.py"
_WORKERS = [
    pytest.param(["--processes", "4"], id="processes"),
    pytest.param(
        ["--dask", "local"],
        id="dask",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("distributed") is None, reason="dask.distributed is not there"
        ),
    ),
]


@pytest.fixture
def emulator() -> Iterator[ByokEmulator]:
    """A service that throttles, as that of any organization does."""
    with ByokEmulator(quota=None, rate_limit=(150, 1.0), log_limit=10_000) as emulator:
        yield emulator


def _run(emulator: ByokEmulator, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = unmeasured_environment() | {
        "CONFLUENT_CLOUD_ENDPOINT": emulator.url,
        "CONFLUENT_CLOUD_API_KEY": emulator.api_key,
        "CONFLUENT_CLOUD_API_SECRET": emulator.api_secret,
    }
    return subprocess.run(
        [sys.executable, str(_PROGRAM), str(file), *options],
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


@pytest.mark.timeout(320)
@pytest.mark.parametrize("workers", _WORKERS)
def test_fleet_registers_each_key_once(
    emulator: ByokEmulator, tmp_path: Path, workers: list[str]
) -> None:
    """Two hundred keys are registered once, under one rate limit, and again by nobody."""
    arns = [f"arn:aws:kms:eu-west-1:111122223333:key/{n:03}" for n in range(200)]
    file = tmp_path / "keys.txt"
    file.write_text("\n".join([*arns, arns[0], "no-key"]), encoding="utf-8")
    first, second = (_run(emulator, file, *workers) for _ in range(2))
    assert (first.returncode, second.returncode) == (1, 1), first.stderr + second.stderr
    assert sorted(key["key"]["key_arn"] for key in emulator.keys) == arns
    ids = {key["key"]["key_arn"]: key["id"] for key in emulator.keys}
    for done, outcome in ((first, "new"), (second, "was registered")):
        rows = [line.split(maxsplit=1) for line in done.stdout.splitlines() if "cck-" in line]
        assert {row[1].split()[-1]: row[0] for row in rows} == ids
        assert Counter(outcome in row[1] for row in rows) == {True: 200}
        assert "failed: identifier 'no-key'" in done.stdout
    assert sum(request.method == "POST" for request in emulator.requests) >= 200
