"""What the transport needs of urllib3 and `http.client`, and what it leaves to other libraries."""

import http.client
import io
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
import urllib3
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3._collections import RecentlyUsedContainer
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util import connection as urllib3_sockets

from openapi_client import (
    ApiConnectionException,
    ApiException,
    ApiResponseException,
    Configuration,
    KeysByokV1Api,
)
from openapi_client._core.clock import SystemClock
from openapi_client._transport import reading
from openapi_client._transport.connections import (
    SteadySocket,
    TimedConnection,
    addresses,
    steady,
    timed,
)
from openapi_client._transport.exchange import Exchange, current
from openapi_client._transport.reading import DeadlineReader, TimedResponse
from openapi_client._transport.timeouts import CallTimeout
from openapi_client.auth.sts import StsTokenProvider
from openapi_client.rest import RESTResponse
from support.clock import FakeClock
from support.fault_server import FaultServer
from support.faults import Drop, Send
from support.recorder import RecordingServer
from support.replies import End, Framing, Reply

from .conftest import MakeApi
from .service import CREATED, GOOD, REQUEST, answer
from .slowness import AUTHORITY

Canned = Callable[[], Any]


class _WithData:
    """As little of a response as tests of other programs make up."""

    status = 200
    reason = "OK"
    headers: Any = urllib3.HTTPHeaderDict({"X-Request-Id": "r1"})

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, **_: Any) -> Any:
        """Nothing that is a body, as with a mock."""
        return object()

    def close(self) -> None:
        """There is nothing to close."""


_STAND_INS = {
    "urllib3's response": lambda: urllib3.HTTPResponse(body=GOOD.body or b"", status=200),
    "urllib3's response with a stream": lambda: urllib3.HTTPResponse(
        body=io.BytesIO(GOOD.body or b""), status=200, preload_content=False
    ),
    "an object with data": lambda: _WithData(GOOD.body or b""),
}


@pytest.mark.parametrize("response", _STAND_INS.values(), ids=_STAND_INS)
@pytest.mark.parametrize(
    "target",
    [
        (urllib3.PoolManager, "request"),
        (urllib3.PoolManager, "urlopen"),
        (HTTPConnectionPool, "urlopen"),
    ],
    ids=["manager's request", "manager's urlopen", "pool's urlopen"],
)
@pytest.mark.parametrize("is_warm", [False, True], ids=["new", "used before"])
def test_methods_of_urllib3_that_a_test_replaces(
    target: tuple[Any, str],
    response: Canned,
    is_warm: bool,
    make_api: MakeApi,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program's tests replace what urllib3 does, before or after the client was used."""
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        if is_warm:
            api.get_byok_v1_key("cck-1")
        sent = len(server.requests)
        monkeypatch.setattr(*target, lambda *_, **__: response())
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        monkeypatch.undo()
        api.get_byok_v1_key("cck-1")
        assert len(server.requests) == sent + 1


def test_methods_of_one_manager_that_a_program_replaces(make_api: MakeApi) -> None:
    """A manager whose own ``request`` was replaced makes the requests with that."""
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        api.get_byok_v1_key("cck-1")
        manager = api.api_client.rest_client.pool_manager
        manager.request = lambda *_, **__: _WithData(GOOD.body or b"")
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert len(server.requests) == 1


def test_a_manager_of_the_programs_own(make_api: MakeApi) -> None:
    """A program puts its own pool manager in place, as with the generated client."""

    class Manager(urllib3.PoolManager):
        seen: list[str]

        def urlopen(self, method: str, url: str, **options: Any) -> Any:  # type: ignore[override]
            self.seen.append(f"{method} {url}")
            return super().urlopen(method, url, **options)

    with FaultServer([Drop.after_reading()], then=GOOD) as server:
        api = make_api(server.url)
        manager = Manager()
        manager.seen = []
        api.api_client.rest_client.pool_manager = manager
        assert api.api_client.rest_client.pool_manager is manager
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert manager.seen == [f"GET {server.url}/byok/v1/keys/cck-1"] * 2
        api.api_client.close()
        assert len(manager.pools) == 0


def test_outcome_with_a_manager_of_the_programs_own(make_api: MakeApi) -> None:
    """What was not sent, and what may have been, is told apart for other connections too."""
    with FaultServer([Drop.after_reading()], then=CREATED) as server:
        api = make_api(server.url, retries=0)
        api.api_client.rest_client.pool_manager = urllib3.PoolManager()
        with pytest.raises(ApiConnectionException) as lost:
            api.create_byok_v1_key(REQUEST)
    with pytest.raises(ApiConnectionException) as refused:
        api.create_byok_v1_key(REQUEST)
    assert (lost.value.outcome_unknown, refused.value.outcome_unknown) == (True, False)


def test_settings_of_a_manager_that_a_program_edits(make_api: MakeApi) -> None:
    """A change to ``connection_pool_kw`` holds from the next request."""
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        api.get_byok_v1_key("cck-1")
        manager = api.api_client.rest_client.pool_manager
        manager.connection_pool_kw["source_address"] = ("127.0.0.2", 0)
        api.get_byok_v1_key("cck-1")
        assert server.connections == 2


def test_a_pool_that_makes_callers_wait(make_api: MakeApi) -> None:
    """With ``block=True`` a call waits for a free connection no longer than it may take."""
    with RecordingServer(answer) as server:
        api = make_api(server.url, retries=0, clock=SystemClock())
        manager = api.api_client.rest_client.pool_manager
        manager.connection_pool_kw.update(block=True, maxsize=1)
        with closing(api.get_byok_v1_key_without_preload_content("cck-1")) as unread:
            with pytest.raises(
                ApiConnectionException, match="no connection to .* blocking"
            ) as caught:
                api.create_byok_v1_key(REQUEST, _request_timeout=0.05)
            assert not caught.value.outcome_unknown
            unread.read()
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
    assert server.connections == 1


def test_a_pool_that_its_manager_closed(make_api: MakeApi) -> None:
    """urllib3 closes pools to make room for others; the next request opens another one."""
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        api.get_byok_v1_key("cck-1")
        api.api_client.rest_client.pool_manager.clear()
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert [request.connection for request in server.requests] == [1, 2]


def test_urls_that_urllib3_would_change(make_api: MakeApi) -> None:
    """A URL that a wrapper made goes out as urllib3 itself would send it."""
    with RecordingServer(answer) as server:
        transport = make_api(server.url).api_client.rest_client
        for url in ("/a/../b#c", "", "/x?y=/./z", "/é", "?y=/z"):
            transport.request("GET", server.url + url).read()
    targets = [request.target for request in server.requests]
    assert targets == ["/b", "/", "/x?y=/./z", "/%C3%A9", "/?y=/z"]


def _idle(api: KeysByokV1Api, clock: FakeClock, seconds: float) -> None:
    api.get_byok_v1_key("cck-1")
    clock.advance(seconds)


@pytest.mark.parametrize(
    ("keep_alive", "idle", "is_replaced"),
    [
        (None, 1.9, False),
        (None, 2.1, True),
        ("timeout=5, max=100", 1.9, False),
        ("max=3, Timeout=2", 0.9, False),
        ("max=3, Timeout=2", 1.1, True),
        ("timeout=1", 0.4, False),
        ("timeout=1", 0.6, True),
        ("timeout=0", 0.1, True),
        ("timeout=soon", 1.9, False),
    ],
)
def test_a_post_avoids_connections_that_may_be_dying(
    keep_alive: str | None, idle: float, is_replaced: bool, make_api: MakeApi
) -> None:
    """A POST that is lost cannot be repeated, so it does not go out where it may well be."""
    headers = () if keep_alive is None else (("Keep-Alive", keep_alive),)
    clock = FakeClock()

    def choose(request: Any) -> Any:
        reply = answer(request)
        return reply.with_headers(*headers) if isinstance(reply, Reply) else reply

    with RecordingServer(choose) as server:
        api = make_api(server.url, clock=clock)
        _idle(api, clock, idle)
        api.create_byok_v1_key(REQUEST)
        clock.advance(60)
        for call in (api.get_byok_v1_key, api.delete_byok_v1_key):
            call("cck-1")
            clock.advance(60)
    last = 2 if is_replaced else 1
    assert [request.connection for request in server.requests] == [1, last, last, last]


@pytest.mark.parametrize(("longest", "connections"), [(0, 2), (3, 2), (5, 1)])
def test_the_longest_idle_time_can_be_set(
    longest: float, connections: int, make_api: MakeApi
) -> None:
    """Behind a gateway that drops idle connections sooner or later, the limit can be another."""
    clock = FakeClock()
    with RecordingServer(answer) as server:
        api = make_api(server.url, clock=clock, max_idle_for_post=longest)
        _idle(api, clock, 4)
        api.create_byok_v1_key(REQUEST)
    assert server.connections == connections


def test_a_chain_of_posts_keeps_its_connection(make_api: MakeApi) -> None:
    """A job that registers key after key opens one connection."""
    clock = FakeClock()
    with RecordingServer(answer) as server:
        api = make_api(server.url, clock=clock)
        for _ in range(5):
            api.create_byok_v1_key(REQUEST)
            clock.advance(1.5)
    assert server.connections == 1


_HEAD_VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
_NAMES = st.sampled_from(
    [
        "Content-Length",
        "Content-Type",
        "Connection",
        "Transfer-Encoding",
        "X-A",
        "x-a",
        "Keep-Alive",
    ]
)
_ODD = st.sampled_from(
    ["", "0", "5", "+5", "5, 5", "-1", "chunked", "close", "keep-alive", "Chunked", "gzip, chunked"]
)
_FIELDS = st.lists(st.tuples(_NAMES, st.one_of(_HEAD_VALUES, _ODD)), max_size=8)


@contextmanager
def _received(data: bytes) -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        yield ours


def _facts(response: Any) -> Any:
    response.begin()
    fields = [(name, value.strip()) for name, value in response.msg.items()]
    state = (response.status, response.reason, response.version, response.chunked)
    # The standard library would leave chunks that may come to the next request.
    will_close = response.will_close or (response.chunked and response.status in {204, 304})
    return (*state, response.length, will_close, fields, response.read())


def _exchange() -> Exchange:
    timeout = CallTimeout.of(None, Configuration(deadline=10), SystemClock())
    return Exchange("GET", timeout, 2.0)


@given(
    fields=_FIELDS,
    status=st.sampled_from([200, 201, 204, 304, 404, 503]),
    reason=_HEAD_VALUES,
    end=st.sampled_from(["\r\n", "\n"]),
    buffer=st.integers(1, 400),
)
@example([("Transfer-Encoding", " chunked"), ("Content-Length", " 9")], 200, "OK", "\r\n", 400)
def test_heads_read_in_one_pass_are_read_the_same(
    fields: list[tuple[str, str]], status: int, reason: str, end: str, buffer: int
) -> None:
    """A head that is read the fast way means what the standard library takes it for.

    So it does where only a part of the answer comes at first.
    """
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}:{value}" for name, value in fields)]
    data = (end.join(lines) + end * 2).encode() + b"5\r\nhello\r\n0\r\n\r\n"
    results = []
    for make in (http.client.HTTPResponse, TimedResponse):
        token = current.set(_exchange())
        try:
            with patch.object(reading, "_FIRST_READ", buffer), _received(data) as sock:
                response = make(sock)
                try:
                    results.append(_facts(response))
                except (http.client.HTTPException, ValueError) as error:
                    results.append(type(error))
                finally:
                    response.close()
        finally:
            current.reset(token)
    assert results[0] == results[1]


@pytest.mark.parametrize("make", [http.client.HTTPResponse, TimedResponse])
def test_a_body_that_came_with_its_head_can_be_looked_into(make: Any) -> None:
    """What ``http.client`` offers of an answer, it offers of one that arrived at once."""
    token = current.set(_exchange())
    try:
        with _received(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\none\ntwo\n") as sock:
            response = make(sock)
            response.begin()
            assert response.peek(3)[:3] == b"one"
            assert response.readline() == b"one\n"
            assert response.peek(3)[:3] == b"two"
            assert response.read1(3) == b"two"
            assert response.read() == b"\n"
            assert response.isclosed()
    finally:
        current.reset(token)


def test_a_reader_is_closed_once() -> None:
    """A reader that was closed leaves its socket alone, which others may use by then."""
    with _received(b"") as sock:
        raw = socket.SocketIO(sock, "r")
        reader = DeadlineReader(sock, raw, _exchange(), b"")
        reader.close()
        assert reader.closed
        assert raw.closed


def test_a_plain_head_is_not_given_to_the_standard_parser(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heads that servers send are read in one pass, and others by the standard parser."""
    parsed: list[object] = []
    parse = http.client.parse_headers

    def noted(*args: Any, **options: Any) -> Any:
        parsed.append(args)
        return parse(*args, **options)

    monkeypatch.setattr(http.client, "parse_headers", noted)
    with FaultServer([GOOD, GOOD.with_headers(("X-Odd", "caf\xe9"))]) as server:
        api = make_api(server.url)
        api.get_byok_v1_key("cck-1")
        assert parsed == []
        api.get_byok_v1_key("cck-1")
        assert len(parsed) == 1


def test_a_debugged_connection_prints_its_head(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``http.client.HTTPConnection.debuglevel``, the oldest way to look, shows the head."""
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    with RecordingServer(answer) as server:
        make_api(server.url).get_byok_v1_key("cck-1")
    assert "header: Content-Type:" in capsys.readouterr().out


@pytest.mark.parametrize("framing", [Framing.LENGTH, Framing.CHUNKED, Framing.CLOSE])
def test_a_body_without_an_end_is_given_up(
    framing: Framing, make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer of gigabytes ends with an exception and not with the machine's memory."""
    monkeypatch.setattr(reading, "LARGEST_BODY", 1000)
    monkeypatch.setattr(reading, "_PIECE", 300)
    fits, large = (Reply(201, body=b" " * n + b'{"id": "a"}', framing=framing) for n in (989, 990))
    with FaultServer([fits, large], then=GOOD) as server:
        api = make_api(server.url, retries=0)
        assert api.create_byok_v1_key(REQUEST).id == "a"
        with pytest.raises(ApiResponseException, match="the body has") as caught:
            api.create_byok_v1_key(REQUEST)
        assert f"127.0.0.1:{server.port}" in str(caught.value)
        assert (caught.value.status, caught.value.outcome_unknown) == (201, True)
        assert api.get_byok_v1_key("cck-1").id == "cck-1"


def _head(*fields: str) -> Send:
    body = GOOD.body or b""
    lines = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *fields])
    return Send(f"{lines}\r\n\r\n".encode() + body)


def test_a_list_of_encodings_loses_no_success(make_api: MakeApi) -> None:
    """Encodings that urllib3 refuses to count are no reason to lose the answer to a write."""
    odd = ["Content-Encoding: identity, gzip"] * 3
    created = CREATED.head().removesuffix(b"\r\n")
    last = Send(created + "\r\n".join([*odd, "Connection: close", "", ""]).encode() + CREATED.body)
    # Kept open: a write that follows on a connection under close may be lost.
    first = replace(_head(*odd), end=End.KEEP)
    with FaultServer([first, last]) as server:
        api = make_api(server.url)
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        assert api.create_byok_v1_key(REQUEST).id == "cck-1"
    assert len(server.requests) == 2


_TWO_LENGTHS = {
    "a success": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
    b"Connection: close\r\n\r\n{}",
    "a failure": b"HTTP/1.1 429 x\r\nContent-Length: 5\r\nContent-Length: -1\r\n\r\n{}",
    "a failure, last": b"HTTP/1.1 429 x\r\nContent-Length: 5\r\nContent-Length: -1\r\n"
    b"Connection: close\r\n\r\n{}",
}


@pytest.mark.parametrize("data", _TWO_LENGTHS.values(), ids=_TWO_LENGTHS)
def test_lengths_that_differ_leave_no_socket_open(
    data: bytes, make_api: MakeApi, recwarn: pytest.WarningsRecorder
) -> None:
    """An answer that contradicts itself is an error, and its socket is closed at once."""
    with FaultServer([Send(data)]) as server:
        api = make_api(server.url, retries=0)
        provider = StsTokenProvider("pool", "jwt", configuration=api.api_client.configuration)
        provider.api_client.clock = FakeClock()
        opened: list[Any] = []
        with closing(provider.api_client), _noting_sockets(opened):
            for call in (provider, lambda: api.create_byok_v1_key(REQUEST)):
                with pytest.raises(ApiConnectionException) as caught:
                    call()
                assert opened
                assert [sock for sock in opened if sock.fileno() != -1] == []
                assert _locals_of(caught.value, "httplib_response") == []
    assert not list(recwarn)


@contextmanager
def _noting_sockets(opened: list[Any]) -> Iterator[None]:
    real = urllib3_sockets.create_connection

    def noted(*args: Any, **options: Any) -> Any:
        opened.append(real(*args, **options))
        return opened[-1]

    with patch("urllib3.util.connection.create_connection", noted):
        yield


def _locals_of(error: BaseException, name: str) -> list[Any]:
    found = []
    seen: BaseException | None = error
    while seen:
        for frame, _ in traceback.walk_tb(seen.__traceback__):
            if name in frame.f_locals:
                found.append(frame.f_locals[name])
        seen = seen.__cause__ or seen.__context__
    return found


def _visible(error: BaseException) -> str:
    """What a tool that prints local variables shows of an exception."""
    shown: list[str] = []
    seen: BaseException | None = error
    while seen:
        for frame, _ in traceback.walk_tb(seen.__traceback__):
            if "test_hooks" not in frame.f_code.co_filename:
                shown += [f"{name} = {value!r}" for name, value in frame.f_locals.items()]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(shown)


@pytest.mark.parametrize(
    "step", [Drop.after_reading(), Reply(500), Reply(200, body=b"<html>"), Send(b"garbage\r\n\r\n")]
)
def test_no_secret_stands_in_a_frame(step: Any, make_api: MakeApi) -> None:
    """Tools that report errors with local variables ship no API key."""
    with FaultServer([step]) as server:
        api = make_api(server.url, retries=0)
        with pytest.raises(ApiException) as caught:
            api.create_byok_v1_key(REQUEST)
    visible = _visible(caught.value)
    assert "create_byok_v1_key_request" in visible
    assert "s3cret" not in visible
    assert "a2V5LWlkOnMzY3JldA" not in visible, "base64 of key-id:s3cret"


def test_a_connection_class_of_others_is_not_kept(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a recorder puts into urllib3's pools is used from the next connection on."""
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        api.get_byok_v1_key("cck-1")
        pool = api.api_client.rest_client.pool_manager.connection_from_url(server.url)
        assert "ConnectionCls" not in vars(pool)
        assert pool.ConnectionCls is HTTPConnectionPool.ConnectionCls
        connection = pool._get_conn()
        assert isinstance(connection, TimedConnection)
        assert isinstance(connection, HTTPConnectionPool.ConnectionCls)
        connection.close()


def test_audit_hooks_see_the_connection(make_api: MakeApi) -> None:
    """Tools that watch what a program connects to see this library as they see urllib3."""
    seen: list[Any] = []
    sys.addaudithook(
        lambda event, args: seen.append(args[1:]) if event == "http.client.connect" else None
    )
    with RecordingServer(answer) as server:
        make_api(server.url).get_byok_v1_key("cck-1")
        assert ("127.0.0.1", server.port) in seen


class _PlayedBack:
    """A socket as libraries make it that play recorded answers back."""

    def __init__(self, played: bytes) -> None:
        self._played = played
        self.sent = b""

    def sendall(self, data: bytes) -> None:
        """Keep what is sent."""
        self.sent += data

    def makefile(self, *_: Any, **__: Any) -> io.BytesIO:
        """The recorded answer."""
        return io.BytesIO(self._played)

    def settimeout(self, _: float | None) -> None:
        """Nothing takes time."""

    def close(self) -> None:
        """There is nothing to close."""


def test_a_socket_that_plays_an_answer_back(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Libraries that replace sockets themselves, as mocket and httpretty do, go on working."""
    body = GOOD.body
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    sock = _PlayedBack(head.encode() + body)
    monkeypatch.setattr(urllib3_sockets, "create_connection", lambda *_, **__: sock)
    assert make_api("http://127.0.0.1:9").get_byok_v1_key("cck-1").id == "cck-1"
    assert sock.sent.startswith(b"GET /byok/v1/keys/cck-1 HTTP/1.1\r\n")


def test_a_stand_in_for_an_answer_is_closed() -> None:
    """Closing an answer of another class closes the stream behind it."""
    behind = io.BytesIO()
    stand_in = urllib3.HTTPResponse(behind, preload_content=False)
    RESTResponse(stand_in).close()
    assert behind.closed


@pytest.mark.parametrize(
    ("found", "address"),
    [
        (("192.0.2.1", 443), "192.0.2.1"),
        (("2001:db8::1", 443, 0, 0), "2001:db8::1"),
        (("fe80::1", 443, 0, 2), "fe80::1%2"),
        (("a.test", 443), "a.test"),
    ],
)
def test_addresses_are_as_the_resolver_gives_them(
    found: tuple[Any, ...], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses and names are taken as ``getaddrinfo`` gives them, and nothing else is asked."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", found)])
    monkeypatch.setattr(socket, "getnameinfo", None)
    assert addresses("a.test", 443, 5.0) == [address]


class _PassingOn(HTTPConnection):
    """Hands each attribute on to a connection behind it, as those of vcrpy do."""

    def __setattr__(self, name: str, value: Any) -> None:
        behind = self.__dict__.setdefault("behind", http.client.HTTPConnection("127.0.0.1"))
        setattr(behind, name, value)
        super().__setattr__(name, value)


def test_connection_that_hands_attributes_on(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that another library keeps behind its own keeps its class."""
    monkeypatch.setattr(HTTPConnectionPool, "ConnectionCls", _PassingOn)
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        assert api.get_byok_v1_key("cck-1").id == "cck-1"
        pool: Any = api.api_client.rest_client.pool_manager.connection_from_url(server.url)
        connection = pool._get_conn()
        connection.close()
    assert isinstance(connection, TimedConnection)
    assert type(vars(connection)["behind"]) is http.client.HTTPConnection


class _Keyless(RecentlyUsedContainer[Any, Any]):
    """Pools that are kept in another way than urllib3's own, as urllib3-future keeps them."""

    @property
    def keys(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - it is not there
        """There is none."""
        raise AttributeError("keys")


def test_pools_without_keys(make_api: MakeApi) -> None:
    """Calls are made and closing closes where something else stands in urllib3's place."""
    with RecordingServer(answer) as server:
        api = make_api(server.url)
        manager: Any = api.api_client.rest_client.pool_manager
        manager.pools = _Keyless(10)
        for _ in range(2):
            assert api.get_byok_v1_key("cck-1").id == "cck-1"
        api.api_client.close()
        assert server.connections == 1


class _Playback(HTTPConnection):
    """Opens no socket, as the connections of libraries that play recordings back."""

    def connect(self) -> None:
        """There is nothing to connect to."""


def test_connection_without_a_socket() -> None:
    """A recording is played back, over https too, although nothing was ever connected."""
    exchange = _exchange()
    connection = timed(TimedConnection, _Playback)("127.0.0.1")
    token = current.set(exchange)
    try:
        connection.connect()
    finally:
        current.reset(token)
    assert connection.sock is None
    assert not exchange.connecting


def _timeouts_set(call: Callable[[], object]) -> int:
    """How often the system is told a timeout of a socket."""
    times = 0

    def watch(_: object, event: str, function: Any) -> None:
        nonlocal times
        times += event == "c_call" and function.__name__ == "settimeout"

    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(None)
    return times


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_timeout_that_holds_is_not_set_again(tls: bool, make_api: MakeApi) -> None:
    """A call on a kept connection does not stop for what the system knows already."""
    context = AUTHORITY.server_context() if tls else None
    with RecordingServer(answer, tls=context) as server:
        api = make_api(server.url, ca_cert_data=AUTHORITY.pem)
        assert _timeouts_set(lambda: api.get_byok_v1_key("cck-1")) > 0
        assert _timeouts_set(lambda: api.get_byok_v1_key("cck-1")) == 0
        # Another one is set before the request, and this one again afterwards.
        pair = (1.0, 30.0)
        assert _timeouts_set(lambda: api.get_byok_v1_key("cck-1", _request_timeout=pair)) == 1
        assert _timeouts_set(lambda: api.get_byok_v1_key("cck-1")) == 1
        assert server.connections == 1


def test_a_socket_that_sets_timeouts_in_its_own_way_is_left_alone() -> None:
    """Sockets of a framework, such as gevent's, keep their class."""

    class Green(socket.socket):
        """Any class that is not the standard library's."""

    with Green() as green, socket.socket() as plain:
        steady(green)
        steady(plain)
        assert type(green) is Green
        assert isinstance(plain, SteadySocket)
