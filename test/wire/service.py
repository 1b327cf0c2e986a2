"""A service that answers as documented, and the requests that it has to be sent."""

from collections.abc import Callable
from typing import Any, NamedTuple

from openapi_client import KeysByokV1Api
from support.documents import KEY, PAGE
from support.replies import Reply, Step, json_reply
from support.wire import Request

Connect = Callable[..., KeysByokV1Api]


def answer(request: Request) -> Step:
    """The documented answer to a request."""
    facts = (("X-Request-Id", "r1"), ("X-RateLimit-Remaining", "59"))
    if request.method == "DELETE":
        return Reply(204, facts)
    if request.method == "POST":
        return json_reply(201, KEY, *facts, ("Location", "/byok/v1/keys/cck-1"))
    return json_reply(200, PAGE if request.path.endswith("/keys") else KEY, *facts)


class Operation(NamedTuple):
    """A call of an operation, and the request that it has to make."""

    name: str
    arguments: dict[str, Any]
    method: str
    target: str
    body: bytes = b""

    @property
    def has_body(self) -> bool:
        """Whether the request has a body, even an empty one."""
        return self.method in {"POST", "PATCH"}

    def call(self, api: KeysByokV1Api, variant: str = "", **options: Any) -> Any:
        """Make the call in one of its variants."""
        return getattr(api, self.name + variant)(**self.arguments, **options)


OPERATIONS = [
    Operation(
        "create_byok_v1_key",
        {
            "create_byok_v1_key_request": {
                "key": {"kind": "AwsKey", "key_arn": "arn:é"},
                "display_name": "n",
            }
        },
        "POST",
        "/byok/v1/keys",
        b'{"key": {"key_arn": "arn:\\u00e9", "kind": "AwsKey"}, "display_name": "n"}',
    ),
    Operation("get_byok_v1_key", {"id": "a/b c"}, "GET", "/byok/v1/keys/a%2Fb%20c"),
    Operation(
        "list_byok_v1_keys",
        {"key": "a b/+&é", "provider": "AWS", "page_size": 7},
        "GET",
        "/byok/v1/keys?provider=AWS&page_size=7&key=a%20b/%2B%26%C3%A9",
    ),
    Operation(
        "update_byok_v1_key",
        {"id": "cck-1", "byok_v1_key_update": {"display_name": ""}},
        "PATCH",
        "/byok/v1/keys/cck-1",
        b'{"display_name": ""}',
    ),
    Operation("delete_byok_v1_key", {"id": "%41~"}, "DELETE", "/byok/v1/keys/%2541~"),
]
