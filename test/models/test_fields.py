"""The models have the fields of the description, and no others."""

from typing import Any

import pytest

from models.samples import FULL, STRICT, body, model_named
from openapi_client import models
from openapi_client.models._base import Model
from openapi_client.models._decoding import decode

KEY = "api_version~ kind~ id~ metadata~ key display_name provider~ state~ validation~"
READ_KEY = "api_version~! kind~! id~! metadata~ key! display_name provider~! state~! validation~!"
META = "self~! resource_name~ created_at~ updated_at~ deleted_at~"
LIST_META = "first last prev next total_size"

# On the wire and in this order; ! is required, ~ is read-only.
FIELDS = {
    "ByokV1AwsKey": "key_arn! roles~ kind",
    "ByokV1AzureKey": "application_id~ key_id! key_vault_id! kind tenant_id!",
    "ByokV1GcpKey": "key_id! security_group~ kind",
    "ByokV1Key": KEY,
    "ByokV1KeyList": "api_version~! kind~! metadata! data!",
    "ByokV1KeyListDataInner": (
        "api_version~ kind~ id~! metadata~! key! display_name provider~! state~! validation~!"
    ),
    "ByokV1KeyListMetadata": LIST_META,
    "ByokV1KeyMetadata": META,
    "ByokV1KeyUpdate": KEY.replace("key ", ""),
    "ByokV1KeyValidation": "phase! message since! region~",
    "ByokV1UnknownKey": "kind",
    "CreateByokV1Key201Response": KEY.replace("id~", "id~!").replace("key ", "key! "),
    "CreateByokV1KeyRequest": KEY.replace("key ", "key! "),
    "Error": "id status code title detail source error_code message",
    "ErrorSource": "pointer parameter",
    "Failure": "errors!",
    "GetByokV1Key200Response": READ_KEY,
    "ListMeta": LIST_META,
    "ObjectMeta": META,
    "ObjectReference": "id environment related~ resource_name~ api_version~ kind~",
}


def described(model: type[Model]) -> str:
    """The fields of a model in the notation of this file."""
    return " ".join(
        str(field.serialization_alias or name)
        + "~" * ("readOnly" in str(field.json_schema_extra))
        + "!" * field.is_required()
        for name, field in model.model_fields.items()
    )


@pytest.mark.parametrize("name", FIELDS)
def test_fields_are_those_of_the_description(name: str) -> None:
    """Each model has its fields in their order, required and read-only as described."""
    assert described(getattr(models, name)) == FIELDS[name]


def test_every_model_is_looked_at() -> None:
    """Every model is in the lists that these tests go through."""
    assert set(FULL) == set(dir(models))
    assert set(FIELDS) | {"ByokV1KeyKey"} == set(dir(models))


@pytest.mark.parametrize("name", dir(models))
def test_a_full_document_fits(name: str) -> None:
    """An answer with everything in it fits, and keeps the order of its fields."""
    # What is sent is never an answer, and need not be read as fast as one.
    model, errors = (
        (model_named(name).from_json(body(FULL[name])), [])
        if name in STRICT
        else decode(model_named(name), body(FULL[name]))
    )
    assert type(model) is model_named(name)
    assert errors == []
    assert list(model.to_dict()) == list(FULL[name])


def test_self_is_read_as_var_self() -> None:
    """The URI of a key is ``var_self`` in Python and ``self`` in JSON, and given by either name."""
    meta = models.ObjectMeta.from_dict({"self": "https://h/k"})
    assert meta.var_self == "https://h/k"
    assert meta.to_dict() == {"self": "https://h/k"}
    by_alias: Any = models.ObjectMeta
    assert by_alias(self="https://h/k") == meta == models.ObjectMeta(var_self="https://h/k")


def test_the_201_answer_is_a_request() -> None:
    """The answer to a registration is itself a request, and sends what a request sends."""
    created = models.CreateByokV1Key201Response.from_dict(FULL["CreateByokV1Key201Response"])
    assert isinstance(created, models.CreateByokV1KeyRequest)
    assert created.id == "cck-12345"
    assert created.request_dict() == {
        "key": {"key_arn": FULL["ByokV1AwsKey"]["key_arn"], "kind": "AwsKey"},
        "display_name": "Key for billing cluster",
    }


def test_kinds_are_listed_on_the_union() -> None:
    """The union lists its models, and which kind stands for which."""
    assert models.ByokV1KeyKey.one_of_schemas == {"ByokV1AwsKey", "ByokV1AzureKey", "ByokV1GcpKey"}
    assert models.ByokV1KeyKey.discriminator_value_class_map == {
        "AwsKey": "ByokV1AwsKey",
        "AzureKey": "ByokV1AzureKey",
        "GcpKey": "ByokV1GcpKey",
    }
