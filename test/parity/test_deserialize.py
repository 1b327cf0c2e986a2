"""`ApiClient.deserialize`, with which programs load what they kept, gives what it gave."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .alike import assert_alike
from .answers import AZURE, FAILURE, GCP, KEY, PAGE

_JSON = "application/json"


def _client(package: Any) -> Any:
    return package.ApiClient(package.Configuration(host="http://127.0.0.1:1"))


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (KEY, "ByokV1Key"),
        (AZURE, "GetByokV1Key200Response"),
        (GCP["key"], "ByokV1KeyKey"),
        (PAGE, "ByokV1KeyList"),
        (FAILURE, "Failure"),
        ([KEY, AZURE], "List[ByokV1Key]"),
        ([], "List[ByokV1Key]"),
        ({"one": GCP}, "Dict[str, ByokV1Key]"),
        ({"one": [GCP]}, "Dict[str, List[ByokV1Key]]"),
        (KEY, "Optional[ByokV1Key]"),
        ({"any": [1, None, "x"]}, "object"),
        ([1, {"a": 2}], "List[object]"),
        (None, "ByokV1Key"),
        ("text", "str"),
        (5, "str"),
        (5, "int"),
        (5, "long"),
        ("5", "int"),
        (5, "float"),
        (True, "bool"),
        ("1.50", "decimal"),
        ("00000000-0000-0000-0000-000000000001", "UUID"),
        ("2026-01-15", "date"),
        ("2026-01-15T09:30:00.25Z", "datetime"),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_json_becomes_what_it_became(theirs: Any, ours: Any, value: Any, name: str) -> None:
    """A dict that a program kept as JSON becomes the same model, list or value."""
    text = json.dumps(value)
    loaded = [_client(package).deserialize(text, name, _JSON) for package in (theirs, ours)]
    assert_alike(*loaded)


def test_a_type_may_be_a_class(theirs: Any, ours: Any) -> None:
    """Who has the model at hand gives it instead of its name."""
    for package in (theirs, ours):
        loaded = _client(package).deserialize(json.dumps(KEY), package.ByokV1Key, _JSON)
        assert isinstance(loaded, package.ByokV1Key)
        assert loaded.id == "cck-12345"


@pytest.mark.parametrize(
    ("text", "name", "content_type"),
    [
        ("plain", "str", "text/plain"),
        ("plain", "str", "text/plain; charset=utf-8"),
        ("5", "int", "text/plain"),
        ('{"a": 1}', "object", None),
        ("no JSON", "str", None),
        ("no JSON", "object", None),
        ("", "object", _JSON),
        ('{"a": 1}', "object", "application/problem+json; charset=utf-8"),
    ],
)
def test_media_types_mean_what_they_meant(
    theirs: Any, ours: Any, text: str, name: str, content_type: str | None
) -> None:
    """Text stays text where it is labelled so, or where nothing says that it is JSON."""
    loaded = [_client(each).deserialize(text, name, content_type) for each in (theirs, ours)]
    assert loaded[0] == loaded[1]


@pytest.mark.parametrize(
    ("text", "name", "content_type", "caught"),
    [
        ("no JSON", "object", _JSON, "ValueError"),
        ('"x"', "int", _JSON, "ValueError"),
        ("<a/>", "str", "application/xml", "ApiException"),
    ],
)
def test_what_cannot_be_read_is_caught_as_before(
    theirs: Any, ours: Any, text: str, name: str, content_type: str, caught: str
) -> None:
    """A program that guards its loading with `except` goes on."""
    for package in (theirs, ours):
        kind = ValueError if caught == "ValueError" else package.ApiException
        with pytest.raises(kind):
            _client(package).deserialize(text, name, content_type)


def test_a_name_that_is_no_model_is_refused(theirs: Any, ours: Any) -> None:
    """A name that is no model is refused by name; theirs is a bare AttributeError."""
    with pytest.raises(AttributeError):
        _client(theirs).deserialize("{}", "NoModel", _JSON)
    with pytest.raises(ours.ApiTypeError, match="'NoModel'"):
        _client(ours).deserialize("{}", "NoModel", _JSON)


_BASIC = {"username": "u", "password": "p"}
_OWN = {"type": "bearer", "in": "header", "key": "Authorization", "value": "Bearer mine"}


@pytest.mark.parametrize(
    ("names", "own"),
    [
        (["cloud-api-key", "confluent-sts-access-token"], None),
        ([], None),
        (None, None),
        (["cloud-api-key"], _OWN),
    ],
)
def test_credentials_are_added_as_before(theirs: Any, ours: Any, names: Any, own: Any) -> None:
    """A program that makes a request of its own lets the client add the credentials."""
    made = []
    for package in (theirs, ours):
        client = package.ApiClient(package.Configuration(host="http://127.0.0.1:1", **_BASIC))
        headers, queries = {"X-One": "1"}, [("a", "b")]
        client.update_params_for_auth(headers, queries, names, "/x", "GET", None, request_auth=own)
        made.append((headers, queries))
    assert made[0] == made[1]
