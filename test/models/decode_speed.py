"""Tells how long a full page of keys takes to decode, next to ``json.loads``; no test.

Run it with the package installed: ``python test/models/decode_speed.py``.
"""

import json
import statistics
import time
from collections.abc import Callable
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


def _seconds(work: Callable[[], object], number: int = 20) -> float:
    start = time.process_time()
    for _ in range(number):
        work()
    return time.process_time() - start


def _ratio(body: bytes, blocks: int = 60) -> float:
    """CPU time of decoding over that of ``json.loads``, in alternating blocks, collector on."""
    return statistics.median(
        _seconds(lambda: decode(ByokV1KeyList, body)) / _seconds(lambda: json.loads(body))
        for _ in range(blocks)
    )


def main() -> None:
    """Measure a page that is as documented, one with new fields, and one with an odd item."""
    newer, odd = page(100), page(100)
    for key in newer["data"]:
        key["rotation"] = {"days": 90}
    odd["data"][50]["key"] = {"kind": "OciKey", "ocid": "1"}
    # New fields come last: from then on room is made for them.
    pages = {"as documented": page(100), "with an odd item": odd, "with new fields": newer}
    for name, document in pages.items():
        print(f"{name}: {_ratio(json.dumps(document).encode()):.2f} times json.loads")


if __name__ == "__main__":
    main()
