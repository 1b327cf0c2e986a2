"""`rename` and `delete`: what changes keys, and what it takes to lose one."""

import json

import pytest

from cli.running import AWS, Run
from openapi_client.cli.console import Console
from openapi_client.testing import ByokEmulator
from support.clock import FakeClock


@pytest.fixture
def id(emulator: ByokEmulator) -> str:
    """A key that no cluster uses."""
    key = {"kind": "AwsKey", "key_arn": AWS}
    [id] = emulator.seed([{"display_name": "old\x1b[2J", "key": key}])
    return id


def test_key_is_renamed(id: str, emulator: ByokEmulator, run: Run) -> None:
    """The new name is there, and the id on stdout."""
    assert run("rename", id, "new name") == (0, f"{id}\n", "")
    assert emulator.key(id)["display_name"] == "new name"
    assert json.loads(run("rename", id, "x", "-o", "json").out)["display_name"] == "x"
    assert run("rename", "cck-absent", "x").code == 4


def test_delete_needs_a_yes(id: str, emulator: ByokEmulator, run: Run) -> None:
    """Where nobody can be asked, a key is deleted only with `--yes`, and nothing is sent."""
    assert run("delete", id)[:2] == (64, "")
    assert not emulator.requests
    assert run("delete", id, "--yes") == (0, f"{id}\n", f"{id} is deleted\n")
    assert not emulator.keys
    assert run("delete", id, "--yes").code == 4


@pytest.mark.parametrize("answer", ["y\n", "YES\n"])
def test_delete_asks_on_a_terminal(answer: str, id: str, emulator: ByokEmulator, run: Run) -> None:
    """A person sees which key it is, and says yes."""
    code, out, err = run("delete", id, stdin=answer, terminal=True)
    assert (code, out) == (0, f"{id}\n")
    assert rf"Delete {id} (old\x1b[2J, arn:aws:" in err
    assert "What is encrypted with it is lost. [y/N] " in err
    assert not emulator.keys


@pytest.mark.parametrize("answer", ["", "\n", "n\n", "yep\n"])
def test_anything_but_yes_keeps_the_key(
    answer: str, id: str, emulator: ByokEmulator, run: Run
) -> None:
    """Enter, or the end of the input, deletes nothing, and exits with 3."""
    code, out, err = run("delete", id, stdin=answer, terminal=True)
    assert (code, out) == (3, "")
    assert err.endswith(f"{id} is not deleted\n")
    assert emulator.keys


def test_key_in_use_stays(id: str, emulator: ByokEmulator, run: Run) -> None:
    """A key that a cluster uses exits with 3, and the way to wait is told."""
    emulator.mark_in_use(id)
    code, out, err = run("delete", id, "--yes")
    assert (code, out) == (3, "")
    assert "--when-available waits until no cluster uses it" in err


def test_delete_can_wait_for_the_cluster(id: str, emulator: ByokEmulator, run: Run) -> None:
    """`--when-available` deletes as soon as no cluster uses the key."""
    emulator.mark_in_use(id)
    assert run("delete", id, "--yes", "--when-available", "60").code == 1
    assert emulator.keys
    emulator.release(id)
    code, out, err = run("delete", id, "--yes", "--when-available", "5d")
    assert (code, out) == (0, f"{id}\n")
    assert "AVAILABLE" in err
    assert not emulator.keys


def test_several_are_deleted_and_failures_told(id: str, emulator: ByokEmulator, run: Run) -> None:
    """One key that cannot be deleted does not keep the others."""
    [used, free] = emulator.seed(2)
    emulator.mark_in_use(used)
    code, out, err = run("delete", id, used, "cck-absent", free, id, "--yes")
    assert (code, out.split()) == (3, [id, free])
    assert f"confluent-byok: {used}: 409" in err
    assert "confluent-byok: cck-absent: 404" in err


def test_wrong_credentials_are_sent_once(
    emulator: ByokEmulator, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong password is not sent for each key: the others are not tried, and named."""
    ids = emulator.seed(3)
    monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", "wrong")
    code, out, err = run("delete", "--yes", *ids)
    assert (code, out) == (2, "")
    assert len(emulator.requests) == 1
    assert err.splitlines()[-1] == f"confluent-byok: not tried: {ids[1]} {ids[2]}"
    assert run("delete", "--yes", ids[0]).err.count("\n") == 1


def test_thinking_takes_no_time_from_the_deletion(
    id: str, run: Run, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who answers after an hour is not told that the time is over."""

    def answer_late(*_: object) -> bool:
        clock.advance(3600)
        return True

    monkeypatch.setattr(Console, "ask", answer_late)
    assert run("delete", id, terminal=True).code == 0
