"""Each fault is played against a plain socket, to see that it is what its case says it is."""

import gzip
import json
import socket
import time
import zlib

import pytest
import urllib3

from support.fault_matrix import ALL_FAULTS, FaultCase, Outcome, Truth
from support.fault_server import FaultServer
from support.replies import Reply, json_reply
from support.waiting import wait_for

KEY = {"id": "cck-1", "key": {"kind": "AwsKey", "key_arn": "arn:aws:kms:us-west-2:1:key/1"}}
GOOD = json_reply(201, KEY, ("Location", "/byok/v1/keys/cck-1"))
NOTHING = Reply(204)
REQUEST = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"

CASES = list(ALL_FAULTS.values())
ANSWERED = [case for case in CASES if case.truth is Truth.ANSWERED]
LOST = [case for case in CASES if case.truth is Truth.DELIVERED]


def _by_name(cases: list[FaultCase]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


@_by_name([case for case in CASES if not case.refuses])
@pytest.mark.parametrize("good", [GOOD, NOTHING], ids=["json", "no content"])
def test_delivery_is_as_the_case_says(case: FaultCase, good: Reply) -> None:
    """What a server has seen of a request is what the case of its fault says."""
    with case.server(good, always=True) as server:
        answer, ended = _play(server, patience=0.1 if case.lasts else 5)
        wait_for(lambda: server.played > 0)
        if case.truth is not Truth.NOT_DELIVERED:
            wait_for(lambda: len(server.requests) > 0)
    delivered = [request.body for request in server.requests]
    assert delivered == ([] if case.truth is Truth.NOT_DELIVERED else [b"{}"])
    assert ended is not case.lasts
    if case.truth is Truth.NOT_DELIVERED:
        assert answer == b""


@_by_name(ANSWERED)
def test_an_answer_is_complete(case: FaultCase) -> None:
    """A case that is answered has a complete answer of the status that its outcome says."""
    status, body = _ask(case)
    if case.outcome in (Outcome.SUCCESS, Outcome.UNREADABLE, Outcome.EMPTY):
        assert 200 <= status < 300 or case.name == "interim_103"
    else:
        assert not 200 <= status < 300
    if case.outcomes == (Outcome.SUCCESS,):
        assert _decode(body).items() >= KEY.items()


@_by_name([case for case in LOST if not case.lasts])
def test_a_lost_answer_cannot_be_read(case: FaultCase) -> None:
    """A plain client cannot read an answer that is lost, but for one with cut headers."""
    if case.name == "cut_headers":
        # The one that http.client believes: this is the trap that it is there for.
        assert _ask(case) == (201, b"")
        return
    # ValueError: what urllib3 lets through of http.client's trouble with a negative size.
    with pytest.raises((urllib3.exceptions.HTTPError, OSError, ValueError)):
        _ask(case)


@_by_name(CASES)
def test_once_is_once(case: FaultCase) -> None:
    """A fault that comes once is followed by the good answer."""
    with case.server(GOOD, always=False) as server:
        if case.refuses:
            with pytest.raises(ConnectionRefusedError):
                _play(server)
            server.listen()
        else:
            _play(server, patience=0.05 if case.lasts else 5)
            wait_for(lambda: server.played > 0)
        answer, _ = _play(server)
    assert answer.startswith(b"HTTP/1.1 201 Created\r\n")


def test_refusing_lasts_until_told() -> None:
    """A port that refuses for good does not open by itself."""
    with ALL_FAULTS["refuse"].server(GOOD, always=True) as server:
        for _ in range(3):
            with pytest.raises(ConnectionRefusedError):
                _play(server)


def test_the_table_of_repeats() -> None:
    """Which outcomes are repeated, by which methods, is as in the table of the design."""
    repeated = {
        method: {outcome for outcome in Outcome if outcome.repeats(method)}
        for method in ("GET", "DELETE", "PATCH", "POST")
    }
    always = {Outcome.NOT_SENT, Outcome.THROTTLED, Outcome.FOLLOWED}
    harmless = always | {Outcome.NO_ANSWER, Outcome.SERVER_ERROR}
    assert repeated == {
        "GET": harmless | {Outcome.FOLLOWED_BY_GET},
        "DELETE": harmless,
        "PATCH": harmless,
        "POST": always,
    }


def _play(server: FaultServer, patience: float = 5) -> tuple[bytes, bool]:
    """Send one request. Return what comes within `patience` seconds, and whether that was all."""
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        answer = bytearray()
        deadline = time.monotonic() + patience
        try:
            sock.sendall(REQUEST)
            # No more requests: a server that keeps connections open closes this one as well.
            sock.shutdown(socket.SHUT_WR)
            while (left := deadline - time.monotonic()) > 0:
                sock.settimeout(left)
                data = sock.recv(65536)
                if not data:
                    return bytes(answer), True
                answer += data
        except TimeoutError:
            return bytes(answer), False
        except OSError:
            return bytes(answer), True
        return bytes(answer), False


def _ask(case: FaultCase) -> tuple[int, bytes]:
    """What urllib3 makes of the fault."""
    with (
        case.server(GOOD, always=True) as server,
        urllib3.PoolManager(retries=False, timeout=5) as http,
    ):
        reply = http.request("POST", server.url, body=b"{}", redirect=False, decode_content=False)
        return reply.status, reply.data


def _decode(body: bytes) -> dict[str, object]:
    """The JSON in a body, compressed or not, in whichever charset."""
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    for wbits in (15, -15):
        if not body.lstrip(b"\xef\xbb\xbf").startswith(b"{"):
            try:
                body = zlib.decompress(body, wbits)
            except zlib.error:
                continue
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    data: dict[str, object] = json.loads(text)
    return data
