"""A key and a page of keys, as the service sends them."""

from typing import Any

KEY: dict[str, Any] = {
    "api_version": "byok/v1",
    "kind": "Key",
    "id": "cck-1",
    "metadata": {"self": "https://api.confluent.cloud/byok/v1/keys/cck-1"},
    "key": {"kind": "AwsKey", "key_arn": "arn:aws:kms:us-west-2:1:key/a", "roles": []},
    "display_name": "name",
    "provider": "AWS",
    "state": "AVAILABLE",
    "validation": {"phase": "VALID", "since": "2026-01-02T03:04:05.123456789Z"},
}
PAGE: dict[str, Any] = {
    "api_version": "byok/v1",
    "kind": "KeyList",
    "metadata": {"total_size": 1},
    "data": [KEY],
}
