"""What the owner of a registered key has to allow, whichever model and cloud it is of."""

import dataclasses

import pytest
from typing_extensions import assert_type

import openapi_client
from openapi_client import (
    ApiTypeError,
    ApiValueError,
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyListDataInner,
    CreateByokV1Key201Response,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
    key_access,
)
from openapi_client.key_access import (
    AwsAccess,
    AzureAccess,
    GcpAccess,
    KeyAccess,
    RegisteredKey,
    access_grants,
)
from openapi_client.testing import ByokEmulator

_AWS = ByokV1AwsKey(
    key_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd",
    roles=["arn:aws:iam::123456789876:role/one"],
)
_AZURE = ByokV1AzureKey(
    key_id="https://v.vault.azure.net/keys/k",
    key_vault_id="/subscriptions/1/resourceGroups/2/providers/Microsoft.KeyVault/vaults/v",
    tenant_id="00000000-0000-0000-0000-000000000000",
    application_id="11111111-1111-1111-1111-111111111111",
)
_GCP = ByokV1GcpKey(
    key_id="projects/p/locations/l/keyRings/r/cryptoKeys/k", security_group="cck-1@example.com"
)


def test_each_kind_of_key_has_its_kind_of_access() -> None:
    """An editor knows what the result has for each kind of key."""
    aws = assert_type(access_grants(_AWS), AwsAccess)
    azure = assert_type(access_grants(_AZURE), AzureAccess)
    gcp = assert_type(access_grants(_GCP), GcpAccess)
    wrapped = assert_type(access_grants(ByokV1KeyKey(_AWS)), KeyAccess)
    unwrapped = assert_type(access_grants(ByokV1KeyKey(_GCP).actual_instance), KeyAccess)
    assert [type(each) for each in (aws, azure, gcp)] == [AwsAccess, AzureAccess, GcpAccess]
    assert wrapped == aws
    assert unwrapped == gcp


@pytest.mark.parametrize(
    "model",
    [
        GetByokV1Key200Response,
        CreateByokV1Key201Response,
        ByokV1KeyListDataInner,
        ByokV1Key,
    ],
)
@pytest.mark.parametrize("key", [_AWS, _AZURE, _GCP], ids=lambda key: key.kind)
def test_every_answer_with_a_key_will_do(
    model: type[RegisteredKey], key: ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey
) -> None:
    """Any model of a key can be given as it is."""
    answer = model.from_dict({"id": "cck-1", "key": key.to_dict()})
    assert access_grants(answer) == access_grants(key)


@pytest.mark.parametrize("key", [_AWS, _AZURE, _GCP], ids=lambda key: key.kind)
def test_access_cannot_be_changed_by_mistake(
    key: ByokV1AwsKey | ByokV1AzureKey | ByokV1GcpKey,
) -> None:
    """What was shown for approval is what is run."""
    access = access_grants(key)
    for field in dataclasses.fields(access):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(access, field.name, "something else")
    assert hash(access) == hash(access_grants(key))


@pytest.mark.parametrize("provider", ["AWS", "Azure", "GCP"])
def test_a_key_as_the_service_answers_it(provider: str) -> None:
    """The grants of a key that was really registered and read can be told."""
    with ByokEmulator() as emulator:
        (id,) = emulator.seed(provider=provider)
        with openapi_client.ApiClient(emulator.configuration()) as client:
            key = openapi_client.KeysByokV1Api(client).get_byok_v1_key(id)
    access = access_grants(key)
    (principals,) = {
        str(getattr(access, name))
        for name in ("roles", "application_id", "security_group")
        if hasattr(access, name)
    }
    service_made = {"AWS": "roles", "Azure": "application_id", "GCP": "security_group"}[provider]
    expected = key.key.to_dict()[service_made]
    assert principals == str(tuple(expected) if isinstance(expected, list) else expected)
    assert access.commands


def test_new_kind_of_key_is_named() -> None:
    """A user learns that a newer library may know the kind of key."""
    answer = GetByokV1Key200Response.from_dict({"id": "cck-1", "key": {"kind": "OciKey"}})
    with pytest.raises(ApiValueError, match="kind 'OciKey', which this version .* not know"):
        access_grants(answer)


@pytest.mark.parametrize("answer", [{"id": "cck-1"}, {"key": None}, {"key": "odd"}])
def test_answer_without_a_key_is_refused(answer: dict[str, object]) -> None:
    """An answer without a key is told in words."""
    with pytest.raises(ApiValueError, match="^key: the answer does not tell .* read it again"):
        access_grants(ByokV1Key.from_dict(answer))


@pytest.mark.parametrize("key", [None, "cck-1", {}, CreateByokV1KeyRequest(key=_AWS)])
def test_what_is_no_registered_key_is_refused(key: object) -> None:
    """A key that is yet to be registered, or an id, is refused by its type."""
    with pytest.raises(ApiTypeError, match=f"has to be a registered key, not {type(key).__name__}"):
        access_grants(key)  # type: ignore[call-overload]  # what type checkers would refuse


@pytest.mark.parametrize("name", sorted(key_access.__all__))
def test_what_is_found_stays_as_it_was(name: str) -> None:
    """Data about access can be keys of a dict, and is not changed by who reads it."""
    parameters = getattr(getattr(key_access, name), "__dataclass_params__", None)
    assert parameters is None or parameters.frozen
