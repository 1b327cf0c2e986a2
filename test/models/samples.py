"""Documents as the service sends them, and ways to spoil them."""

import json
from typing import Any

from openapi_client import models
from openapi_client.models._base import Schema

Document = dict[str, Any]
Place = tuple[str | int, ...]

ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
GCP_KEY = "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k"

AWS: Document = {
    "key_arn": ARN,
    "roles": ["arn:aws:iam::123456789876:role/block_storage_manager"],
    "kind": "AwsKey",
}
AZURE: Document = {
    "application_id": "11111111-1111-1111-1111-111111111111",
    "key_id": "https://vault-name.vault.azure.net/keys/key-name",
    "key_vault_id": "/subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
    "kind": "AzureKey",
    "tenant_id": "00000000-0000-0000-0000-000000000000",
}
GCP: Document = {
    "key_id": f"{GCP_KEY}/cryptoKeyVersions/3",
    "security_group": "cck-12345@confluent.io",
    "kind": "GcpKey",
}
VARIANTS: dict[str, Document] = {
    "ByokV1AwsKey": AWS,
    "ByokV1AzureKey": AZURE,
    "ByokV1GcpKey": GCP,
}
KEY: Document = {
    "api_version": "byok/v1",
    "kind": "Key",
    "id": "cck-12345",
    "metadata": {
        "self": "https://api.confluent.cloud/byok/v1/keys/cck-12345",
        "resource_name": "crn://confluent.cloud/organization=0/key=cck-12345",
        "created_at": "2026-01-02T03:04:05.678901234Z",
        "updated_at": "2026-01-02T03:04:05.678901234Z",
        "deleted_at": "2030-01-02T03:04:05-07:00",
    },
    "key": AWS,
    "display_name": "Key for billing cluster",
    "provider": "AWS",
    "state": "IN_USE",
    "validation": {
        "phase": "VALID",
        "message": "all is well",
        "since": "2026-01-02T03:10:05Z",
        "region": "us-west-2",
    },
}
LIST_META: Document = {
    "first": "https://api.confluent.cloud/byok/v1/keys",
    "last": None,
    "prev": None,
    "next": "https://api.confluent.cloud/byok/v1/keys?page_token=UvmDWOB1iwfAIBPj6EYb",
    "total_size": 123,
}
LIST: Document = {
    "api_version": "byok/v1",
    "kind": "KeyList",
    "metadata": LIST_META,
    "data": [KEY | {"key": AWS}, KEY | {"key": AZURE}, KEY | {"key": GCP}],
}
ERROR: Document = {
    "id": "93bcd5a1e2f94e8bb5f7a1f0c6d3e2b1",
    "status": "422",
    "code": "invalid_configuration",
    "title": "Validation Failed",
    "detail": "The key is not a key.",
    "source": {"pointer": "/key/key_arn", "parameter": "key"},
    "error_code": 40001,
    "message": "an older text",
}

FULL: dict[str, Document] = {
    **VARIANTS,
    "ByokV1Key": KEY,
    "ByokV1KeyKey": AWS,
    "ByokV1KeyList": LIST,
    "ByokV1KeyListDataInner": KEY,
    "ByokV1KeyListMetadata": LIST_META,
    "ByokV1KeyMetadata": KEY["metadata"],
    "ByokV1KeyUpdate": {name: value for name, value in KEY.items() if name != "key"},
    "ByokV1KeyValidation": KEY["validation"],
    "ByokV1UnknownKey": {"kind": "QuantumKey"},
    "CreateByokV1Key201Response": KEY,
    "CreateByokV1KeyRequest": KEY,
    "Error": ERROR,
    "ErrorSource": ERROR["source"],
    "Failure": {"errors": [ERROR, ERROR]},
    "GetByokV1Key200Response": KEY,
    "ListMeta": LIST_META,
    "ObjectMeta": KEY["metadata"],
    "ObjectReference": {
        "id": "env-1",
        "environment": "env-1",
        "related": "https://api.confluent.cloud/v2/environments/env-1",
        "resource_name": "crn://confluent.cloud/environment=env-1",
        "api_version": "org/v2",
        "kind": "Environment",
    },
}
"""Of each model, a document with every field that it knows."""

STRICT = ("CreateByokV1KeyRequest", "ByokV1KeyUpdate")
TOLERANT = tuple(name for name in FULL if name not in STRICT)


def model_named(name: str) -> type[Schema]:
    """The model of this name."""
    model: type[Schema] = getattr(models, name)
    return model


def body(document: object) -> bytes:
    """A document as it comes over the wire."""
    return json.dumps(document).encode()


def changed(document: Document, place: Place, value: object) -> Document:
    """A copy of a document with another value at a place."""
    copy: Document = json.loads(json.dumps(document))
    _parent(copy, place)[place[-1]] = value
    return copy


def without(document: Document, place: Place) -> Document:
    """A copy of a document with nothing at a place."""
    copy: Document = json.loads(json.dumps(document))
    del _parent(copy, place)[place[-1]]
    return copy


def places(document: object, above: Place = ()) -> list[Place]:
    """Every place in a document, from the top down."""
    if isinstance(document, dict):
        steps: list[tuple[Any, Any]] = list(document.items())
    else:
        steps = list(enumerate(document)) if isinstance(document, list) else []
    below = [place for step, value in steps for place in places(value, (*above, step))]
    return [(*above, step) for step, _ in steps] + below


def _parent(document: Any, place: Place) -> Any:
    for step in place[:-1]:
        document = document[step]
    return document
