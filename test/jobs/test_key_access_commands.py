"""The commands, run by real shells with recorders in place of the clouds' tools."""

import subprocess
from pathlib import Path

import pytest

from openapi_client import ByokV1AwsKey, ByokV1AzureKey, ByokV1GcpKey
from openapi_client.key_access import AwsAccess, AzureAccess, GcpAccess, access_grants

# Each call is a line of arguments that end in NUL, which no argument can hold.
_RECORDER = """#!/bin/sh
printf '%s\\0' "${0##*/}" "$@" >>"$CALLS"
echo >>"$CALLS"
case " $* " in
  *" $MISSING "*) exit 3 ;;
  *) echo "${OUTPUT:-the output}" ;;
esac
"""
_NASTY = ["it's", '"quoted"', "$HOME `id` $(id)", "a\\b", "; exit 9 #", "-rf *", "ü&é|<>!{}~"]
_ID = "1234abcd"


class _Shell:
    """A shell in a folder of its own, and what was called in it."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder
        self._calls = folder / "calls"
        for tool in ("aws", "az", "gcloud"):
            path = folder / tool
            path.write_text(_RECORDER, encoding="utf-8")
            path.chmod(0o755)

    def run(self, command: str, *, missing: str = "nothing", output: str = "") -> int:
        """Run one command; calls with the word ``missing`` among their arguments fail."""
        environment = {"PATH": f"{self._folder}:/usr/bin:/bin", "CALLS": str(self._calls)}
        return subprocess.run(
            [self._name, "-c", command],
            cwd=self._folder,
            env={**environment, "MISSING": missing, "OUTPUT": output},
            check=False,
            capture_output=True,
        ).returncode

    def calls(self) -> list[list[str]]:
        """The tools called since the last time, with their arguments."""
        lines = self._calls.read_text(encoding="utf-8").splitlines()
        self._calls.unlink()
        return [line.split("\0")[:-1] for line in lines]

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self._folder / name).read_text(encoding="utf-8")


@pytest.fixture(params=["sh", "bash"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> _Shell:
    """A shell of each kind that users have."""
    return _Shell(request.param, tmp_path)


def _aws() -> AwsAccess:
    arn = f"arn:aws:kms:us-west-2:111122223333:key/{_ID}"
    return access_grants(ByokV1AwsKey(key_arn=arn, roles=["arn:aws:iam::123456789876:role/one"]))


def _azure(name: str) -> AzureAccess:
    return access_grants(
        ByokV1AzureKey(
            key_id="https://v.vault.azure.net/keys/k",
            key_vault_id=f"/subscriptions/1/resourceGroups/{name.replace('/', '')}"
            "/providers/Microsoft.KeyVault/vaults/v",
            tenant_id="t",
            application_id=name,
        )
    )


def _gcp(name: str) -> GcpAccess:
    key = f"projects/{name}/locations/l/keyRings/r/cryptoKeys/{name}"
    return access_grants(ByokV1GcpKey(key_id=key, security_group=name))


def test_aws_policy_is_read_into_a_file(shell: _Shell) -> None:
    """The policy is read into one file and put from another."""
    read, put = _aws().commands
    assert shell.run(read) == 0
    assert shell.read(f"key-policy-{_ID}.json") == "the output\n"
    assert shell.run(put) == 0
    get_call, put_call = shell.calls()
    assert get_call[:3] == ["aws", "kms", "get-key-policy"]
    assert put_call[:3] == ["aws", "kms", "put-key-policy"]
    assert put_call[-1] == f"--policy=file://key-policy-{_ID}-merged.json"


@pytest.mark.parametrize("name", _NASTY)
def test_azure_roles_go_to_the_principal_that_was_found(shell: _Shell, name: str) -> None:
    """Any name is read by a shell as it is, and the role goes to the principal."""
    principal, *assignments = _azure(name).commands
    assert shell.run(principal) == 0
    assert shell.calls() == [
        ["az", "ad", "sp", "show", f"--id={name}", "--query=id", "--output=tsv"]
    ]
    for command in assignments:
        assert shell.run(command) == 0
        _, assign = shell.calls()
        assert assign[:4] == ["az", "role", "assignment", "create"]
        assert f"/resourceGroups/{name}/" in assign[5]
        assert assign[-1] == "--assignee-object-id=the output"


def test_azure_principal_is_made_where_there_is_none(shell: _Shell) -> None:
    """A tenant that has never seen the application gets its principal."""
    principal, _, _ = _azure("app").commands
    assert shell.run(principal, missing="show") == 0
    assert [call[3] for call in shell.calls()] == ["show", "create"]


def test_azure_role_is_not_assigned_to_nobody(shell: _Shell) -> None:
    """A failure to find the principal is a failure of the command."""
    _, assign, _ = _azure("app").commands
    assert shell.run(assign, missing="show") != 0
    assert [call[1] for call in shell.calls()] == ["ad"]


@pytest.mark.parametrize("name", _NASTY)
def test_gcp_role_is_bound_on_the_key(shell: _Shell, name: str) -> None:
    """Any name is read by a shell as it is."""
    role, binding = _gcp(name).commands
    assert shell.run(role) == 0
    assert shell.run(binding) == 0
    describe, bind = shell.calls()
    assert describe[3:] == [
        *("describe", "custom_kms_role", f"--project={name}", "--format=value(deleted)")
    ]
    assert bind[4:6] == [name, f"--project={name}"]
    assert f"--member=group:{name}" in bind


def test_failure_to_find_the_principal_ends_a_script(shell: _Shell) -> None:
    """Run by ``sh -e``, the commands for Azure end where a role could not be assigned."""
    _, *assign = _azure("app").commands
    assert shell.run("\n".join(["set -e", *assign, "az done"])) == 0
    assert [call[1:3] for call in shell.calls()][-1:] == [["done"]]
    assert shell.run("\n".join(["set -e", *assign, "az done"]), missing="show") != 0
    assert len(shell.calls()) == 1


def test_gcp_role_is_made_where_there_is_none(shell: _Shell) -> None:
    """The role that is bound exists."""
    role, _ = _gcp("p").commands
    assert shell.run(role, missing="describe") == 0
    assert [call[3] for call in shell.calls()] == ["describe", "create"]


@pytest.mark.parametrize("told", ["True", "true"])
def test_gcp_role_that_was_deleted_is_restored(shell: _Shell, told: str) -> None:
    """A role that lies in the bin neither passes for present nor stands in the way of itself."""
    role, _ = _gcp("p").commands
    assert shell.run(role, output=told) == 0
    assert [call[3] for call in shell.calls()] == ["describe", "undelete"]
    assert shell.run(role, output=told, missing="undelete") != 0


def test_gcp_role_that_is_there_is_left_alone(shell: _Shell) -> None:
    """Running the commands again does nothing to a role that is in use."""
    role, binding = _gcp("p").commands
    for _ in range(2):
        assert shell.run(f"{role} && {binding}") == 0
        assert [call[3] for call in shell.calls()] == ["describe", "add-iam-policy-binding"]
