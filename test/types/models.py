"""What a type checker sees of the models. It is checked, not run."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from typing_extensions import assert_type

from openapi_client import (
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyList,
    ByokV1KeyListDataInner,
    ByokV1KeyListMetadata,
    ByokV1KeyMetadata,
    ByokV1KeyUpdate,
    ByokV1KeyValidation,
    ByokV1UnknownKey,
    CreateByokV1Key201Response,
    CreateByokV1KeyRequest,
    Error,
    ErrorSource,
    Failure,
    GetByokV1Key200Response,
    ListMeta,
    ObjectMeta,
    ObjectReference,
)


def every_model(data: Mapping[str, Any], maybe: Mapping[str, Any] | None) -> None:
    """Each model is made of JSON, and knows what it is."""
    assert_type(ByokV1AwsKey.from_dict(data), ByokV1AwsKey)
    assert_type(ByokV1AzureKey.from_dict(data), ByokV1AzureKey)
    assert_type(ByokV1GcpKey.from_dict(data), ByokV1GcpKey)
    assert_type(ByokV1Key.from_dict(data), ByokV1Key)
    assert_type(ByokV1KeyKey.from_dict(data), ByokV1KeyKey)
    assert_type(ByokV1KeyList.from_dict(data), ByokV1KeyList)
    assert_type(ByokV1KeyListDataInner.from_dict(data), ByokV1KeyListDataInner)
    assert_type(ByokV1KeyListMetadata.from_dict(data), ByokV1KeyListMetadata)
    assert_type(ByokV1KeyMetadata.from_dict(data), ByokV1KeyMetadata)
    assert_type(ByokV1KeyUpdate.from_dict(data), ByokV1KeyUpdate)
    assert_type(ByokV1KeyValidation.from_dict(data), ByokV1KeyValidation)
    assert_type(ByokV1UnknownKey.from_dict(data), ByokV1UnknownKey)
    assert_type(CreateByokV1Key201Response.from_dict(data), CreateByokV1Key201Response)
    assert_type(CreateByokV1KeyRequest.from_dict(data), CreateByokV1KeyRequest)
    assert_type(Error.from_dict(data), Error)
    assert_type(ErrorSource.from_dict(data), ErrorSource)
    assert_type(Failure.from_dict(data), Failure)
    assert_type(GetByokV1Key200Response.from_dict(data), GetByokV1Key200Response)
    assert_type(ListMeta.from_dict(data), ListMeta)
    assert_type(ObjectMeta.from_dict(data), ObjectMeta)
    assert_type(ObjectReference.from_dict(data), ObjectReference)


def what_all_share(key: ByokV1Key, text: str, body: bytes) -> None:
    """There and back."""
    assert_type(ByokV1Key.from_dict(None), None)
    assert_type(ByokV1Key.from_json(text), ByokV1Key)
    assert_type(ByokV1Key.from_json(body), ByokV1Key)
    assert_type(key.to_dict(), dict[str, Any])
    assert_type(key.to_json(), str)
    assert_type(key.to_str(), str)


def a_key_as_it_is_read(key: GetByokV1Key200Response) -> None:
    """What the service promises is there; the rest may be `None`."""
    assert_type(key.api_version, str)
    assert_type(key.kind, str)
    assert_type(key.id, str)
    assert_type(key.metadata, ByokV1KeyMetadata | None)
    assert_type(key.key, ByokV1KeyKey)
    assert_type(key.display_name, str | None)
    assert_type(key.provider, str)
    assert_type(key.state, str)
    assert_type(key.validation, ByokV1KeyValidation)


def a_key_in_other_places(
    created: CreateByokV1Key201Response, item: ByokV1KeyListDataInner, key: ByokV1Key
) -> None:
    """What is promised differs from answer to answer."""
    assert_type(created.id, str)
    assert_type(created.metadata, ByokV1KeyMetadata | None)
    assert_type(item.metadata, ByokV1KeyMetadata)
    assert_type(item.kind, str | None)
    assert_type(key.id, str | None)


def where_it_lies(key: ByokV1KeyKey) -> None:
    """The forms of a key are told apart by `isinstance`."""
    variant = key.actual_instance
    assert_type(variant, ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey | ByokV1UnknownKey)
    if isinstance(variant, ByokV1AwsKey):
        assert_type(variant.key_arn, str)
        assert_type(variant.roles, list[str] | None)
    elif isinstance(variant, ByokV1AzureKey):
        assert_type(variant.key_id, str)
        assert_type(variant.key_vault_id, str)
        assert_type(variant.tenant_id, str)
        assert_type(variant.application_id, str | None)
    elif isinstance(variant, ByokV1GcpKey):
        assert_type(variant.key_id, str)
        assert_type(variant.security_group, str | None)
    else:
        assert_type(variant.kind, str | None)
    key.actual_instance = ByokV1GcpKey(key_id="k")


def the_parts_of_a_page(page: ByokV1KeyList) -> None:
    """A list is typed down to its links."""
    assert_type(page.data, list[ByokV1KeyListDataInner])
    assert_type(page.metadata, ByokV1KeyListMetadata)
    assert_type(page.metadata.next, str | None)
    assert_type(page.metadata.total_size, int | None)


def notes_and_validation(meta: ByokV1KeyMetadata, validation: ByokV1KeyValidation) -> None:
    """Times are `datetime` objects."""
    assert_type(meta.var_self, str)
    assert_type(meta.resource_name, str | None)
    assert_type(meta.created_at, datetime | None)
    assert_type(meta.updated_at, datetime | None)
    assert_type(meta.deleted_at, datetime | None)
    assert_type(validation.phase, str)
    assert_type(validation.message, str | None)
    assert_type(validation.since, datetime)
    assert_type(validation.region, str | None)


def what_went_wrong(failure: Failure) -> None:
    """Nothing of an error is promised."""
    assert_type(failure.errors, list[Error])
    [error] = failure.errors
    assert_type(error.id, str | None)
    assert_type(error.detail, str | None)
    assert_type(error.error_code, int | None)
    assert_type(error.source, ErrorSource | None)
