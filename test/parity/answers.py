"""What the server says: answers that both clients have to understand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from support.replies import Reply, json_reply
from support.wire import Request

KEY: dict[str, Any] = {
    "api_version": "byok/v1",
    "kind": "Key",
    "id": "cck-12345",
    "metadata": {
        "self": "https://api.confluent.cloud/byok/v1/keys/cck-12345",
        "resource_name": "crn://confluent.cloud/organization=1/key=cck-12345",
        "created_at": "2026-01-15T09:30:00.123456Z",
        "updated_at": "2026-01-15T10:30:00+01:00",
    },
    "key": {
        "kind": "AwsKey",
        "key_arn": "arn:aws:kms:us-west-2:111122223333:key/1234abcd",
        "roles": ["arn:aws:iam::123456789876:role/one", "arn:aws:iam::123456789876:role/two"],
    },
    "display_name": "Küche",
    "provider": "AWS",
    "state": "AVAILABLE",
    "validation": {
        "phase": "VALID",
        "message": "all is well",
        "since": "2026-01-15T09:36:00.5Z",
        "region": "us-west-2",
    },
}

AZURE: dict[str, Any] = {
    **KEY,
    "id": "cck-azure",
    "provider": "Azure",
    "key": {
        "kind": "AzureKey",
        "key_id": "https://vault-name.vault.azure.net/keys/key-name",
        "key_vault_id": "/subscriptions/1/vaults/vault-name",
        "tenant_id": "00000000-0000-0000-0000-000000000000",
        "application_id": "11111111-1111-1111-1111-111111111111",
    },
}

GCP: dict[str, Any] = {
    **KEY,
    "id": "cck-gcp",
    "provider": "GCP",
    "key": {
        "kind": "GcpKey",
        "key_id": "projects/p/locations/l/keyRings/r/cryptoKeys/k",
        "security_group": "group@example.org",
    },
}

PAGE: dict[str, Any] = {
    "api_version": "byok/v1",
    "kind": "KeyList",
    "metadata": {
        "first": None,
        "next": "https://api.confluent.cloud/byok/v1/keys?page_token=abc",
        "total_size": 7,
    },
    "data": [KEY, AZURE, GCP],
}

FAILURE: dict[str, Any] = {
    "errors": [
        {
            "id": "5f3a1c2b7d8e4f60a1b2c3d4e5f60718",
            "status": "4xx",
            "code": "some_code",
            "title": "Some title",
            "detail": "Some detail",
            "source": {"pointer": "/key/key_arn"},
        }
    ]
}


def well_formed(request: Request) -> Reply:
    """The success that the description declares for this request."""
    if request.method == "DELETE":
        return Reply(204)
    if request.method == "POST":
        return json_reply(201, KEY, ("X-Request-Id", "req-1"))
    data = PAGE if request.path.endswith("/keys") else KEY
    return json_reply(200, data, ("X-Request-Id", "req-1"))


def failure(status: int) -> Reply:
    """A failure as the description declares it, with a reason phrase of its own."""
    reply = json_reply(status, FAILURE, ("X-Request-Id", "req-1"))
    return replace(reply, reason="So It Is")
