from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import (
    ApiAttributeError,
    ApiClient,
    ApiTypeError,
    ApiValueError,
    Configuration,
    KeysByokV1Api,
    OpenApiException,
)
from support.properties import examples
from support.recorder import RecordingServer
from support.replies import Reply

from .service import Connect, Operation

Call = Callable[[Any], object]
_KEY = {"kind": "AwsKey", "key_arn": "arn:a"}


@pytest.fixture
def refused(server: RecordingServer, connect: Connect) -> Callable[..., OpenApiException]:
    """Makes a call that has to be refused, with nothing on the wire, and gives the refusal."""

    def check(call: Call, name: str, **settings: Any) -> OpenApiException:
        api = connect(server, **settings)
        with pytest.raises((ApiValueError, ApiAttributeError)) as caught:
            call(api)
        assert name in str(caught.value)
        assert (server.connections, server.requests) == (0, [])
        return caught.value

    return check


Refused = Callable[..., OpenApiException]


@pytest.mark.parametrize("variant", ["", "_with_http_info", "_without_preload_content"])
@pytest.mark.parametrize("name", ["get", "update", "delete"])
@pytest.mark.parametrize(
    "id",
    [
        *("", " ", "\t", "\u2003", ".", "..", "%2e", "%2E%2e", ".%2e", " .. "),
        *("a\x00", "a\r\nb", "a\x7f", "\ud800", "x" * 256, 5, None, b"cck-1", ["cck-1"]),
    ],
)
def test_ids(refused: Refused, name: str, variant: str, id: Any) -> None:
    """An empty or crafted id is refused, and nothing is sent."""
    error = refused(lambda api: getattr(api, f"{name}_byok_v1_key{variant}")(id), "id")
    assert str(error).startswith("id ")
    assert isinstance(error, ApiTypeError) == (not isinstance(id, str))


@pytest.mark.parametrize("value", [0, -1, 101, "10", True, 10.0, [10]])
def test_page_size(refused: Refused, value: Any) -> None:
    """A page size that the service refuses, or a slip, is refused, and nothing is sent."""
    refused(lambda api: api.list_byok_v1_keys(page_size=value), "page_size")


@pytest.mark.parametrize(
    "name",
    ["provider", "state", "page_token", "display_name", "validation_phase", "validation_region"]
    + ["key"],
)
@pytest.mark.parametrize("value", [5, True, ["AWS"], b"AWS", "\ud800"])
def test_filters(refused: Refused, name: str, value: Any) -> None:
    """A filter that is no proper text is refused by its name, and nothing is sent."""
    refused(lambda api: api.list_byok_v1_keys(**{name: value}), name)


def test_page_token_that_is_too_long(refused: Refused) -> None:
    """A page token that no service has made is refused, and nothing is sent."""
    refused(lambda api: api.list_byok_v1_keys(page_token="x" * 256), "page_token")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (None, "create_byok_v1_key_request"),
        ("text", "create_byok_v1_key_request"),
        ([], "create_byok_v1_key_request"),
        ({}, "create_byok_v1_key_request.key"),
        ({"key": None}, "create_byok_v1_key_request.key"),
        ({"key": {}}, "create_byok_v1_key_request.key"),
        ({"key": {"kind": "AwsKey"}}, "key_arn"),
        ({"key": {"kind": "NewKey", "key_arn": "a"}}, "kind"),
        ({"key": {"kind": "AwsKey", "key_arn": 5}}, "key_arn"),
        ({"key": {**_KEY, "keyArn": "a"}}, "keyArn"),
        ({"key": {"kind": "AzureKey", "key_id": "k", "tenant_id": "t"}}, "key_vault_id"),
        ({"key": _KEY, "displayname": "n"}, "create_byok_v1_key_request.displayname"),
        ({"key": _KEY, "display_name": 5}, "create_byok_v1_key_request.display_name"),
    ],
)
def test_bodies_of_create(refused: Refused, body: Any, name: str) -> None:
    """A registration with something missing, wrong or misspelled is refused by its place."""
    refused(lambda api: api.create_byok_v1_key(body), name)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("name", "byok_v1_key_update"),
        ([("display_name", "n")], "byok_v1_key_update"),
        ({"displayname": "n"}, "byok_v1_key_update.displayname"),
        ({"display_name": 5}, "byok_v1_key_update.display_name"),
    ],
)
def test_bodies_of_update(refused: Refused, body: Any, name: str) -> None:
    """An update with a wrong or misspelled field is refused by its place."""
    refused(lambda api: api.update_byok_v1_key("cck-1", body), name)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"_request_timeot": 5}, "_request_timeot"),
        ({"async_req": True}, "async_req"),
        ({"_request_timeout": 0}, "_request_timeout"),
        ({"_request_timeout": -1}, "_request_timeout"),
        ({"_request_timeout": "5"}, "_request_timeout"),
        ({"_request_timeout": True}, "_request_timeout"),
        ({"_request_timeout": float("nan")}, "_request_timeout"),
        ({"_request_timeout": (1,)}, "_request_timeout"),
        ({"_request_timeout": (1, 2, 3)}, "_request_timeout"),
        ({"_request_timeout": (1, 0)}, "_request_timeout"),
        ({"_request_auth": "token"}, "_request_auth"),
        ({"_request_auth": {"in": "query", "key": "k", "value": "v"}}, "_request_auth"),
        ({"_request_auth": {"in": "body", "key": "k", "value": "v"}}, "_request_auth"),
        ({"_request_auth": {"in": "header", "value": "v"}}, "_request_auth"),
        ({"_request_auth": {"in": "header", "key": "a b", "value": "v"}}, "_request_auth"),
        ({"_request_auth": {"in": "header", "key": "k", "value": "v\r\nX: y"}}, "_request_auth"),
        ({"_content_type": "text/plain"}, "_content_type"),
        ({"_content_type": "application/json\r\nX: y"}, "_content_type"),
        ({"_content_type": 5}, "_content_type"),
        ({"_headers": {"X": "a\r\nY: b"}}, "_headers['X']"),
        ({"_headers": {"X\r\nY": "b"}}, "_headers"),
        ({"_headers": {"X": None}}, "_headers['X']"),
        ({"_headers": {"X": "€"}}, "_headers['X']"),
        ({"_headers": {5: "b"}}, "_headers"),
        ({"_headers": [("X", "b")]}, "_headers"),
        ({"_headers": "X: b"}, "_headers"),
        ({"_host_index": 1}, "_host_index"),
        ({"_host_index": -1}, "_host_index"),
        ({"_host_index": "0"}, "_host_index"),
    ],
)
def test_options(
    refused: Refused, operation: Operation, variant: str, options: dict[str, Any], name: str
) -> None:
    """A slip in an option is refused by the option's name, and nothing is sent."""
    refused(lambda api: operation.call(api, variant, **options), name)


def test_unknown_arguments(server: RecordingServer, connect: Connect) -> None:
    """A misspelled, missing or superfluous argument is a ``TypeError``."""
    api: Any = connect(server)
    calls: list[Callable[[], object]] = [
        lambda: api.list_byok_v1_keys(provder="AWS"),
        lambda: api.get_byok_v1_key("cck-1", 30),
        api.get_byok_v1_key,
    ]
    for call in calls:
        with pytest.raises(TypeError, match="argument"):
            call()
    assert server.connections == 0


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"password": None}, "password"),
        ({"password": ""}, "password"),
        ({"username": None}, "username"),
        ({"username": "", "password": ""}, "username"),
        ({"access_token": ""}, "access_token"),
        ({"access_token": lambda: None}, "access_token"),
        ({"access_token": lambda: "t\n"}, "access_token"),
    ],
)
def test_credentials(
    refused: Refused,
    operation: Operation,
    variant: str,
    settings: dict[str, Any],
    name: str,
) -> None:
    """Incomplete or malformed credentials are refused by name, and nothing is sent."""
    refused(lambda api: operation.call(api, variant), name, **settings)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:{port}",
        "//127.0.0.1:{port}",
        "ftp://127.0.0.1:{port}",
        "http://u:p@127.0.0.1:{port}",
    ]
    + ["http://127.0.0.1:{port}?x", "http://127.0.0.1:{port}#x", "http://127.0.0.1:{port}/.."]
    + ["http:\\\\127.0.0.1:{port}", " http://127.0.0.1:{port}"],
)
def test_hosts(server: RecordingServer, connect: Connect, host: str) -> None:
    """A host that might lead elsewhere, or has a password, is refused where it is set."""
    api = connect(server)
    with pytest.raises(ApiValueError, match="^host"):
        api.api_client.configuration.host = host.format(port=server.port)
    assert server.connections == 0


def test_headers_of_the_client(server: RecordingServer) -> None:
    """A malformed header for all calls is refused where it is set."""
    settings = Configuration(host=server.url)
    for name, value in (("X", "a\r\nY: b"), ("X\n", "a"), ("", "a"), ("X", None)):
        with pytest.raises(ApiValueError):
            ApiClient(settings, name, value)
        with pytest.raises(ApiValueError):
            ApiClient(settings).set_default_header(name, value)
    with pytest.raises(ApiValueError, match="user_agent"):
        ApiClient(settings).user_agent = "a\r\nb"
    assert server.connections == 0


def test_cookie_of_the_client(server: RecordingServer) -> None:
    """A line break in a cookie is refused, and nothing is sent."""
    settings = Configuration(host=server.url, retries=0)
    with pytest.raises(ApiValueError, match="cookie"):
        KeysByokV1Api(ApiClient(settings, cookie="a=1\r\nX: y")).list_byok_v1_keys()
    assert server.connections == 0


def test_default_headers_that_were_assigned(refused: Refused) -> None:
    """A malformed header that was put into the dict itself is refused by its name."""

    def call(api: KeysByokV1Api) -> None:
        api.api_client.default_headers["X-Own"] = "a\r\nY: b"
        api.list_byok_v1_keys()

    refused(call, "X-Own")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"_request_auth": {"in": "cookie", "key": "sid", "value": "v"}},
        {"_headers": {"authorization": "Bearer t"}},
    ],
)
def test_credentials_in_the_clear(
    refused: Refused, operation: Operation, variant: str, options: dict[str, Any]
) -> None:
    """Credentials are not sent to another machine over plain http."""
    refused(
        lambda api: operation.call(api, variant, **options), "plain http", host="http://api.test"
    )


def test_other_credentials_in_the_clear(refused: Refused) -> None:
    """A token in a header of its own is not sent over plain http either."""
    own = {"in": "header", "key": "X-Token", "value": "s3cret"}
    refused(
        lambda api: api.list_byok_v1_keys(_request_auth=own), "plain http", host="http://api.test"
    )


def test_credentials_in_the_clear_where_that_is_allowed(
    server: RecordingServer, connect: Connect
) -> None:
    """Credentials are sent over plain http where that is allowed."""
    # The server takes the place of a proxy, so that the host need not exist.
    api = connect(server, host="http://api.test", proxy=server.url, allow_insecure_http=True)
    api.list_byok_v1_keys()
    assert server.only.target == "http://api.test/byok/v1/keys"
    assert server.only.header("Authorization") is not None


def test_no_credentials_in_the_clear(server: RecordingServer, connect: Connect) -> None:
    """A call without credentials may go over plain http."""
    api = connect(server, host="http://api.test", proxy=server.url, access_token=None)
    api.list_byok_v1_keys()
    assert server.only.target == "http://api.test/byok/v1/keys"


@pytest.mark.parametrize(
    ("call", "target", "body"),
    [
        (lambda api: api.list_byok_v1_keys(page_size=0), "/byok/v1/keys?page_size=0", b""),
        (lambda api: api.list_byok_v1_keys(page_size="10"), "/byok/v1/keys?page_size=10", b""),
        (lambda api: api.list_byok_v1_keys(True), "/byok/v1/keys?provider=true", b""),
        (lambda api: api.get_byok_v1_key("x" * 300), "/byok/v1/keys/" + "x" * 300, b""),
        (lambda api: api.create_byok_v1_key(), "/byok/v1/keys", b""),
        (lambda api: api.create_byok_v1_key({"new": [1]}), "/byok/v1/keys", b'{"new": [1]}'),
        (
            lambda api: api.update_byok_v1_key("a", {"display_name": None}),
            "/byok/v1/keys/a",
            b'{"display_name": null}',
        ),
    ],
)
def test_local_checks_can_be_switched_off(
    server: RecordingServer, connect: Connect, call: Call, target: str, body: bytes
) -> None:
    """With the local checks off, a field or limit that is new in the service can be used."""
    call(connect(server, client_side_validation=False))
    assert (server.only.target, server.only.body) == (target, body)


@pytest.mark.parametrize("id", ["", "..", "%2e", "a\r\nb"])
def test_checks_that_stay_on(refused: Refused, id: str) -> None:
    """With the local checks off, an id that leads to another path is refused all the same."""
    refused(lambda api: api.delete_byok_v1_key(id), "id", client_side_validation=False)


@pytest.mark.parametrize("body", [object(), {"key": {1, 2}}, {"key": b"bytes"}])
def test_what_has_no_form_in_json(refused: Refused, body: Any) -> None:
    """A body that has no form in JSON is refused with an exception of the family."""
    refused(lambda api: api.create_byok_v1_key(body), "JSON", client_side_validation=False)


@examples(60, shared_fixture=True)
@given(st.text(min_size=1) | st.text("./%2eF\\;?#a", min_size=1))
def test_any_id_stays_on_its_path(connect: Connect, server: RecordingServer, id: str) -> None:
    """An id stays one segment of its path, or is refused."""
    api = connect(server)
    before = len(server.requests)
    try:
        api.delete_byok_v1_key(id)
    except ApiValueError:
        assert len(server.requests) == before
        return
    target = server.requests[-1].target
    assert target.startswith("/byok/v1/keys/")
    assert not set("/?#\\") & set(target.removeprefix("/byok/v1/keys/"))


def test_an_odd_host_in_a_location_does_no_harm(connect: Connect) -> None:
    """A malformed redirect is not followed, and comes as the answer."""
    for location in ("http://[", "http://a b", "\\\\x", "http://x:port/"):
        reply = Reply(302, (("Location", location),))
        with RecordingServer(lambda _, reply=reply: reply) as server:  # type: ignore[misc]  # mypy#12557
            answer = connect(server).list_byok_v1_keys_without_preload_content()
            assert (answer.status, len(server.requests)) == (302, 1)


def test_text_that_no_encoding_has(refused: Refused) -> None:
    """Text that no JSON can carry, such as a file name of another encoding, is not sent."""
    name = b"Schl\xfcssel".decode("utf-8", "surrogateescape")
    refused(lambda api: api.update_byok_v1_key("cck-1", {"display_name": name}), "no encoding")
    body = {"key": _KEY, "display_name": name}
    refused(lambda api: api.create_byok_v1_key(body), "no encoding")
