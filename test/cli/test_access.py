"""`grants` and `audit`: what the owner of a key must allow, and whether it is allowed."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.running import AWS, AZURE, GCP, TENANT, VAULT, Run
from openapi_client.testing import ByokEmulator
from support.clock import FakeClock

_POLICY: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}


@pytest.fixture
def aws(run: Run) -> str:
    """The id of a key in AWS."""
    return run("ensure", AWS).out.strip()


@pytest.fixture
def azure(run: Run) -> str:
    """The id of a key in Azure."""
    return run("ensure", AZURE, "--tenant", TENANT, "--vault", VAULT).out.strip()


@pytest.fixture
def gcp(run: Run) -> str:
    """The id of a key in Google Cloud."""
    return run("ensure", GCP).out.strip()


def test_commands_are_for_a_shell(aws: str, azure: str, gcp: str, run: Run) -> None:
    """Each cloud has its commands, one a line."""
    code, out, err = run("grants", aws)
    assert (code, err) == (0, "")
    read, merge = out.splitlines()
    assert read.startswith("aws kms get-key-policy ")
    assert merge.startswith(f"(confluent-byok grants {aws} --merge key-policy-1234abcd-")
    assert "-merged.json && aws kms put-key-policy " in merge
    assert merge.endswith(")"), "sh -e would go on after a failure to merge"
    assert run("grants", azure).out.count("az role assignment create") == 2
    assert "gcloud kms keys add-iam-policy-binding" in run("grants", gcp).out


def test_grants_are_data(aws: str, azure: str, gcp: str, run: Run) -> None:
    """A program gets whom to allow what, and the commands too."""
    document = json.loads(run("grants", aws, "--output", "json").out)
    assert len(document["statements"]) == 2
    assert document["roles"]
    document = json.loads(run("grants", azure, "-o", "json").out)
    assert [each["scope"] for each in document["assignments"]] == [VAULT, VAULT]
    document = json.loads(run("grants", gcp, "-o", "json").out)
    assert document["role"]["project"] == "p"
    assert document["bindings"][0]["member"].startswith("group:")
    assert document["commands"] == run("grants", gcp).out.splitlines()


def test_policy_is_merged(aws: str, run: Run, tmp_path: Path) -> None:
    """The merged policy is on stdout, ready for KMS, and merging it again changes nothing."""
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(_POLICY), encoding="utf-8")
    code, out, err = run("grants", aws, "--merge", str(file))
    assert (code, err) == (0, "")
    assert len(json.loads(out)["Statement"]) == 2
    assert run("grants", aws, "--merge", "-", stdin=out).out == out


@pytest.mark.parametrize("policy", ["", "[]", "{}", "{"])
def test_what_is_no_policy_is_refused(policy: str, aws: str, run: Run) -> None:
    """A file that is no policy exits with 64, and nothing is on stdout to be put in its place."""
    for command in (("grants", aws, "--merge", "-"), ("audit", aws, "-")):
        code, out, err = run(*command, stdin=policy)
        assert (code, out) == (64, "")
        assert err.startswith("confluent-byok: policy ")


def test_merge_is_for_aws(azure: str, run: Run) -> None:
    """The other clouds have no policy to merge into; the way is told."""
    code, out, err = run("grants", azure, "--merge", "-", stdin="{}")
    assert (code, out) == (64, "")
    assert "run the commands that grants writes" in err


def test_policy_that_is_not_there_is_told(aws: str, emulator: ByokEmulator, run: Run) -> None:
    """A wrong path exits with 64 before anything is sent."""
    sent = len(emulator.requests)
    assert run("grants", aws, "--merge", "absent.json").code == 64
    assert run("audit", aws, "absent.json").code == 64
    assert len(emulator.requests) == sent


def test_principals_are_waited_for(emulator: ByokEmulator, run: Run) -> None:
    """Whom to admit may be named late: that takes time, and at last exits with 1."""
    emulator.settings.principals_delay = 60.0
    id = run("ensure", AWS).out.strip()
    code, out, _ = run("grants", id, "--timeout", "10")
    assert (code, out) == (1, "")
    assert run("grants", id).code == 0


def test_principals_that_are_not_named_in_time(emulator: ByokEmulator, run: Run) -> None:
    """Where the service has not said whom to give access, that is what is told."""
    emulator.settings.principals_delay = None
    id = run("ensure", AWS).out.strip()
    code, out, err = run("grants", id, "--timeout", "60")
    assert (code, out) == (1, "")
    assert err.endswith(f"has not named yet whom {id} is for; run it again later\n")
    emulator.fail_next(500, times=None)
    code, _, err = run("grants", id, "--timeout", "60")
    assert code == 1
    assert "could not be read once; the last attempt to read it failed: 500" in err


def test_unknown_kind_will_not_help(emulator: ByokEmulator, clock: FakeClock, run: Run) -> None:
    """A key of a kind that this version does not know exits with 2 at once."""
    [id, bare] = emulator.seed([{"key": {"kind": "NewKey", "key_id": "n"}}, {"key": None}])
    code, _, err = run("grants", id)
    assert code == 2
    assert "use a newer one" in err
    assert run("grants", bare).code == 2
    assert clock.sleeps == []


def test_audit_of_aws_tells_what_is_missing(aws: str, run: Run) -> None:
    """An incomplete policy exits with 3, its merged form with 0."""
    code, out, err = run("audit", aws, "-", stdin=json.dumps(_POLICY))
    assert (code, err) == (3, "")
    assert "missing: arn:aws:iam::" in out
    merged = run("grants", aws, "--merge", "-", stdin=json.dumps(_POLICY)).out
    code, out, err = run("audit", aws, "-", stdin=merged)
    assert (code, err) == (0, "")
    assert out.startswith("complete: ")


def test_audit_is_data(aws: str, run: Run) -> None:
    """A program gets the findings as JSON."""
    code, out, _ = run("audit", aws, "-", "--output", "json", stdin=json.dumps(_POLICY))
    document = json.loads(out)
    assert (code, document["complete"], document["id"]) == (3, False, aws)
    assert document["missing"]


def test_audit_commands_no_terminal(aws: str, run: Run) -> None:
    """What stands in a policy is not obeyed by a terminal."""
    statement = {
        "Sid": "a\x1b[2J",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:*",
        "Resource": "*",
    }
    policy = json.dumps({**_POLICY, "Statement": [statement]})
    code, out, _ = run("audit", aws, "-", stdin=policy)
    assert code == 3
    assert r"a\x1b[2J" in out


def test_audit_of_the_other_clouds(azure: str, gcp: str, run: Run) -> None:
    """Role assignments and IAM policies that hold nothing exit with 3."""
    assert run("audit", azure, "-", stdin="[]").code == 3
    assert run("audit", gcp, "-", stdin='{"bindings": []}').code == 3
