import base64
import platform
from importlib.metadata import version
from typing import Any

import pytest

import openapi_client
from openapi_client import (
    ApiClient,
    ByokV1AwsKey,
    ByokV1AzureKey,
    ByokV1GcpKey,
    ByokV1KeyKey,
    ByokV1KeyUpdate,
    CreateByokV1KeyRequest,
)
from support.recorder import RecordingServer

from .service import Connect, Operation

_AGENT = (
    f"confluent-byok-client/{openapi_client.__version__} "
    f"python/{platform.python_version()} urllib3/{version('urllib3')}"
)
_BASIC = "Basic " + base64.b64encode(b"id:s3cret").decode()


def _expected_headers(server: RecordingServer, operation: Operation) -> dict[str, str]:
    """All headers of a request with an API key and no options."""
    headers = {
        "Host": server.url.removeprefix("http://"),
        "Accept-Encoding": "identity",
        "User-Agent": _AGENT,
        "Accept": "application/json",
        "Authorization": _BASIC,
    }
    if operation.has_body:
        length = str(len(operation.body))
        headers |= {"Content-Type": "application/json", "Content-Length": length}
    return headers


def test_every_request(
    server: RecordingServer, connect: Connect, operation: Operation, variant: str
) -> None:
    """Each operation sends its method, target, headers and body, and nothing else."""
    operation.call(connect(server), variant)
    sent = server.only
    assert (sent.method, sent.target) == (operation.method, operation.target)
    assert sent.body == operation.body
    assert sorted(sent.headers) == sorted(_expected_headers(server, operation).items())


def test_positional_arguments_of_list(server: RecordingServer, connect: Connect) -> None:
    """The positional arguments of a listing are provider, state, page size and page token."""
    connect(server).list_byok_v1_keys("AWS", "IN_USE", 5, "t")
    assert server.only.query == "provider=AWS&state=IN_USE&page_size=5&page_token=t"


def test_every_filter(server: RecordingServer, connect: Connect) -> None:
    """Every filter is sent."""
    connect(server).list_byok_v1_keys(
        display_name="d", validation_phase="VALID", validation_region="r", key="k", provider=""
    )
    assert server.only.query == (
        "provider=&display_name=d&validation_phase=VALID&validation_region=r&key=k"
    )


def test_no_filters(server: RecordingServer, connect: Connect) -> None:
    """Without filters no query is sent: defaults are the service's."""
    connect(server).list_byok_v1_keys()
    assert server.only.target == "/byok/v1/keys"


def test_the_longest_id_and_token(server: RecordingServer, connect: Connect) -> None:
    """An id and a page token of 255 characters, the most that the service makes, are sent."""
    api = connect(server)
    api.get_byok_v1_key("x" * 255)
    api.list_byok_v1_keys(page_token="t" * 255)
    got, listed = server.requests
    assert got.target == f"/byok/v1/keys/{'x' * 255}"
    assert listed.query == f"page_token={'t' * 255}"


_ARN = "arn:aws:kms:us-west-2:1:key/a"
_AWS = b'{"key": {"key_arn": "arn:aws:kms:us-west-2:1:key/a", "kind": "AwsKey"}}'


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (CreateByokV1KeyRequest(key={"kind": "AwsKey", "key_arn": _ARN}), _AWS),
        (CreateByokV1KeyRequest(key=ByokV1AwsKey(key_arn=_ARN)), _AWS),
        (CreateByokV1KeyRequest(key=ByokV1KeyKey(ByokV1AwsKey(key_arn=_ARN))), _AWS),
        ({"key": ByokV1AwsKey(key_arn=_ARN)}, _AWS),
        (
            CreateByokV1KeyRequest(
                id="cck-1", state="IN_USE", key=ByokV1AwsKey(key_arn=_ARN, roles=["r"])
            ),
            _AWS,
        ),
        (
            CreateByokV1KeyRequest(
                key=ByokV1AzureKey(key_id="k", key_vault_id="v", tenant_id="t", application_id="a")
            ),
            b'{"key": {"key_id": "k", "key_vault_id": "v", "kind": "AzureKey", "tenant_id": "t"}}',
        ),
        (
            CreateByokV1KeyRequest(key=ByokV1GcpKey(key_id="k", security_group="g")),
            b'{"key": {"key_id": "k", "kind": "GcpKey"}}',
        ),
    ],
)
def test_bodies_of_create(
    server: RecordingServer, connect: Connect, request_: Any, body: bytes
) -> None:
    """A registration sends the key with its kind, and no fields that the service makes."""
    connect(server).create_byok_v1_key(request_)
    assert server.only.body == body


@pytest.mark.parametrize(
    ("update", "body"),
    [
        (ByokV1KeyUpdate(display_name="n"), b'{"display_name": "n"}'),
        (ByokV1KeyUpdate(id="cck-2", state="IN_USE", display_name="n"), b'{"display_name": "n"}'),
        (ByokV1KeyUpdate(), b"{}"),
        ({"display_name": None}, b"{}"),
        (None, b""),
    ],
)
def test_bodies_of_update(
    server: RecordingServer, connect: Connect, update: Any, body: bytes
) -> None:
    """An update sends a name that is set, and nothing else."""
    connect(server).update_byok_v1_key("cck-1", update)
    sent = server.only
    assert sent.body == body
    assert sent.header("Content-Type") == "application/json"
    assert sent.header("Content-Length") == str(len(body))


@pytest.mark.parametrize(
    ("prefix", "path"), [("/", ""), ("/api", "/api"), ("/api/", "/api"), ("/a/%7Eb//", "/a/%7Eb")]
)
def test_host_with_a_path(
    server: RecordingServer, connect: Connect, operation: Operation, prefix: str, path: str
) -> None:
    """A host with a path has the API under that path, whatever slashes are at its end."""
    operation.call(connect(server, prefix))
    assert server.only.target == path + operation.target


@pytest.mark.parametrize(
    ("settings", "value"),
    [
        ({"username": "ü", "password": "é:пароль"}, "Basic w7w6w6k60L/QsNGA0L7Qu9GM"),
        ({"access_token": "tok"}, "Bearer tok"),
        ({"access_token": lambda: "fresh"}, "Bearer fresh"),
    ],
)
def test_credentials(
    server: RecordingServer, connect: Connect, settings: dict[str, Any], value: str
) -> None:
    """Credentials are sent in the form that the service takes."""
    connect(server, **settings).list_byok_v1_keys()
    assert server.only.header("Authorization") == value


def test_no_credentials(server: RecordingServer, connect: Connect) -> None:
    """Without credentials no header is sent for them."""
    connect(server, access_token=None).list_byok_v1_keys()
    assert server.only.header("Authorization") is None


def test_a_token_function_is_asked_for_each_call(server: RecordingServer, connect: Connect) -> None:
    """A function that gives tokens is asked for each call."""
    tokens = iter(["one", "two"])
    api = connect(server, access_token=lambda: next(tokens))
    api.list_byok_v1_keys()
    api.list_byok_v1_keys()
    sent = [request.header("Authorization") for request in server.requests]
    assert sent == ["Bearer one", "Bearer two"]


def test_changed_credentials_and_host_hold_from_the_next_call(
    server: RecordingServer, connect: Connect
) -> None:
    """Changed credentials, and a changed host, hold from the next call."""
    api = connect(server)
    api.list_byok_v1_keys()
    settings = api.api_client.configuration
    settings.password, settings.host = "new", f"{server.url}/v2"
    api.list_byok_v1_keys()
    assert server.requests[1].header("Authorization") == "Basic aWQ6bmV3"
    assert server.requests[1].path == "/v2/byok/v1/keys"


def test_headers_for_all_calls(server: RecordingServer, connect: Connect) -> None:
    """A wrapper can mark its requests with headers, a cookie and its name."""
    api = connect(
        server,
        client=lambda configuration: ApiClient(configuration, "X-One", "1", "a=1"),
        user_agent_suffix="wrapper/2.0",
    )
    api.api_client.set_default_header("x-two", 2)
    api.list_byok_v1_keys()
    sent = server.only
    assert (sent.header("X-One"), sent.header("X-Two")) == ("1", "2")
    assert sent.header("Cookie") == "a=1"
    assert sent.header("User-Agent") == f"{_AGENT} wrapper/2.0"


def test_default_headers_yield_to_credentials(server: RecordingServer, connect: Connect) -> None:
    """The credentials are sent in place of a default header of their name."""
    api = connect(server)
    api.api_client.set_default_header("authorization", "Bearer default")
    api.api_client.set_default_header("user-agent", "own/1")
    api.list_byok_v1_keys()
    assert server.only.header("Authorization") == _BASIC
    assert server.only.header("User-Agent") == "own/1"


def test_user_agent_can_be_replaced(server: RecordingServer, connect: Connect) -> None:
    """The user agent can be replaced."""
    api = connect(server)
    api.api_client.user_agent = "own/1 (contact)"
    api.list_byok_v1_keys()
    assert server.only.header("User-Agent") == api.api_client.user_agent == "own/1 (contact)"


def test_any_character_can_be_in_a_name(server: RecordingServer, connect: Connect) -> None:
    """Characters beyond those of 16 bits are sent as JSON writes them."""
    connect(server).update_byok_v1_key("cck-1", {"display_name": "\U0001f511 key"})
    assert server.only.body == b'{"display_name": "\\ud83d\\udd11 key"}'


@pytest.mark.parametrize("name", ["User-Agent", "user-agent"])
def test_user_agent_that_was_set_last_is_sent(
    name: str, server: RecordingServer, connect: Connect
) -> None:
    """Of two ways to name the program, the later one counts, in whatever case the first was."""
    api = connect(server)
    api.api_client.set_default_header(name, "old/1")
    api.api_client.user_agent = "new/1"
    api.list_byok_v1_keys()
    api.api_client.set_default_header(name, "newer/1")
    api.list_byok_v1_keys()
    sent = [request.header("User-Agent") for request in server.requests]
    assert sent == ["new/1", "newer/1"]


@pytest.mark.parametrize("checks", [True, False])
def test_page_is_asked_for_by_its_link(
    checks: bool, server: RecordingServer, connect: Connect
) -> None:
    """Of a link to a page only the token is sent, whether or not arguments are checked."""
    link = "https://api.confluent.cloud/byok/v1/keys?page_size=2&page_token=a%2Bb"
    connect(server, client_side_validation=checks).list_byok_v1_keys(page_token=link)
    assert server.only.query == "page_token=a%2Bb"
