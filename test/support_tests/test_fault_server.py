import socket
import threading
import time
from collections.abc import Iterator

import pytest
import urllib3

from support.fault_server import FaultServer, refusing_port
from support.faults import Drop, DropOnAccept, Fault, Silence, cut_body, drip_body
from support.replies import End, Reply, Respond, html_reply, json_reply, redirect_to_itself
from support.waiting import wait_for
from support.wire import MalformedMessageError, Request

GOOD = json_reply(200, {"id": "cck-1"})


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    """A client that neither retries nor follows."""
    with urllib3.PoolManager(retries=False, timeout=5) as pool:
        yield pool


def test_a_script_is_played_one_step_per_request(http: urllib3.PoolManager) -> None:
    """A script is played one step per request, and then what follows it."""
    script = [Drop.after_reading(), html_reply(503), GOOD]
    with FaultServer(script, then=Reply(410)) as server:
        assert server.unplayed == 3
        with pytest.raises(urllib3.exceptions.ProtocolError):
            http.request("POST", server.url, body=b"{}")
        statuses = [http.request("GET", server.url).status for _ in range(4)]
        assert statuses == [503, 200, 410, 410]
        assert (server.unplayed, server.played) == (0, 5)


def test_the_last_step_is_repeated(http: urllib3.PoolManager) -> None:
    """The last step of a script is repeated."""
    with FaultServer([GOOD, Reply(429)]) as server:
        assert [http.request("GET", server.url).status for _ in range(4)] == [200, 429, 429, 429]


def test_a_script_says_something() -> None:
    """An empty script is refused at once."""
    with pytest.raises(ValueError, match="empty script"):
        FaultServer([])


def test_requests_are_recorded_as_sent() -> None:
    """Requests are recorded as they were sent."""
    sent = (
        b"PATCH /a%2Fb/?q=%C3%A9&q= HTTP/1.1\r\nHost: x\r\nX-Twice: 1\r\nx-twice:  2 \r\n"
        b"content-LENGTH: 3\r\n\r\nabc"
    )
    with FaultServer([Reply(204)]) as server, _connect(server) as sock:
        sock.sendall(sent)
        assert sock.recv(1000).startswith(b"HTTP/1.1 204 No Content\r\n\r\n")
        (request,) = server.requests
    assert request.method == "PATCH"
    assert request.target == "/a%2Fb/?q=%C3%A9&q="
    assert (request.path, request.query) == ("/a%2Fb/", "q=%C3%A9&q=")
    assert request.headers == (
        ("Host", "x"),
        ("X-Twice", "1"),
        ("x-twice", "2"),
        ("content-LENGTH", "3"),
    )
    assert request.body == b"abc"
    assert request.header("Content-Length") == "3"
    assert request.header("Accept") is None
    with pytest.raises(AssertionError, match="2 times"):
        request.header("X-Twice")


def test_chunked_requests_are_joined(http: urllib3.PoolManager) -> None:
    """A body that is sent in chunks is recorded as a whole."""
    with FaultServer([GOOD]) as server:
        http.request("POST", server.url, body=iter([b"abc", b"de"]), chunked=True)
        assert server.requests[0].body == b"abcde"


def test_connections_are_numbered(http: urllib3.PoolManager) -> None:
    """Each request is recorded with the number of its connection."""
    # Announced: a close that comes unannounced may come too late for the client to notice it.
    last = Reply(200, (("Connection", "close"),), end=End.CLOSE)
    with FaultServer([GOOD, GOOD, last, GOOD]) as server:
        for _ in range(4):
            http.request("GET", server.url)
        assert [request.connection for request in server.requests] == [1, 1, 1, 2]
        assert server.connections == 2


def test_half_a_request_is_not_delivered() -> None:
    """Half a request counts as undelivered."""
    with FaultServer([GOOD]) as server:
        with _connect(server) as sock:
            sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345")
            sock.shutdown(socket.SHUT_WR)
            assert sock.recv(10) == b""
        assert server.requests == []
        assert server.played == 1


def test_nonsense_from_the_client_fails_the_test() -> None:
    """A client that writes broken HTTP fails its test."""
    with pytest.raises(MalformedMessageError, match="bad header"), FaultServer([GOOD]) as server:
        _send(server, b"GET / HTTP/1.1\r\nno colon\r\n\r\n")


def test_a_failing_reply_function_fails_the_test() -> None:
    """An exception in the function that makes a reply fails the test."""

    def fail(request: Request) -> Reply:
        raise LookupError(request.path)

    with pytest.raises(LookupError, match="/x"), FaultServer([Respond(fail)]) as server:
        _send(server, b"GET /x HTTP/1.1\r\n\r\n")


def test_a_reset_reaches_the_client() -> None:
    """A reset reaches the client as one."""
    with FaultServer([Drop.after_reading(reset=True)]) as server, _connect(server) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            sock.recv(10)


def test_a_stale_connection_is_one_that_answered_before() -> None:
    """A server can close a connection that it has answered on at the next request."""
    with FaultServer([GOOD, Drop.before_reading()]) as server, _connect(server) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert sock.recv(1000).startswith(b"HTTP/1.1 200")
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert _read_all(sock) == b""
        assert len(server.requests) == 1


def test_an_unlistening_server_refuses_until_told(http: urllib3.PoolManager) -> None:
    """A server can refuse connections first, and answer once it is told to."""
    with FaultServer([GOOD], listening=False) as server:
        with pytest.raises(urllib3.exceptions.NewConnectionError):
            http.request("GET", server.url)
        server.listen()
        server.listen()
        assert http.request("GET", server.url).status == 200


def test_a_server_that_never_listened_closes() -> None:
    """A server that never listened can be closed, and then stays closed."""
    with FaultServer([GOOD], listening=False) as server:
        pass
    server.listen()
    with pytest.raises(ConnectionRefusedError):
        _connect(server)


def test_a_refusing_port_refuses() -> None:
    """A refusing port refuses connections."""
    with refusing_port() as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


@pytest.mark.parametrize(
    "fault",
    [Silence(), Silence(read=False), drip_body(GOOD, interval=30), cut_body(GOOD, end=End.HOLD)],
    ids=["silence", "silence before reading", "drip", "stall"],
)
def test_closing_ends_what_would_last(fault: Fault) -> None:
    """Closing a server ends a silence or a drip at once, and its threads."""
    before = set(threading.enumerate())
    with FaultServer([fault]) as server, _connect(server) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        wait_for(lambda: server.played == 1)
        started = time.monotonic()
        server.close()
        assert time.monotonic() - started < 2
        _read_all(sock)
    assert set(threading.enumerate()) == before


def test_release_ends_silence() -> None:
    """A silence can be ended while the server goes on."""
    with FaultServer([Silence(), GOOD]) as server:
        with _connect(server) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            wait_for(lambda: len(server.requests) == 1)
            server.release()
            assert sock.recv(10) == b""
        with _connect(server) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert sock.recv(1000).startswith(b"HTTP/1.1 200")


def test_closing_ends_idle_connections() -> None:
    """Closing a server ends idle connections, and its threads."""
    before = set(threading.enumerate())
    with FaultServer([GOOD]) as server, _connect(server) as idle:
        wait_for(lambda: server.connections == 1)
        server.close()
        assert idle.recv(1) == b""
    assert set(threading.enumerate()) == before


def test_a_drop_on_accept_waits_for_no_request() -> None:
    """A drop on accept closes the connection before any request."""
    with FaultServer([DropOnAccept(), GOOD]) as server:
        with _connect(server) as sock:
            assert sock.recv(1) == b""
        with _connect(server) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert sock.recv(1000).startswith(b"HTTP/1.1 200")
        assert server.connections == 2


def test_a_redirect_to_itself_loops(http: urllib3.PoolManager) -> None:
    """A redirect to itself leads to the same target each time."""
    with FaultServer([redirect_to_itself(307)]) as server:
        for _ in range(3):
            reply = http.request("GET", server.url + "/a?b=c", redirect=False)
            assert reply.headers["Location"] == "/a?b=c"


def test_many_clients_at_once() -> None:
    """With many clients at once, each step is played once, and no request is lost."""
    script = [Reply(200, body=b"%d" % number) for number in range(200)]
    answers: list[bytes] = []

    def ask() -> None:
        with urllib3.PoolManager(retries=False) as pool:
            answers.extend(pool.request("GET", server.url).data for _ in range(25))

    with FaultServer(script) as server:
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) == 200
    assert sorted(map(int, answers)) == list(range(200))


def _connect(server: FaultServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def _send(server: FaultServer, data: bytes) -> bytes:
    """Send, and return all that comes until the server closes."""
    with _connect(server) as sock:
        sock.sendall(data)
        return _read_all(sock)


def _read_all(sock: socket.socket) -> bytes:
    """What is left to read; nothing, where the connection was reset."""
    data = b""
    try:
        while more := sock.recv(65536):
            data += more
    except ConnectionResetError:
        pass
    return data
