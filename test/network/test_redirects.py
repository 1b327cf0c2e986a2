"""Where a call goes that is sent elsewhere, and what it takes along."""

import contextlib
from collections.abc import Callable, Generator
from typing import Any

import pytest

from openapi_client import ApiClient, ApiException, Configuration, KeysByokV1Api
from support.clock import FakeClock
from support.fault_server import FaultServer
from support.recorder import RecordingServer
from support.replies import Reply, Step, html_reply, redirect
from support.socket_server import SocketServer
from support.tls import Authority
from support.wire import Request

from .conftest import MakeApi
from .service import GOOD, REQUEST, answer

_AUTHORITY = Authority()
_CODES = [301, 302, 303, 307, 308]
_CALLS: dict[str, Callable[[KeysByokV1Api], Any]] = {
    "GET": lambda api: api.get_byok_v1_key("cck-1", _headers={"X-Own": "hush"}),
    "POST": lambda api: api.create_byok_v1_key(REQUEST, _headers={"X-Own": "hush"}),
    "PATCH": lambda api: api.update_byok_v1_key(
        "cck-1", {"display_name": "n"}, _headers={"X-Own": "hush"}
    ),
    "DELETE": lambda api: api.delete_byok_v1_key("cck-1", _headers={"X-Own": "hush"}),
}
_WRITES = ["POST", "PATCH", "DELETE"]


def _api(host: str) -> KeysByokV1Api:
    """An API that sends all that it can send."""
    configuration = Configuration(
        host, username="key-id", password="s3cret-hush", ca_cert_data=_AUTHORITY.pem
    )
    client = ApiClient(configuration, "X-Default", "hush", cookie="sid=hush")
    client.clock = FakeClock()
    return KeysByokV1Api(client)


@contextlib.contextmanager
def _sending_to(goal: str, code: int, **options: Any) -> Generator[RecordingServer, None, None]:
    with RecordingServer(lambda _: redirect(code, goal), **options) as server:
        yield server


def _names(request: Request) -> set[str]:
    return {name.lower() for name, _ in request.headers}


@pytest.mark.parametrize("code", _CODES)
@pytest.mark.parametrize("method", _CALLS)
def test_within_the_origin(method: str, code: int) -> None:
    """Within the origin a read is sent on, and at 307 and 308 a write is, unchanged."""
    follows = method == "GET" or code in {307, 308}

    def choose(request: Request) -> Step:
        moved = request.target.startswith("/new")
        return answer(request) if moved else redirect(code, f"/new{request.path}?a=%20b#c")

    with RecordingServer(choose) as server, _api(server.url).api_client as client:
        result = contextlib.nullcontext() if follows else pytest.raises(ApiException)
        with result as caught:
            _CALLS[method](KeysByokV1Api(client))
        first, *others = server.requests
    if not follows:
        assert caught is not None
        assert caught.value.status == code
        assert others == []
        return
    (second,) = others
    assert second.target == f"/new{first.path}?a=%20b"
    assert (second.method, second.headers, second.body) == (method, first.headers, first.body)


@contextlib.contextmanager
def _elsewhere(kind: str) -> Generator[tuple[SocketServer, str, dict[str, Any]], None, None]:
    """A server, the URL of it to redirect to, and options for the one that redirects."""
    tls = _AUTHORITY.server_context()
    encrypted = kind in {"http to https", "https"}
    with RecordingServer(answer, tls=tls if encrypted else None) as server:
        url = server.url
        if kind == "host":
            url = url.replace("127.0.0.1", "localhost")
        yield server, url, {"tls": tls} if kind in {"https", "https to http"} else {}


_KINDS = ["port", "host", "https", "http to https", "https to http"]


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("code", _CODES)
@pytest.mark.parametrize("method", _CALLS)
def test_to_another_origin(method: str, code: int, kind: str) -> None:
    """Another origin gets a read without credentials, and no write at all."""
    follows = method == "GET" and kind != "https to http"
    with (
        _elsewhere(kind) as (other, url, options),
        _sending_to(f"{url}/there", code, **options) as origin,
        _api(origin.url).api_client as client,
    ):
        result = contextlib.nullcontext() if follows else pytest.raises(ApiException)
        with result as caught:
            _CALLS[method](KeysByokV1Api(client))
        assert len(origin.requests) == 1
        assert "authorization" in _names(origin.requests[0])
        requests = other.requests
    if not follows:
        assert caught is not None
        assert caught.value.status == code
        assert dict(caught.value.headers or {})["Location"] == f"{url}/there"
        assert not caught.value.outcome_unknown
        assert requests == []
        return
    (request,) = requests
    assert (request.method, request.target, request.body) == ("GET", "/there", b"")
    assert _names(request) <= {"host", "accept", "accept-encoding", "user-agent"}
    assert "hush" not in str(request.headers)


def test_there_and_back_again() -> None:
    """A call that a stranger sends back carries no credentials any more."""
    strangers: list[SocketServer] = []

    def choose(request: Request) -> Step:
        return GOOD if request.path == "/back" else redirect(302, strangers[0].url)

    with (
        RecordingServer(choose) as origin,
        _sending_to(f"{origin.url}/back", 302) as stranger,
        _api(origin.url).api_client as client,
    ):
        strangers.append(stranger)
        assert KeysByokV1Api(client).get_byok_v1_key("cck-1").id == "cck-1"
        first, second = origin.requests
    assert "authorization" in _names(first)
    assert "authorization" not in _names(second)


@pytest.mark.parametrize(
    "location",
    [
        "",
        "https://[::bad",
        "http://user:pw@127.0.0.1/",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "/with space",
        "\\\\127.0.0.1\\share",
        "http://127.0.0.1:99999/",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("method", _CALLS)
def test_to_nowhere(method: str, location: str) -> None:
    """A redirect that nobody can follow ends the call with its status."""
    with _sending_to(location, 307) as origin, _api(origin.url).api_client as client:
        with pytest.raises(ApiException) as caught:
            _CALLS[method](KeysByokV1Api(client))
        assert len(origin.requests) == 1
    assert caught.value.status == 307


@pytest.mark.parametrize("code", [307, 308])
@pytest.mark.parametrize("method", _CALLS)
def test_five_redirects_and_no_more(method: str, code: int, make_api: MakeApi) -> None:
    """Five redirects are followed, and a sixth ends the call with its status."""
    hop = redirect(code, "/next")
    good = Reply(204) if method == "DELETE" else GOOD
    with FaultServer([*[hop] * 5, good]) as server:
        _CALLS[method](make_api(server.url))
        assert len(server.requests) == 6
    with FaultServer([*[hop] * 6, good]) as server:
        with pytest.raises(ApiException) as caught:
            _CALLS[method](make_api(server.url))
        assert (caught.value.status, len(server.requests)) == (code, 6)


@pytest.mark.parametrize("method", _WRITES)
def test_a_failure_after_a_redirect(method: str, make_api: MakeApi) -> None:
    """A write that fails after a redirect is in doubt, and a deletion is tried again."""
    with FaultServer([redirect(307, "/next"), html_reply(502), Reply(204)]) as server:
        if method == "DELETE":
            _CALLS[method](make_api(server.url))
            first, second, third = server.requests
            assert [first.target, second.target] == [third.target, "/next"]
            return
        with pytest.raises(ApiException) as caught:
            _CALLS[method](make_api(server.url, retries=0))
        assert caught.value.outcome_unknown
        assert len(server.requests) == 2


def test_a_stream_follows_too(make_api: MakeApi) -> None:
    """A call whose body the caller reads follows redirects too."""
    with FaultServer([redirect(308, "/next"), GOOD]) as server:
        response = make_api(server.url).get_byok_v1_key_without_preload_content("cck-1")
        assert response.json()["id"] == "cck-1"
        assert server.connections == 1
