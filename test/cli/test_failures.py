"""What goes wrong is one line that says what to do, and an exit code to act on."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typing_extensions import override

from cli.running import AWS, GCP, Run
from openapi_client.cli import keys, main, reading
from openapi_client.cli.console import Console
from openapi_client.cli.exit_codes import ExitCode, combined
from openapi_client.testing import ByokEmulator
from support.clock import FakeClock


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (400, 2, "400"),
        (401, 2, "check the credentials in the environment"),
        (402, 2, "have the quota raised"),
        (403, 2, "the key does not exist, or is not for these credentials to touch"),
        (404, 4, "confluent-byok list shows the keys"),
        (429, 1, "run it again later"),
        (500, 1, "500"),
        (501, 2, "501"),
        (503, 1, "503"),
    ],
)
def test_status_becomes_an_exit_code(
    status: int, code: int, told: str, emulator: ByokEmulator, run: Run
) -> None:
    """A scheduler runs the job again where that may help, and only there."""
    emulator.fail_next(status, times=None)
    result = run("show", "cck-1", "--timeout", "20")
    assert (result.code, result.out) == (code, "")
    assert told in result.err
    assert result.err.startswith("confluent-byok: ")
    assert result.err.count("\n") == 1


def test_no_network_is_worth_another_try(emulator: ByokEmulator, run: Run) -> None:
    """A service that cannot be reached exits with 1."""
    emulator.stop()
    code, out, err = run("list")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1


def test_block_page_is_worth_another_try(emulator: ByokEmulator, run: Run) -> None:
    """A captive portal that answers 200 with HTML lists nothing, and exits with 1."""
    emulator.fail_next(200, body="<html>Sign in</html>", times=None)
    assert run("list")[:2] == (1, "")


def test_rename_of_unknown_outcome_is_told(emulator: ByokEmulator, run: Run) -> None:
    """A rename that was never answered exits with 1, and says how to find out its outcome."""
    emulator.drop_next(method="PATCH", times=None)
    [id] = emulator.seed(1)
    code, _, err = run("rename", id, "x")
    assert code == 1
    assert "run the same command again in two minutes to find out" in err


def test_missing_credentials_are_named(
    emulator: ByokEmulator, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job whose secret is not there exits with 64, and the variable is named."""
    monkeypatch.delenv("CONFLUENT_CLOUD_API_SECRET")
    code, _, err = run("list")
    assert code == 64
    assert "CONFLUENT_CLOUD_API_SECRET" in err
    assert not emulator.requests


def test_endpoint_can_be_given(emulator: ByokEmulator, run: Run, tmp_path: Path) -> None:
    """The arguments win over the environment, and lead where they say."""
    url = emulator.url
    emulator.seed(1)
    assert run("list", "--endpoint", f"{url}/", "--proxy", "", "-o", "id").out
    assert run("list", "--endpoint", f"{url}/elsewhere").code == 4
    assert run("list", "--endpoint", "no url").code == 64
    assert run("list", "--proxy", "http://127.0.0.1:1").code == 1
    certificates = tmp_path / "ca.pem"
    certificates.write_text("none", encoding="ascii")
    assert run("list", "--endpoint", "https://127.0.0.1:1", "--ca-file", str(certificates)).code


@pytest.mark.parametrize("command", [("list",), ("show", "cck-1"), ("rename", "cck-1", "x")])
def test_time_is_limited(
    command: tuple[str, ...], emulator: ByokEmulator, run: Run, clock: FakeClock
) -> None:
    """`--timeout` ends a command whose service asks to wait for longer."""
    emulator.fail_next(503, headers={"Retry-After": "20"}, times=None)
    assert run(*command, "--timeout", "30").code == 1
    assert clock.slept <= 30


def test_time_is_limited_over_all_pages(emulator: ByokEmulator, run: Run, clock: FakeClock) -> None:
    """A long list does not get the time anew for each page."""
    emulator.seed(300)
    for _ in range(3):
        emulator.fail_next(503, headers={"Retry-After": "15"})
        emulator.delay_next(0.0)
    code, out, _ = run("list", "--timeout", "40s")
    assert (code, out) == (1, "")
    assert clock.slept <= 40


def test_time_that_is_over_is_told(
    emulator: ByokEmulator, run: Run, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command whose time has passed between two requests says how to give it more."""
    emulator.seed(1)
    record = keys.key_record

    def slow(key: Any) -> Any:
        clock.advance(301)
        return record(key)

    monkeypatch.setattr(reading, "key_record", slow)
    code, _, err = run("list")
    assert (code, err) == (
        1,
        "confluent-byok: 300 seconds have passed: give a longer --timeout\n",
    )


def test_attempts_are_told_when_asked_for(emulator: ByokEmulator, run: Run) -> None:
    """`--verbose` tells each attempt on stderr, and no secret."""
    emulator.fail_next(503)
    emulator.drop_next()
    code, out, err = run("list", "--verbose")
    assert (code, out) == (0, "")
    first, second, third, _ = err.splitlines()
    assert first.startswith("GET /byok/v1/keys: 503 after 0.")
    assert "again in" in first
    assert "request " in first
    assert "again in" in second
    assert third.startswith("GET /byok/v1/keys: 200 after ")
    assert emulator.api_secret not in err


class _Interrupted(FakeClock):
    """A clock during whose first sleep a person presses Ctrl-C."""

    @override
    def sleep(self, seconds: float) -> NoReturn:
        raise KeyboardInterrupt


def _interrupted(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = main(arguments, Console(StringIO(stdin), out, err, {}, _Interrupted()))
    return code, out.getvalue(), err.getvalue()


def test_interrupt_is_told(emulator: ByokEmulator) -> None:
    """Ctrl-C while nothing was sent that changes anything ends with 130 and a word."""
    emulator.fail_next(503)
    assert _interrupted("list") == (130, "", "confluent-byok: interrupted\n")
    emulator.fail_next(429, method="POST")
    assert _interrupted("ensure", AWS) == (130, "", "confluent-byok: interrupted\n")


def test_interrupted_registration_is_reported_as_unknown(emulator: ByokEmulator) -> None:
    """Ctrl-C after a registration went out and before its outcome is known says so."""
    emulator.drop_next(when="after", method="POST")
    emulator.delay_next(0.0, method="GET")
    emulator.fail_next(503, method="GET")
    code, out, err = _interrupted("ensure", AWS)
    assert (code, out) == (130, "")
    assert err == (
        f"confluent-byok: interrupted: the outcome of the registration of {AWS} is unknown; "
        "run the same command again in two minutes to find out\n"
    )


def test_interrupted_file_reports_what_is_done(emulator: ByokEmulator) -> None:
    """Ctrl-C in the middle of a file leaves a whole report, the key under way included."""
    emulator.delay_next(0.0, method="GET", times=2)
    emulator.delay_next(0.0, method="POST")
    # The second registration is not answered, and cannot be looked for.
    emulator.fail_next(503, when="after", method="POST")
    emulator.fail_next(503, method="GET", times=None)
    stdin = f"identifier\n{AWS}\n{GCP}\n{AWS}0\n"
    code, out, err = _interrupted("ensure", "--from", "-", "-o", "csv", stdin=stdin)
    _, first, second, third = out.splitlines()
    assert code == 130
    assert first.startswith("2,registered,0,cck-")
    assert second.startswith("3,failed,130,")
    assert "is unknown" in second
    assert third.startswith("4,skipped,1,")
    assert f"the registration of {GCP} is unknown" in err


def test_interrupted_deletion_is_reported_as_unknown(emulator: ByokEmulator) -> None:
    """Ctrl-C after a deletion went out says that the key may be gone."""
    emulator.drop_next(when="after", method="DELETE")
    code, out, err = _interrupted("delete", "--yes", *emulator.seed(1))
    assert (code, out) == (130, "")
    assert "the outcome of the deletion of cck-" in err


@pytest.mark.parametrize("status", [408, 503])
def test_refusal_settles_nothing_of_what_was_sent_before(
    status: int, emulator: ByokEmulator
) -> None:
    """A deletion that may have happened stays so when its repetition is told to wait."""
    [id] = emulator.seed(1)
    emulator.fail_next(status, when="after", method="DELETE")
    emulator.fail_next(429, method="DELETE", headers={"Retry-After": "1"})

    class InterruptedAtLast(FakeClock):
        @override
        def sleep(self, seconds: float) -> None:
            if len(emulator.requests) == 2:
                raise KeyboardInterrupt
            super().sleep(seconds)

    err = StringIO()
    console = Console(StringIO(), StringIO(), err, {}, InterruptedAtLast())
    assert main(("delete", "--yes", id), console) == 130
    assert f"the outcome of the deletion of {id} is unknown" in err.getvalue()


def test_interrupt_before_a_command_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C at any moment shows no traceback."""
    monkeypatch.setattr(reading, "open_session", _raiser(KeyboardInterrupt()))
    assert run("list") == (130, "", "confluent-byok: interrupted\n")


def _raiser(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: object) -> NoReturn:
        raise error

    return fail


def test_internal_error_is_told_without_a_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug is a line to report; `--verbose` adds where it is."""
    monkeypatch.setattr(reading, "open_session", _raiser(TypeError("a bug")))
    code, _, err = run("list")
    assert (code, err) == (
        2,
        "confluent-byok: internal error, please report it: TypeError: a bug\n",
    )
    assert "test_failures.py" in run("list", "-v").err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="it takes a device that is full")
def test_full_disk_is_told(emulator: ByokEmulator, clock: FakeClock) -> None:
    """Data that could not be written is a failure, and not a short list."""
    emulator.seed(1)
    err = StringIO()
    with open("/dev/full", "w", encoding="utf-8") as out:
        assert main(["list", "-q"], Console(StringIO(), out, err, {}, clock)) == 1
    assert err.getvalue() == (
        "confluent-byok: the output cannot be written: No space left on device\n"
    )


def _broken_pipe(buffering: int = 1) -> TextIOWrapper:
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w", buffering=buffering)


@pytest.mark.parametrize("buffering", [1, -1])
@pytest.mark.parametrize("form", ["id", "json", "csv", "table"])
def test_reader_that_has_enough_is_no_failure(
    buffering: int, form: str, emulator: ByokEmulator, clock: FakeClock
) -> None:
    """`list | head -1` ends without a word about the pipe."""
    emulator.seed(3)
    err = StringIO()
    with _broken_pipe(buffering) as out:
        assert main(["list", "-q", "-o", form], Console(StringIO(), out, err, {}, clock)) == 0
    assert err.getvalue() == ""


def test_reader_that_has_enough_stops_the_list(emulator: ByokEmulator, clock: FakeClock) -> None:
    """Pages that nobody will read are not asked for."""
    emulator.seed(300)
    with _broken_pipe() as out:
        main(["list", "-o", "id"], Console(StringIO(), out, StringIO(), {}, clock))
    assert len(emulator.requests) == 1


def test_reader_that_has_enough_stops_no_registration(
    emulator: ByokEmulator, clock: FakeClock
) -> None:
    """`ensure --from keys.csv | head -1` registers all the keys all the same."""
    stdin = StringIO(f"identifier\n{AWS}\n{GCP}\n")
    arguments = ["ensure", "--from", "-", "-o", "id"]
    with _broken_pipe() as out:
        assert main(arguments, Console(stdin, out, StringIO(), {}, clock)) == 0
    assert len(emulator.keys) == 2


def test_broken_stderr_is_no_failure(emulator: ByokEmulator, clock: FakeClock) -> None:
    """A command whose notes nobody reads does its work all the same."""
    out = StringIO()
    with _broken_pipe() as err:
        assert main(["ensure", AWS], Console(StringIO(), out, err, {}, clock)) == 0
    assert out.getvalue() == f"{emulator.keys[0]['id']}\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="it takes a device that is full")
def test_notes_that_cannot_be_written_are_no_failure(
    emulator: ByokEmulator, clock: FakeClock
) -> None:
    """A full disk under the log of a job keeps no key from being registered, nor its id from it."""
    out, stdin = StringIO(), StringIO(f"identifier\nnonsense\n{AWS}\n")
    with open("/dev/full", "w", encoding="utf-8") as err:
        console = Console(stdin, out, err, {}, clock)
        assert main(["ensure", "--from", "-", "-o", "id"], console) == 64
    assert out.getvalue() == f"{emulator.keys[0]['id']}\n"
    with open("/dev/full", "w", encoding="utf-8") as err:
        assert main(["show", "cck-none"], Console(StringIO(), out, err, {}, clock)) == 4


@pytest.mark.parametrize("status", [200, 501])
def test_reader_that_goes_before_a_failure(
    status: int, emulator: ByokEmulator, clock: FakeClock
) -> None:
    """The exit code is that of the failure, also where nobody reads what was listed before."""
    emulator.seed(101)
    emulator.delay_next(0.0)
    if status != 200:
        emulator.fail_next(status)
    with _broken_pipe(buffering=-1) as out:
        code = main(["list", "-o", "id"], Console(StringIO(), out, StringIO(), {}, clock))
    assert code == (0 if status == 200 else 2)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="it takes a device that is full")
def test_disk_that_is_full_before_a_failure(emulator: ByokEmulator, clock: FakeClock) -> None:
    """The exit code is that of the failure, also where what was listed before cannot be written."""
    emulator.seed(101)
    emulator.delay_next(0.0)
    emulator.fail_next(501)
    with open("/dev/full", "w", encoding="utf-8") as out:
        assert main(["list", "-o", "id"], Console(StringIO(), out, StringIO(), {}, clock)) == 2


def test_data_is_utf_8_whatever_the_locale(emulator: ByokEmulator, clock: FakeClock) -> None:
    """A file that one command writes, another reads, and names are what they were."""
    name = "Schl\u00fcssel \u9375"
    file = f"identifier,name\n{AWS},{name}\n".encode()
    stdin = TextIOWrapper(BytesIO(file), encoding="latin-1")
    assert main(["ensure", "--from", "-"], Console(stdin, StringIO(), StringIO(), {}, clock)) == 0
    assert emulator.keys[0]["display_name"] == name
    written = BytesIO()
    out = TextIOWrapper(written, encoding="ascii")
    assert main(["list", "-o", "csv"], Console(StringIO(), out, StringIO(), {}, clock)) == 0
    assert name in written.getvalue().decode()
    broken = TextIOWrapper(BytesIO(b"identifier\n\xff"), encoding="latin-1")
    err = StringIO()
    assert main(["ensure", "--from", "-"], Console(broken, StringIO(), err, {}, clock)) == 64
    assert "it is no UTF-8 text" in err.getvalue()


def test_interrupted_wait_of_a_file_is_reported(emulator: ByokEmulator) -> None:
    """A key that was registered, and waited for until Ctrl-C, is not said to be done."""
    stdin = f"identifier\n{AWS}\n{GCP}\n"
    code, out, _ = _interrupted("ensure", "--from", "-", "--wait", "-o", "csv", stdin=stdin)
    assert code == 130
    rows = out.splitlines()[1:]
    assert [row.split(",")[1:3] for row in rows] == [["registered", "130"]] * 2
    assert all("interrupted" in row for row in rows)


_SIGNALS = """
import signal, time
from openapi_client.cli.signals import Interrupts

def interrupts(number):
    try:
        signal.raise_signal(number)
    except KeyboardInterrupt:
        return True
    return False

now = 0.0
time.monotonic = lambda: now
signal.signal(signal.{ignored}, signal.SIG_IGN)
watch = Interrupts()
assert not interrupts(signal.{ignored})
assert interrupts(signal.{heeded})
now = 2.0
assert not interrupts(signal.{heeded})
now = 2.1
assert interrupts(signal.{heeded})
now = 9.0
watch.end()
assert not interrupts(signal.{heeded})
"""


@pytest.mark.parametrize(("ignored", "heeded"), [("SIGINT", "SIGTERM"), ("SIGTERM", "SIGINT")])
def test_second_signal_is_ignored_for_a_while(ignored: str, heeded: str) -> None:
    """Signals that follow at once do not cut off what the first one has a command tell."""
    program = _SIGNALS.format(ignored=ignored, heeded=heeded)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_report_is_whole_though_a_scheduler_is_in_a_hurry(
    emulator: ByokEmulator, tmp_path: Path
) -> None:
    """A file of keys that is ended by several signals leaves a line for each key, and 130."""
    file = tmp_path / "keys.csv"
    # So many that it is under way for a while yet, on any machine, when the signals come.
    file.write_text("identifier\n" + "".join(f"{AWS}{n}\n" for n in range(2000)), encoding="utf-8")
    command = [sys.executable, "-m", "openapi_client", "ensure", "--from", str(file), "-o", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while len(emulator.requests) < 5:
            assert process.poll() is None
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
        out, err = process.communicate()
    assert process.returncode == 130
    assert len(out.splitlines()) == 2001
    assert b"Traceback" not in err


class _AsciiTerminal(TextIOWrapper):
    @override
    def isatty(self) -> bool:
        return True


def test_encoding_without_the_characters_is_no_failure(
    emulator: ByokEmulator, clock: FakeClock
) -> None:
    """A name in Japanese on a terminal that is set to ASCII is escaped."""
    emulator.seed([{"display_name": "鍵"}])
    content = BytesIO()
    out = _AsciiTerminal(content, encoding="ascii")
    assert main(["list"], Console(StringIO(), out, StringIO(), {}, clock)) == 0
    assert rb"\u9375" in content.getvalue()


def test_closed_streams_are_no_failure(
    emulator: ByokEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service manager may start a job without any streams."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert main(["ensure", AWS], Console()) == 0
    assert emulator.keys


@pytest.mark.parametrize(
    ("codes", "whole"),
    [((), 0), ((0, 0), 0), ((0, 3, 4), 3), ((64, 2, 1), 1), ((4, 130), 4)],
)
def test_codes_are_combined(codes: tuple[int, ...], whole: int) -> None:
    """One code for many keys: 1 as long as another run may help, else the first failure's."""
    assert combined(map(ExitCode, codes)) == whole


@pytest.fixture
def identity(emulator: ByokEmulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The token file of a workload that has no API key."""
    for name in ("API_KEY", "API_SECRET"):
        monkeypatch.delenv(f"CONFLUENT_CLOUD_{name}")
    file = tmp_path / "token"
    file.write_text("subject.jwt.s3cret\n", encoding="ascii")
    monkeypatch.setenv("CONFLUENT_CLOUD_IDENTITY_POOL_ID", "pool-1")
    monkeypatch.setenv("CONFLUENT_CLOUD_IDENTITY_TOKEN_FILE", str(file))
    return file


def test_workload_identity_will_do(identity: Path, emulator: ByokEmulator, run: Run) -> None:
    """A job in Kubernetes or CI needs no API key, and its token is told to nobody."""
    code, _, err = run("ensure", AWS, "--verbose")
    assert code == 0
    assert emulator.keys
    assert "s3cret" not in err


def test_identity_without_a_token_is_told(identity: Path, emulator: ByokEmulator, run: Run) -> None:
    """A token file that is not there, or is empty, exits with 64 and is named."""
    for change in (lambda: identity.write_text(""), identity.unlink):
        change()
        code, _, err = run("list")
        assert code == 64
        assert "CONFLUENT_CLOUD_IDENTITY_TOKEN_FILE" in err
    assert not emulator.requests
