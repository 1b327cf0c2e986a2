"""The document of a key: the key material of its cloud, and what the service makes around it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .checks import is_object
from .clock import timestamp

Document = dict[str, Any]

_RESOURCE = "crn://confluent.cloud/organization=00000000-0000-0000-0000-000000000000/key="
_TENANT = "00000000-0000-0000-0000-000000000000"
_VAULTS = f"/subscriptions/{_TENANT}/resourceGroups/sample/providers/Microsoft.KeyVault/vaults"


@dataclass(frozen=True)
class Cloud:
    """One cloud: what its key material must hold, and what can be made of key material."""

    provider: str
    fields: Mapping[str, str]  # As templates for {number} and {uuid}.
    principals: Callable[[Document, str], Document]  # Those who need access; takes the key's id.
    region: Callable[[Document], str | None]


def _uuid(text: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, text))


def _part(text: str, separator: str, index: int) -> str | None:
    parts = text.split(separator)
    return parts[index] or None if len(parts) > index else None


def _roles(key: Document, key_id: str) -> Document:
    arn = f"arn:{_part(key['key_arn'], ':', 1) or 'aws'}:iam:"
    ours = f"{arn}:987654321234:role/cc-kafka-{_uuid(key_id)}"
    return {"roles": [f"{arn}:123456789876:role/block_storage_manager", ours]}


CLOUDS: Mapping[str, Cloud] = {
    "AwsKey": Cloud(
        "AWS",
        {"key_arn": "arn:aws:kms:us-west-2:111122223333:key/{uuid}"},
        _roles,
        lambda key: _part(key["key_arn"], ":", 3),
    ),
    "AzureKey": Cloud(
        "Azure",
        {
            "key_id": "https://vault-{number}.vault.azure.net/keys/key-{number}",
            "key_vault_id": f"{_VAULTS}/vault-{{number}}",
            "tenant_id": _TENANT,
        },
        lambda _, key_id: {"application_id": _uuid(key_id)},
        lambda _: "eastus",  # The key does not name its region; the service asks Azure for it.
    ),
    "GcpKey": Cloud(
        "GCP",
        {"key_id": "projects/sample/locations/us-central1/keyRings/ring/cryptoKeys/key-{number}"},
        lambda _, key_id: {"security_group": f"{key_id}@confluent.io"},
        lambda key: _part(key["key_id"], "/", 3),
    ),
}
"""The clouds by the `kind` of their key material."""

_NO_CLOUD = Cloud("UNKNOWN", {}, lambda _key, _id: {}, lambda _key: None)


def sample(provider: str, number: int) -> Document:
    """Key material of a provider (`AWS`, `Azure`, `GCP`), different for each number."""
    for kind, cloud in CLOUDS.items():
        if cloud.provider == provider:
            made = {"number": number, "uuid": _uuid(f"sample-{number}")}
            return {"kind": kind, **{name: t.format(**made) for name, t in cloud.fields.items()}}
    known = ", ".join(cloud.provider for cloud in CLOUDS.values())
    raise ValueError(f"provider must be one of {known}, not {provider!r}")


def identifier(key: Any) -> str:
    """The ARN, URL or resource name that names the key in its cloud; empty if there is none."""
    value = key.get("key_arn", key.get("key_id")) if is_object(key) else None
    return value if isinstance(value, str) else ""


def _cloud_of(key: Any) -> Cloud:
    """The cloud of key material that is complete; one that makes nothing for anything else."""
    material = key if is_object(key) else {}
    cloud = CLOUDS.get(str(material.get("kind")), _NO_CLOUD)
    complete = all(isinstance(material.get(name), str) for name in cloud.fields)
    return cloud if complete else _NO_CLOUD


def new_document(fields: Mapping[str, Any], key_id: str, now: int) -> Document:
    """The full document of a key. The `fields` that are there win, whatever their shape."""
    moment, validation = timestamp(now), fields.get("validation")
    key: Any = fields.get("key")
    cloud = _cloud_of(key)
    made: Document = {
        "api_version": "byok/v1",
        "kind": "Key",
        "id": key_id,
        "metadata": {
            "resource_name": f"{_RESOURCE}{key_id}",
            "created_at": moment,
            "updated_at": moment,
        },
        "key": key,
        "provider": cloud.provider,
        "state": "AVAILABLE",
        "validation": {"phase": "INITIALIZING", "since": moment},
    }
    region = cloud.region(key)
    if region and is_object(validation) and validation.get("phase") == "VALID":
        made["validation"]["region"] = region
    for name, value in fields.items():
        extends = name in ("metadata", "validation") and is_object(value)
        made[name] = {**made[name], **value} if extends else value
    return made


def with_principals(document: Document) -> Document:
    key = document["key"]
    made = _cloud_of(key).principals(key, document["id"])
    return {**document, "key": {**key, **made, **key} if made else key}


def renamed(document: Document, display_name: str, now: int) -> Document:
    metadata = document["metadata"]
    if is_object(metadata):
        metadata = {**metadata, "updated_at": timestamp(now)}
    return {**document, "metadata": metadata, "display_name": display_name}


def validated(
    document: Document, phase: str, message: str, region: str | None, now: int
) -> Document:
    """The document after an attempt to validate the key, found in some region.

    `since` moves when phase or message change; the region is known from the first success on.
    """
    before: Document = document["validation"] if is_object(document["validation"]) else {}
    region = region or before.get("region")
    if phase == "VALID" and not region:
        region = _cloud_of(document["key"]).region(document["key"])
    same = (before.get("phase"), before.get("message", "")) == (phase, message)
    after: Document = {"phase": phase, "since": before["since"] if same else timestamp(now)}
    optional = {"message": message, "region": region}
    after.update((name, value) for name, value in optional.items() if value)
    return {**document, "validation": after}
