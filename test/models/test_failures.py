"""What the service says of a failure is found, however it says it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.payloads import JSON, OBJECTS, mutated
from models.samples import ERROR, Document, body, without
from openapi_client._pipeline.decode import read_failure
from openapi_client.models import Error, Failure
from support.properties import examples

ENVELOPE: Document = {
    "status": 404,
    "error": {
        "code": "RESOURCE_NOT_FOUND",
        "message": "There is no such key.",
        "details": [{"detail": "cck-1"}],
        "timestamp": "2026-01-01T00:00:00Z",
        "path": "/byok/v1/keys/cck-1",
        "suggestion": "Look at the id.",
    },
    "requestId": "r-1",
    "doc_url": "https://docs.confluent.io",
}


def told(document: object) -> list[Document]:
    """The errors in a body, as dicts."""
    failure, errors = read_failure(body(document))
    assert failure is None or failure == Failure.construct_leniently(json.loads(body(document)))
    return [error.to_dict() for error in errors]


def test_the_declared_form_is_read() -> None:
    """An error in the documented form is read with all its members."""
    failure, errors = read_failure(body({"errors": [ERROR]}))
    assert failure == Failure.from_dict({"errors": [ERROR]})
    [error] = errors
    assert (error.id, error.status, error.code) == (ERROR["id"], "422", "invalid_configuration")
    assert (error.title, error.detail) == ("Validation Failed", "The key is not a key.")
    assert error.source is not None
    assert (error.source.pointer, error.source.parameter) == ("/key/key_arn", "key")
    assert (error.error_code, error.message) == (40001, "an older text")


@pytest.mark.parametrize("member", ERROR)
def test_any_member_may_be_missing(member: str) -> None:
    """An error is kept whichever of its members are missing or null."""
    assert told({"errors": [without(ERROR, (member,))]}) == [without(ERROR, (member,))]
    assert told({"errors": [{member: ERROR[member]}]}) == [{member: ERROR[member]}]
    assert told({"errors": [ERROR | {member: None}]}) == [ERROR | {member: None}]


@pytest.mark.parametrize(
    "error",
    [
        {},
        {"source": {}},
        {"status": 422},
        {"message": "instead of a detail"},
        {"detail": "d", "details": [{"detail": "a"}, "b"]},
        {"detail": "d", "meta": {"a": 1}, "resolution": "Do it otherwise."},
    ],
    ids=str,
)
def test_errors_of_every_form_are_kept_whole(error: Document) -> None:
    """Errors of every form are kept whole."""
    assert told({"errors": [error, ERROR]}) == [error, ERROR]


def test_twenty_identical_errors_are_twenty() -> None:
    """Twenty identical errors stay twenty."""
    assert told({"errors": [ERROR] * 20}) == [ERROR] * 20


def test_errors_that_are_no_objects_are_taken_as_text() -> None:
    """Errors that are no objects are taken as text, beside those that are."""
    listed = ["a text", ERROR, 40001, None, ["in", "a list"]]
    details = [{"detail": "a text"}, ERROR, {"detail": "40001"}, {"detail": "['in', 'a list']"}]
    assert told({"errors": listed}) == details
    failure, _ = read_failure(body({"errors": listed}))
    assert failure is not None
    assert failure.to_dict() == {"errors": listed}


@pytest.mark.parametrize(
    ("document", "errors"),
    [
        ({"message": "text"}, [{"message": "text"}]),
        (
            {"error_code": 40401, "message": "text"},
            [{"error_code": 40401, "message": "text"}],
        ),
        ({"detail": "text", "title": "t"}, [{"detail": "text", "title": "t"}]),
        ({"error": "text"}, [{"code": "text", "detail": "text"}]),
        ({"errors": "text"}, [{"code": "text", "detail": "text"}]),
        (
            {"error": "invalid_grant", "error_description": "text"},
            [{"code": "invalid_grant", "detail": "text"}],
        ),
        (
            {"status": 404, "error": "Not Found", "message": "text", "path": "/"},
            [{"code": "Not Found", "detail": "text"}],
        ),
        ({"error": {"code": 404, "message": "text"}}, [{"code": 404, "message": "text"}]),
        ({"error": [{"message": "text"}, "more"]}, [{"message": "text"}, {"detail": "more"}]),
        ({"errors": {"detail": "text"}}, [{"detail": "text"}]),
        ({"errors": [], "error": {"message": "text"}}, [{"message": "text"}]),
        ({"errors": [], "message": "text"}, [{"errors": [], "message": "text"}]),
        ({"errors": None, "message": "text"}, [{"errors": None, "message": "text"}]),
        ({"error": 404, "message": "text"}, [{"error": 404, "message": "text"}]),
        ({"error": True}, []),
        ({"errors": []}, []),
        ({"errors": [None]}, []),
        ({"error": ""}, []),
        ({"error": {}}, []),
        ({"status": 500}, []),
        ({}, []),
    ],
    ids=str,
)
def test_every_envelope_is_read(document: Document, errors: list[Document]) -> None:
    """The errors of a failure are read from every known envelope."""
    assert told(document) == errors


@pytest.mark.parametrize("status", [404, "404", None])
def test_the_envelope_of_2026_is_read(status: object) -> None:
    """The error in the envelope of 2026 is read, and the failure is kept whole."""
    [error] = told(ENVELOPE | {"status": status})
    assert error == ENVELOPE["error"]
    failure, _ = read_failure(body(ENVELOPE | {"status": status}))
    assert failure is not None
    assert failure.to_dict() == ENVELOPE | {"status": status}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"<html><body><h1>502 Bad Gateway</h1></body></html>",
        b"upstream connect error",
        b'{"errors":[{"id":"1","detail":"cut o',
        b'{"message": "\xe4"}',
        b"\x1f\x8b\x08\x00",
        b"[" * 100_000,
        b'{"errors":' * 100_000,
        b"null",
        b"[]",
        b'["text"]',
        b'"text"',
        b"404",
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_a_body_that_is_no_json_object_says_nothing(raw: bytes) -> None:
    """A body that is no JSON object is read as no failure, and raises nothing."""
    assert read_failure(raw) == (None, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_failures_in_odd_encodings_are_read(encoding: str) -> None:
    """A failure in an odd encoding is read."""
    failure, errors = read_failure('{"message": "é"}'.encode(encoding))
    assert [error.message for error in errors] == ["é"]
    assert failure is not None


@pytest.mark.parametrize("template", ['{"errors":[%s]}', '{"error":%s}', '{"message":%s}'])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"errors":', "}")])
def test_nesting_at_the_edge_is_read_or_not(template: str, opening: str, closing: str) -> None:
    """A body at the edge of what can be nested is read or not, and raises nothing."""
    for depth in range(800, 1000):
        raw = (template % (opening * depth + "1" + closing * depth)).encode()
        failure, errors = read_failure(raw)
        assert failure is not None or errors == ()


@examples(150)
@given(
    OBJECTS
    | mutated(st.just({"errors": [ERROR, ERROR]}))
    | mutated(st.just(ENVELOPE))
    | st.fixed_dictionaries({"errors": st.lists(JSON)})
    | st.fixed_dictionaries({"error": JSON}, optional={"message": JSON, "detail": JSON})
)
def test_any_object_is_a_failure_with_errors(document: Document) -> None:
    """Any JSON object is a failure that keeps all of it, and has its errors."""
    failure, errors = read_failure(body(document))
    assert failure is not None
    assert failure.to_dict() == json.loads(body(document))
    assert all(type(error) is Error for error in errors)
    listed: Any = document.get("errors")
    if isinstance(listed, list) and listed:
        assert len(errors) == sum(item is not None for item in listed)


@given(st.binary() | JSON.map(body))
def test_any_bytes_are_read(raw: bytes) -> None:
    """Any bytes are read as a failure or as none, and raise nothing."""
    failure, errors = read_failure(raw)
    assert failure is not None or errors == ()
