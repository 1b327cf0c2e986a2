"""The service as the tests of the network need it: one key, and good answers about it."""

from __future__ import annotations

from typing import Any

from openapi_client import CreateByokV1KeyRequest
from support.replies import Reply, Step, json_reply
from support.wire import Request

KEY: dict[str, Any] = {
    "api_version": "byok/v1",
    "kind": "Key",
    "id": "cck-1",
    "metadata": {"self": "https://api.confluent.cloud/byok/v1/keys/cck-1"},
    "key": {"kind": "AwsKey", "key_arn": "arn:aws:kms:us-west-2:1:key/1", "roles": []},
    "display_name": "name",
    "provider": "AWS",
    "state": "AVAILABLE",
    "validation": {"phase": "VALID", "since": "2023-01-01T00:00:00Z"},
}
PAGE: dict[str, Any] = {
    "api_version": "byok/v1",
    "kind": "KeyList",
    "metadata": {},
    "data": [KEY],
}
REQUEST = CreateByokV1KeyRequest(key=KEY["key"])
GOOD = json_reply(200, KEY)
CREATED = json_reply(201, KEY)


def answer(request: Request) -> Step:
    """The good answer to a request."""
    if request.method == "DELETE":
        return Reply(204)
    if request.method == "POST":
        return CREATED
    return json_reply(200, PAGE) if request.path.endswith("/keys") else GOOD
