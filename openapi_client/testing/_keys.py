"""What the service knows about each kind of key: fields, provider, principals, region."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ._json import is_object


@dataclass(frozen=True)
class KeyKind:
    """One kind of key material (contract section 2.2).

    Attributes:
        provider: the cloud it belongs to, in the spelling on the wire.
        identifier: the field that identifies the key in its cloud.
        required: the fields a request must give, all of them text.
        principals: makes, from key material and id, the fields that name who needs access.
        region: reads the cloud region off the key material, as far as it can be known.
        sample: makes key material that no other number gets.
    """

    provider: str
    identifier: str
    required: tuple[str, ...]
    principals: Callable[[Mapping[str, Any], str], dict[str, Any]]
    region: Callable[[Mapping[str, Any]], str | None]
    sample: Callable[[int], dict[str, Any]]


def _uuid(text: str) -> str:
    digits = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _part(text: str, separator: str, index: int) -> str | None:
    parts = text.split(separator)
    return parts[index] or None if len(parts) > index else None


def _aws_principals(key: Mapping[str, Any], key_id: str) -> dict[str, Any]:
    partition = _part(key["key_arn"], ":", 1) or "aws"
    roles = [
        f"arn:{partition}:iam::123456789876:role/block_storage_manager",
        f"arn:{partition}:iam::987654321234:role/cc-kafka-{_uuid(key_id)}",
    ]
    return {"roles": roles}


def _azure_principals(_: Mapping[str, Any], key_id: str) -> dict[str, Any]:
    return {"application_id": _uuid(key_id)}


def _gcp_principals(_: Mapping[str, Any], key_id: str) -> dict[str, Any]:
    return {"security_group": f"{key_id}@confluent.io"}


def _aws_region(key: Mapping[str, Any]) -> str | None:
    return _part(key["key_arn"], ":", 3)


def _azure_region(_: Mapping[str, Any]) -> str | None:
    # Nothing in the key material tells the vault's region; the service finds it by asking Azure.
    return "eastus"


def _gcp_region(key: Mapping[str, Any]) -> str | None:
    return _part(key["key_id"], "/", 3)


def _aws_sample(number: int) -> dict[str, Any]:
    return {"key_arn": f"arn:aws:kms:us-west-2:111122223333:key/{_uuid(f'sample-{number}')}"}


def _azure_sample(number: int) -> dict[str, Any]:
    subscription = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/sample"
    return {
        "key_id": f"https://vault-{number}.vault.azure.net/keys/key-{number}",
        "key_vault_id": f"{subscription}/providers/Microsoft.KeyVault/vaults/vault-{number}",
        "tenant_id": "00000000-0000-0000-0000-000000000000",
    }


def _gcp_sample(number: int) -> dict[str, Any]:
    ring = "projects/sample/locations/us-central1/keyRings/ring"
    return {"key_id": f"{ring}/cryptoKeys/key-{number}"}


KINDS: Mapping[str, KeyKind] = {
    "AwsKey": KeyKind("AWS", "key_arn", ("key_arn",), _aws_principals, _aws_region, _aws_sample),
    "AzureKey": KeyKind(
        "Azure",
        "key_id",
        ("key_id", "key_vault_id", "tenant_id"),
        _azure_principals,
        _azure_region,
        _azure_sample,
    ),
    "GcpKey": KeyKind("GCP", "key_id", ("key_id",), _gcp_principals, _gcp_region, _gcp_sample),
}


def sample(provider: str, number: int) -> dict[str, Any]:
    """Key material of a provider (`AWS`, `Azure`, `GCP`), different for each number."""
    for name, kind in KINDS.items():
        if kind.provider == provider:
            return {"kind": name, **kind.sample(number)}
    known = ", ".join(kind.provider for kind in KINDS.values())
    raise ValueError(f"provider must be one of {known}, not {provider!r}")


def kind_of(key: Any) -> KeyKind | None:
    """The kind of some key material that has all it needs, or None for anything else."""
    kind = KINDS.get(str(key.get("kind"))) if is_object(key) else None
    complete = kind is not None and all(isinstance(key.get(name), str) for name in kind.required)
    return kind if complete else None


def identifier(key: Any) -> str:
    """The ARN, URL or resource name that names the key in its cloud; empty if there is none."""
    value = key.get("key_arn", key.get("key_id")) if is_object(key) else None
    return value if isinstance(value, str) else ""


def principals(key: Any, key_id: str) -> dict[str, Any]:
    """The fields the service adds to key material: who must be allowed to use the key."""
    kind = kind_of(key)
    return kind.principals(key, key_id) if kind else {}


def region(key: Any) -> str | None:
    """The cloud region a key is in, as far as the emulator can tell."""
    kind = kind_of(key)
    return kind.region(key) if kind else None
