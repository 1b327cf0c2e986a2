"""Tells how long a full page of keys takes to decode, next to ``json.loads``; no test.

Run it with the package installed: ``python test/models/decode_speed.py``.
"""

import json
import timeit
from typing import Any

from openapi_client.models._decoding import decode
from openapi_client.models.byok_v1_key_list import ByokV1KeyList

_MATERIAL: list[dict[str, Any]] = [
    {
        "kind": "AwsKey",
        "key_arn": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "roles": [f"arn:aws:iam::12345678987{n}:role/block_storage_manager" for n in range(3)],
    },
    {
        "kind": "AzureKey",
        "key_id": "https://vault-name.vault.azure.net/keys/key-name",
        "key_vault_id": "/subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
        "tenant_id": "00000000-0000-0000-0000-000000000000",
        "application_id": "11111111-1111-1111-1111-111111111111",
    },
    {
        "kind": "GcpKey",
        "key_id": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3",
        "security_group": "cck-12345@confluent.io",
    },
]


def page(size: int) -> dict[str, Any]:
    """A page of keys as the service sends it."""
    return {
        "api_version": "byok/v1",
        "kind": "KeyList",
        "metadata": {
            "next": "https://api.confluent.cloud/byok/v1/keys?page_token=UvmDWOB1iwfAIBPj"
        },
        "data": [_key(number) for number in range(size)],
    }


def _key(number: int) -> dict[str, Any]:
    return {
        "api_version": "byok/v1",
        "kind": "Key",
        "id": f"cck-{number:05}",
        "metadata": {
            "self": f"https://api.confluent.cloud/byok/v1/keys/cck-{number:05}",
            "resource_name": f"crn://confluent.cloud/organization=0/key=cck-{number:05}",
            "created_at": "2026-01-02T03:04:05.678901234Z",
            "updated_at": "2026-01-02T03:04:05.678901234Z",
        },
        "key": _MATERIAL[number % len(_MATERIAL)],
        "display_name": f"Key {number}",
        "provider": "AWS",
        "state": "IN_USE",
        "validation": {
            "phase": "VALID",
            "since": "2026-01-02T03:10:05.678901234Z",
            "region": "us-west-2",
        },
    }


def _milliseconds(work: Any) -> float:
    return min(timeit.repeat(work, number=20, repeat=15)) / 20 * 1000


def main() -> None:
    """Measure a page that is as documented, and one with an odd item, which is decoded twice."""
    plain = page(100)
    odd = page(100)
    odd["data"][50]["key"] = {"kind": "OciKey", "ocid": "1"}
    for name, document in (("as documented", plain), ("with an odd item", odd)):
        body = json.dumps(document).encode()
        loads = _milliseconds(lambda body=body: json.loads(body))
        model = _milliseconds(lambda body=body: decode(ByokV1KeyList, body))
        print(f"{name}: {model:.2f} ms, json.loads {loads:.2f} ms, ratio {model / loads:.1f}")


if __name__ == "__main__":
    main()
