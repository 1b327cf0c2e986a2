"""What of a model is sent: all that the caller set, and nothing else."""

import json
from collections.abc import Callable, Mapping
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.payloads import any_of
from models.samples import AWS, AZURE, FULL, GCP, KEY, LIST, VARIANTS, Document, model_named
from openapi_client import models
from openapi_client.models import (
    ByokV1AwsKey,
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyList,
    ByokV1KeyUpdate,
    CreateByokV1Key201Response,
    CreateByokV1KeyRequest,
    Error,
    Failure,
    GetByokV1Key200Response,
)
from openapi_client.models._base import Model, Schema
from support.properties import examples

READ_ONLY = {
    "api_version", "id", "metadata", "provider", "state", "validation", "roles",
    "application_id", "security_group", "region",
}  # fmt: skip
KINDS = {"AwsKey", "AzureKey", "GcpKey"}


def not_to_be_sent(model: Schema, sent: Any) -> list[str]:
    """The read-only fields and the nulls in what is sent of a model, and of the models in it."""
    if isinstance(model, ByokV1KeyKey):
        return not_to_be_sent(model.actual_instance, sent)
    assert isinstance(model, Model)
    found = [name for name, value in sent.items() if value is None]
    for name, field in type(model).model_fields.items():
        wire_name = str(field.serialization_alias or name)
        if wire_name in sent and "readOnly" in str(field.json_schema_extra):
            found.append(wire_name)
        value = getattr(model, name)
        if isinstance(value, Schema) and wire_name in sent:
            found += not_to_be_sent(value, sent[wire_name])
        for index, item in enumerate(value) if isinstance(value, list) else ():
            if isinstance(item, Schema):
                found += not_to_be_sent(item, sent[wire_name][index])
    return found


@examples(200)
@given(any_of("well-formed", "mutated", "arbitrary"))
def test_nothing_read_only_and_no_null_is_sent(case: tuple[str, Document]) -> None:
    """Nothing that is read-only, and no null, is sent."""
    name, document = case
    model = model_named(name).from_dict(document)
    assert not_to_be_sent(model, model.request_dict()) == []


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        (AWS, {"key_arn": AWS["key_arn"], "kind": "AwsKey"}),
        (
            AZURE,
            {
                "key_id": AZURE["key_id"],
                "key_vault_id": AZURE["key_vault_id"],
                "kind": "AzureKey",
                "tenant_id": AZURE["tenant_id"],
            },
        ),
        (GCP, {"key_id": GCP["key_id"], "kind": "GcpKey"}),
    ],
    ids=["aws", "azure", "gcp"],
)
def test_a_create_request_sends_the_key_and_its_name(key: Document, sent: Document) -> None:
    """A registration sends the key and its name, in their order, and nothing else."""
    full = CreateByokV1KeyRequest.from_dict(KEY | {"key": key})
    expected: Document = {"key": sent, "display_name": "Key for billing cluster"}
    assert json.dumps(full.request_dict()) == json.dumps(expected)
    assert CreateByokV1KeyRequest(key=key, display_name=None).request_dict() == {"key": sent}
    assert not READ_ONLY & full.request_dict().keys()


@pytest.mark.parametrize("name", ["new", "", " ", "é", None])
def test_an_update_sends_the_name_alone(name: str | None) -> None:
    """An update sends the name alone, whatever else was read before."""
    update = ByokV1KeyUpdate.from_dict(FULL["ByokV1KeyUpdate"])
    update.display_name = name
    assert update.request_dict() == ({} if name is None else {"display_name": name})
    assert ByokV1KeyUpdate().request_dict() == {}


def test_what_is_nested_in_lists_is_not_sent_either() -> None:
    """Of models in a list nothing that is read-only is sent either."""
    assert ByokV1KeyList.from_dict(LIST).request_dict()["data"][1] == {
        "key": {name: AZURE[name] for name in ("key_id", "key_vault_id", "kind", "tenant_id")},
        "display_name": "Key for billing cluster",
    }
    errors = [{"source": {"pointer": "/key", "parameter": None}, "code": None}, {}]
    failure = Failure.from_dict({"errors": errors})
    assert failure.request_dict() == {"errors": [{"source": {"pointer": "/key"}}, {}]}


def test_unknown_fields_are_sent_back() -> None:
    """Unknown fields are sent back as they came, but for those that are null."""
    news = {"news": {"a": None}, "gone": None}
    key = ByokV1Key.from_dict({"id": "cck-1", "display_name": "d", "key": AWS | news, **news})
    kept = {"news": {"a": None}}
    assert (
        key.request_dict()
        == {
            "key": {"key_arn": AWS["key_arn"], "kind": "AwsKey"} | kept,
            "display_name": "d",
        }
        | kept
    )


# The class of a key tells its kind, and nothing can be registered without a key.
_ALWAYS_THERE = {**dict.fromkeys(VARIANTS, "kind"), "CreateByokV1KeyRequest": "key"}


@pytest.mark.parametrize("name", dir(models))
def test_what_was_not_set_is_not_there(name: str) -> None:
    """What was not set is not in the dict, and a null that came is kept."""
    for field in FULL[name].keys() - {_ALWAYS_THERE.get(name)}:
        rest = {key: value for key, value in FULL[name].items() if key != field}
        assert model_named(name).from_dict(rest).to_dict().keys() == rest.keys(), field
    assert ByokV1Key.from_json("{}").to_dict() == Error.from_json("{}").to_dict() == {}
    assert GetByokV1Key200Response.from_dict({"display_name": None}).to_dict() == {
        "display_name": None
    }


class Cloud(str, Enum):
    """How a program may name what it sends."""

    AWS = "aws-name"


class Plain(Enum):
    """The same, of no other type."""

    ARN = AWS["key_arn"]
    KIND = "AwsKey"
    NAME = "name"


class Name(str):
    """Text with something besides."""

    __slots__ = ()


class Code(IntEnum):
    """A number with a name."""

    FULL = 40001


NAMES: list[tuple[Any, str]] = [
    (Cloud.AWS, "aws-name"), (Plain.NAME, "name"), (Name("n"), "n"),
]  # fmt: skip


@pytest.mark.parametrize(("given_name", "sent"), NAMES)
@pytest.mark.parametrize("way", ["constructor", "assignment", "from_dict", "checked", "validate"])
def test_enum_members_and_subclasses_of_str_mean_their_values(
    given_name: Any, sent: str, way: str
) -> None:
    """What is sent of an enum is its value, never the name of its class."""
    if way == "validate" and given_name is Plain.NAME:
        pytest.skip("pydantic's own entry takes what pydantic takes")
    update = ByokV1KeyUpdate(display_name="before")
    build: dict[str, Callable[[], ByokV1KeyUpdate]] = {
        "constructor": lambda: ByokV1KeyUpdate(display_name=given_name),
        "assignment": lambda: update,
        "from_dict": lambda: ByokV1KeyUpdate.from_dict({"display_name": given_name}),
        "checked": lambda: ByokV1KeyUpdate.checked({"display_name": given_name}),
        "validate": lambda: ByokV1KeyUpdate.model_validate({"display_name": given_name}),
    }
    if way == "assignment":
        update.display_name = given_name
    built = build[way]()
    assert type(built.display_name) is str
    assert built.request_dict() == {"display_name": sent}


@pytest.mark.parametrize("wrap", [dict, MappingProxyType, lambda key: {"actual_instance": key}])
def test_enum_members_within_a_key_mean_their_values(
    wrap: Callable[[Document], Mapping[str, Any]],
) -> None:
    """A program may keep the kinds of keys in an enum of its own."""
    key = wrap({"kind": Plain.KIND, "key_arn": Plain.ARN})
    sent = {"key": {"key_arn": AWS["key_arn"], "kind": "AwsKey"}}
    request = CreateByokV1KeyRequest(key=key)
    assert request.request_dict() == sent
    assert CreateByokV1KeyRequest.checked({"key": key}) == request
    assert CreateByokV1KeyRequest.from_dict({"key": key}) == request
    request.key = key  # type: ignore[assignment]  # A dict too.
    assert request.request_dict() == sent
    assert ByokV1KeyKey(key) == request.key
    many = Failure(errors=[{"error_code": Code.FULL}])  # type: ignore[list-item]  # Dicts too.
    assert many.to_dict() == {"errors": [{"error_code": 40001}]}
    assert type(Error(error_code=Code.FULL).error_code) is int


GENERATED: list[Document] = [
    {"actual_instance": AWS},
    {
        "oneof_schema_1_validator": None,
        "oneof_schema_2_validator": None,
        "actual_instance": AWS,
        "one_of_schemas": {"ByokV1AwsKey", "ByokV1AzureKey"},
        "discriminator_value_class_map": {},
    },
]


@pytest.mark.parametrize("key", GENERATED, ids=["short", "long"])
def test_a_key_as_a_generated_client_dumps_it_is_accepted(key: Document) -> None:
    """Keys that were kept by a program on the generated client can be registered."""
    expected = CreateByokV1KeyRequest(key=AWS)
    assert CreateByokV1KeyRequest(key=key) == expected
    assert CreateByokV1KeyRequest.checked({"key": key}) == expected
    assert CreateByokV1KeyRequest.model_validate({"key": key}) == expected
    assert ByokV1KeyKey(key) == ByokV1KeyKey(**key) if len(key) == 1 else ByokV1KeyKey(key)
    assert ByokV1Key(key=key).key == expected.key  # type: ignore[arg-type]  # A dict too.
    stored = {name: list(each) if name == "one_of_schemas" else each for name, each in key.items()}
    for model in (ByokV1Key, CreateByokV1KeyRequest, GetByokV1Key200Response):
        assert model.from_dict({"key": stored}).key == expected.key


@pytest.mark.parametrize(
    "key", [{"actual_instance": AWS, "region": "r"}, {"actual_instance": {"kind": "OciKey"}}, {}]
)
def test_nothing_else_is_taken_for_such_a_dump(key: Document) -> None:
    """A slip beside the key is refused, and an answer with such a field keeps it."""
    with pytest.raises(ValidationError):
        CreateByokV1KeyRequest(key=key)
    assert ByokV1Key.from_dict({"key": key}).to_dict() == {"key": key}


def test_a_union_is_built_by_any_name_of_its_argument() -> None:
    """Code for the generated client, and for pydantic's root models, runs unchanged."""
    aws = ByokV1AwsKey(key_arn="a")
    assert ByokV1KeyKey(actual_instance=aws) == ByokV1KeyKey(root=aws) == ByokV1KeyKey(aws)
    assert ByokV1KeyKey(root=aws.to_dict()).actual_instance == aws
    build: Any = ByokV1KeyKey
    for wrong in ({"root": aws, "actual_instance": aws}, {}, {"other": aws}):
        with pytest.raises(TypeError, match="ByokV1KeyKey|unexpected keyword"):
            build(**wrong)


@given(st.sampled_from([AWS, AZURE, GCP]), st.none() | st.text(max_size=9))
def test_what_is_checked_is_what_is_sent(key: Document, name: str | None) -> None:
    """A request is sent alike as a model, as a dict and as the key that was read."""
    request = CreateByokV1KeyRequest(key=key, display_name=name)
    read = GetByokV1Key200Response.from_dict(KEY | {"key": key, "display_name": name})
    created = CreateByokV1Key201Response.from_dict(read.to_dict())
    bodies: list[Any] = [request, read, created, request.to_dict(), read.to_dict()]
    for body in [*bodies, MappingProxyType(request.to_dict())]:
        checked = CreateByokV1KeyRequest.checked(body)
        assert type(checked) is CreateByokV1KeyRequest
        assert checked.request_dict() == request.request_dict()
    for body in [read, read.to_dict(), {"display_name": name}]:
        update = ByokV1KeyUpdate.checked(body)
        assert update.request_dict() == ({} if name is None else {"display_name": name})


def _refused(model: type[Model], body: object) -> list[tuple[int | str, ...]]:
    with pytest.raises(ValidationError) as caught:
        model.checked(body)
    return [error["loc"] for error in caught.value.errors()]


@pytest.mark.parametrize(
    "body", [None, [], "text", 5, Error(), ByokV1AwsKey(key_arn="a"), object()]
)
@pytest.mark.parametrize("model", [CreateByokV1KeyRequest, ByokV1KeyUpdate])
def test_what_is_no_request_is_refused(model: type[Model], body: object) -> None:
    """Another model is never sent as an update that changes nothing."""
    assert _refused(model, body) == [()]


def test_a_request_that_was_spoilt_is_refused() -> None:
    """What was done to a request behind its back is found before it is sent."""
    request = CreateByokV1KeyRequest(key=AWS, display_name="d")
    vars(request).update(display_name=5)
    assert _refused(CreateByokV1KeyRequest, request) == [("display_name",)]
    request = CreateByokV1KeyRequest(key=AWS)
    vars(request.key.actual_instance).update(key_arn="")
    assert _refused(CreateByokV1KeyRequest, request) == [("key", "AwsKey", "key_arn")]
    request = CreateByokV1KeyRequest.model_construct(display_name="d")
    assert _refused(CreateByokV1KeyRequest, request) == [("key",)]
    read = ByokV1Key.from_dict({"key": {"kind": "OciKey"}, "news": 1})
    assert _refused(CreateByokV1KeyRequest, read) == [("key",), ("news",)]
    assert _refused(CreateByokV1KeyRequest, {"key": {**AWS, "x": 1}}) == [("key", "AwsKey", "x")]


def test_what_is_odd_but_not_sent_is_no_matter() -> None:
    """A key can be registered anew though something read-only of it was odd."""
    read = ByokV1Key.from_dict(KEY | {"id": 5, "validation": {"since": "soon"}, "metadata": []})
    assert CreateByokV1KeyRequest.checked(read).display_name == KEY["display_name"]


def test_a_checked_request_is_a_copy() -> None:
    """What another thread does to a request does not change what is being sent."""
    request = CreateByokV1KeyRequest(key=AWS, display_name="d")
    checked = CreateByokV1KeyRequest.checked(request)
    request.display_name = "other"
    request.key.actual_instance.key_arn = "b"
    assert checked.request_dict()["display_name"] == "d"
    assert checked.request_dict()["key"]["key_arn"] == AWS["key_arn"]
