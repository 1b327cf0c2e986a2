"""What the service of the benchmark answers: the same bytes to every client."""

from __future__ import annotations

import json
from typing import Any

PAGE_SIZE = 100
PAGES = 1000
ONE_KEY = "cck-0000000"
ONE_KEY_PATH = f"/byok/v1/keys/{ONE_KEY}"
LIST_PATH = f"/byok/v1/keys?page_size={PAGE_SIZE}"
CREATE_PATH = "/byok/v1/keys"
KEY_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DISPLAY_NAME = "Key for billing cluster"

_HEAD = (
    "HTTP/1.1 {status}\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n"
    "X-Request-Id: 4bd2b0a6f1c94c0f8d6c2f0e5a7b9c1d\r\nX-RateLimit-Limit: 1000\r\n"
    "X-RateLimit-Remaining: 999\r\nX-RateLimit-Reset: 1\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n\r\n"
)
_PAGE_MARK = "#####"
_NEXT_MARK = "p@@@@@"
_ROLE = "arn:aws:iam::123456789876:role/block_storage_manager"
_VAULT = "/subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/vault-name"
# In the proportions of nothing in particular: as many of each kind.
_MATERIAL: list[dict[str, Any]] = [
    {"kind": "AwsKey", "key_arn": KEY_ARN, "roles": [_ROLE, f"{_ROLE}-2"]},
    {
        "kind": "AzureKey",
        "key_id": "https://vault-name.vault.azure.net/keys/key-name",
        "key_vault_id": _VAULT,
        "tenant_id": "00000000-0000-0000-0000-000000000000",
        "application_id": "11111111-1111-1111-1111-111111111111",
    },
    {
        "kind": "GcpKey",
        "key_id": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3",
        "security_group": "group@example.com",
    },
]


def _key(key_id: str, number: int) -> dict[str, Any]:
    return {
        "api_version": "byok/v1",
        "kind": "Key",
        "id": key_id,
        "metadata": {
            "self": f"https://api.confluent.cloud/byok/v1/keys/{key_id}",
            "resource_name": f"crn://confluent.cloud/organization=0/key={key_id}",
            "created_at": "2026-01-02T03:04:05.678901Z",
            "updated_at": "2026-01-02T03:04:05.678901Z",
        },
        "key": _MATERIAL[number % len(_MATERIAL)],
        "display_name": f"Key {number}",
        "provider": ("AWS", "Azure", "GCP")[number % len(_MATERIAL)],
        "state": "IN_USE",
        "validation": {
            "phase": "VALID",
            "since": "2026-01-02T03:10:05.678901Z",
            "region": "us-west-2",
        },
    }


def _page(next_page: str) -> bytes:
    keys = [_key(f"cck-{_PAGE_MARK}{number:02}", number) for number in range(PAGE_SIZE)]
    metadata = {"next": next_page, "total_size": PAGES * PAGE_SIZE}
    document = {"api_version": "byok/v1", "kind": "KeyList", "metadata": metadata, "data": keys}
    return json.dumps(document).encode()


def new_key() -> dict[str, object]:
    """The body of a create."""
    return {"key": {"kind": "AwsKey", "key_arn": KEY_ARN}, "display_name": DISPLAY_NAME}


def key_body() -> bytes:
    """The body of an answer that is one key."""
    return json.dumps(_key(ONE_KEY, 0)).encode()


def page_body() -> bytes:
    """The body of an answer that is a page of 100 keys."""
    return page(_page("http://127.0.0.1/byok/v1/keys?page_token=" + _NEXT_MARK), 0)


def page(template: bytes, number: int) -> bytes:
    """Number the keys of a page, and name the page after it."""
    body = template.replace(_PAGE_MARK.encode(), b"%05d" % number)
    return body.replace(_NEXT_MARK.encode(), b"p%05d" % (number + 1))


def templates(url: str) -> tuple[bytes, bytes]:
    """The bodies of any page but the last, and of the last, for `page` to number."""
    following = f"{url}/byok/v1/keys?page_size={PAGE_SIZE}&page_token={_NEXT_MARK}"
    return _page(following), _page("")


def answer(body: bytes, status: str = "200 OK") -> bytes:
    """A whole answer, head and body."""
    return _HEAD.format(status=status, length=len(body)).encode() + body
