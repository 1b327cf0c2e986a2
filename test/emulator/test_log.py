"""The log of requests: what a test can assert about its client."""

from __future__ import annotations

import pytest

from emulator.calling import AWS, KEYS, Caller, exchange
from openapi_client.testing import ByokEmulator


def test_a_request_is_logged_as_it_was_sent(emulator: ByokEmulator, call: Caller) -> None:
    """A test sees what its client really sent."""
    target = f"{KEYS}/a%2Fb%20c?display_name=x+y&state=&flag"
    answer = call("PATCH", target, {"display_name": "ü"}, headers={"X-Mine": "1"})

    [request] = emulator.requests

    assert request.method == "PATCH"
    assert request.path == f"{KEYS}/a%2Fb%20c"
    assert request.query == "display_name=x+y&state=&flag"
    assert request.params == {"display_name": "x y", "state": "", "flag": ""}
    assert request.json() == {"display_name": "ü"}
    assert request.status == answer.status == 404
    assert request.request_id == answer.headers["X-Request-Id"]
    assert request.headers["x-MINE"] == "1"
    assert "x-mine" in request.headers
    assert "x-yours" not in request.headers
    assert request.headers.get("x-yours") is None


def test_headers_can_be_looked_at_as_a_whole(emulator: ByokEmulator) -> None:
    """All header fields can be read as they were sent, repeated ones too."""
    fields = (("Host", "emulator"), ("X-Mine", "1"), ("Accept", "*/*"), ("x-mine", "2"))
    lines = [f"{name}: {value}" for name, value in fields]
    exchange(emulator.url, "\r\n".join([f"GET {KEYS} HTTP/1.1", *lines, "", ""]).encode())

    headers = emulator.requests[0].headers

    assert headers.fields == fields
    assert headers["X-Mine"] == "1, 2"
    assert set(headers) == {"host", "x-mine", "accept"}
    assert len(headers) == 3
    assert "X-Mine" in repr(headers)
    strange: object = 7
    assert strange not in headers


def test_a_body_that_is_no_json_is_told(emulator: ByokEmulator, call: Caller) -> None:
    """A body that is no JSON is an error to read as JSON, and there as bytes."""
    call("POST", KEYS, body=b"{")

    assert emulator.requests[0].body == b"{"
    with pytest.raises(ValueError, match="Expecting"):
        emulator.requests[0].json()


def test_requests_are_logged_before_they_are_answered(emulator: ByokEmulator, call: Caller) -> None:
    """A request is in the log before its answer arrives."""
    for number in range(100):
        call("GET", KEYS)
        assert len(emulator.requests) == number + 1


def test_refused_requests_are_logged(emulator: ByokEmulator, call: Caller) -> None:
    """Refused requests are in the log too."""
    call("GET", KEYS, headers={"Authorization": ""})
    call("PUT", KEYS)
    call("GET", "/nowhere")

    assert [request.status for request in emulator.requests] == [401, 405, 404]


def test_the_log_keeps_the_last_requests() -> None:
    """The log keeps the last requests, and its size is bounded."""
    with ByokEmulator(log_limit=2) as emulator:
        call = Caller(emulator)
        for number in range(5):
            call("GET", f"{KEYS}?key={number}")
        assert [request.params["key"] for request in emulator.requests] == ["3", "4"]
        call.close()


def test_the_log_is_a_copy_and_can_be_cleared(emulator: ByokEmulator, call: Caller) -> None:
    """The log that a test has taken stays as it is."""
    call("POST", KEYS, {"key": AWS})
    before = emulator.requests

    emulator.clear()

    assert len(before) == 1
    assert emulator.requests == []
