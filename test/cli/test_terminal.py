"""In a terminal: a table that fits, progress that does not scroll, questions, Ctrl-C."""

import os
import re
import sys

import pytest

from cli.running import AWS, GCP
from openapi_client.testing import ByokEmulator, ValidationStep

pytest.importorskip("pty", reason="there are no terminals of this kind on this system")
from support.terminal import TerminalRun, run_in_terminal

_COMMAND = [sys.executable, "-m", "openapi_client"]


@pytest.fixture
def emulator(emulator: ByokEmulator) -> ByokEmulator:
    """The service with two keys, one of which has a name to beware of."""
    emulator.seed(
        [
            {"key": {"kind": "AwsKey", "key_arn": AWS}, "display_name": "\x1b[2Jbilling " * 9},
            {"key": {"kind": "GcpKey", "key_id": GCP}, "provider": "GCP", "state": "IN_USE"},
        ]
    )
    return emulator


def _run(*arguments: str, answers: dict[str, str] | None = None, **env: str) -> TerminalRun:
    environment = {**os.environ, "TERM": "xterm", **env}
    environment.pop("NO_COLOR", None)
    return run_in_terminal([*_COMMAND, *arguments], environment | env, answers)


def test_table_fits_the_terminal(emulator: ByokEmulator) -> None:
    """At 80 columns each key is one line, with its id whole; headings and phases have colors."""
    done = _run("list")
    heading, *lines = done.screen[:3]
    assert done.code == 0
    assert heading.startswith("ID ")
    assert [line.split()[0] for line in lines] == [key["id"] for key in emulator.keys]
    assert max(map(len, done.screen)) <= 80
    assert lines[0].endswith("cryptoKeys/key")
    assert "…" in lines[1]
    assert "\x1b[1mID" in done.text
    assert "\x1b[2J" not in done.text


def test_colors_can_be_switched_off(emulator: ByokEmulator) -> None:
    """With `NO_COLOR` a list has no colors."""
    done = _run("list", NO_COLOR="1")
    assert done.screen[0].startswith("ID ")
    assert re.findall(r"\x1b\[[0-9;]*m", done.text) == []


def test_progress_of_a_wait_leaves_no_trace(emulator: ByokEmulator) -> None:
    """The phase and the time are drawn in one line, which is gone when the id is there."""
    id = emulator.keys[0]["id"]
    emulator.validate(id, "INITIALIZING")
    emulator.script_validation(id, ValidationStep("VALID", reads=2))
    done = _run("wait", id)
    assert (done.code, done.screen) == (0, [id, ""])
    assert f"0:00 {id}: INITIALIZING, IN_USE" in done.text
    assert f"{id}: VALID" in done.text


def test_progress_of_a_file_has_a_bar(emulator: ByokEmulator, tmp_path: os.PathLike[str]) -> None:
    """A bar counts the lines; no drawing is wider than the terminal."""
    file = os.path.join(tmp_path, "keys.csv")
    with open(file, "w", encoding="utf-8") as lines:
        lines.write("identifier\n" + "".join(f"{AWS}{number}\n" for number in range(10)))
    done = _run("ensure", "--from", file)
    assert done.code == 0
    assert "[##########..........] 5/10 arn:aws:" in done.text
    assert max(len(line) for line in done.screen) <= 80
    # One column is left free: a terminal may go on to the next line when the last one is taken.
    assert max(len(part) for part in done.text.split("\x1b[K")[1:-1]) == 79 + len("\r")
    assert done.screen[-2] == "10 keys: 10 registered"
    assert done.screen[0].startswith("LINE  RESULT")


def test_delete_asks(emulator: ByokEmulator) -> None:
    """A person is asked once, about the key by its name, and answers on the keyboard."""
    id = emulator.keys[-1]["id"]
    done = _run("delete", id, answers={"[y/N]": "y\n"})
    assert done.code == 0
    assert done.screen[-3:] == [id, f"{id} is deleted", ""]
    assert r"\x1b[2Jbilling" in done.text
    assert len(emulator.keys) == 1


def test_interrupt_is_told_from_the_keyboard(emulator: ByokEmulator) -> None:
    """Ctrl-C while a registration is under way exits with 130, and says that it is unknown."""
    emulator.fail_next(503, method="POST")
    emulator.delay_next(60.0, method="POST")
    done = _run("ensure", f"{AWS}0", "-v", answers={"POST /byok/v1/keys: 503": "\x03"})
    assert done.code == 130
    assert f"interrupted: the outcome of the registration of {AWS}0 is unknown" in done.text
    assert "Traceback" not in done.text
