"""The job of docs/automation.md, run as a scheduler runs it, against KMS as moto plays it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from openapi_client.testing import ByokEmulator, ValidationStep

_JOB = Path(__file__).parents[1] / "docs" / "examples" / "register_key.py"
_ACTIONS = {
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ListGrants",
    "kms:ReEncrypt*",
    "kms:RevokeGrant",
}
_SECRET = "s3cret-of-the-job"


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of KMS, and the environment that leads the job there too."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    yield boto3.client("kms", region_name="us-west-2")
    server.stop()


def _run(emulator: ByokEmulator, arn: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "CONFLUENT_CLOUD_ENDPOINT": emulator.url,
        "CONFLUENT_CLOUD_API_KEY": emulator.api_key,
        "CONFLUENT_CLOUD_API_SECRET": emulator.api_secret,
    }
    command = [sys.executable, str(_JOB), arn]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=50, check=False
    )


def _granted(policy: dict[str, Any]) -> dict[str, set[str]]:
    """The actions that each role is allowed."""
    granted: dict[str, set[str]] = {}
    for statement in policy["Statement"]:
        roles = statement["Principal"]["AWS"]
        for role in [roles] if isinstance(roles, str) else roles:
            granted.setdefault(role, set()).update(statement["Action"])
    return granted


def test_job_runs_as_often_as_a_scheduler_likes(kms: Any) -> None:
    """An unattended job leaves a key half done, or does it again each night."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    with ByokEmulator(validation=[ValidationStep("VALID")], api_secret=_SECRET) as emulator:
        first = _run(emulator, arn)
        after_first = kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
        second = _run(emulator, arn)
        after_second = kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
        [key] = emulator.keys
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "ready for clusters" in first.stderr
    assert "admits Confluent already" in second.stderr
    assert after_first == after_second
    granted = _granted(json.loads(after_first))
    for role in key["key"]["roles"]:
        assert granted[role] == _ACTIONS
    assert _SECRET not in first.stderr + second.stderr


@pytest.mark.parametrize(("status", "code"), [(503, 1), (401, 2), (403, 2)])
def test_job_says_whether_to_run_it_again(status: int, code: int, kms: Any) -> None:
    """A scheduler repeats a job that cannot succeed, or gives up one that could."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    with ByokEmulator(api_secret=_SECRET) as emulator:
        emulator.fail_next(status, times=None, headers={"Retry-After": "500"})
        done = _run(emulator, arn)
    assert done.returncode == code, done.stderr
    assert f"{status} " in done.stderr
    assert _SECRET not in done.stderr


def test_job_stops_at_a_key_that_confluent_cannot_use(kms: Any) -> None:
    """A cluster is created with a key that does not work."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    script = [ValidationStep("INVALID", "key access denied")]
    with ByokEmulator(validation=script) as emulator:
        done = _run(emulator, arn)
    assert done.returncode == 2, done.stderr
    assert "key access denied" in done.stderr
