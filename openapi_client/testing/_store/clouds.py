"""What the service knows about the key material of each cloud."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .checks import is_object

Key = Mapping[str, Any]


@dataclass(frozen=True)
class Cloud:
    """One cloud: what its key material must hold, and what can be made of key material."""

    provider: str
    required: tuple[str, ...]
    principals: Callable[[Key, str], dict[str, Any]]  # Who needs access, by key material and id.
    region: Callable[[Key], str | None]
    sample: Callable[[int], dict[str, Any]]


def _uuid(text: str) -> str:
    digits = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _part(text: str, separator: str, index: int) -> str | None:
    parts = text.split(separator)
    return parts[index] or None if len(parts) > index else None


def _aws_principals(key: Key, key_id: str) -> dict[str, Any]:
    arn = f"arn:{_part(key['key_arn'], ':', 1) or 'aws'}:iam:"
    ours = f"{arn}:987654321234:role/cc-kafka-{_uuid(key_id)}"
    return {"roles": [f"{arn}:123456789876:role/block_storage_manager", ours]}


def _azure_sample(number: int) -> dict[str, Any]:
    group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/sample"
    return {
        "key_id": f"https://vault-{number}.vault.azure.net/keys/key-{number}",
        "key_vault_id": f"{group}/providers/Microsoft.KeyVault/vaults/vault-{number}",
        "tenant_id": "00000000-0000-0000-0000-000000000000",
    }


_ACCOUNT = "arn:aws:kms:us-west-2:111122223333"
_RING = "projects/sample/locations/us-central1/keyRings/ring"
CLOUDS: Mapping[str, Cloud] = {
    "AwsKey": Cloud(
        "AWS",
        ("key_arn",),
        _aws_principals,
        lambda key: _part(key["key_arn"], ":", 3),
        lambda number: {"key_arn": f"{_ACCOUNT}:key/{_uuid(f'sample-{number}')}"},
    ),
    "AzureKey": Cloud(
        "Azure",
        ("key_id", "key_vault_id", "tenant_id"),
        lambda _, key_id: {"application_id": _uuid(key_id)},
        lambda _: "eastus",  # The key does not name its region; the service asks Azure for it.
        _azure_sample,
    ),
    "GcpKey": Cloud(
        "GCP",
        ("key_id",),
        lambda _, key_id: {"security_group": f"{key_id}@confluent.io"},
        lambda key: _part(key["key_id"], "/", 3),
        lambda number: {"key_id": f"{_RING}/cryptoKeys/key-{number}"},
    ),
}
"""The clouds by the `kind` of their key material."""


def sample(provider: str, number: int) -> dict[str, Any]:
    """Key material of a provider (`AWS`, `Azure`, `GCP`), different for each number."""
    for kind, cloud in CLOUDS.items():
        if cloud.provider == provider:
            return {"kind": kind, **cloud.sample(number)}
    known = ", ".join(cloud.provider for cloud in CLOUDS.values())
    raise ValueError(f"provider must be one of {known}, not {provider!r}")


def cloud_of(key: Any) -> Cloud | None:
    """The cloud of key material that is complete, or None for anything else."""
    cloud = CLOUDS.get(str(key.get("kind"))) if is_object(key) else None
    complete = cloud is not None and all(isinstance(key.get(name), str) for name in cloud.required)
    return cloud if complete else None


def identifier(key: Any) -> str:
    """The ARN, URL or resource name that names the key in its cloud; empty if there is none."""
    value = key.get("key_arn", key.get("key_id")) if is_object(key) else None
    return value if isinstance(value, str) else ""


def region(key: Any) -> str | None:
    """The cloud region a key is in, as far as the emulator can know it."""
    cloud = cloud_of(key)
    return cloud.region(key) if cloud else None
