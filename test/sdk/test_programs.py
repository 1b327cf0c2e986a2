"""Programs that a stranger writes with the documentation alone do what they are for."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openapi_client.testing import ByokEmulator, ValidationStep
from structure.source import ROOT
from support.unmeasured import unmeasured_environment

_PROGRAMS = Path(__file__).parent / "programs"
_ARN = "arn:aws:kms:us-west-2:111122223333:key/00000000-0000-0000-0000-{:012}"


@pytest.fixture
def service() -> Iterator[ByokEmulator]:
    """The service."""
    with ByokEmulator(quota=50) as emulator:
        yield emulator


def _run(service: ByokEmulator, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, _PROGRAMS / name, *arguments],
        env={
            **unmeasured_environment(),
            "PYTHONPATH": str(ROOT),
            "CONFLUENT_CLOUD_ENDPOINT": service.url,
            "CONFLUENT_CLOUD_API_KEY": service.api_key,
            "CONFLUENT_CLOUD_API_SECRET": service.api_secret,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def _seed(service: ByokEmulator, *names: str) -> list[str]:
    documents = [
        {"display_name": name, "key": {"kind": "AwsKey", "key_arn": _ARN.format(number)}}
        for number, name in enumerate(names)
    ]
    return service.seed(documents)


def test_list_as_csv(service: ByokEmulator) -> None:
    """Every key has a line, whatever its name."""
    _seed(service, 'a "quoted", name', "plain")
    done = _run(service, "list_csv.py")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert done.returncode == 0, done.stderr
    assert {row["name"] for row in rows} == {'a "quoted", name', "plain"}
    assert {row["identifier"] for row in rows} == {_ARN.format(0), _ARN.format(1)}


def test_register_twenty(service: ByokEmulator, tmp_path: Path) -> None:
    """Twenty keys of a file are registered, and the second run finds them."""
    identifiers = [_ARN.format(number) for number in range(19)]
    identifiers.append("projects/p/locations/us-east1/keyRings/r/cryptoKeys/k")
    file = tmp_path / "keys.txt"
    file.write_text("\n".join(identifiers), encoding="utf-8")
    for expected in ("new", "there"):
        done = _run(service, "register_file.py", str(file))
        assert done.returncode == 0, done.stderr
        assert [line.split()[1] for line in done.stdout.splitlines()] == [expected] * 20
    assert len(service.keys) == 20


def test_register_goes_on_after_a_mistake(service: ByokEmulator, tmp_path: Path) -> None:
    """A line that is no key is named, and the others are registered."""
    file = tmp_path / "keys.txt"
    file.write_text(f"{_ARN.format(1)}\nalias/mine\n{_ARN.format(2)}\n", encoding="utf-8")
    done = _run(service, "register_file.py", str(file))
    assert (done.returncode, len(service.keys)) == (1, 2)
    assert done.stderr.startswith("alias/mine: ")


def test_wait_with_a_bar(service: ByokEmulator, tmp_path: Path) -> None:
    """The bar is full when all keys are valid."""
    service.settings.validation = [ValidationStep("VALID", seconds=0.1)]
    file = tmp_path / "keys.txt"
    file.write_text("\n".join(map(_ARN.format, range(3))), encoding="utf-8")
    assert _run(service, "register_file.py", str(file)).returncode == 0
    done = _run(service, "wait_with_bar.py")
    assert done.returncode == 0, done.stderr
    assert done.stderr.rstrip().endswith("[" + "#" * 40 + "] 3/3")


def test_delete_by_prefix(service: ByokEmulator) -> None:
    """Keys whose name only contains the prefix stay, and so does one that is in use."""
    doomed, used, kept = _seed(service, "test-1", "test-2", "latest-1")
    service.mark_in_use(used)
    done = _run(service, "delete_prefix.py", "test-")
    assert sorted(done.stdout.splitlines()) == sorted([f"{doomed} deleted", f"{used} is in use"])
    assert {document["id"] for document in service.keys} == {used, kept}
