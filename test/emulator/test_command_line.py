"""`python -m openapi_client.testing`: the emulator for other languages, and for curl."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from emulator.calling import AWS, KEYS, basic, connect, once
from openapi_client.testing.__main__ import main
from structure.source import ROOT
from support.markdown import Document

COMMAND = [sys.executable, "-m", "openapi_client.testing"]


class Program:
    """The running program, and what it has printed about itself."""

    def __init__(self, process: subprocess.Popen[str], lines: list[str]) -> None:
        self.process = process
        told = dict(line.split("=", 1) for line in lines if "=" in line)
        self.url = told["CONFLUENT_CLOUD_ENDPOINT"]
        self.key = told["CONFLUENT_CLOUD_API_KEY"]
        self.secret = told["CONFLUENT_CLOUD_API_SECRET"]
        self.token = lines[-1].rpartition(" ")[2]

    def stop(self, number: signal.Signals) -> tuple[int, str, str]:
        """End it, and return its exit status, and all else it has printed."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=30)
        return self.process.returncode, output, errors


@contextmanager
def running(*arguments: str) -> Iterator[Program]:
    """The program with some arguments, once it has said where it serves."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            yield Program(process, [process.stdout.readline().strip() for _ in range(5)])
        finally:
            process.kill()


def test_reader_of_the_address_may_go_away() -> None:
    """A program that has read where the emulator serves need not read on."""
    process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The program with arguments that end it by themselves."""
    return subprocess.run([*COMMAND, *arguments], check=False, capture_output=True, text=True)


def answers(url: str) -> bool:
    """Whether something listens there."""
    try:
        connect(url).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    """A container that runs it ends cleanly, with exit status 0."""
    with running() as program:
        headers = {"Authorization": f"Bearer {program.token}"}
        assert once("GET", program.url + KEYS, headers).status == 200

        assert program.stop(number) == (0, "Stopped.\n", "")


def test_everything_can_be_chosen(tmp_path: Path) -> None:
    """A container is set up by arguments alone."""
    seed = tmp_path / "keys.json"
    seed.write_text(json.dumps([{"id": "cck-abcde", "key": AWS, "state": "IN_USE"}]))
    chosen = ["--api-key", "K", "--api-secret", "S", "--access-token", "T", "--seed", str(seed)]

    with running(*chosen, "--quota", "1", "--rate-limit", "3/60", "--host", "0.0.0.0") as program:
        assert (program.key, program.secret, program.token) == ("K", "S", "T")
        headers = {"Authorization": basic("K", "S")}
        page = once("GET", program.url + KEYS, headers)
        created = once("POST", program.url + KEYS, headers, {"key": {**AWS, "key_arn": "a"}})

        assert [key["id"] for key in page.json()["data"]] == ["cck-abcde"]
        assert page.headers["X-RateLimit-Limit"] == "3"
        assert created.status == 402
        assert program.stop(signal.SIGTERM)[0] == 0


def test_the_quota_can_be_lifted_and_the_port_chosen() -> None:
    """The number of keys and the port are the user's choice."""
    with running("--quota", "none") as program:
        port = program.url.rpartition(":")[2]
        taken = run("--port", port)
        assert taken.returncode == 1
        assert taken.stderr.startswith("cannot serve: ")
        headers = {"Authorization": f"Bearer {program.token}"}
        found = {
            once(
                "POST", program.url + KEYS, headers, {"key": {**AWS, "key_arn": str(number)}}
            ).status
            for number in range(25)
        }
        assert found == {201}


@pytest.mark.parametrize("content", [None, "{", "{}", "[7]", '[{"id": "cck-a"}, {"id": "cck-a"}]'])
def test_a_wrong_seed_is_told_in_a_line(tmp_path: Path, content: str | None) -> None:
    """A mistake in the seed is one line on standard error, and exit status 1."""
    seed = tmp_path / "keys.json"
    if content is not None:
        seed.write_text(content)

    done = run("--seed", str(seed))

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("cannot serve: ")
    assert done.stderr.count("\n") == 1


def test_help_tells_every_argument(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All arguments are documented by --help."""
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])

    told = capsys.readouterr().out
    # Each with what it does: on its line, or below where that is full.
    documented = re.findall(
        r"^  (?:-h, )?(--[a-z-]+)(?: \S.*?)??(?:  |\n {10}) *\S", told, re.MULTILINE
    )
    assert sorted(documented) == sorted(
        [*("--help", "--host", "--port", "--seed", "--quota", "--rate-limit", "--validation")]
        + [*("--principals-delay", "--list-lag", "--duplicates", "--absent-status")]
        + [*("--fail-every", "--api-key", "--api-secret", "--access-token", "--export")]
    )


@pytest.mark.parametrize(
    "argument",
    ["--rate-limit=often", "--rate-limit=0/1", "--quota=few", "--quota=-1", "--port=x"]
    + ["--port=99999", "--port=-1", "--validation=", "--validation=VALID:soon"]
    + ["--validation=VALID:-1", "--principals-delay=soon", "--list-lag=-1", "--duplicates=maybe"]
    + ["--absent-status=500", "--fail-every=0"],
)
def test_a_wrong_argument_is_told(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A typo on the command line is a usage error that names it, and no traceback."""
    with pytest.raises(SystemExit) as ended:
        main([argument])

    name = argument.partition("=")[0].removeprefix("--").removeprefix("fail-")
    assert ended.value.code == 2
    assert name.replace("-", "_") in capsys.readouterr().err.partition("error: ")[2].replace(
        "-", "_"
    )


def test_a_usage_error_ends_the_program() -> None:
    """A script that starts it sees the exit status that stands for wrong usage."""
    done = run("--port", "99999")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("port must be a whole number of 0 to 65535, not 99999\n")


def test_the_service_can_be_steered_from_the_command_line() -> None:
    """Tests in another language meet keys that become VALID, a list that lags, and faults."""
    options = ["--validation", "INVALID", "VALID:0.000001", "--list-lag", "3600"]
    options += ["--duplicates", "allow", "--absent-status", "403", "--principals-delay", "none"]
    with running(*options, "--fail-every", "6") as program:
        headers = {"Authorization": f"Bearer {program.token}"}
        keys = program.url + KEYS

        created = [once("POST", keys, headers, {"key": AWS}).json() for _ in range(2)]
        assert "roles" not in created[0]["key"]
        read = once("GET", f"{keys}/{created[0]['id']}", headers).json()
        assert read["validation"]["phase"] == "VALID"
        assert once("GET", keys, headers).json()["data"] == []
        assert once("GET", f"{keys}/cck-none", headers).status == 403
        failed = once("GET", keys, headers)
        assert (failed.status, failed.headers["Retry-After"]) == (503, "0")
        assert once("GET", keys, headers).status == 200


@pytest.mark.skipif(os.name != "posix" or shutil.which("curl") is None, reason="needs sh and curl")
def test_what_it_exports_can_be_evaluated(tmp_path: Path) -> None:
    """The documented shell script starts it, calls it with what it exported, and stops it."""
    page = Document(ROOT / "docs" / "testing.md")
    [block] = [block for block in page.code_blocks("sh") if "--export" in block.text]
    (tmp_path / "python").symlink_to(sys.executable)
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    script = f"{block.text}\necho; env | grep -e ^CONFLUENT_CLOUD_ -e ^BYOK_"

    done = subprocess.run(
        ["sh", "-ec", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    answer, *lines = done.stdout.splitlines()
    found = dict(line.split("=", 1) for line in lines)
    assert json.loads(answer)["data"] == []
    assert found["CONFLUENT_CLOUD_ENDPOINT"].startswith("http://127.0.0.1:")
    # It may still be ending; if it does not, the test times out.
    while answers(found["CONFLUENT_CLOUD_ENDPOINT"]):
        pass


@pytest.mark.skipif(os.name != "posix", reason="there is no shell like this on this machine")
def test_exports_are_quoted() -> None:
    """A secret with signs that mean something to a shell arrives as it is."""
    script = f"""
        eval "$({shlex.join(COMMAND)} --api-secret 'K $x"\\' --export &)"
        kill "$BYOK_EMULATOR_PID"
        printf %s "$CONFLUENT_CLOUD_API_SECRET"
    """

    done = subprocess.run(
        ["sh", "-ec", script], capture_output=True, text=True, timeout=60, check=True
    )

    assert (done.stdout, done.stderr) == ('K $x"\\', "")


def test_exports_are_all_it_prints() -> None:
    """A file that its output is written to can be sourced."""
    with subprocess.Popen([*COMMAND, "--export"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()  # It ends, though the program goes on.
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

    assert len(lines) == 4
    assert all(re.fullmatch(r"export [A-Z_]+=\S+", line) for line in lines)
    assert lines[-1] == f"export BYOK_EMULATOR_PID={process.pid}"


def test_it_runs_where_nothing_is_installed() -> None:
    """The program runs where nothing but Python is installed."""
    code = "import runpy; runpy.run_module('openapi_client.testing', run_name='__main__')"
    command = [sys.executable, "-S", "-E", "-c", code, "--help"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "--export" in done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
def test_curl_can_do_the_whole_life_of_a_key() -> None:
    """curl, which shares nothing with our client, is served alike."""
    with running() as program:

        def curl(method: str, path: str, document: Any = None) -> Any:
            user = f"{program.key}:{program.secret}"
            command = ["curl", "-sS", "-f", "-u", user, "-X", method, program.url + path]
            if document is not None:
                command += ["-H", "Content-Type: application/json", "-d", json.dumps(document)]
            done = subprocess.run(command, check=True, capture_output=True)
            return json.loads(done.stdout) if done.stdout else None

        key_id = curl("POST", KEYS, {"key": AWS})["id"]
        assert curl("GET", f"{KEYS}/{key_id}")["key"]["key_arn"] == AWS["key_arn"]
        assert curl("PATCH", f"{KEYS}/{key_id}", {"display_name": "n"})["display_name"] == "n"
        assert [key["id"] for key in curl("GET", f"{KEYS}?display_name=N")["data"]] == [key_id]
        assert curl("DELETE", f"{KEYS}/{key_id}") is None
        assert curl("GET", KEYS)["data"] == []
