"""The whole life of a key by shell alone, with the program as an installation has it."""

import csv
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest

from cli.running import AWS, AZURE, GCP, TENANT, VAULT
from openapi_client.testing import ByokEmulator
from structure.source import ROOT
from support.console_script import (
    environment_with,
    install_console_script,
    install_program,
)
from support.waiting import wait_for

_PROLOGUE = """
set -u
code() { local wanted=$1 got=0; shift; "$@" || got=$?
         [ "$got" = "$wanted" ] || { echo "FAILED: $* exited with $got, not $wanted"; exit 99; }; }
same() { [ "$1" = "$2" ] || { echo "FAILED: $1 is not $2"; exit 99; }; }
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with the console script that `pyproject.toml` declares, and stand-ins."""
    folder = tmp_path / "bin"
    install_console_script(folder)
    for name in ("az", "gcloud", "aws"):
        text = f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/calls"\necho "{{}}"\n'
        install_program(folder, name, text)
    return folder


def _shell(
    script: str, programs: Path, settings: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", _PROLOGUE + script],
        env=environment_with(programs, settings),
        cwd=programs.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def _settings(emulator: ByokEmulator) -> dict[str, str]:
    return {
        "CONFLUENT_CLOUD_ENDPOINT": emulator.url,
        "CONFLUENT_CLOUD_API_KEY": emulator.api_key,
        "CONFLUENT_CLOUD_API_SECRET": emulator.api_secret,
    }


@contextmanager
def _served(seed: Path) -> Iterator[dict[str, str]]:
    """The emulator as a program of its own, with keys; the settings that lead to it."""
    command = [sys.executable, "-m", "openapi_client.testing", "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout
            lines = [process.stdout.readline().strip() for _ in range(5)]
            yield dict(line.split("=", 1) for line in lines if line.startswith("CONFLUENT_"))
        finally:
            process.terminate()
            process.communicate()


_LIFE = """
same "$(confluent-byok list --output id)" cck-inuse
code 4 confluent-byok find "$KEY" 2>/dev/null
id=$(confluent-byok ensure "$KEY" --name first)
same "$(confluent-byok ensure "$KEY")" "$id"
same "$(confluent-byok find "$KEY")" "$id"
code 0 confluent-byok wait "$id" --until available --quiet
code 1 confluent-byok wait "$id" --timeout 1 --quiet 2>/dev/null
confluent-byok grants "$id" > grants.sh
code 0 sh -e grants.sh
code 0 sh -e grants.sh
confluent-byok grants "$id" --output json | python3 -m json.tool > /dev/null
same "$(confluent-byok rename "$id" second)" "$id"
confluent-byok show "$id" | grep -q '^Name: *second$' || exit 98
confluent-byok list --output json | python3 -m json.tool > list.json
confluent-byok list --output csv > list.csv
code 3 confluent-byok delete cck-inuse --yes 2>/dev/null
code 64 confluent-byok delete "$id" 2>/dev/null < /dev/null
same "$(confluent-byok delete "$id" --yes)" "$id"
code 4 confluent-byok show "$id" 2>/dev/null
code 64 confluent-byok shred "$id" 2>/dev/null
CONFLUENT_CLOUD_API_SECRET=wrong code 2 confluent-byok list 2>/dev/null
code 1 confluent-byok list --endpoint http://127.0.0.1:1 --timeout 2 2>/dev/null
same "$(confluent-byok list --output table --quiet | head -1 2>&1 | cut -c1-2)" ID
same "$(confluent-byok list --output jsonl --quiet 2>&1 >/dev/null)" ""
echo done
"""


def test_life_of_a_key(programs: Path, tmp_path: Path) -> None:
    """A shell job can do all that there is to do, and knows by exit codes how it went."""
    seed = tmp_path / "seed.json"
    in_use = {"id": "cck-inuse", "state": "IN_USE", "key": {"kind": "GcpKey", "key_id": "other"}}
    seed.write_text(json.dumps([in_use]), encoding="utf-8")
    with _served(seed) as settings:
        done = _shell(_LIFE, programs, {**settings, "KEY": GCP})
    assert (done.stdout.splitlines()[-1:], done.returncode) == (["done"], 0), done.stdout
    calls = (tmp_path / "calls").read_text(encoding="utf-8")
    assert calls.count("gcloud kms keys add-iam-policy-binding") == 2
    [row, _] = csv.DictReader((tmp_path / "list.csv").read_text(encoding="utf-8").splitlines())
    assert (row["identifier"], row["name"]) == (GCP, "second")


_POLICY = """
id=$(confluent-byok ensure "$KEY" --quiet)
confluent-byok grants "$id" > grants.sh
code 0 sh -e grants.sh
code 0 sh -e grants.sh
policy=$(echo key-policy-*-merged.json)
code 0 confluent-byok audit "$id" "$policy"
code 3 confluent-byok audit "$id" "${policy%-merged.json}.json"
echo done
"""


def test_policy_of_aws_is_merged_by_shell(programs: Path, tmp_path: Path) -> None:
    """`grants | sh` reads the policy of a key in AWS, merges it, and puts it back."""
    policy = '{"Version": "2012-10-17", "Statement": []}'
    install_program(programs, "aws", f"#!/bin/sh\necho \"aws $*\" >> calls\necho '{policy}'\n")
    with ByokEmulator() as emulator:
        done = _shell(_POLICY, programs, {**_settings(emulator), "KEY": AWS})
    assert (done.stdout.splitlines()[-1:], done.returncode) == (["done"], 0), done.stdout
    calls = (tmp_path / "calls").read_text(encoding="utf-8")
    assert calls.count("aws kms put-key-policy ") == 2


def test_grants_of_azure_can_be_run(programs: Path, tmp_path: Path) -> None:
    """The commands for Azure run in a shell, and again."""
    with ByokEmulator() as emulator:
        script = f"""
        id=$(confluent-byok ensure {AZURE} --tenant {TENANT} --vault {VAULT} --quiet)
        confluent-byok grants "$id" | sh -e && confluent-byok grants "$id" | sh -e
        """
        done = _shell(script, programs, _settings(emulator))
    assert (done.returncode, done.stderr) == (0, "")
    calls = (tmp_path / "calls").read_text(encoding="utf-8")
    assert calls.count("az role assignment create") == 4


def _twenty() -> list[list[str]]:
    """Twenty keys over three clouds."""
    azure = [[f"{AZURE}{n}", TENANT, VAULT, f"azure {n}"] for n in range(6)]
    aws = [[f"{AWS}{n}", "", "", f"aws {n}"] for n in range(7)]
    return [*azure, *aws, *([f"{GCP}{n}", "", "", f"gcp {n}"] for n in range(7))]


def test_file_of_keys_over_a_bad_network(programs: Path, tmp_path: Path) -> None:
    """Twenty keys are registered once each, though every fifth answer is lost."""
    with open(tmp_path / "keys.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["identifier", "tenant", "vault", "name"], *_twenty()])
    with ByokEmulator(quota=None) as emulator:
        for _ in range(40):
            emulator.delay_next(0.0, times=4)
            emulator.drop_next(when="after")
        script = "confluent-byok ensure --from keys.csv --output csv --quiet"
        done = _shell(script, programs, _settings(emulator))
        again = _shell(script, programs, _settings(emulator))
        registered = {key["display_name"] for key in emulator.keys}
        assert len(emulator.keys) == 20
    assert (done.returncode, done.stderr) == (0, "")
    rows = [*csv.DictReader(StringIO(done.stdout))]
    assert [row["identifier"] for row in rows] == [row[0] for row in _twenty()]
    assert {row["result"] for row in rows} == {"registered"}
    assert registered == {row[3] for row in _twenty()}
    rows = [*csv.DictReader(StringIO(again.stdout))]
    assert (again.returncode, {row["result"] for row in rows}) == (0, {"present"})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_registration_is_reported_as_unknown(
    number: signal.Signals, programs: Path
) -> None:
    """A job that is stopped while a registration is under way exits with 130, and says so."""
    with ByokEmulator() as emulator:
        emulator.delay_next(60.0, when="after", method="POST")
        process = subprocess.Popen(
            [programs / "confluent-byok", "ensure", AWS],
            env=environment_with(programs, _settings(emulator)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            wait_for(lambda: emulator.keys or None)
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert f"the outcome of the registration of {AWS} is unknown" in err
    assert err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it takes a device that is full")
def test_full_disk_is_told(programs: Path) -> None:
    """A list that could not be written exits with 1 and one line, and nothing of Python's."""
    with ByokEmulator() as emulator:
        emulator.seed(1)
        done = _shell("confluent-byok list -q > /dev/full", programs, _settings(emulator))
    assert done.returncode == 1
    assert done.stderr == (
        "confluent-byok: the output cannot be written: No space left on device\n"
    )


def test_pipe_that_is_closed_is_silent(programs: Path) -> None:
    """`confluent-byok list | head -1` says nothing of a broken pipe, and fails no pipeline."""
    with ByokEmulator() as emulator:
        emulator.seed(1000)
        script = "set -o pipefail; confluent-byok list --quiet --output json | head -1"
        done = _shell(script, programs, _settings(emulator))
    assert (done.returncode, done.stdout, done.stderr) == (0, "[\n", "")
