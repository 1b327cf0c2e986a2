"""Validation by hand, by clock and by script; principals that come late."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.calling import AWS, AZURE, GCP, KEYS, Caller
from openapi_client.testing import ByokEmulator, ValidationStep


def phases(call: Caller, key_id: str, reads: int) -> list[str]:
    """The phases that so many reads in a row see."""
    return [call.get(key_id)["validation"]["phase"] for _ in range(reads)]


@pytest.mark.parametrize(
    ("key", "region"), [(AWS, "us-west-2"), (AZURE, "eastus"), (GCP, "us-central1")]
)
def test_the_region_is_known_from_the_first_success_on(
    emulator: ByokEmulator, call: Caller, key: dict[str, str], region: str
) -> None:
    """The region is known from the first success on, and stays."""
    key_id = call.create(key)["id"]

    emulator.validate(key_id, "INVALID", message="key access denied")
    invalid = call.get(key_id)["validation"]
    emulator.validate(key_id, "VALID")
    valid = call.get(key_id)["validation"]
    emulator.validate(key_id, "INVALID")
    again = call.get(key_id)["validation"]

    assert invalid == {
        "phase": "INVALID",
        "message": "key access denied",
        "since": invalid["since"],
    }
    assert valid == {"phase": "VALID", "since": valid["since"], "region": region}
    assert again == {"phase": "INVALID", "since": again["since"], "region": region}


def test_the_region_can_be_given(emulator: ByokEmulator, call: Caller) -> None:
    """The region of a key can be chosen."""
    key_id = call.create(AZURE)["id"]

    emulator.validate(key_id, "INVALID", region="westeurope")

    assert call.get(key_id)["validation"]["region"] == "westeurope"


def test_key_material_without_a_region_has_none(emulator: ByokEmulator, call: Caller) -> None:
    """Key material of an unexpected form has no region, and is served all the same."""
    ids = [
        call.create({"kind": "AwsKey", "key_arn": "arn:aws:kms::1:key/a"})["id"],
        call.create({"kind": "GcpKey", "key_id": "k"})["id"],
    ]
    for key_id in ids:
        emulator.validate(key_id, "VALID")
        assert "region" not in call.get(key_id)["validation"]


def test_since_moves_with_phase_or_message_only(emulator: ByokEmulator, call: Caller) -> None:
    """`since` moves when phase or message change, and only then."""
    key_id = call.create()["id"]
    seen = []
    for phase, message in [("INVALID", "a"), ("INVALID", "a"), ("INVALID", "b"), ("VALID", "b")]:
        emulator.advance(1)
        emulator.validate(key_id, phase, message)
        seen.append(call.get(key_id)["validation"]["since"])

    assert seen[0] == seen[1] < seen[2] < seen[3]


def test_validation_by_clock(still: ByokEmulator, still_call: Caller) -> None:
    """A key becomes valid as the clock moves."""
    still.settings.validation = [ValidationStep("VALID", seconds=5)]
    key = still_call.create()

    still.advance(4.999_999_999)
    assert phases(still_call, key["id"], 2) == ["INITIALIZING"] * 2
    still.advance(0.000_000_001)
    assert phases(still_call, key["id"], 2) == ["VALID"] * 2
    still.advance(60)
    assert key["validation"]["since"] == "2023-11-14T22:13:20.000000000Z"
    assert still_call.get(key["id"])["validation"]["since"] == "2023-11-14T22:13:25.000000000Z"


def test_validation_by_script(emulator: ByokEmulator, call: Caller) -> None:
    """A key can become valid and lose its permission again."""
    emulator.settings.validation = [
        ValidationStep("VALID", seconds=5),
        ValidationStep("INVALID", "denied", seconds=5),
    ]
    key_id = call.create()["id"]

    emulator.advance(6)
    valid = call.get(key_id)["validation"]
    emulator.advance(100)
    invalid = call.get(key_id)["validation"]

    assert valid["phase"] == "VALID"
    assert (invalid["phase"], invalid["message"]) == ("INVALID", "denied")


def test_steps_are_taken_at_their_time_however_late_one_looks(
    still: ByokEmulator, still_call: Caller
) -> None:
    """Steps are taken at their own time, and dated by it, however late one looks."""
    still.settings.validation = [
        ValidationStep("VALID", seconds=5),
        ValidationStep("INVALID", seconds=5),
    ]
    early = still_call.create()["id"]
    still.advance(1)
    late = still_call.create(GCP)["id"]
    for seconds, phase, since in (7, "VALID", (25, 26)), (100, "INVALID", (30, 31)):
        still.advance(seconds)
        assert still_call.list(f"validation_phase={phase}") == [late, early]
        assert [still_call.get(id)["validation"]["since"] for id in (early, late)] == [
            f"2023-11-14T22:13:{second}.000000000Z" for second in since
        ]


def test_validation_by_reads(emulator: ByokEmulator, call: Caller) -> None:
    """A key becomes valid after so many reads, without a clock."""
    emulator.settings.validation = [
        ValidationStep("INVALID", reads=2),
        ValidationStep("VALID", reads=1),
    ]
    key_id = call.create()["id"]

    call.list()
    assert phases(call, key_id, 5) == ["INITIALIZING"] * 2 + ["INVALID"] + ["VALID"] * 2


def test_a_step_may_need_both_time_and_reads(emulator: ByokEmulator, call: Caller) -> None:
    """A step may need both time and reads, and is taken once it has both."""
    [key_id, other] = emulator.seed(2)
    for each in (key_id, other):
        emulator.script_validation(each, ValidationStep("VALID", seconds=5, reads=2))

    assert phases(call, key_id, 3) == ["INITIALIZING"] * 3
    emulator.advance(5)
    assert phases(call, key_id, 1) == ["VALID"]
    assert phases(call, other, 3) == ["INITIALIZING"] * 2 + ["VALID"]


def test_a_script_gives_way_to_the_next_one_and_to_the_hand(
    emulator: ByokEmulator, call: Caller
) -> None:
    """A new script, and a change by hand, end the script before."""
    scripted, steered, deleted = emulator.seed(3)
    for key_id in (scripted, steered, deleted):
        emulator.script_validation(key_id, ValidationStep("VALID", seconds=5))
    emulator.script_validation(scripted, ValidationStep("REVALIDATING", seconds=9))
    emulator.validate(steered, "INVALID")
    call("DELETE", f"{KEYS}/{deleted}")

    emulator.advance(6)
    assert phases(call, scripted, 1) == ["INITIALIZING"]
    assert phases(call, steered, 1) == ["INVALID"]
    emulator.advance(6)
    assert phases(call, scripted, 1) == ["REVALIDATING"]


@pytest.mark.parametrize(
    ("key", "name"), [(AWS, "roles"), (AZURE, "application_id"), (GCP, "security_group")]
)
def test_principals_may_come_late(
    still: ByokEmulator, still_call: Caller, key: dict[str, Any], name: str
) -> None:
    """Principals may appear after a delay."""
    still.settings.principals_delay = 30
    created = still_call.create(key)

    assert created["key"] == key
    still.advance(29.999_999_999)
    assert name not in still_call.get(created["id"])["key"]
    still.advance(0.000_000_001)
    assert still_call.get(created["id"])["key"][name]


def test_principals_may_come_by_hand(emulator: ByokEmulator, call: Caller) -> None:
    """Principals appear when the test says so."""
    emulator.settings.principals_delay = None
    key_id = call.create()["id"]

    emulator.advance(10**6)
    assert "roles" not in call.get(key_id)["key"]
    emulator.provide_principals(key_id)
    assert len(call.get(key_id)["key"]["roles"]) == 2


def test_time_only_moves_forward(emulator: ByokEmulator) -> None:
    """Time moves forward only."""
    with pytest.raises(ValueError, match="forward"):
        emulator.advance(-1)
