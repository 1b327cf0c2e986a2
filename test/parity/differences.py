"""Where this client sends something else than the generated one, on purpose. Nothing else may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from .calls import Call, aws

REFUSED: Final = "refused: an exception, and nothing sent"

# Headers that differ on every call.
ALWAYS = {
    "User-Agent": "It names this library. Service owners must be able to tell the two apart.",
}


@dataclass(frozen=True)
class Difference:
    """One difference. `aspect` is "target", "body" or the name of a header.

    `theirs` and `ours` are what is seen there: "METHOD target", the body's bytes, or the list of
    the header's values. All other aspects must agree where both send.
    """

    call: Call
    aspect: str
    theirs: Any
    ours: Any
    reason: str

    def __str__(self) -> str:
        return self.call.name


def _get(name: str, key_id: str) -> Call:
    return Call(name, lambda p, api: api.get_byok_v1_key(key_id))


def _with_headers(name: str, **headers: str) -> Call:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Call(name, lambda p, api: api.get_byok_v1_key("x", _headers=named))


def _default_against_call(package: Any, api: Any) -> Any:
    api.api_client.set_default_header("X-One", "default")
    return api.get_byok_v1_key("x", _headers={"X-One": "call"})


class _Cloud(Enum):
    AWS = "AWS"


_IN_QUERY = {"in": "query", "key": "token", "value": "v w"}

_AIM = "An id must not be able to aim a request at another path."
_CALL_WINS = "Headers merge whatever their case, and the call wins."
_HALF = "Half a credential is a mistake to be told of."

DIFFERENCES = [
    Difference(_get("id ..", ".."), "target", "GET /byok/v1/", REFUSED, _AIM),
    Difference(_get("id .", "."), "target", "GET /byok/v1/keys/", REFUSED, _AIM),
    Difference(
        _get("id %2e%2e", "%2e%2e"), "target", "GET /byok/v1/keys/%252e%252e", REFUSED, _AIM
    ),
    Difference(_get("empty id", ""), "target", "GET /byok/v1/keys/", REFUSED, _AIM),
    Difference(_get("blank id", " "), "target", "GET /byok/v1/keys/%20", REFUSED, _AIM),
    Difference(
        _get("id with a line break", "a\r\nb"),
        "target",
        "GET /byok/v1/keys/a%0D%0Ab",
        REFUSED,
        _AIM,
    ),
    Difference(
        Call("delete ..", lambda p, api: api.delete_byok_v1_key("..")),
        "target",
        "DELETE /byok/v1/",
        REFUSED,
        _AIM,
    ),
    Difference(
        Call("trailing slash", lambda p, api: api.get_byok_v1_key("x"), prefix="/"),
        "target",
        "GET //byok/v1/keys/x",
        "GET /byok/v1/keys/x",
        "A trailing slash would double: servers take `//byok` for another path.",
    ),
    Difference(
        Call(
            "key as a dict",
            lambda p, api: api.create_byok_v1_key(
                {"key": {"kind": "GcpKey", "key_id": "projects/p"}}
            ),
        ),
        "body",
        b'{"key": null}',
        b'{"key": {"key_id": "projects/p", "kind": "GcpKey"}}',
        "The generated client loses a key that is given as a dict.",
    ),
    Difference(
        _with_headers("Authorization of the call", Authorization="Bearer mine"),
        "Authorization",
        ["Basic a2V5LWlkOnNlY3JldC93aXRoK3NpZ25zPQ=="],
        ["Bearer mine"],
        _CALL_WINS,
    ),
    Difference(
        _with_headers("authorization of the call", authorization="Bearer mine"),
        "Authorization",
        ["Bearer mine", "Basic a2V5LWlkOnNlY3JldC93aXRoK3NpZ25zPQ=="],
        ["Bearer mine"],
        _CALL_WINS,
    ),
    Difference(
        _with_headers("accept of the call", accept="text/html"),
        "Accept",
        ["text/html", "application/json"],
        ["text/html"],
        _CALL_WINS,
    ),
    Difference(
        Call("default header against the call's", _default_against_call),
        "X-One",
        ["default"],
        ["call"],
        _CALL_WINS,
    ),
    Difference(
        Call(
            "Content-Type of the call",
            lambda p, api: api.create_byok_v1_key(
                aws(p), _headers={"Content-Type": "application/json; charset=utf-8"}
            ),
        ),
        "Content-Type",
        ["application/json"],
        ["application/json; charset=utf-8"],
        _CALL_WINS,
    ),
    Difference(
        Call(
            "credentials in the query",
            lambda p, api: api.list_byok_v1_keys(_request_auth=_IN_QUERY),
        ),
        "target",
        "GET /byok/v1/keys?token=v%20w",
        REFUSED,
        "URLs are logged everywhere, credentials must not be. The API takes none there.",
    ),
    Difference(
        Call("option by position", lambda p, api: api.get_byok_v1_key("x", 30)),
        "target",
        "GET /byok/v1/keys/x",
        REFUSED,
        "Options are for keywords: an operation may gain a parameter, and their places move.",
    ),
    Difference(
        Call("create without a body", lambda p, api: api.create_byok_v1_key()),
        "body",
        b"",
        REFUSED,
        "The service refuses it anyway; here the error names what is missing.",
    ),
    Difference(
        Call(
            "empty credentials",
            lambda p, api: api.get_byok_v1_key("x"),
            {"username": "", "password": ""},
        ),
        "Authorization",
        ["Basic Og=="],
        REFUSED,
        _HALF,
    ),
    Difference(
        Call("user name alone", lambda p, api: api.get_byok_v1_key("x"), {"username": "u"}),
        "Authorization",
        [],
        REFUSED,
        _HALF,
    ),
    Difference(
        Call("a filter in another case", lambda p, api: api.list_byok_v1_keys("aws", "in_use")),
        "target",
        "GET /byok/v1/keys?provider=aws&state=in_use",
        "GET /byok/v1/keys?provider=AWS&state=IN_USE",
        "The service compares case, and finds nothing: nobody would know why.",
    ),
    Difference(
        Call("a member of an enum of no text", lambda p, api: api.list_byok_v1_keys(_Cloud.AWS)),
        "target",
        REFUSED,
        "GET /byok/v1/keys?provider=AWS",
        "Members of an enumeration mean their values, whatever else they are.",
    ),
    Difference(
        Call(
            "the link to a page as its token",
            lambda p, api: api.list_byok_v1_keys(page_token="https://h.test/k?page_token=t"),
        ),
        "target",
        "GET /byok/v1/keys?page_token=https%3A//h.test/k%3Fpage_token%3Dt",
        "GET /byok/v1/keys?page_token=t",
        "`metadata.next` of a page is a link; the service refuses it as a token.",
    ),
    Difference(
        Call(
            "credentials beyond Latin-1",
            lambda p, api: api.get_byok_v1_key("x"),
            {"username": "u", "password": "пароль"},
        ),
        "Authorization",
        REFUSED,
        ["Basic dTrQv9Cw0YDQvtC70Yw="],
        "Credentials are UTF-8 (RFC 7617).",
    ),
]
