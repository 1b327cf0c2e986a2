"""The emulator in the hands of a test: starting, seeding, steering, clearing, stopping."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from emulator.calling import ARN, AWS, GCP, KEYS, Caller, connect, once
from openapi_client.testing import ByokEmulator, Settings, ValidationStep


def test_it_starts_and_stops_and_starts_again() -> None:
    """A restart of the service keeps its keys."""
    emulator = ByokEmulator()
    [key_id] = emulator.seed()
    for _ in range(2):
        emulator.start()
        call = Caller(emulator)
        assert call.list() == [key_id]
        call.close()
        emulator.stop()
        emulator.stop()


def test_it_listens_where_it_is_told_to() -> None:
    """Address and port can be fixed, for other programs to know."""
    with ByokEmulator() as first:
        port = first.url.rpartition(":")[2]
        with pytest.raises(OSError, match="in use"):
            ByokEmulator(port=int(port)).start()
    with ByokEmulator(port=int(port), host="0.0.0.0") as second:
        assert second.url == f"http://127.0.0.1:{port}"
        connect(second.url).close()


def test_it_says_whether_it_runs() -> None:
    """Whether it runs shows in its repr, and asking a stopped one for its URL is an error."""
    emulator = ByokEmulator()
    with pytest.raises(RuntimeError, match="not running"):
        _ = emulator.url
    assert repr(emulator) == "<ByokEmulator not running>"
    with emulator:
        assert emulator.url in repr(emulator)
        assert emulator.api_secret not in repr(emulator)
        with pytest.raises(RuntimeError, match="running already"):
            emulator.start()


def test_nobody_answers_after_the_stop() -> None:
    """A stopped emulator answers nobody."""
    with ByokEmulator() as emulator:
        url = emulator.url
    with pytest.raises(OSError, match="refused"):
        connect(url)


@pytest.mark.parametrize("provider", ["AWS", "Azure", "GCP"])
def test_seeding_a_number_of_keys(emulator: ByokEmulator, call: Caller, provider: str) -> None:
    """Keys that a test does not care about are made up."""
    ids = emulator.seed(3, provider=provider)

    keys = [call.get(key_id) for key_id in ids]

    assert {key["provider"] for key in keys} == {provider}
    assert len({tuple(sorted(map(str, key["key"].items()))) for key in keys}) == 3
    assert emulator.keys[0]["id"] == ids[-1]


def test_seeding_from_documents(emulator: ByokEmulator, call: Caller) -> None:
    """A test begins with exactly the keys it is about."""
    ids = emulator.seed(
        [
            {"id": "cck-abcde", "key": AWS, "display_name": "mine", "state": "IN_USE"},
            {"key": GCP, "validation": {"phase": "VALID"}},
            {"key": {**AWS, "roles": ["arn:aws:iam::1:role/mine"]}, "metadata": {"self": "x"}},
        ]
    )

    first, second, third = (call.get(key_id) for key_id in ids)

    assert (first["id"], first["state"], first["display_name"]) == ("cck-abcde", "IN_USE", "mine")
    assert first["key"]["roles"]
    assert second["validation"]["region"] == "us-central1"
    assert third["key"]["roles"] == ["arn:aws:iam::1:role/mine"]
    assert third["metadata"]["self"] == "x"
    assert third["metadata"]["created_at"]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"key": None, "metadata": None, "validation": None, "provider": None, "state": None},
        {"key": {"kind": "AwsKey"}, "validation": "pending", "metadata": []},
        {"key": {"kind": "QuantumKey", "key_handle": 7}, "validation": {"phase": None}},
        {"key": [], "id": "Ünïcode / 7"},
    ],
)
def test_seeds_may_have_any_shape(
    emulator: ByokEmulator, call: Caller, document: dict[str, Any]
) -> None:
    """A seed may have any shape, so that answers of some future day can be tested against."""
    [key_id] = emulator.seed([document])
    path = f"{KEYS}/{quote(key_id, safe='')}"

    shown = call("GET", path).json()
    for name, value in document.items():
        if not isinstance(value, dict):
            assert shown[name] == value
    assert call.list() == [key_id]
    if "metadata" not in document:
        assert call("GET", shown["metadata"]["self"]).json() == shown
    assert call.list("display_name=x&key=y&validation_phase=z&validation_region=q") == []
    assert call("PATCH", path, {"display_name": "new"}).json()["display_name"] == "new"
    emulator.provide_principals(key_id)
    emulator.validate(key_id, "VALID")
    assert call("GET", path).json()["validation"]["phase"] == "VALID"
    assert call("DELETE", path).status == 204


def test_a_seed_is_copied(emulator: ByokEmulator) -> None:
    """Documents that were seeded may be changed without changing the stored keys."""
    document: dict[str, Any] = {"key": dict(AWS), "labels": ["mine"]}
    [key_id] = emulator.seed([document])

    document["key"]["key_arn"] = "changed"
    document["labels"].append("changed")
    emulator.key(key_id)["key"]["key_arn"] = "changed"
    emulator.keys[0]["key"]["roles"].clear()

    assert emulator.key(key_id)["key"]["key_arn"] == ARN
    assert emulator.keys[0]["key"]["roles"]
    assert emulator.keys[0]["labels"] == ["mine"]


def test_a_seeded_identifier_is_registered(emulator: ByokEmulator, call: Caller) -> None:
    """A seeded key counts as registered."""
    [key_id, _] = emulator.seed([{"key": AWS}, {"key": AWS}])

    assert call("POST", KEYS, {"key": AWS}).headers["Location"].endswith(key_id)
    call("DELETE", f"{KEYS}/{key_id}")
    assert call("POST", KEYS, {"key": AWS}).status == 409


def test_mistakes_in_seeding_are_told(emulator: ByokEmulator) -> None:
    """A mistake in a seed is a ValueError, and changes nothing."""
    emulator.seed([{"id": "cck-a"}])
    with pytest.raises(ValueError, match="cck-a already"):
        emulator.seed([{"id": "cck-a"}])
    with pytest.raises(ValueError, match="AWS, Azure, GCP"):
        emulator.seed(provider="aws")
    assert len(emulator.keys) == 1


@pytest.mark.parametrize("method", ["validate", "key", "mark_in_use", "release", "steps", "give"])
def test_steering_an_unknown_key_is_a_key_error(emulator: ByokEmulator, method: str) -> None:
    """A misspelt id is a KeyError."""
    actions: dict[str, Callable[[], object]] = {
        "validate": lambda: emulator.validate("cck-none", "VALID"),
        "key": lambda: emulator.key("cck-none"),
        "mark_in_use": lambda: emulator.mark_in_use("cck-none"),
        "release": lambda: emulator.release("cck-none"),
        "steps": lambda: emulator.script_validation("cck-none"),
        "give": lambda: emulator.provide_principals("cck-none"),
    }
    with pytest.raises(KeyError, match="cck-none"):
        actions[method]()


def test_clear_makes_it_as_new(emulator: ByokEmulator, call: Caller) -> None:
    """After clear nothing is left of what went before."""
    url, before = emulator.url, Settings()
    emulator.settings.quota = None
    emulator.settings.validation = [ValidationStep("VALID", seconds=1)]
    emulator.settings.absent_status = 403
    created = call.create()
    emulator.advance(10**9)
    late = call.create(GCP)["metadata"]["created_at"]

    emulator.clear()

    assert emulator.url == url
    assert emulator.settings == before
    assert (emulator.keys, emulator.requests) == ([], [])
    assert call("GET", f"{KEYS}/{created['id']}").status == 404
    again = call.create()
    assert again["id"] != created["id"]
    assert created["metadata"]["created_at"] < again["metadata"]["created_at"] < late


def test_clear_goes_back_to_what_was_configured() -> None:
    """After clear the settings are those that the emulator was made with."""
    emulator = ByokEmulator(quota=3, rate_limit=(5, 1), absent_status=403, empty_source=True)
    emulator.settings.quota = 9
    emulator.clear()
    assert emulator.settings == Settings(
        quota=3, rate_limit=(5, 1), absent_status=403, empty_source=True
    )


def test_a_misspelt_setting_is_refused(emulator: ByokEmulator) -> None:
    """A misspelt or senseless setting is refused."""
    with pytest.raises(AttributeError):
        emulator.settings.quotas = 3  # type: ignore[attr-defined]  # That is the mistake.
    with pytest.raises(ValueError, match="quota"):
        emulator.settings.quota = -1
    assert emulator.settings == Settings()


def test_ids_do_not_come_back(emulator: ByokEmulator) -> None:
    """An id is never used twice, not even after clear."""
    ids = set()
    for _ in range(3):
        ids.update(emulator.seed(1000))
        emulator.clear()
    assert len(ids) == 3000


def test_an_id_made_up_is_none_that_was_seeded() -> None:
    """Ids that are made up avoid those that were seeded."""
    with ByokEmulator() as first:
        ids = first.seed(30)
    with ByokEmulator() as second:
        second.seed({"id": key_id} for key_id in ids)
        caller = Caller(second)
        second.settings.quota = None
        assert caller.create()["id"] not in ids
        caller.close()


def test_time_can_be_taken_in_hand() -> None:
    """With a clock of one's own all timestamps are known."""
    moment = 1_700_000_000_000_000_007
    with ByokEmulator(clock=lambda: moment) as emulator:
        call = Caller(emulator)
        assert call.create()["metadata"]["created_at"] == "2023-11-14T22:13:20.000000007Z"
        emulator.advance(1.5)
        assert call.create(GCP)["metadata"]["created_at"] == "2023-11-14T22:13:21.500000007Z"
        call.close()


def test_a_mistake_within_answers_500_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A mistake in the emulator is answered with 500, and its traceback is logged."""
    failures = [ZeroDivisionError("no time")]

    def clock() -> int:
        if failures:
            raise failures.pop()
        return time.time_ns()

    with ByokEmulator(clock=clock) as emulator:
        call = Caller(emulator)
        with caplog.at_level(logging.ERROR, logger="openapi_client.testing"):
            answer = call("GET", KEYS)
        assert (answer.status, answer.error["title"]) == (500, "Internal Server Error")
        assert "no time" in caplog.text
        assert call("GET", KEYS).status == 200
        call.close()


def test_it_may_be_steered_by_those_who_do_not_serve_it(emulator: ByokEmulator) -> None:
    """Each emulator has its own keys and credentials."""
    with ByokEmulator() as other:
        emulator.seed(2)
        assert other.keys == []
        headers = {"Authorization": f"Bearer {emulator.access_token}"}
        assert once("GET", other.url + KEYS, headers).status == 401
