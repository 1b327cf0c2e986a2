"""`wait`: a script goes on when keys are as they should be."""

import json

import pytest

from cli.running import Run
from openapi_client.testing import ByokEmulator, ValidationStep
from support.clock import FakeClock


@pytest.fixture
def id(emulator: ByokEmulator) -> str:
    """A key that will be valid after five minutes."""
    [id] = emulator.seed(1)
    emulator.validate(id, "INITIALIZING")
    emulator.script_validation(id, ValidationStep("VALID", seconds=300.0))
    return id


def test_it_waits_for_a_key(id: str, run: Run) -> None:
    """The id is written when the key is valid; each change is one line."""
    code, out, err = run("wait", id)
    assert (code, out) == (0, f"{id}\n")
    assert err == f"{id}: INITIALIZING, AVAILABLE\n{id}: VALID, AVAILABLE\n"


def test_it_can_write_the_key(id: str, run: Run) -> None:
    """With `--output json` the key is written as it is then."""
    assert json.loads(run("wait", id, "-o", "json").out)["validation"]["phase"] == "VALID"


@pytest.mark.parametrize("until", ["valid", "VALID", "initializing", "available"])
def test_it_waits_for_a_phase_or_a_state(until: str, id: str, run: Run) -> None:
    """`--until` takes phases and states as a person writes them."""
    assert run("wait", id, "--until", until).code == 0


@pytest.mark.parametrize("until", ["", "ready"])
def test_it_refuses_what_is_neither(until: str, id: str, emulator: ByokEmulator, run: Run) -> None:
    """What is neither a phase nor a state exits with 64, and nothing is sent."""
    assert run("wait", id, "--until", until)[:2] == (64, "")
    assert not emulator.requests


def test_it_ends_in_time(id: str, run: Run, clock: FakeClock) -> None:
    """A wait that takes too long exits with 1."""
    code, out, err = run("wait", id, "--timeout", "1m")
    assert (code, out) == (1, "")
    assert "wait again, or longer" in err
    assert clock.slept <= 60


def test_an_invalid_key_is_not_as_wanted(id: str, emulator: ByokEmulator, run: Run) -> None:
    """A key that stays invalid exits with 3."""
    emulator.validate(id, "INVALID", "denied")
    code, _, err = run("wait", id, "--timeout", "1h")
    assert code == 3
    assert f"{id}: INVALID, AVAILABLE: denied\n" in err


def test_an_absent_key_is_not_found(clock: FakeClock, run: Run) -> None:
    """A key that is not there exits with 4 at once."""
    assert run("wait", "cck-absent").code == 4
    assert clock.sleeps == []


def test_it_waits_for_many(id: str, emulator: ByokEmulator, run: Run) -> None:
    """Many keys are waited for together; those that are not as wanted are told."""
    ids = [id, *emulator.seed(4)]
    for each in ids[1:]:
        emulator.validate(each, "VALID")
    code, out, err = run("wait", *ids)
    assert (code, out.split()) == (0, ids)
    assert "(5 of 5)" in err
    code, out, err = run("wait", *ids, "cck-absent")
    assert (code, out.split()) == (4, ids)
    assert "confluent-byok: cck-absent: 404" in err
    assert "cck-absent: unknown" in err


def test_progress_counts_on_a_terminal(id: str, emulator: ByokEmulator, run: Run) -> None:
    """On a terminal a line shows the phase and the time, and is gone in the end."""
    err = run("wait", id, terminal=True).err
    assert f"\r\x1b[K0:00 {id}: INITIALIZING, AVAILABLE" in err
    assert f"\r\x1b[K4:59 {id}: INITIALIZING, AVAILABLE" in err
    assert err.endswith("\r\x1b[K")
    assert "\n" not in err
    [other] = emulator.seed(1)
    emulator.validate(other, "VALID")
    assert (
        "[####################] 2/2 waiting for VALID" in run("wait", id, other, terminal=True).err
    )


def test_dumb_terminal_gets_lines(id: str, run: Run) -> None:
    """A terminal that can erase nothing gets a line a change."""
    err = run("wait", id, terminal=True, environ={"TERM": "dumb"}).err
    assert err == f"{id}: INITIALIZING, AVAILABLE\n{id}: VALID, AVAILABLE\n"
