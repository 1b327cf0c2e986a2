"""Whoever builds a model is told at once, and by name, what is wrong with it."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timezone
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import ValidationError

from models.samples import ARN, AWS, AZURE, FULL, KEY, STRICT, model_named, without
from openapi_client import models
from openapi_client.models import (
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyMetadata,
    ByokV1KeyUpdate,
    ByokV1KeyValidation,
    ByokV1UnknownKey,
    CreateByokV1KeyRequest,
    Failure,
    GetByokV1Key200Response,
    ListMeta,
)

PLAIN = tuple(name for name in dir(models) if name != "ByokV1KeyKey")
AWS_KEY = ByokV1AwsKey(key_arn=ARN)
TIMES = ("created_at", "updated_at", "deleted_at", "since")


def refused(build: Callable[..., object], /, **fields: Any) -> list[str]:
    """The places that the error names."""
    with pytest.raises(ValidationError) as caught:
        build(**fields)
    assert isinstance(caught.value, ValueError)
    places = [".".join(map(str, error["loc"])) for error in caught.value.errors()]
    for place in places:
        assert place in str(caught.value)
    return places


@pytest.mark.parametrize("name", PLAIN)
def test_unknown_fields_are_refused_by_name(name: str) -> None:
    """A mistyped field is refused by its name."""
    assert refused(model_named(name), **FULL[name], dispaly_name="x") == ["dispaly_name"]


@pytest.mark.parametrize("build", [ByokV1KeyKey, ByokV1AwsKey])
def test_pytest_shows_the_line_of_the_caller(build: Callable[..., object]) -> None:
    """A test that builds a wrong model fails at its own line, not at one of the library's."""
    with pytest.raises((ValidationError, TypeError)) as caught:
        build(**{"root" if build is ByokV1KeyKey else "key_arn": 5})
    shown = [entry for entry in caught.traceback if not entry.ishidden(caught)]
    assert [str(entry.path) for entry in shown] == [__file__]


@pytest.mark.parametrize("name", PLAIN)
def test_missing_fields_are_refused_by_name(name: str) -> None:
    """A missing field is refused by its name."""
    model = model_named(name)
    required = [
        str(field.validation_alias or field_name)
        for field_name, field in model.model_fields.items()
        if field.is_required()
    ]
    for field_name in required:
        assert refused(model, **without(FULL[name], (field_name,))) == [field_name]
    if required:
        assert refused(model) == required


@pytest.mark.parametrize("name", PLAIN)
def test_mistyped_fields_are_refused_by_name(name: str) -> None:
    """A field with a value of the wrong type is refused by its name."""
    for field_name in FULL[name]:
        wrong = "soon" if field_name in TIMES else 5.5
        [place] = refused(model_named(name), **FULL[name] | {field_name: wrong})
        assert place == field_name


@pytest.mark.parametrize(
    ("key", "places"),
    [
        (None, ["key"]),
        ({}, ["key"]),
        (ARN, ["key"]),
        ([AWS], ["key"]),
        ({"key_arn": ARN}, ["key"]),
        ({"kind": "OciKey"}, ["key"]),
        ({"kind": None, "key_arn": ARN}, ["key"]),
        ({"kind": "byok.v1.AwsKey", "key_arn": ARN}, ["key"]),
        ({"kind": "AwsKey"}, ["key.AwsKey.key_arn"]),
        ({"kind": "AwsKey", "key_arn": 5}, ["key.AwsKey.key_arn"]),
        ({**AWS, "region": "r"}, ["key.AwsKey.region"]),
        ({**AWS, "roles": [ARN, 5]}, ["key.AwsKey.roles.1"]),
        ({"kind": "GcpKey", "key_arn": ARN}, ["key.GcpKey.key_id", "key.GcpKey.key_arn"]),
    ],
)
def test_a_key_is_as_strict_within_a_request(key: Any, places: list[str]) -> None:
    """A slip inside the key of a request is refused by its place."""
    assert refused(CreateByokV1KeyRequest, key=key) == places
    assert refused(ByokV1KeyKey, actual_instance=key) == [
        place.removeprefix("key").removeprefix(".") for place in places
    ]


@pytest.mark.parametrize(
    ("model", "fields", "places"),
    [
        (ByokV1AwsKey, {"key_arn": ARN, "kind": "AzureKey"}, ["kind"]),
        (ByokV1AwsKey, {"key_arn": ARN.encode()}, ["key_arn"]),
        (ByokV1Key, {"id": "x" * 256}, ["id"]),
        (ByokV1Key, {"metadata": {"self": "s", "age": 1}}, ["metadata.age"]),
        (ByokV1Key, {"validation": {"since": "soon"}}, ["validation.phase", "validation.since"]),
        (ListMeta, {"total_size": -1}, ["total_size"]),
        (ListMeta, {"total_size": True}, ["total_size"]),
        (ListMeta, {"total_size": "1"}, ["total_size"]),
        (Failure, {"errors": [{}, {"source": {"line": 1}}]}, ["errors.1.source.line"]),
    ],
)
def test_other_slips_are_refused_by_name(
    model: Any, fields: dict[str, Any], places: list[str]
) -> None:
    """A value that no answer of the service can have is refused by its place."""
    assert refused(model, **fields) == places


def test_nothing_is_refused_that_fits_exactly() -> None:
    """An id of 255 characters and a total of 0, which are just allowed, are taken."""
    assert ByokV1Key(id="x" * 255).id == "x" * 255
    assert ListMeta(total_size=0).total_size == 0


def test_kind_defaults_to_the_name_of_the_variant() -> None:
    """The kind of a key need not be given: its class tells it."""
    azure = ByokV1AzureKey(key_id="https://v/keys/k", key_vault_id="/v", tenant_id="t")
    for variant in (ByokV1AwsKey(key_arn=ARN), azure, ByokV1GcpKey(key_id="projects/p")):
        assert f"ByokV1{variant.kind}" == type(variant).__name__
        assert variant.to_dict()["kind"] == variant.request_dict()["kind"] == variant.kind


@pytest.mark.parametrize(
    "key",
    [
        AWS_KEY,
        ByokV1KeyKey(AWS_KEY),
        ByokV1KeyKey(actual_instance=AWS_KEY),
        ByokV1KeyKey({"kind": "AwsKey", "key_arn": ARN}),
        {"kind": "AwsKey", "key_arn": ARN},
        MappingProxyType({"kind": "AwsKey", "key_arn": ARN}),
    ],
    ids=["variant", "union", "named", "union of dict", "dict", "mapping"],
)
@pytest.mark.parametrize("way", ["constructor", "assignment", "from_dict"])
def test_every_form_of_key_is_accepted(
    key: ByokV1AwsKey | ByokV1KeyKey | Mapping[str, Any], way: str
) -> None:
    """A key is taken as a variant, a union, a dict or a mapping, and is sent the same."""
    request = CreateByokV1KeyRequest(key=ByokV1GcpKey(key_id="projects/p"))
    if way == "constructor":
        request = CreateByokV1KeyRequest(key=key)
    elif way == "assignment":
        assign: Any = request
        assign.key = key
    else:
        request = CreateByokV1KeyRequest.from_dict({"key": key})
    assert isinstance(request.key, ByokV1KeyKey)
    assert request.key.actual_instance == AWS_KEY
    assert request.request_dict() == {"key": {"key_arn": ARN, "kind": "AwsKey"}}


def test_a_variant_is_accepted_in_every_model_with_a_key() -> None:
    """A variant is taken as the key of every model that has one."""
    fields: Any = {**KEY, "key": AWS_KEY}
    for name in FULL:
        if FULL[name] is KEY:
            build: Any = model_named(name)
            assert build(**fields).key.actual_instance is AWS_KEY


def test_keys_that_were_read_can_be_built_on() -> None:
    """A key that was read can be registered again: what is read-only is not sent."""
    read = GetByokV1Key200Response.from_dict(KEY)
    request = CreateByokV1KeyRequest(key=read.key, id=read.id, validation=read.validation)
    assert request.request_dict() == {"key": {"key_arn": ARN, "kind": "AwsKey"}}
    assert CreateByokV1KeyRequest(**read.to_dict()).to_dict() == read.to_dict()


def test_the_union_is_one_of_three_models() -> None:
    """A key of an unknown kind is refused in a union and in a request."""
    unknown: Any = ByokV1UnknownKey(kind="OciKey")
    refused(lambda: ByokV1KeyKey(unknown))
    refused(lambda: CreateByokV1KeyRequest(key=unknown))
    with pytest.raises(TypeError, match="actual_instance"):
        ByokV1KeyKey()  # type: ignore[call-overload]  # That is the point.


def assigned(model: object, name: str, value: object) -> Callable[[], None]:
    """The assignment, to be made."""
    return lambda: setattr(model, name, value)


def test_assignment_is_as_strict_as_the_constructor() -> None:
    """A wrong value is refused where it is assigned, and changes nothing."""
    request = CreateByokV1KeyRequest(key=AWS_KEY)
    assert refused(assigned(request, "display_name", 5)) == ["display_name"]
    assert refused(assigned(request, "key", None)) == ["key"]
    assert refused(assigned(request, "key", {"kind": "AwsKey"})) == ["key.AwsKey.key_arn"]
    assert refused(assigned(request, "key", {**AWS, "region": "r"})) == ["key.AwsKey.region"]
    assert refused(assigned(request.key, "actual_instance", AZURE | {"x": 1})) == ["AzureKey.x"]
    assert refused(assigned(request.key, "actual_instance", None)) == [""]
    assert refused(assigned(request.key, "root", ARN)) == [""]
    assert request == CreateByokV1KeyRequest(key=AWS_KEY)


def test_assigning_to_no_field_is_refused_by_name() -> None:
    """Assigning to a name that is no field is refused by that name."""
    request = CreateByokV1KeyRequest(key=AWS_KEY)
    for name in ("dispaly_name", "to_dict", "_x", "self"):
        with pytest.raises(ValueError, match=f'"CreateByokV1KeyRequest" has no field "{name}"'):
            setattr(request, name, "x")
    with pytest.raises(ValueError, match="key_arn"):
        request.key.key_arn = "x"  # type: ignore[attr-defined]  # That is the point.


def test_assignment_changes_what_is_sent() -> None:
    """What is assigned after a request was built is what is sent."""
    request = CreateByokV1KeyRequest(key=AWS_KEY)
    request.display_name = "new"
    request.key.actual_instance = ByokV1GcpKey(key_id="projects/p")
    assert request.request_dict() == {
        "key": {"key_id": "projects/p", "kind": "GcpKey"},
        "display_name": "new",
    }
    assert "display_name" in request.model_fields_set


@pytest.mark.parametrize("name", ["future", "_future", "to_dict", "__class__"])
def test_assignment_keeps_unknown_fields(name: str) -> None:
    """A key that is changed in memory keeps its unknown fields."""
    key = ByokV1Key.from_dict({"id": "cck-1", name: 1})
    key.display_name = "new"
    assert key.to_dict() == {"id": "cck-1", "display_name": "new", name: 1}
    setattr(key, name, 2)
    assert key.to_dict() == {"id": "cck-1", "display_name": "new", name: 2}


def test_times_may_be_given_as_times_or_text() -> None:
    """A time may be given with or without a zone, as a date, or as text."""
    moment = datetime(2013, 10, 20, 19, 20, 30, tzinfo=timezone.utc)
    for since in (moment, moment.replace(tzinfo=None), "2013-10-20T19:20:30Z"):
        validation: Any = ByokV1KeyValidation(phase="VALID", since=since)  # type: ignore[arg-type]  # Text too.
        assert validation.since == moment
    midnight = ByokV1KeyMetadata(var_self="", created_at=date(2013, 10, 20))  # type: ignore[arg-type]  # Dates too.
    assert midnight.created_at == datetime(2013, 10, 20, tzinfo=timezone.utc)


@pytest.mark.parametrize("name", STRICT)
def test_requests_from_dict_and_json_are_as_strict(name: str) -> None:
    """A request from a dict or from JSON is checked as strictly as one from the constructor."""
    model, full = model_named(name), FULL[name]
    assert model.from_dict(full).to_dict().keys() == full.keys()
    assert refused(lambda: model.from_dict(full | {"dispaly_name": "x"})) == ["dispaly_name"]
    assert refused(lambda: model.from_json(json.dumps(full | {"id": 5}))) == ["id"]
    assert refused(lambda: model.from_dict({**full, "validation": {"phase": "VALID", "x": 1}})) == [
        "validation.since",
        "validation.x",
    ]
    for text in ("", "{", "nonsense", b"\xff\xff"):
        with pytest.raises(ValueError):  # noqa: PT011  # Whatever the reason, it is no JSON.
            model.from_json(text)


@pytest.mark.parametrize("name", dir(models))
def test_what_is_no_object_is_no_model(name: str) -> None:
    """A list, a text or a number is refused, and not taken for a model."""
    for text in ("null", "[]", "5", '"text"', "true"):
        with pytest.raises(ValueError, match=f"{name} is a JSON object, not"):
            model_named(name).from_json(text)
    wrong: Any = [FULL[name]]
    with pytest.raises(ValueError, match=f"{name} is a JSON object, not list"):
        model_named(name).from_dict(wrong)


@pytest.mark.parametrize("name", dir(models))
def test_none_from_dict_is_none(name: str) -> None:
    """``from_dict`` gives ``None`` for ``None``."""
    assert model_named(name).from_dict(None) is None


def test_from_dict_takes_mappings_and_models() -> None:
    """``from_dict`` takes a read-only mapping, also within another, and a model."""
    key = MappingProxyType({"key": MappingProxyType(AWS), "display_name": "d"})
    expected = CreateByokV1KeyRequest(key=AWS, display_name="d")
    assert CreateByokV1KeyRequest.from_dict(key) == expected
    assert ByokV1Key.from_dict(key).request_dict() == expected.request_dict()
    whole: Any = expected
    assert CreateByokV1KeyRequest.from_dict(whole) == expected


def test_from_dict_refuses_what_json_has_not() -> None:
    """An object that has no form in JSON is refused, and not taken for its text."""
    with pytest.raises(TypeError, match="object has no form in JSON"):
        ByokV1KeyUpdate.from_dict({"display_name": object()})
