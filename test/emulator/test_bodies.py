"""Request bodies: which are refused, with which status, and what is said about them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulator.calling import AWS, AZURE, GCP, KEYS, Answer, Caller
from openapi_client.testing import ByokEmulator
from support.properties import examples

JSON = {"Content-Type": "application/json"}
TARGETS = [("POST", KEYS), ("PATCH", f"{KEYS}/{{id}}")]


@pytest.fixture(scope="module")
def shared() -> Iterator[Caller]:
    """A client of an emulator that holds one key; for requests that change nothing."""
    with ByokEmulator(quota=None) as emulator:
        caller = Caller(emulator)
        yield caller
        caller.close()


def send(
    call: Caller,
    method: str,
    path: str,
    body: bytes,
    content_type: str | None = JSON["Content-Type"],
) -> Answer:
    """Send a body, to a key that exists where the path asks for one."""
    if "{id}" in path:
        existing = call.list()
        path = path.format(id=existing[0] if existing else call.create()["id"])
    headers = {"Content-Type": content_type} if content_type is not None else {}
    return call(method, path, body=body, headers=headers)


def pointers(answer: Answer) -> list[str]:
    """What the errors of an answer point at."""
    return [error["source"]["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(("method", "path"), TARGETS)
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"not json",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"display_name": "\\ud800"}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"{} {}",
    ],
)
def test_what_is_no_json_answers_400(call: Caller, method: str, path: str, body: bytes) -> None:
    """A body that is no JSON is answered as such, and not by errors about its fields."""
    answer = send(call, method, path, body)

    assert (answer.status, answer.error["title"]) == (400, "Bad Request")


@pytest.mark.parametrize(("method", "path"), TARGETS)
@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"text"', b"true"])
def test_json_that_is_no_object_answers_422(
    call: Caller, method: str, path: str, body: bytes
) -> None:
    """A body of another type is not taken for an empty one; only an update may be null."""
    answer = send(call, method, path, body)

    if (method, body) == ("PATCH", b"null"):
        assert answer.status == 200
    else:
        assert (answer.status, pointers(answer)) == (422, [""])


def test_an_update_may_be_null(call: Caller) -> None:
    """The vendor's Go SDK, which sends null for an update without fields, is served."""
    created = call.create(display_name="before")

    answer = send(call, "PATCH", f"{KEYS}/{created['id']}", b"null")

    assert (answer.status, answer.json()) == (200, created)
    assert send(call, "PATCH", f"{KEYS}/cck-none", b"null").status == 404


@pytest.mark.parametrize(("method", "path"), TARGETS)
@pytest.mark.parametrize("content_type", ["text/plain", "application/merge-patch+json", "", None])
def test_other_media_types_answer_415(
    call: Caller, method: str, path: str, content_type: str | None
) -> None:
    """A body of another media type is refused with 415, as in production."""
    assert send(call, method, path, b"{}", content_type).status == 415


def test_a_missing_key_answers_400(call: Caller) -> None:
    """A request without its body is told that one is required."""
    assert send(call, "POST", KEYS, b"", None).status == 400
    assert send(call, "POST", KEYS, b"", "application/json").status == 400
    assert send(call, "POST", KEYS, b"", "text/plain").status == 415


def test_a_missing_update_changes_nothing(call: Caller) -> None:
    """An update without a body succeeds, for the body is optional."""
    created = send(call, "POST", KEYS, json.dumps({"key": AWS}).encode(), "application/json")
    path = f"{KEYS}/{created.json()['id']}"
    assert send(call, "PATCH", path, b"", None).json() == call("GET", path).json()


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_media_types_have_parameters_and_no_case(call: Caller, content_type: str) -> None:
    """A media type may have parameters, and any case."""
    body = json.dumps({"key": AWS}).encode()
    assert send(call, "POST", KEYS, body, content_type).status == 201


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, ["/key"]),
        ({"key": None}, ["/key"]),
        ({"key": []}, ["/key"]),
        ({"key": AWS["key_arn"]}, ["/key"]),
        ({"key": {}}, ["/key/kind"]),
        ({"key": {**AWS, "kind": "aws"}}, ["/key/kind"]),
        ({"key": {**AWS, "kind": None}}, ["/key/kind"]),
        ({"key": {**AWS, "kind": ["AwsKey"]}}, ["/key/kind"]),
        ({"key": {"kind": "AwsKey"}}, ["/key/key_arn"]),
        ({"key": {**AWS, "key_arn": None}}, ["/key/key_arn"]),
        ({"key": {**AWS, "key_arn": 7}}, ["/key/key_arn"]),
        ({"key": {**AWS, "key_arn": ""}}, ["/key/key_arn"]),
        ({"key": {"kind": "GcpKey", "key_arn": "x"}}, ["/key/key_id"]),
        (
            {"key": {"kind": "AzureKey", "key_id": {}, "tenant_id": ""}, "display_name": 1},
            ["/key/key_id", "/key/key_vault_id", "/key/tenant_id", "/display_name"],
        ),
        ({"key": AWS, "display_name": None}, ["/display_name"]),
        ({"key": AWS, "display_name": ["a"]}, ["/display_name"]),
    ],
)
def test_each_bad_field_of_a_new_key_has_an_error(
    emulator: ByokEmulator, call: Caller, document: Any, expected: list[str]
) -> None:
    """Every field that is wrong is named, all of them in one answer."""
    answer = call("POST", KEYS, document)

    assert (answer.status, pointers(answer)) == (422, expected)
    errors = answer.json()["errors"]
    assert len({error["id"] for error in errors}) == len(errors)
    assert {error["code"] for error in errors} == {"invalid_configuration"}
    assert emulator.keys == []


@pytest.mark.parametrize("name", [None, 1, [], {}, True])
def test_a_display_name_is_text(call: Caller, name: Any) -> None:
    """A name is text; anything else is refused."""
    created = call.create(display_name="before")

    answer = call("PATCH", f"{KEYS}/{created['id']}", {"display_name": name})

    assert (answer.status, pointers(answer)) == (422, ["/display_name"])
    assert call.get(created["id"]) == created


def test_a_display_name_may_be_empty(call: Caller) -> None:
    """A name can be taken away again by an empty one."""
    created = call.create(display_name="before")

    answer = call("PATCH", f"{KEYS}/{created['id']}", {"display_name": ""})

    assert answer.json()["display_name"] == ""


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)
FIELDS = ["kind", "key_arn", "key_id", "key_vault_id", "tenant_id"]


@examples(150, shared_fixture=True)
@given(document=st.dictionaries(st.sampled_from(["key", "display_name", "id"]), VALUES))
def test_no_document_breaks_the_emulator(shared: Caller, document: Any) -> None:
    """Whatever JSON is sent, the answer is a success or says what is wrong."""
    answer = shared("POST", KEYS, document)
    assert answer.status == 422
    assert answer.json()["errors"]


@examples(150, shared_fixture=True)
@given(
    key=st.sampled_from([AWS, AZURE, GCP]),
    changes=st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1),
)
@example(key=AWS, changes={"key_arn": " "})
def test_a_key_is_taken_if_and_only_if_its_fields_are_right(
    shared: Caller, key: dict[str, str], changes: dict[str, Any]
) -> None:
    """Key material is registered if it is right, and refused if it is not."""
    changed = {**key, **changes}
    needed = set(key) - {"kind"}
    right = changed["kind"] == key["kind"] and all(
        isinstance(changed[name], str) and changed[name] for name in needed
    )

    status = shared("POST", KEYS, {"key": changed}).status

    assert status in ((201, 409) if right else (422,))


@examples(150, shared_fixture=True)
@given(body=st.binary(min_size=1, max_size=60))
def test_no_bytes_break_the_emulator(shared: Caller, body: bytes) -> None:
    """Whatever bytes are sent as a body, an answer says what is wrong with them."""
    assert send(shared, "POST", KEYS, body).status in (400, 422)


@examples(100, shared_fixture=True)
@given(name=st.text(st.characters(exclude_categories=["Cs"])))
def test_names_come_back_as_they_were_sent(shared: Caller, name: str) -> None:
    """A name is returned exactly as it was sent."""
    [key_id] = shared.list("key=name-test") or [
        shared.create({**AWS, "key_arn": "arn:aws:kms:::key/name-test"})["id"]
    ]
    answer = shared("PATCH", f"{KEYS}/{key_id}", {"display_name": name})

    assert answer.json()["display_name"] == name
