"""What of a model is sent: all that the caller set, and nothing else (contract, section 2)."""

from typing import Any

import pytest
from hypothesis import given

from models.payloads import any_of
from models.samples import AWS, AZURE, FULL, GCP, KEY, LIST, Document, model_named
from openapi_client import models
from openapi_client.models import (
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyList,
    ByokV1KeyUpdate,
    CreateByokV1KeyRequest,
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
    """The service would refuse a request for fields that only it may set."""
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
    """A request would not be the same, byte for byte, as the generated client's."""
    full = CreateByokV1KeyRequest.from_dict(KEY | {"key": key})
    expected: Document = {"key": sent, "display_name": "Key for billing cluster"}
    assert full.request_dict() == expected
    assert list(full.request_dict()) == list(expected)
    assert list(full.request_dict()["key"]) == list(sent)
    assert CreateByokV1KeyRequest(key=key, display_name=None).request_dict() == {"key": sent}
    assert not READ_ONLY & full.request_dict().keys()


@pytest.mark.parametrize("name", ["new", "", " ", "é", None])
def test_an_update_sends_the_name_alone(name: str | None) -> None:
    """A rename would be refused for the fields of the key that was read before."""
    update = ByokV1KeyUpdate.from_dict(FULL["ByokV1KeyUpdate"])
    update.display_name = name
    assert update.request_dict() == ({} if name is None else {"display_name": name})
    assert ByokV1KeyUpdate().request_dict() == {}


def test_what_is_nested_in_lists_is_not_sent_either() -> None:
    """Models in a list would carry along what is read-only."""
    assert ByokV1KeyList.from_dict(LIST).request_dict()["data"][1] == {
        "key": {name: AZURE[name] for name in ("key_id", "key_vault_id", "kind", "tenant_id")},
        "display_name": "Key for billing cluster",
    }
    errors = [{"source": {"pointer": "/key", "parameter": None}, "code": None}, {}]
    failure = Failure.from_dict({"errors": errors})
    assert failure.request_dict() == {"errors": [{"source": {"pointer": "/key"}}, {}]}


def test_unknown_fields_are_sent_back() -> None:
    """A property of a newer service would be reset by a full write (contract, section 3)."""
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


@pytest.mark.parametrize("name", dir(models))
def test_what_was_not_set_is_not_there(name: str) -> None:
    """Stored keys would be full of nulls that the service never sent."""
    full = model_named(name).from_dict(FULL[name])
    blank = model_named(name).from_json("{}") if name in {"ByokV1Key", "Error"} else full
    assert None not in [
        blank.to_dict().get(field, "") for field in set(FULL[name]) - {"last", "prev"}
    ]
    assert GetByokV1Key200Response.from_dict({"display_name": None}).to_dict() == {
        "display_name": None
    }
