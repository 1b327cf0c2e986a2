import pytest
import urllib3

from support.faults import Drop
from support.recorder import Answer, RecordingServer
from support.replies import Reply, json_reply
from support.wire import Request


def test_routes_lead_to_replies_faults_and_functions() -> None:
    """One server plays several operations, by replies, faults and functions."""
    routes: dict[str, Answer] = {
        "GET /byok/v1/keys": json_reply(200, {"data": []}),
        "DELETE /byok/v1/keys/a%2Fb": Reply(204),
        "POST /byok/v1/keys": lambda request: json_reply(201, request.json()),
        "GET /lost": Drop.after_reading(),
    }
    with RecordingServer(routes) as server, urllib3.PoolManager(retries=False) as http:
        listed = http.request("GET", server.url + "/byok/v1/keys?page_size=1")
        deleted = http.request("DELETE", server.url + "/byok/v1/keys/a%2Fb")
        made = http.request("POST", server.url + "/byok/v1/keys", body=b'{"id": "x"}')
        missing = http.request("PUT", server.url + "/byok/v1/keys")
        with pytest.raises(urllib3.exceptions.ProtocolError):
            http.request("GET", server.url + "/lost")
    statuses = [reply.status for reply in (listed, deleted, made, missing)]
    assert statuses == [200, 204, 201, 404]
    assert made.json() == {"id": "x"}
    assert [request.target for request in server.requests] == [
        "/byok/v1/keys?page_size=1",
        "/byok/v1/keys/a%2Fb",
        "/byok/v1/keys",
        "/byok/v1/keys",
        "/lost",
    ]


def test_a_function_may_answer_everything() -> None:
    """A function can answer every request."""

    def echo(request: Request) -> Reply:
        return json_reply(200, [request.method, request.path, request.query])

    with RecordingServer(echo) as server, urllib3.PoolManager() as http:
        assert http.request("GET", server.url + "/a?b").json() == ["GET", "/a", "b"]
        assert server.only.target == "/a?b"


def test_only_means_only() -> None:
    """`only` fails where there was no request, or more than one."""
    with RecordingServer({}) as server, urllib3.PoolManager() as http:
        with pytest.raises(AssertionError, match="one request, got"):
            _ = server.only
        http.request("GET", server.url)
        http.request("GET", server.url)
        with pytest.raises(AssertionError, match="'GET /', 'GET /'"):
            _ = server.only
