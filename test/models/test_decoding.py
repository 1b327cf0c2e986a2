"""Whatever shape an answer has, the caller gets all of it."""

from typing import Any

import pytest

from models.payloads import FORGETS_VAR_SELF
from models.samples import (
    AWS,
    AZURE,
    FULL,
    GCP,
    GCP_KEY,
    KEY,
    LIST,
    TOLERANT,
    Document,
    Place,
    body,
    changed,
    model_named,
    places,
    without,
)
from openapi_client.models import (
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyList,
    ByokV1KeyValidation,
    ByokV1UnknownKey,
    CreateByokV1Key201Response,
    Error,
    GetByokV1Key200Response,
)
from openapi_client.models._decoding import decode

OPTIONAL = (
    ("display_name",),
    ("metadata",),
    ("metadata", "resource_name"),
    ("metadata", "created_at"),
    ("metadata", "updated_at"),
    ("metadata", "deleted_at"),
    ("validation", "message"),
    ("validation", "region"),
    ("key", "roles"),
)


def decoded(document: Document) -> tuple[GetByokV1Key200Response, list[str]]:
    """The key in a document, and the places that did not fit."""
    key, errors = decode(GetByokV1Key200Response, body(document))
    assert type(key) is GetByokV1Key200Response
    return key, [".".join(map(str, error["loc"])) for error in errors]


def read(model: object, place: Place) -> Any:
    """What a caller reads at a place, by attributes and indexes."""
    value: Any = model
    for step in place:
        if isinstance(value, ByokV1KeyKey):
            value = value.actual_instance
        name = "var_self" if step == "self" else step
        value = getattr(value, name) if isinstance(name, str) else value[name]
    return value


@pytest.mark.parametrize("place", OPTIONAL)
def test_optional_fields_may_be_missing_or_null(place: Place) -> None:
    """An optional field that is missing or null is ``None``, and nothing is reported."""
    for document in (without(KEY, place), changed(KEY, place, None)):
        key, errors = decoded(document)
        assert errors == []
        assert read(key, place) is None
    assert decoded(without(KEY, place))[0] == decoded(changed(KEY, place, None))[0]


@pytest.mark.parametrize("place", places(KEY))
def test_any_field_may_be_missing(place: Place) -> None:
    """An answer that lacks a field is read, and a required one that is missing is reported."""
    document = without(KEY, place)
    key, errors = decoded(document)
    if place == ("key", "kind"):
        assert errors == ["key"]
        assert key.key.actual_instance == ByokV1UnknownKey.from_dict(document["key"])
    elif isinstance(place[-1], int):
        assert errors == []
        assert read(key, place[:-1]) == []
    else:
        missing = place not in OPTIONAL
        assert errors == [".".join(_tagged(place))] * missing
        assert read(key, place) is None
    assert GetByokV1Key200Response.from_dict(key.to_dict()) == key


@pytest.mark.parametrize("place", places(KEY))
@pytest.mark.parametrize("value", [None, 5, 1.5, True, "odd", [], ["odd"], {}, {"odd": 1}], ids=str)
def test_any_field_may_have_any_value(place: Place, value: object) -> None:
    """An answer with any value in a field is read, and its other fields are what they were."""
    document = changed(KEY, place, value)
    key, errors = decoded(document)
    assert GetByokV1Key200Response.from_dict(key.to_dict()) == key
    for other in places(KEY):
        if other[: len(place)] != place and place[: len(other)] != other and place[0] != "key":
            assert read(key, other) == read(decoded(KEY)[0], other)
    for error in errors:
        assert error.startswith(".".join(_tagged(place))) or place == ("key", "kind")


def _tagged(place: Place) -> list[str]:
    """The place as pydantic names it: a key's fields are below its kind."""
    steps = [str(step) for step in place]
    return ["key", "AwsKey", *steps[1:]] if len(steps) > 1 and steps[0] == "key" else steps


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("api_version",), ""),
        (("api_version",), "byok/v2"),
        (("kind",), "OtherKey"),
        (("metadata", "self"), ""),
        (("metadata", "self"), "https://api.confluent.cloud/byok/v1/keys/cck-other"),
        (("id",), "x" * 255),
        (("id",), "dlz-f3a90de"),
        (("provider",), "AZURE"),
        (("provider",), "GCP"),
        (("provider",), "Nimbus"),
        (("state",), "ROTATING"),
        (("validation", "phase"), "REVALIDATING"),
        (("validation", "message"), "key access denied"),
        (("key", "roles"), []),
        (("key",), AZURE | {"application_id": ""}),
        (("key",), AZURE | {"key_id": f"{AZURE['key_id']}/dd554e3117e74ed8bbcd43390e1e3824"}),
        (("key",), {"kind": "GcpKey", "key_id": GCP_KEY}),
        (("metadata", "deleted_at"), "2099-01-01T00:00:00.000000000Z"),
    ],
)
def test_what_is_odd_but_allowed_fits(place: Place, value: object) -> None:
    """What is odd but allowed is read, and nothing is reported."""
    document = changed(KEY, place, value)
    key, errors = decoded(document)
    assert errors == []
    if isinstance(value, str) and place[-1] != "deleted_at":
        assert read(key, place) == value
    assert key.to_dict().keys() == document.keys()


@pytest.mark.parametrize("above", [(), ("metadata",), ("key",), ("validation",)], ids=str)
def test_unknown_fields_are_kept_at_every_level(above: Place) -> None:
    """Unknown fields can be read at every level, and are kept when the key is stored."""
    news = {"since": ["2026-01-01T00:00:00Z", None], "deep": {"a": 1}}
    document = changed(KEY, (*above, "news"), news)
    key, errors = decoded(document)
    assert errors == []
    assert read(key, (*above, "news")) == news
    assert GetByokV1Key200Response.from_dict(key.to_dict()) == key
    # Also where something else does not fit.
    odd, errors = decoded(changed(document, ("state",), 5))
    assert errors == ["state"]
    assert read(odd, (*above, "news")) == news


@pytest.mark.parametrize(
    "kind", ["OciKey", "", "awskey", "byok.v1.OciKey", None, 5, ["AwsKey"], {}]
)
def test_unknown_kinds_of_key_are_kept(kind: object) -> None:
    """A key of an unknown kind is kept whole."""
    material = {"kind": kind, "key_ocid": "ocid1", "nested": {"a": [1]}}
    key, errors = decoded(changed(KEY, ("key",), material))
    assert errors == ["key"]
    unknown = key.key.actual_instance
    assert isinstance(unknown, ByokV1UnknownKey)
    assert unknown.kind == kind
    assert unknown.to_dict() == key.key.to_dict() == material
    assert unknown.nested == {"a": [1]}  # type: ignore[attr-defined]  # No type knows of it.


@pytest.mark.parametrize("variant", [ByokV1AwsKey, ByokV1AzureKey, ByokV1GcpKey])
def test_the_long_spelling_of_a_kind_is_understood(
    variant: type[ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey],
) -> None:
    """A key whose kind is spelled ``byok.v1.AwsKey`` is read as one in AWS, and so on."""
    full = FULL[variant.__name__]
    key, errors = decode(ByokV1KeyKey, body(full | {"kind": f"byok.v1.{full['kind']}"}))
    assert len(errors) == 1
    assert type(key.actual_instance) is variant
    assert key.to_dict() == full | {"kind": f"byok.v1.{full['kind']}"}


@pytest.mark.parametrize("material", [None, 5, "arn:aws:kms:...", [], [AWS]])
def test_a_key_that_is_no_object_stays_as_it_came(material: object) -> None:
    """Key material that is no object stays as it came."""
    key, errors = decoded(changed(KEY, ("key",), material))
    assert errors == ["key"]
    assert key.key == material
    assert key.to_dict()["key"] == material


def test_one_odd_key_does_not_spoil_its_page() -> None:
    """A page with an odd key on it has all its other keys as they are."""
    odd = changed(LIST, ("data", 1, "key"), {"kind": "OciKey", "ocid": "1"})
    page, errors = decode(ByokV1KeyList, body(changed(odd, ("data", 2, "validation"), None)))
    assert [error["loc"] for error in errors] == [("data", 1, "key"), ("data", 2, "validation")]
    plain, _ = decode(ByokV1KeyList, body(LIST))
    assert page.data[0] == plain.data[0]
    assert page.metadata == plain.metadata
    assert isinstance(page.data[1].key.actual_instance, ByokV1UnknownKey)
    assert page.data[1].metadata == plain.data[1].metadata
    assert page.data[2].validation is None
    assert page.data[2].key.actual_instance == ByokV1GcpKey.from_dict(GCP)


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ([], []),
        (None, [("data",)]),
        ({}, [("data",)]),
        ([None], [("data", 0)]),
        ([5, KEY], [("data", 0)]),
        ([KEY, KEY], []),
        ([[KEY]], [("data", 0)]),
    ],
)
def test_a_page_may_hold_anything(data: object, errors: list[Place]) -> None:
    """A page is read, and its link kept, whatever it holds in place of keys."""
    page, found = decode(ByokV1KeyList, body(LIST | {"data": data}))
    assert [error["loc"] for error in found] == errors
    assert page.metadata.next == LIST["metadata"]["next"]
    assert ByokV1KeyList.from_json(page.to_json()) == page
    if isinstance(data, list):
        assert len(page.data) == len(data)
    else:
        assert page.data == data


@pytest.mark.parametrize(
    "link", ["/byok/v1/keys?page_token=x", "no link at all", "https://elsewhere/?page_token=x", ""]
)
def test_any_link_to_the_next_page_is_kept(link: str) -> None:
    """Any link to the next page is kept as it came."""
    page, errors = decode(ByokV1KeyList, body(LIST | {"metadata": {"next": link}}))
    assert errors == []
    assert page.metadata.next == link
    assert page.metadata.total_size is None


@pytest.mark.parametrize("metadata", [None, [], "first", 5])
def test_a_page_may_lack_its_metadata(metadata: object) -> None:
    """A page without its metadata has its keys."""
    page, errors = decode(ByokV1KeyList, body(LIST | {"metadata": metadata}))
    assert [error["loc"] for error in errors] == [("metadata",)]
    assert page.metadata == metadata
    assert len(page.data) == 3


def test_a_201_may_lack_its_id() -> None:
    """The answer to a registration is read although it lacks the id."""
    created, errors = decode(CreateByokV1Key201Response, body({"key": AWS}))
    assert [error["loc"] for error in errors] == [("id",)]
    assert created.id is None
    created.id = "cck-12345"
    assert created.to_dict() == {"id": "cck-12345", "key": AWS}


def test_errors_say_where_and_what() -> None:
    """What does not fit is reported with its place, what is wrong, and the value."""
    odd = changed(KEY, ("validation", "since"), "soon")
    _, errors = decode(GetByokV1Key200Response, body(changed(odd, ("id",), "x" * 256)))
    assert [(error["loc"], error["type"], error["input"]) for error in errors] == [
        (("id",), "string_too_long", "x" * 256),
        (("validation", "since"), "datetime_parsing", "soon"),
    ]
    assert "at most 255 characters" in errors[0]["msg"]


@pytest.mark.parametrize("name", TOLERANT)
def test_an_empty_object_is_read(name: str) -> None:
    """An answer of ``{}`` is read as a model in which nothing is set."""
    model, _ = decode(model_named(name), b"{}")
    assert type(model) is model_named(name)
    kinds = {"ByokV1AwsKey", "ByokV1AzureKey", "ByokV1GcpKey"}
    assert model.to_dict() == ({"kind": FULL[name]["kind"]} if name in kinds else {})
    assert model.model_fields_set <= {"root"}


@pytest.mark.parametrize("name", TOLERANT)
@pytest.mark.parametrize("value", [None, [], [1], 5, 1.5, "text", True])
def test_json_that_is_no_object_comes_as_it_is(name: str, value: object) -> None:
    """JSON that is no object comes as it is, and is reported."""
    data, errors = decode(model_named(name), body(value))
    assert data == value
    assert len(errors) == 1


@pytest.mark.skipif(FORGETS_VAR_SELF, reason="this pydantic drops it; mended in 2.14.2")
def test_the_names_of_python_are_no_names_of_the_wire() -> None:
    """A field ``var_self`` of the service is not taken for the URI of the key."""
    for uri in ({"self": "a"}, {"self": 5}, {}):
        document = {**uri, "var_self": "b"}
        key, _ = decode(ByokV1Key, body({"metadata": document}))
        assert key.metadata.var_self == uri.get("self")
        assert key.to_dict() == {"metadata": document}


def test_fields_that_occur_twice_are_read_as_json_reads_them() -> None:
    """Of a field that occurs twice the last one counts, as for Python's own JSON."""
    fits, _ = decode(ByokV1Key, b'{"id": 5, "id": "b", "x": 1, "x": 2}')
    odd, _ = decode(ByokV1Key, b'{"id": 5, "id": "b", "x": 1, "x": 2, "state": 5}')
    assert fits.to_dict() == {"id": "b", "x": 2}
    assert odd.to_dict() == {"id": "b", "x": 2, "state": 5}


def test_errors_keep_what_is_odd() -> None:
    """An error keeps all that the service says, in whichever form it says it."""
    said = {"status": 422, "source": "key", "error_code": "40001", "meta": {}, "detail": ["a"]}
    error: Any = Error.from_dict(said)
    assert error.to_dict() == said
    assert error.status == 422
    assert error.source == "key"


def test_a_new_field_costs_a_second_pass_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day the service sends a field more, answers are read as fast as before."""
    own: Any = type("Own", (ByokV1Key,), {})
    news = body(KEY | {"news": 1})
    assert decode(own, news)[0].to_dict()["news"] == 1
    passes: list[object] = []
    monkeypatch.setattr(
        own, "__pydantic_validator__", _Counting(own.__pydantic_validator__, passes)
    )
    for document in (news, body(KEY), news):
        assert decode(own, document)[1] == []
    assert passes == ["allow"] * 3


class _Counting:
    """A validator that notes how it is called."""

    def __init__(self, validator: Any, passes: list[object]) -> None:
        self._validator, self._passes = validator, passes

    def validate_json(self, raw: bytes, **options: Any) -> Any:
        """Validate, and note what is done with unknown fields."""
        self._passes.append(options["extra"])
        return self._validator.validate_json(raw, **options)


def test_a_strict_answer_takes_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is as documented is read in one pass."""
    monkeypatch.setattr("openapi_client.models._decoding.parse_json", None)
    monkeypatch.setattr("openapi_client.models._decoding.construct_fields", None)
    page, errors = decode(ByokV1KeyList, body(LIST))
    assert not errors
    assert isinstance(page.data[2].validation, ByokV1KeyValidation)
