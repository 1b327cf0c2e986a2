"""The job of docs/automation.md, run as a scheduler runs it, against KMS as moto plays it."""

import importlib.util
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from openapi_client import ApiClient
from openapi_client.testing import ByokEmulator, ValidationStep
from support.clock import FakeClock
from support.recorder import RecordingServer
from support.replies import json_reply

Run = Callable[..., int]
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
_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_GCP = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
_AZURE = (
    "https://v.vault.azure.net/keys/k",
    "00000000-0000-0000-0000-000000000000",
    "/subscriptions/1/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
)
_STAND_IN = """#!/bin/sh
echo "${0##*/} $*" >>"$CALLS"
exit "${FAIL:-0}"
"""


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[ByokEmulator]:
    """The service, as new; the job finds its way there in the environment."""
    validation = [ValidationStep("VALID")]
    with ByokEmulator(validation=validation, api_secret=_SECRET) as emulator:
        monkeypatch.setenv("CONFLUENT_CLOUD_ENDPOINT", emulator.url)
        monkeypatch.setenv("CONFLUENT_CLOUD_API_KEY", emulator.api_key)
        monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", _SECRET)
        yield emulator


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets boto3 find an endpoint, and credentials for it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    return lambda url: monkeypatch.setenv("AWS_ENDPOINT_URL", url)


@pytest.fixture
def kms(aws: Callable[[str], None]) -> Iterator[Any]:
    """A client of KMS, and the environment that leads the job there too."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    aws(f"http://{host}:{port}")
    yield boto3.client("kms", region_name="us-west-2")
    server.stop()


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program as a module, with a clock that does not wait."""
    spec = importlib.util.spec_from_file_location("register_key", _JOB)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    class Client(ApiClient):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.clock = FakeClock()

    monkeypatch.setattr(module, "ApiClient", Client)
    return module


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Puts recorders in place of az and gcloud, and tells what they were called with."""
    calls = tmp_path / "calls"
    for tool in ("az", "gcloud"):
        (tmp_path / tool).write_text(_STAND_IN, encoding="utf-8")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("CALLS", str(calls))
    return lambda: calls.read_text(encoding="utf-8").splitlines()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(_JOB), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)


def _granted(policy: dict[str, Any]) -> dict[str, set[str]]:
    """The actions that each role is allowed."""
    granted: dict[str, set[str]] = {}
    for statement in policy["Statement"]:
        roles = statement["Principal"]["AWS"]
        for role in [roles] if isinstance(roles, str) else roles:
            granted.setdefault(role, set()).update(statement["Action"])
    return granted


def test_job_runs_as_often_as_a_scheduler_likes(kms: Any, emulator: ByokEmulator) -> None:
    """An unattended job leaves no key half done, and does nothing again the next night."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    first = _run(arn)
    after_first = kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
    second = _run(arn)
    after_second = kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
    [key] = emulator.keys
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "ready for clusters" in first.stderr
    assert "admits Confluent already" in second.stderr
    assert after_first == after_second
    assert ": " not in after_first, "it is the text that was measured"
    granted = _granted(json.loads(after_first))
    for role in key["key"]["roles"]:
        assert granted[role] == _ACTIONS
    assert _SECRET not in first.stderr + second.stderr


def test_job_registers_a_key_in_google_cloud(
    emulator: ByokEmulator, job: Any, tools: Callable[[], list[str]]
) -> None:
    """A key in Google Cloud is registered, opened by gcloud, and validated."""
    assert job.run([_GCP]) == 0
    assert [call.split()[0:4] for call in tools()] == [
        ["gcloud", "iam", "roles", "describe"],
        ["gcloud", "kms", "keys", "add-iam-policy-binding"],
    ]
    [key] = emulator.keys
    assert key["key"]["key_id"] == _GCP


def test_job_registers_a_key_in_azure(
    emulator: ByokEmulator, job: Any, tools: Callable[[], list[str]]
) -> None:
    """A key in Azure is registered, opened by az, and validated."""
    assert job.run([*_AZURE]) == 0
    assert [call.split()[1:4] for call in tools()] == [
        ["ad", "sp", "show"],
        *([["ad", "sp", "show"], ["role", "assignment", "create"]] * 2),
    ]
    [key] = emulator.keys
    assert key["key"]["tenant_id"] == _AZURE[1]


@pytest.mark.parametrize("arguments", [[_GCP], [*_AZURE]], ids=["gcloud", "az"])
def test_job_says_what_became_of_a_command(
    emulator: ByokEmulator,
    job: Any,
    tools: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    arguments: list[str],
) -> None:
    """A tool that fails, or is not there, is named, and the job does not pass for done."""
    monkeypatch.setenv("FAIL", "5")
    assert job.run(arguments) == 1
    assert "a command failed" in caplog.text
    monkeypatch.setenv("PATH", "/nowhere")
    assert job.run(arguments) == 2
    assert "and sign in as who owns the key" in caplog.text


@pytest.mark.parametrize(("status", "code"), [(503, 1), (429, 1), (401, 2), (403, 2), (404, 4)])
def test_job_says_whether_to_run_it_again(
    emulator: ByokEmulator, job: Any, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    """A scheduler repeats no job that cannot succeed, and gives up none that could."""
    emulator.fail_next(status, times=None, headers={"Retry-After": "500"})
    assert job.run([_ARN]) == code
    assert f"{status} " in caplog.text
    assert _SECRET not in caplog.text


def test_job_that_is_in_doubt_is_run_again(
    emulator: ByokEmulator,
    job: Any,
    tools: Callable[[], list[str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A registration of unknown outcome asks for another run, which finds the key."""
    emulator.drop_next("before", method="POST", times=None)
    assert job.run([_GCP]) == 1
    assert "The outcome is unknown" in caplog.text
    emulator.clear()
    [id] = emulator.seed([{"key": {"kind": "GcpKey", "key_id": _GCP}}])
    emulator.validate(id, "VALID")
    caplog.set_level(logging.INFO)
    assert job.run([_GCP]) == 0
    assert f"key {id} was registered" in caplog.text
    assert [key["id"] for key in emulator.keys] == [id]
    assert not [request for request in emulator.requests if request.method == "POST"]


def test_job_stops_at_a_key_that_confluent_cannot_use(
    kms: Any, emulator: ByokEmulator, job: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A job whose key Confluent cannot use fails, and says why."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    emulator.settings.validation = [ValidationStep("INVALID", "key access denied")]
    assert job.run([arn]) == 3
    assert "key access denied" in caplog.text


def test_job_stops_at_a_key_of_another_tenant(
    emulator: ByokEmulator, job: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A key that is registered otherwise is no success."""
    url, _, vault = _AZURE
    key = {"kind": "AzureKey", "key_id": url, "tenant_id": "elsewhere", "key_vault_id": vault}
    emulator.seed([{"key": key}])
    assert job.run([*_AZURE]) == 3
    assert "elsewhere is registered" in caplog.text


def test_job_says_that_the_key_is_not_there(
    kms: Any, emulator: ByokEmulator, job: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A mistyped ARN is told from a service that is down."""
    assert job.run([_ARN]) == 4
    assert "there is no such key in AWS KMS" in caplog.text


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        ("AccessDeniedException", 2, "this job needs kms:GetKeyPolicy and kms:PutKeyPolicy"),
        ("MalformedPolicyDocumentException", 2, "a principal that was deleted has to be removed"),
        ("ThrottlingException", 1, "asked too often"),
        ("SomethingNewException", 2, "see what AWS says"),
    ],
)
def test_errors_of_kms_say_what_to_do(
    emulator: ByokEmulator,
    job: Any,
    aws: Callable[[str], None],
    caplog: pytest.LogCaptureFixture,
    error: str,
    code: int,
    text: str,
) -> None:
    """What AWS refuses ends in one line and in the code that fits, and in no traceback."""
    answer = json_reply(400, {"__type": error, "message": "as AWS puts it"})
    with RecordingServer(lambda request: answer) as server:
        aws(server.url)
        assert job.run([_ARN]) == code
    assert text in caplog.text
    assert "as AWS puts it" in caplog.text
    assert "Traceback" not in caplog.text


def test_job_is_run_again_where_aws_is_away(
    emulator: ByokEmulator, job: Any, aws: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    """A job that cannot reach AWS asks for another run, and says so without a traceback."""
    aws("http://127.0.0.1:1")
    assert job.run([_ARN]) == 1
    assert "AWS cannot be asked" in caplog.text
    assert "Traceback" not in caplog.text


def test_job_says_that_boto3_is_missing(
    emulator: ByokEmulator,
    job: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without the library for AWS there is one line that says what to do."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert job.run([_ARN]) == 2
    [line] = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert line == "not done: a key in AWS takes boto3: run pip install boto3"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "usage: register_key.py IDENTIFIER"),
        (["a", "b"], "usage: register_key.py IDENTIFIER"),
        (["cck-1"], "is neither the ARN"),
        ([_AZURE[0]], "needs tenant_id and key_vault_id"),
    ],
)
def test_wrong_arguments_are_told(arguments: list[str], text: str) -> None:
    """A slip in a crontab is told from a failure."""
    done = _run(*arguments)
    assert done.returncode == 64
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_interrupted_job_says_so(
    emulator: ByokEmulator,
    job: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Ctrl-C ends in the code that shells expect, and in no traceback."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "register", interrupt)
    assert job.run([_ARN]) == 130
    assert "interrupted" in caplog.text


def test_job_without_credentials_says_so(job: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A job whose environment was forgotten names the variable."""
    assert not [name for name in os.environ if name.startswith("CONFLUENT_")]
    assert job.run([_ARN]) == 2
    assert "CONFLUENT_CLOUD_API_KEY is not set" in caplog.text
