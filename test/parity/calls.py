"""Calls that both clients accept, and what came of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

from support.recorder import RecordingServer
from support.wire import Request

ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_JSON = "application/json"
BASIC = {"username": "key-id", "password": "secret/with+signs="}


class Cloud(str, Enum):
    """How programs write down the values that they use."""

    AWS = "AWS"


class Size(IntEnum):
    """The same for numbers."""

    SMALL = 5


class Text(str):
    """Text of a class that prints as something else than it means."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"Text({super().__str__()})"


# A package, and an API object made from it.
Doing = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Call:
    """Something to do with a client, and the settings to do it under.

    `prefix` is added to the host; `client` holds arguments for `ApiClient`.
    """

    name: str
    do: Doing
    settings: Mapping[str, Any] = field(default_factory=lambda: BASIC)
    prefix: str = ""
    client: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Outcome:
    """What went over the wire, what was returned, and what was raised."""

    requests: list[Request]
    result: Any = None
    error: Any = None

    @property
    def was_refused(self) -> bool:
        """An exception, and nothing sent."""
        return self.error is not None and not self.requests


def perform(package: Any, call: Call, server: RecordingServer) -> Outcome:
    """Make the call with a client of its own. `package` is the generated one or ours."""
    server.requests = []
    try:
        configuration = package.Configuration(host=server.url + call.prefix, **call.settings)
        api_client = package.ApiClient(configuration, **call.client)
        result = call.do(package, package.KeysByokV1Api(api_client))
    except Exception as error:  # noqa: BLE001 - an outcome like any other, to be compared
        return Outcome(server.requests, error=error)
    return Outcome(server.requests, result)


def aws(package: Any, arn: str = ARN, **more: Any) -> Any:
    """A request to register an AWS key, built the long way that generated code needs."""
    key = package.ByokV1KeyKey(package.ByokV1AwsKey(key_arn=arn, kind="AwsKey"))
    return package.CreateByokV1KeyRequest(key=key, **more)


def azure(package: Any) -> Any:
    """The same for Azure, with the read-only field set as well."""
    key = package.ByokV1AzureKey(
        key_id="https://vault-name.vault.azure.net/keys/key-name",
        key_vault_id="/subscriptions/1/vaults/vault-name",
        tenant_id="00000000-0000-0000-0000-000000000000",
        application_id="made by the service",
        kind="AzureKey",
    )
    return package.CreateByokV1KeyRequest(key=package.ByokV1KeyKey(actual_instance=key))


def gcp(package: Any) -> Any:
    """The same for Google Cloud, with the read-only field set as well."""
    key = package.ByokV1GcpKey(
        key_id="projects/p/locations/l/keyRings/r/cryptoKeys/k",
        security_group="made by the service",
        kind="GcpKey",
    )
    return package.CreateByokV1KeyRequest(key=package.ByokV1KeyKey(key))


def _with_default_headers(package: Any, api: Any) -> Any:
    api.api_client.set_default_header("X-Team", "platform")
    api.api_client.default_headers["X-Other"] = "1"
    return api.get_byok_v1_key("cck-1")


def _with_a_late_token(package: Any, api: Any) -> Any:
    api.api_client.configuration.access_token = "t"
    return api.get_byok_v1_key("x")


def _with_cookie(package: Any, api: Any) -> Any:
    api.api_client.cookie = "sid=2"
    return api.get_byok_v1_key("cck-1")


def _update_made_of_a_key(package: Any, api: Any) -> Any:
    key = {"id": "cck-1", "key": {"kind": "AwsKey", "key_arn": ARN}, "display_name": "old"}
    update = package.ByokV1KeyUpdate.from_dict(key)
    update.display_name = "new"
    return api.update_byok_v1_key("cck-1", update)


def _auth(where: str, key: str, value: str) -> dict[str, str]:
    return {"type": "api_key", "in": where, "key": key, "value": value}


_BEARER = {"type": "bearer", "in": "header", "key": "Authorization", "value": "Bearer other"}

_LISTS = [
    Call("list", lambda p, api: api.list_byok_v1_keys()),
    Call("list by position", lambda p, api: api.list_byok_v1_keys("AWS", "IN_USE", 5, "abc")),
    Call("list by keyword", lambda p, api: api.list_byok_v1_keys(state="IN_USE", provider="AWS")),
    Call(
        "list with every filter",
        lambda p, api: api.list_byok_v1_keys(
            key="vault~name/ü*",
            validation_region="us-west-2",
            validation_phase="VALID",
            display_name="two words & more",
            page_token="a b+c/=&é%2F",
            page_size=100,
            state="AVAILABLE",
            provider="Azure",
        ),
    ),
    Call(
        "list with members of enums",
        lambda p, api: api.list_byok_v1_keys(provider=Cloud.AWS, page_size=Size.SMALL),
    ),
    Call("list with a class of text", lambda p, api: api.list_byok_v1_keys(Text("AWS"))),
    Call("list with None", lambda p, api: api.list_byok_v1_keys(provider=None, page_size=None)),
    Call("list with empty text", lambda p, api: api.list_byok_v1_keys(display_name="", key="")),
    Call("list with the smallest page", lambda p, api: api.list_byok_v1_keys(page_size=1)),
    Call("list with a long token", lambda p, api: api.list_byok_v1_keys(page_token="t" * 255)),
    Call("list, with_http_info", lambda p, api: api.list_byok_v1_keys_with_http_info("AWS")),
    Call("list, raw", lambda p, api: api.list_byok_v1_keys_without_preload_content("AWS")),
]

_CREATES = [
    Call("create for AWS", lambda p, api: api.create_byok_v1_key(aws(p))),
    Call("create for Azure", lambda p, api: api.create_byok_v1_key(azure(p))),
    Call("create for Google Cloud", lambda p, api: api.create_byok_v1_key(gcp(p))),
    Call(
        "create by keyword",
        lambda p, api: api.create_byok_v1_key(create_byok_v1_key_request=aws(p)),
    ),
    Call(
        "create with a name that needs escapes",
        lambda p, api: api.create_byok_v1_key(aws(p, display_name='Küche "1"\n\\ 🔑')),
    ),
    Call(
        "create with a member of an enum as name",
        lambda p, api: api.create_byok_v1_key(aws(p, display_name=Cloud.AWS)),
    ),
    Call(
        "create with an empty name", lambda p, api: api.create_byok_v1_key(aws(p, display_name=""))
    ),
    Call(
        "create with read-only fields set",
        lambda p, api: api.create_byok_v1_key(aws(p, id="cck-9", provider="AWS", state="IN_USE")),
    ),
    Call(
        "create from a dict",
        lambda p, api: api.create_byok_v1_key(
            p.CreateByokV1KeyRequest.from_dict({"key": {"kind": "AwsKey", "key_arn": ARN}})
        ),
    ),
    Call(
        "create from JSON",
        lambda p, api: api.create_byok_v1_key(
            p.CreateByokV1KeyRequest.from_json(
                f'{{"display_name": "n", "key": {{"kind": "AwsKey", "key_arn": "{ARN}"}}}}'
            )
        ),
    ),
    Call(
        "create with a content type",
        lambda p, api: api.create_byok_v1_key(aws(p), _content_type=f"{_JSON}; charset=utf-8"),
    ),
    Call("create, with_http_info", lambda p, api: api.create_byok_v1_key_with_http_info(aws(p))),
    Call("create, raw", lambda p, api: api.create_byok_v1_key_without_preload_content(aws(p))),
]

_BY_ID = [
    Call("get", lambda p, api: api.get_byok_v1_key("cck-12345")),
    Call("get by keyword", lambda p, api: api.get_byok_v1_key(id="cck-12345")),
    Call("get with signs", lambda p, api: api.get_byok_v1_key("a b/c?d#e;f:g@h!$&'()*+,=~-_.[]")),
    Call("get with escapes", lambda p, api: api.get_byok_v1_key("%41%2F")),
    Call("get by a member of an enum", lambda p, api: api.get_byok_v1_key(Cloud.AWS)),
    Call("get beyond ASCII", lambda p, api: api.get_byok_v1_key("clé-🔑")),
    Call("get with the longest id", lambda p, api: api.get_byok_v1_key("x" * 255)),
    Call("get with a content type", lambda p, api: api.get_byok_v1_key("x", _content_type=_JSON)),
    Call("get, with_http_info", lambda p, api: api.get_byok_v1_key_with_http_info("cck-1")),
    Call("get, raw", lambda p, api: api.get_byok_v1_key_without_preload_content("cck-1")),
    Call("delete", lambda p, api: api.delete_byok_v1_key("cck-12345")),
    Call("delete, with_http_info", lambda p, api: api.delete_byok_v1_key_with_http_info("cck-1")),
    Call("delete, raw", lambda p, api: api.delete_byok_v1_key_without_preload_content("cck-1")),
    Call(
        "update",
        lambda p, api: api.update_byok_v1_key("cck-1", p.ByokV1KeyUpdate(display_name="new")),
    ),
    Call(
        "update by keyword",
        lambda p, api: api.update_byok_v1_key(
            byok_v1_key_update=p.ByokV1KeyUpdate(display_name=""), id="cck-1"
        ),
    ),
    Call("update with a dict", lambda p, api: api.update_byok_v1_key("x", {"display_name": "n"})),
    Call("update without a body", lambda p, api: api.update_byok_v1_key("cck-1")),
    Call("update made of a key", _update_made_of_a_key),
    Call("update of nothing", lambda p, api: api.update_byok_v1_key("x", p.ByokV1KeyUpdate())),
    Call(
        "update to None",
        lambda p, api: api.update_byok_v1_key("x", p.ByokV1KeyUpdate(display_name=None)),
    ),
    Call(
        "update with another JSON type",
        lambda p, api: api.update_byok_v1_key(
            "x", {"display_name": "n"}, _content_type="application/merge-patch+json"
        ),
    ),
    Call(
        "update with read-only fields set",
        lambda p, api: api.update_byok_v1_key(
            "cck-1", p.ByokV1KeyUpdate(id="cck-2", state="IN_USE", display_name="new")
        ),
    ),
    Call(
        "update, with_http_info",
        lambda p, api: api.update_byok_v1_key_with_http_info(
            "cck-1", p.ByokV1KeyUpdate(display_name="new")
        ),
    ),
    Call(
        "update, raw",
        lambda p, api: api.update_byok_v1_key_without_preload_content(
            "cck-1", p.ByokV1KeyUpdate(display_name="new")
        ),
    ),
]


_CREDENTIALS = [
    Call("no credentials", lambda p, api: api.get_byok_v1_key("cck-1"), {}),
    Call("Bearer", lambda p, api: api.get_byok_v1_key("cck-1"), {"access_token": "a.b.c"}),
    Call(
        "Basic and Bearer",
        lambda p, api: api.get_byok_v1_key("x"),
        {"username": "u", "password": "p", "access_token": "t"},
    ),
    Call(
        "all credentials, the token set last",
        _with_a_late_token,
    ),
    Call("Bearer on a write", lambda p, api: api.create_byok_v1_key(aws(p)), {"access_token": "t"}),
    Call("_request_auth", lambda p, api: api.get_byok_v1_key("x", _request_auth=_BEARER)),
    Call("empty _request_auth", lambda p, api: api.get_byok_v1_key("x", _request_auth={})),
    Call(
        "_request_auth in another header",
        lambda p, api: api.get_byok_v1_key("x", _request_auth=_auth("header", "X-Auth", "v")),
    ),
    Call(
        "_request_auth in a cookie",
        lambda p, api: api.get_byok_v1_key("x", _request_auth=_auth("cookie", "sid", "v")),
    ),
    Call(
        "_request_auth in a cookie with what no cookie may hold",
        lambda p, api: api.get_byok_v1_key("x", _request_auth=_auth("cookie", "sid", 'a b;c,"ü')),
    ),
    Call(
        "_request_auth in a cookie beside another",
        lambda p, api: api.get_byok_v1_key("x", _request_auth=_auth("cookie", "sid", "v")),
        client={"cookie": "a=1"},
    ),
]

_HEADERS_AND_OPTIONS = [
    Call("_headers", lambda p, api: api.get_byok_v1_key("x", _headers={"X-One": "1"})),
    Call(
        "_headers with members of enums",
        lambda p, api: api.get_byok_v1_key("x", _headers={"X-One": Cloud.AWS, "X-Two": Size.SMALL}),
    ),
    Call("Accept", lambda p, api: api.get_byok_v1_key("x", _headers={"Accept": "text/html"})),
    Call(
        "headers that are no text",
        lambda p, api: api.get_byok_v1_key("x", _headers={"X-One": 5, "X-Two": True}),
    ),
    Call("default headers", _with_default_headers),
    Call("cookie", _with_cookie),
    Call(
        "header and cookie of the client",
        lambda p, api: api.delete_byok_v1_key("x"),
        client={"header_name": "X-One", "header_value": "1", "cookie": "sid=2"},
    ),
    Call("timeout", lambda p, api: api.get_byok_v1_key("x", _request_timeout=30)),
    Call("timeouts", lambda p, api: api.get_byok_v1_key("x", _request_timeout=(5, 30.5))),
    Call(
        "every option",
        lambda p, api: api.get_byok_v1_key(
            "x",
            _request_timeout=30,
            _request_auth=_BEARER,
            _content_type=None,
            _headers={},
            _host_index=0,
        ),
    ),
    Call("path prefix", lambda p, api: api.list_byok_v1_keys("AWS"), prefix="/api"),
    Call("path prefix with an id", lambda p, api: api.get_byok_v1_key("a/b"), prefix="/v/api"),
]

CALLS = [*_LISTS, *_CREATES, *_BY_ID, *_CREDENTIALS, *_HEADERS_AND_OPTIONS]
