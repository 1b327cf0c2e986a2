"""HTTP/1.1 as it is spoken: framing, limits, persistence, and refusal of what is malformed."""

from __future__ import annotations

import contextlib
import gc
import json
import socket
import ssl
import struct
import threading
from typing import Any, cast

import pytest
import trustme
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from emulator.calling import AWS, KEYS, Caller, connect, exchange
from openapi_client.testing import ByokEmulator
from support.properties import examples

BODY = json.dumps({"key": AWS}).encode()


def head(emulator: ByokEmulator, line: str, *fields: str) -> bytes:
    """The head of a request with credentials."""
    common = ["Host: emulator", f"Authorization: Bearer {emulator.access_token}"]
    return "\r\n".join([line, *common, *fields, "", ""]).encode()


def get(emulator: ByokEmulator, *fields: str, version: str = "1.1") -> bytes:
    """A listing request."""
    return head(emulator, f"GET {KEYS} HTTP/{version}", *fields)


def post(emulator: ByokEmulator, *fields: str) -> bytes:
    """The head of a request that registers a key."""
    return head(emulator, f"POST {KEYS} HTTP/1.1", "Content-Type: application/json", *fields)


def status(answer: bytes) -> int:
    """The status of an answer."""
    return int(answer.split(b" ", 2)[1])


def statuses(answers: bytes) -> list[int]:
    """The statuses of all answers on a connection."""
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


def test_a_connection_serves_many_requests(emulator: ByokEmulator) -> None:
    """A connection serves many requests."""
    assert statuses(exchange(emulator.url, get(emulator) * 3)) == [200] * 3


def test_a_connection_ends_when_asked_to(emulator: ByokEmulator) -> None:
    """A connection ends when the client asks for it."""
    answers = exchange(emulator.url, get(emulator, "Connection: x, Close") + get(emulator))

    assert statuses(answers) == [200]
    assert b"\r\nConnection: close\r\n" in answers


def test_http_1_0_is_spoken(emulator: ByokEmulator) -> None:
    """HTTP/1.0 is spoken, as simple tools need it."""
    assert statuses(exchange(emulator.url, get(emulator, version="1.0") * 2)) == [200]
    lasting = get(emulator, "Connection: keep-alive", version="1.0")
    assert statuses(exchange(emulator.url, lasting * 2)) == [200] * 2
    assert status(exchange(emulator.url, b"GET /x HTTP/1.0\r\n\r\n")) == 404


def test_a_client_that_does_not_say_how_it_came_gets_links_all_the_same() -> None:
    """A client without a Host header gets links that work."""
    with ByokEmulator() as emulator:
        [key_id] = emulator.seed()
        request = f"GET {KEYS} HTTP/1.0\r\nAuthorization: Bearer {emulator.access_token}\r\n\r\n"

        answer = exchange(emulator.url, request.encode())

        assert f'"self":"{emulator.url}{KEYS}/{key_id}"'.encode() in answer


def test_bodies_may_come_in_chunks(emulator: ByokEmulator) -> None:
    """A body may be sent in chunks."""
    chunks = b"%X;name=value\r\n%b\r\n%x\r\n%b\r\n0\r\nTrailer: x\r\n\r\n"
    chunked = chunks % (10, BODY[:10], len(BODY) - 10, BODY[10:])

    answers = exchange(
        emulator.url, post(emulator, "Transfer-Encoding: Chunked") + chunked + get(emulator)
    )

    assert statuses(answers) == [201, 200]
    assert emulator.requests[0].body == BODY


def test_a_body_may_wait_to_be_asked_for(emulator: ByokEmulator) -> None:
    """A client that waits for 100 Continue gets it at once."""
    fields = ["Expect: 100-continue", f"Content-Length: {len(BODY)}"]
    with connect(emulator.url) as connection:
        connection.sendall(post(emulator, *fields))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(BODY)
        assert status(connection.recv(1000)) == 201


def test_a_body_of_an_operation_that_has_none_is_ignored(emulator: ByokEmulator) -> None:
    """The body of an operation that has none is read and ignored."""
    answers = exchange(emulator.url, get(emulator, "Content-Length: 3") + b"abc" + get(emulator))

    assert statuses(answers) == [200, 200]


def test_the_answer_to_head_has_no_body(emulator: ByokEmulator) -> None:
    """The answer to HEAD has no body, and the connection goes on."""
    answers = exchange(emulator.url, head(emulator, f"HEAD {KEYS} HTTP/1.1") + get(emulator))

    first, second = answers.split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"405")
    assert first.endswith(b"\r\n\r\n")
    assert second.startswith(b"200")


@pytest.mark.parametrize("target", ["http://elsewhere{}", "HTTPS://elsewhere:1{}"])
def test_absolute_targets_are_understood(emulator: ByokEmulator, target: str) -> None:
    """Absolute targets are served, so that the emulator can stand for a proxy."""
    line = f"GET {target.format(KEYS)}?page_size=7 HTTP/1.1"

    assert status(exchange(emulator.url, head(emulator, line))) == 200
    assert (emulator.requests[0].path, emulator.requests[0].query) == (KEYS, "page_size=7")
    assert status(exchange(emulator.url, head(emulator, "GET http://elsewhere HTTP/1.1"))) == 404


@pytest.mark.parametrize("target", ["*", "byok/v1/keys", f"{KEYS}/..", "/byok/v1/x/../keys"])
def test_paths_are_taken_as_they_are(emulator: ByokEmulator, target: str) -> None:
    """Paths are taken as sent: dot segments are not resolved."""
    assert status(exchange(emulator.url, head(emulator, f"GET {target} HTTP/1.1"))) == 404
    assert emulator.requests[0].path == target


def test_an_empty_line_before_a_request_is_forgiven(emulator: ByokEmulator) -> None:
    """An empty line before a request is forgiven, as the standard asks."""
    assert statuses(exchange(emulator.url, b"\r\n" + get(emulator))) == [200]


def test_bare_line_feeds_end_lines_too(emulator: ByokEmulator) -> None:
    """Bare line feeds end lines too, so that requests can be typed."""
    assert statuses(exchange(emulator.url, get(emulator).replace(b"\r", b""))) == [200]


@pytest.mark.parametrize(
    ("request_line", "expected"),
    [
        (b"nonsense", 400),
        (b"GET", 400),
        (b"GET  / HTTP/1.1", 400),
        (b"GET / HTTP/1.1 ", 400),
        (b"G\xc3T / HTTP/1.1", 400),
        (b"GET /\xc3\xa9 HTTP/1.1", 400),
        (b"GET / HTTP/1.x", 400),
        (b"GET / HTTP/2.0", 505),
        (b"GET /" + b"a" * 65536 + b" HTTP/1.1", 414),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    ],
)
def test_a_malformed_request_line_is_refused(
    emulator: ByokEmulator, request_line: bytes, expected: int
) -> None:
    """A malformed request line is refused with the status for it, and the connection closed."""
    answer = exchange(emulator.url, request_line + b"\r\nHost: x\r\n\r\n")

    assert status(answer) == expected
    assert b"\r\nConnection: close\r\n" in answer
    assert b"\r\nX-Request-Id: " in answer
    document = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert document["errors"][0]["status"] == str(expected)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("no colon", 400),
        (": no name", 400),
        ("Spaced : x", 400),
        (" folded: x", 400),
        ("Nul: a\0b", 400),
        ("Return: a\rb", 400),
        ("Long: " + "a" * 65536, 431),
        ("Content-Length: -1", 400),
        ("Content-Length: 1, 1", 400),
        ("Content-Length: x", 400),
        ("Content-Length: ²", 400),
        ("Content-Length: 1048577", 413),
        ("Content-Length: " + "9" * 5000, 413),
        ("Transfer-Encoding: gzip, chunked", 501),
    ],
)
def test_a_malformed_header_is_refused(emulator: ByokEmulator, field: str, expected: int) -> None:
    """A malformed header is refused."""
    answers = exchange(emulator.url, get(emulator, field) + get(emulator))

    assert statuses(answers) == [expected]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("Transfer-Encoding: chunked", "Content-Length: 5"), 400),
        (("Content-Length: 5", "Transfer-Encoding: chunked"), 400),
        (("Content-Length: 5", "Content-Length: 6"), 400),
        (("Transfer-Encoding: identity",), 501),
    ],
)
def test_a_body_is_framed_in_one_way(
    emulator: ByokEmulator, fields: tuple[str, ...], expected: int
) -> None:
    """A body with two framings, or a wrong one, is refused."""
    request = get(emulator, *fields) + b"0\r\n\r\n"

    assert statuses(exchange(emulator.url, request)) == [expected]


def test_a_request_names_its_host(emulator: ByokEmulator) -> None:
    """A request of HTTP/1.1 without a Host header is refused."""
    assert status(exchange(emulator.url, b"GET / HTTP/1.1\r\n\r\n")) == 400


def test_the_number_of_headers_has_a_limit(emulator: ByokEmulator) -> None:
    """Too many header fields are refused."""
    many = [f"X-{number}: {number}" for number in range(200)]

    assert status(exchange(emulator.url, get(emulator, *many))) == 431
    assert status(exchange(emulator.url, get(emulator, *many[:98]))) == 200


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        (b"x\r\n", 400),
        (b"-1\r\n", 400),
        (b"123456789\r\n", 400),
        (b"2\r\nabc\r\n0\r\n\r\n", 400),
        (b"0\r\nbad trailer\r\n\r\n", 400),
        (b"%X\r\n" % 1_048_577, 413),
        (b"1\r\n " + b"\r\n%X\r\n" % 1_048_576, 413),
        (b"1" * 70_000, 400),
    ],
)
def test_malformed_chunks_are_refused(emulator: ByokEmulator, chunks: bytes, expected: int) -> None:
    """Malformed chunks are refused."""
    request = post(emulator, "Transfer-Encoding: chunked") + chunks

    assert statuses(exchange(emulator.url, request)) == [expected]


def test_a_body_that_is_too_large_gets_its_answer(emulator: ByokEmulator) -> None:
    """A client that sends too large a body gets to read why it is refused."""
    size = 20_000_000
    request = post(emulator, f"Content-Length: {size}")

    with connect(emulator.url) as connection:
        connection.sendall(request + b" " * size)
        assert status(connection.recv(10_000)) == 413


@pytest.mark.parametrize(
    "cut",
    [
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\nCont",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
        b"",
        b"\r\n",
    ],
)
def test_a_request_that_breaks_off_is_not_answered(emulator: ByokEmulator, cut: bytes) -> None:
    """A request that breaks off is neither answered nor performed."""
    assert exchange(emulator.url, cut) == b""
    assert emulator.requests == []


def test_a_reset_connection_harms_no_other(emulator: ByokEmulator, call: Caller) -> None:
    """A reset connection harms no other one."""
    with connect(emulator.url) as connection:
        connection.sendall(get(emulator)[:20])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert call("GET", KEYS).status == 200


def test_connections_that_are_over_are_forgotten(emulator: ByokEmulator) -> None:
    """Connections that are over leave nothing behind."""

    def threads() -> int:
        return sum(isinstance(one, threading.Thread) for one in gc.get_objects())

    before = threads()
    for _ in range(50):
        exchange(emulator.url, get(emulator))

    # The last of them may still be ending; if any stays, the test times out.
    while threads() > before + 5:
        gc.collect()


def test_headers_of_a_fault_may_hold_any_text(emulator: ByokEmulator, call: Caller) -> None:
    """A header of a fault may hold any text."""
    emulator.fail_next(500, headers={"X-Name": "naïve €"})

    assert call("GET", KEYS).headers["X-Name"] == "naïve ?"


@examples(200, shared_fixture=True)
@given(garbage=st.binary(max_size=200))
def test_no_bytes_harm_the_emulator(emulator: ByokEmulator, garbage: bytes) -> None:
    """Whatever bytes arrive, the emulator goes on serving."""
    answers = exchange(emulator.url, garbage)

    assert all(400 <= found < 506 for found in statuses(answers))
    assert statuses(exchange(emulator.url, get(emulator))) == [200]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Somebody who signs certificates."""
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """What a server for 127.0.0.1 needs to speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_https_is_served(authority: trustme.CA, tls: ssl.SSLContext) -> None:
    """HTTPS is served with the given context."""
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with ByokEmulator(tls=tls) as emulator:
        [key_id] = emulator.seed()
        http = urllib3.PoolManager(retries=False, ssl_context=trusting)
        headers = {"Authorization": f"Bearer {emulator.access_token}"}
        url = f"{emulator.url}{KEYS}/{key_id}"

        document = http.request("GET", url, headers=headers).json()

        assert url.startswith("https://")
        assert document["metadata"]["self"] == url
        # With a connection that is still open, stopping must not hang.
    http.clear()


def test_context_of_a_client_is_refused() -> None:
    """A TLS context that is not one of a server is refused where it is given."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    for wrong in (ssl.create_default_context(), unchecked, "server.pem", True):
        with pytest.raises(ValueError, match="tls must be an ssl.SSLContext of a server"):
            ByokEmulator(tls=cast("Any", wrong))


def test_who_speaks_no_tls_harms_nobody(tls: ssl.SSLContext) -> None:
    """Whoever speaks no TLS to it harms nobody, and does not keep it from stopping."""
    with ByokEmulator(tls=tls) as emulator:
        with contextlib.suppress(OSError):  # It may be reset while it is still sending.
            assert b"HTTP" not in exchange(emulator.url, get(emulator))
        silent = connect(emulator.url)
        assert emulator.requests == []
    silent.close()


def test_stopping_closes_idle_connections(emulator: ByokEmulator) -> None:
    """Stopping closes idle connections, and does not wait for them."""
    with connect(emulator.url) as connection:
        connection.sendall(get(emulator))
        assert status(connection.recv(10_000)) == 200
        emulator.stop()
        assert connection.recv(1) == b""
    assert not [one for one in threading.enumerate() if one.name.startswith("byok-emulator")]
