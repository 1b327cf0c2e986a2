"""The quickstart tells the life of a key, and is careful where it meets the real service."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from openapi_client.testing import ByokEmulator
from structure.source import ROOT

_PROGRAM = ROOT / "docs" / "examples" / "key_lifecycle.py"
_STEPS = ["Registered", "Read", "Listed", "Renamed", "Deleted", "Gone"]
_ARN = "arn:aws:kms:eu-west-1:444455556666:key/mine"


@pytest.fixture
def service() -> Iterator[ByokEmulator]:
    """What the program takes for Confluent Cloud; somebody else's key is there already."""
    with ByokEmulator() as service:
        service.seed()
        yield service


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(_PROGRAM), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _run_there(service: ByokEmulator, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it with credentials, as for Confluent Cloud."""
    return _run(
        *arguments,
        CONFLUENT_CLOUD_ENDPOINT=service.url,
        CONFLUENT_CLOUD_API_KEY=service.api_key,
        CONFLUENT_CLOUD_API_SECRET=service.api_secret,
    )


def _steps(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.partition(" ")[0] for line in done.stdout.splitlines()[1:]]


def test_without_credentials_an_emulator_will_do() -> None:
    """Without credentials the program takes every step, with an emulator."""
    done = _run()
    assert (done.returncode, done.stderr) == (0, "")
    assert _steps(done) == _STEPS
    assert "present!" in done.stdout


def test_with_credentials_it_happens_at_the_service(service: ByokEmulator) -> None:
    """With credentials every step happens at the service, and nothing is left there."""
    [before] = service.keys
    done = _run_there(service, _ARN)
    assert (done.returncode, done.stderr) == (0, "")
    assert _steps(done) == _STEPS
    methods = [request.method for request in service.requests]
    assert methods == ["POST", "GET", "GET", "PATCH", "DELETE", "GET"]
    assert service.keys == [before]


@pytest.mark.parametrize(
    "key",
    [
        "projects/p/locations/l/keyRings/r/cryptoKeys/k",
        '{"kind": "AzureKey", "key_id": "k", "key_vault_id": "v", "tenant_id": "t"}',
    ],
)
def test_key_may_lie_in_any_cloud(key: str, service: ByokEmulator) -> None:
    """The key may also lie in Google Cloud or in Azure."""
    done = _run_there(service, key)
    assert (done.returncode, done.stderr, _steps(done)) == (0, "", _STEPS)


@pytest.mark.parametrize("key", [[], ["alias/mine"], ['{"kind": "AwsKey"}']])
def test_service_is_left_alone_without_a_key_to_register(
    key: list[str], service: ByokEmulator
) -> None:
    """Without a key, or with a misspelt one, nothing is sent to the service."""
    done = _run_there(service, *key)
    assert done.returncode == 1
    assert done.stderr.startswith("The story ends here.")
    assert not service.requests


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_failure_leaves_nothing_behind(method: str, service: ByokEmulator) -> None:
    """Where a step fails, the key that was registered is deleted again."""
    [before] = service.keys
    service.fail_next(400, method=method)
    done = _run_there(service, _ARN)
    assert done.returncode == 1
    assert done.stderr.startswith("The story ends here. 400")
    assert "Traceback" not in done.stderr
    assert _steps(done)[-1] == "Deleted"
    assert service.keys == [before]


def test_somebody_elses_registration_is_left_alone(service: ByokEmulator) -> None:
    """A key that was registered before is left as it is."""
    service.seed([{"key": {"kind": "AwsKey", "key_arn": _ARN}}])
    before = service.keys
    done = _run_there(service, _ARN)
    assert done.returncode == 1
    assert "409" in done.stderr
    assert [request.method for request in service.requests] == ["POST"]
    assert service.keys == before


def test_unknown_outcome_is_told(service: ByokEmulator) -> None:
    """A registration of unknown outcome is told as such."""
    service.drop_next("after", method="POST")
    done = _run_there(service, _ARN)
    assert done.returncode == 1
    assert "outcome is unknown" in done.stderr


@pytest.mark.parametrize("name", ["CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET"])
def test_half_a_credential_is_told(name: str, service: ByokEmulator) -> None:
    """A user who forgot one variable is told which, and nothing is sent."""
    other = {"CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET"} - {name}
    done = _run(_ARN, CONFLUENT_CLOUD_ENDPOINT=service.url, **{name: "half"})
    assert done.returncode == 1
    assert f"{other.pop()} is not set" in done.stderr
    assert not service.requests
