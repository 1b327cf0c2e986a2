"""The transport by itself, as wrapping SDKs use it, and what stands in its place."""

import errno
import os
import pickle
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import pytest
import urllib3
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from openapi_client import ApiClient, ApiConnectionException, Configuration
from openapi_client.rest import RESTClientObject, RESTResponse
from support.documents import KEY
from support.fault_server import refusing_port
from support.recorder import RecordingServer

from .service import GOOD, answer


class Stand:
    """A transport of somebody else's, with no more than it has to have."""

    def request(self, *_: Any, **__: Any) -> Any:
        """Make no request at all."""
        raise NotImplementedError


def test_transport_that_cannot_be_closed() -> None:
    """Leaving a ``with`` block fails for a transport that has nothing to close."""
    with ApiClient() as client:
        client.rest_client = Stand()
    assert isinstance(client.rest_client, Stand)


def test_transport_in_its_place_goes_along() -> None:
    """A client that was given a transport has another one in the next process."""
    client = ApiClient()
    client.rest_client = Stand()
    twin: ApiClient = pickle.loads(pickle.dumps(client))
    assert isinstance(twin.rest_client, Stand)


@pytest.mark.parametrize(
    ("body", "form", "sent"),
    [
        (None, None, b""),
        (b"bytes", None, b"bytes"),
        ("täxt", None, "täxt".encode()),
        ({"a": [1]}, None, b'{"a": [1]}'),
        (None, [("a", "b c"), ("d", "&")], b"a=b+c&d=%26"),
    ],
)
def test_bodies(body: Any, form: Any, sent: bytes) -> None:
    """A wrapper that calls the transport itself sends something else than it said."""
    with RecordingServer(lambda _: GOOD) as server:
        transport = RESTClientObject(Configuration(host=server.url))
        response = transport.request("POST", f"{server.url}/x", body=body, post_params=form)
        assert response.read() == response.read() == GOOD.body
        transport.close()
    assert server.only.body == sent
    assert form is None or parse_qsl(server.only.body.decode()) == form


def test_response_that_is_given_up_gives_up_its_connection() -> None:
    """An answer that nobody reads keeps its connection from everybody else."""
    with RecordingServer(answer) as server:
        transport = RESTClientObject(Configuration(host=server.url))
        response = transport.request("GET", f"{server.url}/keys")
        assert isinstance(response, RESTResponse)
        assert response.getheader("content-type") == "application/json"
        response.close()
        transport.request("GET", f"{server.url}/keys").read()
        transport.close()
    assert [request.connection for request in server.requests] == [1, 2]


def test_pools_work_by_themselves() -> None:
    """A program that borrows the client's pools for a request of its own gets no answer."""
    with RecordingServer(answer) as server:
        transport = RESTClientObject(Configuration(host=server.url))
        manager = transport.pool_manager
        assert isinstance(manager, urllib3.PoolManager)
        assert manager.request("GET", f"{server.url}/keys/cck-1").json() == KEY
        transport.close()


def test_close_between_the_choice_of_a_pool_and_its_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call fails because another thread has closed the client in the same moment."""
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
    """A library that records what is sent would be passed by, or break the call."""
    monkeypatch.setattr(HTTPConnectionPool, "ConnectionCls", Recorder)
    with RecordingServer(answer) as server:
        transport = RESTClientObject(Configuration(host=server.url))
        assert transport.request("GET", f"{server.url}/keys/cck-1").read() == GOOD.body
        monkeypatch.undo()
        transport.close()
    assert Recorder.made == ["127.0.0.1"]


def test_a_refused_connection_is_told_in_words() -> None:
    """The text says what the system says, without its number for it."""
    with refusing_port() as port:
        transport = RESTClientObject(Configuration(f"http://127.0.0.1:{port}"))
        with pytest.raises(ApiConnectionException) as caught:
            transport.request("GET", f"http://127.0.0.1:{port}/")
    why = os.strerror(errno.ECONNREFUSED)
    assert caught.value.reason == f"no connection to 127.0.0.1:{port}: {why}"
