"""Odd shapes: each does what it says, and nothing once it is cancelled."""

from __future__ import annotations

import ast
import gzip
import inspect
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from emulator.calling import AWS, AZURE, GCP, KEYS, Caller
from openapi_client.testing import ODD_SHAPES, QUIRKS, ByokEmulator, OddShape, Quirk


def times(key: dict[str, Any]) -> list[str]:
    """The timestamps in a key."""
    metadata, validation = key["metadata"], key["validation"]
    return [metadata["created_at"], metadata["updated_at"], validation["since"]]


def same_moments(key: dict[str, Any], true: dict[str, Any]) -> bool:
    """Whether timestamps with an offset of -07:00 name the moments of others in UTC."""
    for odd, plain in zip(times(key), times(true), strict=True):
        moved = datetime.fromisoformat(odd[:19]) + timedelta(hours=7)
        if moved.isoformat() + odd[19:] != plain.replace("Z", "-07:00"):
            return False
    return True


KeyCheck = Callable[[dict[str, Any], dict[str, Any]], bool]
KEY_CHECKS: dict[str, tuple[dict[str, str], KeyCheck]] = {
    "timestamps_seconds": (AWS, lambda k, t: times(k) == [x[:19] + "Z" for x in times(t)]),
    "timestamps_milliseconds": (AWS, lambda k, t: times(k) == [x[:23] + "Z" for x in times(t)]),
    "timestamps_microseconds": (AWS, lambda k, t: times(k) == [x[:26] + "Z" for x in times(t)]),
    "timestamps_offset": (AWS, same_moments),
    "timestamps_leap_second": (AWS, lambda k, _: all(x[17:19] == "60" for x in times(k))),
    "timestamps_empty": (AWS, lambda k, _: times(k) == ["", "", ""]),
    "updated_at_missing": (AWS, lambda k, _: "updated_at" not in k["metadata"]),
    "validation_missing": (AWS, lambda k, _: "validation" not in k),
    "display_name_missing": (AWS, lambda k, _: "display_name" not in k),
    "metadata_missing": (AWS, lambda k, _: "metadata" not in k),
    "metadata_null": (AWS, lambda k, _: k["metadata"] is None),
    "api_version_missing": (AWS, lambda k, _: "api_version" not in k),
    "api_version_empty": (AWS, lambda k, _: k["api_version"] == ""),
    "kind_missing": (AWS, lambda k, _: "kind" not in k),
    "self_empty": (AWS, lambda k, _: k["metadata"]["self"] == ""),
    "self_of_other_key": (AWS, lambda k, t: k["metadata"]["self"] != t["metadata"]["self"]),
    "deleted_at_present": (AWS, lambda k, _: k["metadata"]["deleted_at"] > "2099"),
    "provider_contradicts_kind": (GCP, lambda k, _: k["provider"] == "Azure"),
    "provider_upper_case": (AZURE, lambda k, _: k["provider"] == "AZURE"),
    "provider_unknown": (AWS, lambda k, _: k["provider"] not in ("AWS", "Azure", "GCP")),
    "key_kind_unknown": (AWS, lambda k, _: k["key"]["kind"] == "QuantumKey"),
    "state_unknown": (AWS, lambda k, _: k["state"] not in ("AVAILABLE", "IN_USE")),
    "phase_unknown": (
        AWS,
        lambda k, _: k["validation"]["phase"] not in ("INITIALIZING", "VALID", "INVALID"),
    ),
    "optional_fields_null": (
        AWS,
        lambda k, t: (
            k
            == {
                **t,
                "display_name": None,
                "key": {**t["key"], "roles": None},
                "metadata": {
                    "self": t["metadata"]["self"],
                    **dict.fromkeys(["resource_name", "created_at", "updated_at", "deleted_at"]),
                },
                "validation": {**t["validation"], "message": None, "region": None},
            }
        ),
    ),
    "azure_key_id_versioned": (
        AZURE,
        lambda k, t: k["key"]["key_id"].startswith(t["key"]["key_id"] + "/"),
    ),
    "gcp_key_id_versioned": (
        {**GCP, "key_id": "projects/p"},
        lambda k, _: k["key"]["key_id"] == "projects/p/cryptoKeyVersions/3",
    ),
    "gcp_key_id_unversioned": (GCP, lambda k, _: "Versions" not in k["key"]["key_id"]),
    "application_id_empty": (AZURE, lambda k, _: k["key"]["application_id"] == ""),
    "security_group_missing": (GCP, lambda k, _: "security_group" not in k["key"]),
    "roles_empty": (AWS, lambda k, _: k["key"]["roles"] == []),
    "valid_with_message": (
        AWS,
        lambda k, _: k["validation"]["phase"] == "VALID" and k["validation"]["message"] != "",
    ),
    "unknown_fields": (
        AWS,
        lambda k, _: all("x_unknown" in part for part in (k, k["key"], k["metadata"])),
    ),
}


@pytest.mark.parametrize("name", KEY_CHECKS)
def test_odd_keys(emulator: ByokEmulator, call: Caller, name: str) -> None:
    """Each quirk of keys shows in every answer with a key, and ends with its block."""
    key, check = KEY_CHECKS[name]
    created = call.create(key, display_name="n")
    path = f"{KEYS}/{created['id']}"

    with emulator.odd(name):
        shown = [
            call.get(created["id"]),
            call("GET", KEYS).json()["data"][0],
            call("PATCH", path, {}).json(),
        ]

    assert all(check(document, created) for document in shown)
    assert shown[0] == shown[1] == shown[2] != created
    assert call.get(created["id"]) == created


@pytest.mark.parametrize("name", ["azure_key_id_versioned", "security_group_missing"])
def test_shapes_of_one_cloud_leave_the_others_alone(
    emulator: ByokEmulator, call: Caller, name: str
) -> None:
    """A quirk of one cloud leaves keys of the others alone."""
    created = call.create(AWS)
    emulator.odd(name)
    assert call.get(created["id"]) == created


def test_shapes_combine(emulator: ByokEmulator, call: Caller) -> None:
    """Quirks combine."""
    call.create()
    shapes = [name for name in KEY_CHECKS if not name.startswith("timestamps")]

    with emulator.odd("timestamps_empty", *shapes):
        assert call("GET", KEYS).json()["data"][0]["provider"] == "Nimbus"


ERROR_CHECKS: dict[str, Callable[[Any], bool]] = {
    "error_without_members": lambda d: d == {"errors": [{}]},
    "error_without_detail": lambda d: d["errors"][0].keys() == {"id", "status"},
    "error_message_for_detail": lambda d: d["errors"][0]["message"].startswith("It must be"),
    "error_details_array": lambda d: d["errors"][0]["details"][0]["detail"].startswith("It"),
    "error_twenty_identical": lambda d: (
        len(d["errors"]) == 20 and all(error == d["errors"][0] for error in d["errors"])
    ),
    "error_message_only": lambda d: d.keys() == {"message"},
    "error_text": lambda d: isinstance(d["error"], str),
    "error_code_and_message": lambda d: d["error"].keys() == {"code", "message"},
    "error_error_code": lambda d: d["error_code"] == 40001,
    "error_2026": lambda d: d["status"] == 400 and d["error"]["code"] == "INVALID_FILTER",
    "error_2026_text_status": lambda d: d["status"] == "400" and "requestId" in d,
}


@pytest.mark.parametrize("name", ERROR_CHECKS)
def test_odd_errors(emulator: ByokEmulator, call: Caller, name: str) -> None:
    """Each quirk of errors changes them as described, and no success."""
    created = call.create()
    emulator.odd(name)

    answer = call("GET", f"{KEYS}?page_size=0")

    assert answer.status == 400
    assert ERROR_CHECKS[name](answer.json())
    assert call.get(created["id"]) == created
    emulator.fail_next(500)
    assert call("GET", KEYS).json() != {}


@pytest.mark.parametrize(
    ("name", "body", "content_type"),
    [
        ("error_html", b"<html>", "text/html"),
        ("error_empty", b"", None),
        ("error_invalid_json", b'{"errors":[', "application/json"),
    ],
)
def test_errors_that_are_no_json(
    emulator: ByokEmulator, call: Caller, name: str, body: bytes, content_type: str | None
) -> None:
    """Failures of a proxy before the service can be imitated."""
    emulator.odd(name)

    answer = call("GET", f"{KEYS}/cck-none")

    assert answer.status == 404
    assert answer.body.startswith(body)
    assert answer.headers.get("Content-Type") == content_type


def test_errors_may_have_an_empty_source(emulator: ByokEmulator, call: Caller) -> None:
    """Errors may carry an empty source, as those of this API's siblings do."""
    emulator.settings.empty_source = True

    assert call("GET", f"{KEYS}/cck-none").error["source"] == {}
    assert call("GET", f"{KEYS}?page_size=0").error["source"] == {"parameter": "page_size"}


def test_odd_last_pages(emulator: ByokEmulator, call: Caller) -> None:
    """A last page may be empty or null, and pages shorter than asked for."""
    emulator.seed(4)

    def data() -> list[int | None]:
        pages = call.pages("page_size=2")
        return [None if page["data"] is None else len(page["data"]) for page in pages]

    with emulator.odd("last_page_empty"):
        assert data() == [2, 2, 0]
    with emulator.odd("last_page_null"):
        assert data() == [2, 2, None]
    with emulator.odd("short_pages"):
        assert data() == [1, 1, 1, 1]
    assert data() == [2, 2]


def test_odd_links(emulator: ByokEmulator, call: Caller) -> None:
    """Links may have each form that a client must refuse or resolve."""
    emulator.seed(5)
    target = f"{KEYS}?page_size=2"

    def links() -> dict[str, Any]:
        metadata: dict[str, Any] = call("GET", target).json()["metadata"]
        return metadata

    with emulator.odd("next_relative"):
        assert links()["next"].startswith(f"{KEYS}?page_token=")
        assert len(call("GET", links()["next"]).json()["data"]) == 2
    with emulator.odd("next_malformed"):
        assert links()["next"].startswith(f"{emulator.url}{KEYS}page_token=")
    with emulator.odd("next_other_host"):
        assert links()["next"].startswith(f"https://elsewhere.invalid{KEYS}?page_token=")
    with emulator.odd("total_size_missing"):
        assert "total_size" not in links()
    with emulator.odd("next_relative", "next_malformed", "next_other_host"):
        assert "next" not in call("GET", f"{KEYS}?page_size=5").json()["metadata"]
    with emulator.odd("next_repeats"):
        second = links()["next"]
        assert call("GET", second).json()["metadata"]["next"] == second


@pytest.mark.parametrize(("name", "value"), [("next_null", None), ("next_empty", "")])
def test_odd_ends(emulator: ByokEmulator, call: Caller, name: str, value: str | None) -> None:
    """The end of a listing may be a value rather than an absence."""
    emulator.seed(3)
    emulator.odd(name)

    first, last = call.pages("page_size=2")

    assert first["metadata"]["next"]
    assert last["metadata"]["next"] == value


def test_the_same_item_on_two_pages(emulator: ByokEmulator, call: Caller) -> None:
    """A listing may show a key on two pages."""
    a, b, c, d = emulator.seed(4)
    emulator.odd("item_on_two_pages")

    assert call.list("page_size=2") == [d, c, c, b, a]


def test_tokens_that_forget_filters(emulator: ByokEmulator, call: Caller) -> None:
    """Tokens may forget filters and size, which then must be repeated."""
    emulator.seed(3)
    emulator.seed(2, provider="GCP")
    emulator.odd("filters_not_in_token")
    link = call("GET", f"{KEYS}?provider=GCP&page_size=1").json()["metadata"]["next"]

    assert len(call("GET", link).json()["data"]) == 4
    repeated = call("GET", f"{link}&provider=GCP&page_size=1").json()["data"]
    assert [key["provider"] for key in repeated] == ["GCP"]


def test_odd_answers_to_creating(emulator: ByokEmulator, call: Caller) -> None:
    """A creation may be answered without an id, with 200, or with a long id."""
    with emulator.odd("create_200"):
        answer = call("POST", KEYS, {"key": AWS})
        assert (answer.status, "Location" in answer.headers) == (200, True)
        assert call("GET", KEYS).status == 200
    with emulator.odd("create_without_id"):
        answer = call("POST", KEYS, {"key": AZURE})
        assert (answer.status, "id" in answer.json()) == (201, False)
        assert answer.headers["Location"].endswith(emulator.keys[0]["id"])
        assert "id" in call("GET", answer.headers["Location"]).json()
    with emulator.odd("id_of_255"):
        key_id = call.create(GCP)["id"]
        assert len(key_id) == 255
        assert call.get(key_id)["id"] == key_id


def test_odd_encodings(emulator: ByokEmulator, call: Caller) -> None:
    """Bodies may be labelled and encoded in odd ways, and are still whole."""
    created = call.create()
    path = f"{KEYS}/{created['id']}"

    with emulator.odd("content_type_text"):
        answer = call("GET", path)
        assert (answer.headers["Content-Type"], answer.json()) == ("text/plain", created)
    with emulator.odd("content_type_missing"):
        answer = call("GET", path)
        assert ("Content-Type" in answer.headers, answer.json()) == (False, created)
    with emulator.odd("gzip_unlabelled"):
        answer = call("GET", path)
        assert "Content-Encoding" not in answer.headers
        assert len(gzip.decompress(answer.body)) > 100
    with emulator.odd("gzip"):
        assert "Content-Encoding" not in call("GET", path).headers
        answer = call("GET", path, headers={"Accept-Encoding": "br, gzip"})
        assert (answer.headers["Content-Encoding"], answer.json()) == ("gzip", created)
    with emulator.odd("gzip_unlabelled", "content_type_text", "delete_with_body"):
        assert call("DELETE", path).status == 204


@pytest.mark.parametrize("name", ["content_type_text", "gzip_unlabelled"])
def test_no_body_stays_no_body(emulator: ByokEmulator, call: Caller, name: str) -> None:
    """An answer without a body stays without one."""
    [key_id] = emulator.seed()
    emulator.odd(name)

    answer = call("DELETE", f"{KEYS}/{key_id}")

    assert "Content-Type" not in answer.headers
    assert "Content-Length" not in answer.headers


def test_a_204_with_a_body(emulator: ByokEmulator, call: Caller) -> None:
    """A 204 may come with a body, and the connection goes on."""
    [key_id] = emulator.seed()
    with emulator.odd("delete_with_body"):
        assert int(call("DELETE", f"{KEYS}/{key_id}").headers["Content-Length"]) > 0
        assert call("GET", KEYS).status == 200


def test_odd_conflicts(emulator: ByokEmulator, call: Caller) -> None:
    """A conflict comes with or without a Location, as asked for."""
    created = call.create()
    emulator.mark_in_use(created["id"])
    path = f"{KEYS}/{created['id']}"

    with emulator.odd("conflict_without_location"):
        answer = call("POST", KEYS, {"key": AWS})
        assert (answer.status, "Location" in answer.headers) == (409, False)
        assert "Location" in call("POST", KEYS, {"key": GCP}).headers
    with emulator.odd("conflict_with_location"):
        assert call("DELETE", path).headers["Location"] == path
        assert "Location" not in call("GET", path).headers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate_headers_missing", None),
        ("rate_headers_negative", "-1"),
        ("rate_headers_garbage", "soon"),
    ],
)
def test_odd_rate_headers(
    emulator: ByokEmulator, call: Caller, name: str, value: str | None
) -> None:
    """Rate-limit headers may be missing, or no numbers."""
    emulator.settings.rate_limit = (100, 60)
    emulator.odd(name)

    assert call("GET", KEYS).headers.get("X-RateLimit-Remaining") == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("retry_after_missing", None),
        ("retry_after_zero", "0"),
        ("retry_after_huge", "1000000000000"),
        ("retry_after_garbage", "soon"),
    ],
)
def test_odd_waits(emulator: ByokEmulator, call: Caller, name: str, value: str | None) -> None:
    """Retry-After may be missing, or make no sense."""
    emulator.settings.rate_limit = (1, 60)
    emulator.odd(name)

    assert "Retry-After" not in call("GET", KEYS).headers
    answer = call("GET", KEYS)
    assert (answer.status, answer.headers.get("Retry-After")) == (429, value)


@pytest.mark.parametrize(("told", "seconds"), [({"Retry-After": "30"}, 31), ({}, 2)])
def test_a_wait_may_be_told_as_a_date(told: dict[str, str], seconds: int) -> None:
    """Retry-After may be a date, at which the wait is long enough."""
    with ByokEmulator(clock=lambda: 10**18 + 1) as emulator:
        call = Caller(emulator)
        emulator.odd("retry_after_date")
        emulator.fail_next(503, headers=told)

        moment = parsedate_to_datetime(call("GET", KEYS).headers["Retry-After"])

        assert moment.timestamp() == 10**9 + seconds
        call.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("prefix", ["", "/api"])
def test_redirects_lead_to_where_the_path_is_served(status: int, prefix: str) -> None:
    """Redirects lead to where reads and writes are served."""
    with ByokEmulator(path_prefix=prefix) as emulator:
        call = Caller(emulator)
        emulator.odd(f"redirect_{status}")

        answer = call("GET", f"{KEYS}?page_size=1")
        assert (answer.status, answer.body) == (status, b"")
        assert answer.headers["Location"] == f"{emulator.url}/moved{KEYS}?page_size=1"
        assert call("GET", answer.headers["Location"]).status == 200
        answer = call("POST", KEYS, {"key": AWS})
        assert (answer.status, emulator.keys) == (status, [])
        assert call("POST", answer.headers["Location"], {"key": AWS}).status == 201
        call.close()


def test_unknown_fields_are_everywhere(emulator: ByokEmulator, call: Caller) -> None:
    """Unknown fields are in every object of every answer."""
    emulator.seed()
    emulator.odd("unknown_fields")

    page = call("GET", KEYS).json()
    error = call("GET", f"{KEYS}?page_size=0").error

    for part in (page, page["metadata"], page["data"][0]["validation"], error, error["source"]):
        assert "x_unknown" in part


def test_shapes_are_cancelled_one_by_one_or_all_at_once(
    emulator: ByokEmulator, call: Caller
) -> None:
    """Quirks are cancelled one by one, or all by clear."""
    [key_id] = emulator.seed()
    first, second = emulator.odd("kind_missing"), emulator.odd("state_unknown", "kind_missing")

    first.cancel()
    first.cancel()
    assert "kind" not in call.get(key_id)
    second.cancel()
    assert call.get(key_id)["kind"] == "Key"
    emulator.odd("kind_missing")
    emulator.clear()
    assert call.get(*emulator.seed())["kind"] == "Key"


def test_a_misspelt_shape_is_refused(emulator: ByokEmulator) -> None:
    """A misspelt quirk is refused, with the nearest names."""
    with pytest.raises(ValueError, match="next_relative"):
        emulator.odd("next_relativ")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"metadata": None, "validation": "x", "key": 7},
        {"metadata": {"created_at": "yesterday"}, "validation": {"since": None}},
        {"key": {"kind": "AzureKey"}},
        {"key": {"kind": "GcpKey"}},
    ],
)
def test_shapes_bear_seeded_keys_of_any_form(
    emulator: ByokEmulator, call: Caller, document: dict[str, Any]
) -> None:
    """Quirks work with seeded keys of any shape."""
    emulator.seed([document])
    for name in KEY_CHECKS:
        with emulator.odd(name):
            assert call("GET", KEYS).status == 200, name


def test_every_shape_is_tested_here() -> None:
    """Every quirk has a test and a description."""
    tree = ast.parse(inspect.getsource(sys.modules[__name__]))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    untested = {name for name in ODD_SHAPES if not name.startswith("redirect_")} - texts

    assert untested == set()
    assert all(ODD_SHAPES.values())


def test_quirks_have_their_earlier_names_too(emulator: ByokEmulator, call: Caller) -> None:
    """Tests that were written for the names odd, ODD_SHAPES and OddShape go on working."""
    [key_id] = emulator.seed()
    with emulator.quirks("kind_missing") as quirk:
        assert isinstance(quirk, OddShape)
        assert "kind" not in call.get(key_id)
    assert call.get(key_id)["kind"] == "Key"
    assert ODD_SHAPES is QUIRKS
    assert OddShape is Quirk
