from typing import Any

import pytest

from openapi_client import ApiClient, Configuration
from openapi_client.rest import RESTResponse
from support.recorder import RecordingServer
from support.wire import Request, header_values

from .service import Connect, Operation


def _authorizations(request: Request) -> list[str]:
    return header_values(request.headers, "Authorization")


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
def test_credentials_of_a_call(
    server: RecordingServer, connect: Connect, operation: Operation, variant: str, name: str
) -> None:
    """Credentials of a call are sent in place of the configured ones."""
    own = {"type": "oauth2", "in": "header", "key": name, "value": "Bearer own"}
    operation.call(connect(server), variant, _request_auth=own)
    assert _authorizations(server.only) == ["Bearer own"]


def test_credentials_in_a_header_of_the_call(
    server: RecordingServer, connect: Connect, operation: Operation, variant: str
) -> None:
    """Credentials in a header of the call, in any case, are sent in place of the configured."""
    operation.call(connect(server), variant, _headers={"authorization": "Bearer own"})
    assert _authorizations(server.only) == ["Bearer own"]


def test_broken_configured_credentials_do_not_matter_to_a_call_with_its_own(
    server: RecordingServer, connect: Connect
) -> None:
    """A call that brings its credentials along works without a whole API key in the settings."""
    api = connect(server, password=None)
    api.list_byok_v1_keys(_headers={"Authorization": "Bearer own"})
    api.list_byok_v1_keys(
        _request_auth={"in": "header", "key": "Authorization", "value": "Bearer own"}
    )
    assert [_authorizations(request) for request in server.requests] == [["Bearer own"]] * 2


def test_other_header_for_credentials(server: RecordingServer, connect: Connect) -> None:
    """Credentials in another header are sent in place of the configured ones."""
    own = {"in": "header", "key": "X-Token", "value": "own"}
    connect(server).list_byok_v1_keys(_request_auth=own)
    assert server.only.header("X-Token") == "own"
    assert _authorizations(server.only) == []


def test_credentials_in_a_header_of_every_call(server: RecordingServer, connect: Connect) -> None:
    """No header is sent twice, whichever one the credentials are in."""
    own = {"in": "header", "key": "accept", "value": "own"}
    connect(server).list_byok_v1_keys(_request_auth=own)
    assert server.only.header("Accept") == "application/json"


def test_cookie_for_credentials(server: RecordingServer, connect: Connect) -> None:
    """A cookie for credentials is sent beside the client's, and the API key is not."""
    api = connect(server, client=lambda settings: ApiClient(settings, cookie="a=1"))
    api.list_byok_v1_keys(_request_auth={"in": "cookie", "key": "sid", "value": "v"})
    assert server.only.header("Cookie") == "a=1; sid=v"
    assert _authorizations(server.only) == []


def test_empty_credentials_of_a_call(server: RecordingServer, connect: Connect) -> None:
    """An empty dict of credentials leaves the configured ones in place."""
    connect(server).list_byok_v1_keys(_request_auth={})
    assert len(_authorizations(server.only)) == 1


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/merge-patch+json"]
)
def test_media_type(
    server: RecordingServer, connect: Connect, operation: Operation, variant: str, kind: str
) -> None:
    """The media type of a body can be chosen."""
    operation.call(connect(server), variant, _content_type=kind)
    assert server.only.header("Content-Type") == (kind if operation.has_body else None)
    assert server.only.body == operation.body


def test_media_type_in_another_case(server: RecordingServer, connect: Connect) -> None:
    """A media type may be in any case, and is sent as it is given."""
    connect(server).update_byok_v1_key("cck-1", {}, _content_type="Application/JSON")
    assert server.only.header("Content-Type") == "Application/JSON"


def test_headers_of_a_call_win(
    server: RecordingServer, connect: Connect, operation: Operation, variant: str
) -> None:
    """A header of the call is sent once, in place of the client's."""
    api = connect(server)
    api.api_client.set_default_header("X-One", "default")
    own = {"x-one": 1, "ACCEPT": "text/html", "user-agent": "own/1", "X-Flag": True}
    operation.call(api, variant, _headers=own)
    sent = server.only
    assert (sent.header("X-One"), sent.header("X-Flag")) == ("1", "true")
    assert (sent.header("Accept"), sent.header("User-Agent")) == ("text/html", "own/1")


def test_options_that_are_none(
    server: RecordingServer, connect: Connect, operation: Operation, variant: str
) -> None:
    """Options that are ``None`` count as not given."""
    names = ("_request_timeout", "_request_auth", "_content_type", "_headers")
    operation.call(connect(server), variant, **dict.fromkeys(names), _host_index=0)
    assert server.only.target == operation.target


class _Watching(ApiClient):
    """Keeps the timeouts that its attempts are given."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.timeouts: list[Any] = []

    def call_api(self, *args: Any, **kwargs: Any) -> RESTResponse:
        """Note the timeout."""
        self.timeouts.append(kwargs["_request_timeout"])
        return super().call_api(*args, **kwargs)


@pytest.mark.parametrize(
    ("asked", "pair", "budget"),
    [
        (None, (10.0, 60.0), 120.0),
        (7, (10.0, 60.0), 7.0),
        ((1, 2), (1.0, 2.0), 120.0),
        ([1, 2], (1.0, 2.0), 120.0),
    ],
)
def test_timeouts(
    server: RecordingServer,
    connect: Connect,
    operation: Operation,
    variant: str,
    asked: Any,
    pair: tuple[float, float],
    budget: float,
) -> None:
    """A number is the deadline of a call, and a pair limits connecting and reading."""
    api = connect(server, client=_Watching)
    operation.call(api, variant, _request_timeout=asked)
    watching = api.api_client
    assert isinstance(watching, _Watching)
    assert watching.timeouts == [pair]
    assert watching.timeouts[0].left() == budget
