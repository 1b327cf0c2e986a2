"""The log of requests: what a test can assert about its client."""

from __future__ import annotations

import pytest

from emulator.calling import AWS, KEYS, Caller
from openapi_client.testing import ByokEmulator


def test_a_request_is_logged_as_it_was_sent(emulator: ByokEmulator, call: Caller) -> None:
    """A test could not see what its client really sends."""
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


def test_headers_can_be_looked_at_as_a_whole(emulator: ByokEmulator, call: Caller) -> None:
    """A header sent twice could not be told from one sent once."""
    call("GET", KEYS, headers={"X-Mine": "1"})

    headers = emulator.requests[0].headers

    assert ("X-Mine", "1") in headers.fields
    assert set(headers) == {name.lower() for name, _ in headers.fields}
    assert len(headers) == len(headers.fields)
    assert "X-Mine" in repr(headers)
    strange: object = 7
    assert strange not in headers


def test_a_body_that_is_no_json_is_told(emulator: ByokEmulator, call: Caller) -> None:
    """A client that sends garbage would look as if it had sent nothing."""
    call("POST", KEYS, body=b"{")

    assert emulator.requests[0].body == b"{"
    with pytest.raises(ValueError, match="Expecting"):
        emulator.requests[0].json()


def test_requests_are_logged_before_they_are_answered(emulator: ByokEmulator, call: Caller) -> None:
    """A test that looks right after its call would see nothing."""
    for number in range(100):
        call("GET", KEYS)
        assert len(emulator.requests) == number + 1


def test_refused_requests_are_logged(emulator: ByokEmulator, call: Caller) -> None:
    """A test could not find out that its client uses wrong credentials."""
    call("GET", KEYS, headers={"Authorization": ""})
    call("PUT", KEYS)
    call("GET", "/nowhere")

    assert [request.status for request in emulator.requests] == [401, 405, 404]


def test_the_log_keeps_the_last_requests() -> None:
    """A long campaign would fill the memory."""
    with ByokEmulator(log_limit=2) as emulator:
        call = Caller(emulator)
        for number in range(5):
            call("GET", f"{KEYS}?key={number}")
        assert [request.params["key"] for request in emulator.requests] == ["3", "4"]
        call.close()


def test_the_log_is_a_copy_and_can_be_cleared(emulator: ByokEmulator, call: Caller) -> None:
    """A list taken for later comparison would change."""
    call("POST", KEYS, {"key": AWS})
    before = emulator.requests

    emulator.clear()

    assert len(before) == 1
    assert emulator.requests == []
