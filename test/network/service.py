"""The service as the tests of the network need it: one key, and good answers about it."""

from __future__ import annotations

from openapi_client import CreateByokV1KeyRequest
from support.documents import KEY, PAGE
from support.replies import Reply, Step, json_reply
from support.wire import Request

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
