"""The transport by itself, as wrapping SDKs use it, and what stands in its place."""

import errno
import os
import pickle
import traceback
from typing import Any, ClassVar
from unittest.mock import Mock
from urllib.parse import parse_qsl

import pytest
import urllib3
from typing_extensions import override
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from openapi_client import (
    ApiClient,
    ApiConnectionException,
    ApiException,
    ApiValueError,
    Configuration,
    KeysByokV1Api,
)
from openapi_client._transport.routes import Route
from openapi_client.rest import RESTClientObject, RESTResponse
from support.documents import KEY
from support.fault_server import FaultServer, refusing_port
from support.faults import Drop, Send
from support.recorder import RecordingServer
from support.replies import End, Framing, Reply
from support.waiting import wait_for

from .conftest import MakeApi
from .service import CREATED, GOOD, REQUEST, answer


class Stand:
    """A transport of somebody else's, with no more than it has to have."""

    def request(self, *_: Any, **__: Any) -> Any:
        """Make no request at all."""
        raise NotImplementedError


def test_transport_that_cannot_be_closed() -> None:
    """A client's ``with`` block can be left where its transport cannot be closed."""
    with ApiClient() as client:
        client.rest_client = Stand()
    assert isinstance(client.rest_client, Stand)


def test_transport_in_its_place_goes_along() -> None:
    """A transport that a client was given is pickled along with it."""
    client = ApiClient()
    client.rest_client = Stand()
    twin: ApiClient = pickle.loads(pickle.dumps(client))
    assert isinstance(twin.rest_client, Stand)


@pytest.mark.parametrize(
    ("body", "form", "sent"),
    [
        (None, None, b""),
        ({}, None, b"{}"),
        (b"bytes", None, b"bytes"),
        ("täxt", None, "täxt".encode()),
        ({"a": [1]}, None, b'{"a": [1]}'),
        (None, [("a", "b c"), ("d", "&")], b"a=b+c&d=%26"),
    ],
)
def test_bodies(body: Any, form: Any, sent: bytes) -> None:
    """Bytes and text are sent as they are, objects as JSON, and forms encoded."""
    with RecordingServer(lambda _: GOOD) as server:
        transport = RESTClientObject(Configuration(host=server.url))
        response = transport.request("POST", f"{server.url}/x", body=body, post_params=form)
        assert response.read() == response.read() == GOOD.body
        transport.close()
    assert server.only.body == sent
    assert form is None or parse_qsl(server.only.body.decode()) == form


def test_response_that_is_given_up_gives_up_its_connection() -> None:
    """An answer that is closed unread ends its connection; the next request takes another."""
    with RecordingServer(answer) as server:
        transport = RESTClientObject(Configuration(host=server.url))
        response = transport.request("GET", f"{server.url}/keys")
        assert isinstance(response, RESTResponse)
        assert response.getheader("content-type") == "application/json"
        assert server.open_connections == 1
        response.close()
        wait_for(lambda: server.open_connections == 0)
        transport.request("GET", f"{server.url}/keys").read()
        transport.close()
    assert [request.connection for request in server.requests] == [1, 2]


def test_pools_work_by_themselves() -> None:
    """A program can borrow the client's pools for a request of its own."""
    with RecordingServer(answer) as server:
        transport = RESTClientObject(Configuration(host=server.url))
        manager = transport.pool_manager
        assert isinstance(manager, urllib3.PoolManager)
        assert manager.request("GET", f"{server.url}/keys/cck-1").json() == KEY
        transport.close()


def test_close_between_the_choice_of_a_pool_and_its_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call succeeds although another thread closes the client in the same moment."""
    urlopen = HTTPConnectionPool.urlopen
    with RecordingServer(answer) as server:
        transport = RESTClientObject(Configuration(host=server.url))

        def close_first(pool: HTTPConnectionPool, *args: Any, **kwargs: Any) -> Any:
            monkeypatch.undo()
            transport.close()
            return urlopen(pool, *args, **kwargs)

        monkeypatch.setattr(HTTPConnectionPool, "urlopen", close_first)
        assert transport.request("GET", f"{server.url}/keys/cck-1").read() == GOOD.body
        transport.close()
    assert len(server.requests) == 1


class Recorder:
    """A connection as libraries that record put it in urllib3's place: no child of its class."""

    made: ClassVar[list[str]] = []

    def __init__(self, **settings: Any) -> None:
        self.made.append(settings["host"])
        self.inner = HTTPConnection(**settings)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def test_connections_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that records puts its connection in place, and the call goes over it."""
    monkeypatch.setattr(HTTPConnectionPool, "ConnectionCls", Recorder)
    with RecordingServer(answer) as server:
        transport = RESTClientObject(Configuration(host=server.url))
        assert transport.request("GET", f"{server.url}/keys/cck-1").read() == GOOD.body
        monkeypatch.undo()
        transport.close()
    assert Recorder.made == ["127.0.0.1"]


def test_a_call_within_an_except_clause(make_api: MakeApi) -> None:
    """A write is not repeated because its caller was handling another failure to connect."""
    with FaultServer([Drop.after_reading()], then=CREATED) as server, refusing_port() as port:
        lost: list[ApiConnectionException] = []
        try:
            make_api(f"http://127.0.0.1:{port}", retries=0).get_byok_v1_key("cck-1")
        except ApiException:
            with pytest.raises(ApiConnectionException) as caught:
                make_api(server.url).create_byok_v1_key(REQUEST)
            lost.append(caught.value)
    [failure] = lost
    assert len(server.requests) == 1
    assert failure.outcome_unknown
    assert f"no complete answer from 127.0.0.1:{server.port}" in str(failure)


class _Forgetful(ApiClient):
    """A client of a wrapper that read its token from a file, with the end of the line."""

    @override
    def call_api(
        self, method: str, url: str, header_params: Any = None, *rest: Any, **options: Any
    ) -> RESTResponse:
        headers = {**header_params, "Authorization": "Bearer t0ken-s3cret\n"}
        return super().call_api(method, url, headers, *rest, **options)


@pytest.mark.parametrize("is_warm", [False, True], ids=["new", "used before"])
def test_a_header_that_cannot_be_sent(is_warm: bool) -> None:
    """A header with a line break is refused by its name, and its value is not shown."""
    with RecordingServer(answer) as server, _Forgetful(Configuration(host=server.url)) as client:
        if is_warm:
            client.rest_client.request("GET", f"{server.url}/keys").read()
        sent = len(server.requests)
        with pytest.raises(ApiValueError, match="Authorization.* control characters") as caught:
            KeysByokV1Api(client).create_byok_v1_key(REQUEST)
        assert len(server.requests) == sent
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
    assert "s3cret" not in repr(caught.value.__context__)


def test_a_method_that_cannot_be_sent() -> None:
    """A wrapper that asks for a method that is none gets an exception of the family."""
    with RecordingServer(answer) as server, ApiClient(Configuration(host=server.url)) as client:
        with pytest.raises(ApiConnectionException, match="control characters|non-token"):
            client.rest_client.request("GE\nT", f"{server.url}/keys")
        assert server.requests == []


def test_manager_that_is_put_in_place_of_one_in_use(make_api: MakeApi) -> None:
    """A manager of the program's own makes the next request, also where the client was used."""

    class Manager(urllib3.PoolManager):
        seen: ClassVar[list[str]] = []

        def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
            self.seen.append(method)
            return super().request(method, url, *args, **options)

    with RecordingServer(answer) as server:
        api = make_api(server.url)
        api.get_byok_v1_key("cck-1")
        api.api_client.rest_client.pool_manager = Manager()
        api.get_byok_v1_key("cck-1")
        assert Manager.seen == ["GET"]


@pytest.mark.parametrize("manager", [Mock(), Mock(spec=urllib3.PoolManager), Stand()])
def test_stand_in_for_a_manager_may_be_closed(manager: Any) -> None:
    """A program's tests put a mock in place of the manager, and leave the client's block."""
    with ApiClient() as client:
        client.rest_client.pool_manager = manager
        assert client.rest_client.pool_manager is manager


@pytest.mark.parametrize("is_own", [False, True], ids=["ours", "the program's own"])
def test_pool_that_somebody_closed_by_itself(is_own: bool, make_api: MakeApi) -> None:
    """A pool that stays closed is a failure to connect, and no loop without an end."""
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        transport = api.api_client.rest_client
        if is_own:
            transport.pool_manager = urllib3.PoolManager()
        api.get_byok_v1_key("cck-1")
        transport.pool_manager.connection_from_url(server.url).close()
        with pytest.raises(ApiConnectionException, match="no connection to .* closed") as caught:
            api.create_byok_v1_key(REQUEST)
        assert not caught.value.outcome_unknown
        api.api_client.close()
        assert api.get_byok_v1_key("cck-1").id == "cck-1"


def test_close_while_a_route_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A manager that was closed is not used again, with the settings that it was made with."""
    make = Route.__init__
    with RecordingServer(answer) as server, RecordingServer(answer) as proxy:
        configuration = Configuration(host=server.url)
        transport = RESTClientObject(configuration)

        def close_first(route: Any, *args: Any) -> None:
            monkeypatch.undo()
            transport.close()
            configuration.proxy = proxy.url
            make(route, *args)

        monkeypatch.setattr(Route, "__init__", close_first)
        for _ in range(2):
            transport.request("GET", f"{server.url}/keys/cck-1").read()
        transport.close()
    assert (len(server.requests), len(proxy.requests)) == (0, 2)


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("odd", ["", "X-Odd: caf\xe9\r\n"], ids=["plain", "odd"])
def test_a_body_that_cannot_be(status: int, odd: str, make_api: MakeApi) -> None:
    """A status without a body is not waited upon for chunks that the head promises."""
    head = f"HTTP/1.1 {status} x\r\n{odd}Transfer-Encoding: chunked\r\n\r\n".encode("latin-1")
    with FaultServer([Send(head, End.HOLD)]) as server:
        transport = make_api(server.url).api_client.rest_client
        response = transport.request("DELETE", f"{server.url}/x", _request_timeout=20)
        assert (response.status, response.read()) == (status, b"")


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("odd", ["", "X-Odd: caf\xe9\r\n"], ids=["plain", "odd"])
def test_chunks_that_come_late_meet_no_other_request(
    status: int, odd: str, make_api: MakeApi
) -> None:
    """A connection on which a body may follow that cannot be is not used again."""
    head = f"HTTP/1.1 {status} x\r\n{odd}Transfer-Encoding: chunked\r\n\r\n".encode("latin-1")
    with FaultServer([Send(head, End.KEEP)], then=GOOD) as server:
        api = make_api(server.url)
        api.api_client.rest_client.request("DELETE", f"{server.url}/x").read()
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert server.connections == 2


@pytest.mark.parametrize("framing", [Framing.LENGTH, Framing.CHUNKED, Framing.CLOSE])
@pytest.mark.parametrize("size", [1, 10_000, 90_000, 100_000, 500_000])
def test_an_answer_of_any_size_comes_whole(size: int, framing: Framing, make_api: MakeApi) -> None:
    """What arrives with the head and what arrives later make one body."""
    data = (b"%07d " * (size // 8 + 1) % tuple(range(size // 8 + 1)))[:size]
    with FaultServer([Reply(200, body=data, framing=framing)]) as server:
        transport = make_api(server.url).api_client.rest_client
        assert transport.request("GET", f"{server.url}/x").read() == data


def test_a_refused_connection_is_told_in_words() -> None:
    """The text says what the system says, without its number for it."""
    with refusing_port() as port:
        transport = RESTClientObject(Configuration(f"http://127.0.0.1:{port}"))
        with pytest.raises(ApiConnectionException) as caught:
            transport.request("GET", f"http://127.0.0.1:{port}/")
    why = os.strerror(errno.ECONNREFUSED)
    assert caught.value.reason == f"no connection to 127.0.0.1:{port}: {why}"
