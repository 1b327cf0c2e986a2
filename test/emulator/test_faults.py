"""Faults on order: statuses, dropped connections, delays."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import urllib3

from emulator.calling import AWS, GCP, KEYS, Answer, Caller
from openapi_client.testing import ByokEmulator, Fault


def dropped(call: Caller, method: str, target: str, document: Any = None) -> bool:
    """Whether a call ends without an answer."""
    try:
        call(method, target, document)
    except urllib3.exceptions.ProtocolError:
        return True
    return False


def statuses(call: Caller, count: int, target: str = KEYS) -> list[int]:
    """The statuses of so many GETs in a row."""
    return [call("GET", target).status for _ in range(count)]


def test_the_next_requests_fail_and_then_no_more(emulator: ByokEmulator, call: Caller) -> None:
    """After the failures that were asked for, a retry succeeds."""
    emulator.fail_next(status=503, times=2)

    assert statuses(call, 4) == [503, 503, 200, 200]


def test_a_fault_before_the_work_leaves_it_undone(emulator: ByokEmulator, call: Caller) -> None:
    """A fault before the work leaves the keys as they were."""
    emulator.fail_next(500)

    assert call("POST", KEYS, {"key": AWS}).status == 500
    assert emulator.keys == []


def test_a_fault_after_the_work_hides_that_it_was_done(
    emulator: ByokEmulator, call: Caller
) -> None:
    """A fault after the work hides a success, as a lost answer does."""
    emulator.fail_next(500, when="after")

    assert call("POST", KEYS, {"key": AWS}).status == 500
    assert len(emulator.keys) == 1


def test_a_connection_is_dropped_before_or_after_the_work(
    emulator: ByokEmulator, call: Caller
) -> None:
    """A dropped connection leaves the outcome unknown, whichever it is."""
    emulator.drop_next()
    assert dropped(call, "POST", KEYS, {"key": AWS})
    assert emulator.keys == []

    emulator.drop_next(when="after")
    assert dropped(call, "POST", KEYS, {"key": AWS})
    assert len(emulator.keys) == 1
    assert [request.status for request in emulator.requests] == [None, None]
    assert statuses(call, 1) == [200]


@pytest.mark.parametrize(
    ("status", "code", "title"),
    [
        (400, "invalid_filter", "Invalid Filter"),
        (401, "user_unauthenticated", "Authentication Required"),
        (402, "quota_exceeded", "BYOK Keys Quota Exceeded"),
        (403, "user_unauthorized", "User Access Unauthorized"),
        (404, None, "Not Found"),
        (409, "resource_already_exists", "Resource Already exists"),
        (422, "invalid_configuration", "Validation Failed"),
        (503, None, "Service Unavailable"),
        (599, None, "Error"),
    ],
)
def test_a_failure_has_the_body_of_its_status(
    emulator: ByokEmulator, call: Caller, status: int, code: str | None, title: str
) -> None:
    """Each status has the error body that the service sends with it."""
    emulator.fail_next(status)

    error = call("GET", KEYS).error

    assert (error["status"], error.get("code"), error["title"]) == (str(status), code, title)


@pytest.mark.parametrize("status", [200, 304, 429])
def test_some_statuses_have_no_body(emulator: ByokEmulator, call: Caller, status: int) -> None:
    """A status that comes without a body from the service has none here."""
    emulator.fail_next(status)

    assert call("GET", KEYS).body == b""


@pytest.mark.parametrize(
    ("body", "sent", "content_type"),
    [
        (b"\xff", b"\xff", None),
        ("tëxt", "tëxt".encode(), None),
        ({"message": "no"}, b'{"message": "no"}', "application/json"),
        ([], b"[]", "application/json"),
    ],
)
def test_body_and_headers_are_sent_as_given(
    emulator: ByokEmulator, call: Caller, body: Any, sent: bytes, content_type: str | None
) -> None:
    """Body and headers of a fault are sent as given."""
    emulator.fail_next(502, body=body, headers={"Retry-After": "7"})

    answer = call("GET", KEYS)

    assert (answer.status, answer.body) == (502, sent)
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers.get("Content-Type") == content_type


def test_given_headers_replace_those_of_the_emulator(emulator: ByokEmulator, call: Caller) -> None:
    """A header of a fault takes the place of the emulator's own."""
    emulator.fail_next(500, headers={"content-type": "text/html", "x-request-id": "mine"})

    answer = call("GET", KEYS)

    assert answer.headers.getlist("Content-Type") == ["text/html"]
    assert answer.headers.getlist("X-Request-Id") == ["mine"]


def test_faults_may_be_meant_for_some_requests_only(emulator: ByokEmulator, call: Caller) -> None:
    """A fault strikes only the requests it is meant for."""
    [key_id] = emulator.seed()
    emulator.fail_next(500, method="post")
    emulator.fail_next(501, path=f"{KEYS}/{{id}}")
    emulator.fail_next(502, path="/nowhere")
    emulator.fail_next(503, method="DELETE", path=f"{KEYS}/{key_id}")

    assert call("GET", KEYS).status == 200
    assert call("GET", f"{KEYS}/{key_id}").status == 501
    assert call("DELETE", f"{KEYS}/{key_id}").status == 503
    assert call("POST", KEYS, {"key": AWS}).status == 500
    assert statuses(call, 2, "/nowhere") == [502, 404]


def test_faults_strike_in_the_order_they_were_ordered(emulator: ByokEmulator, call: Caller) -> None:
    """Faults strike in the order they were put in."""
    emulator.fail_next(500)
    emulator.fail_next(502, times=2)
    emulator.fail_next(504)

    assert statuses(call, 5) == [500, 502, 502, 504, 200]


def test_a_fault_can_last_until_it_is_cancelled(emulator: ByokEmulator, call: Caller) -> None:
    """An outage lasts until it is cancelled."""
    outage = emulator.fail_next(503, times=None)

    assert statuses(call, 5) == [503] * 5
    outage.cancel()
    assert statuses(call, 2) == [200] * 2


def test_a_fault_tells_how_often_it_will_still_strike(emulator: ByokEmulator, call: Caller) -> None:
    """A fault shows how many more requests it will strike."""
    fault = emulator.fail_next(503, times=2)
    statuses(call, 1)
    assert fault.times == 1
    statuses(call, 2)
    assert fault.times == 0


def test_chances_are_the_same_each_time(emulator: ByokEmulator, call: Caller) -> None:
    """The same seed brings the same failures."""
    runs = []
    for _ in range(2):
        emulator.clear()
        emulator.fail_next(503, times=None, probability=0.5)
        runs.append(statuses(call, 40))

    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 503}


def test_clear_cancels_all_faults(emulator: ByokEmulator, call: Caller) -> None:
    """After clear no fault strikes."""
    emulator.fail_next(503, times=None)
    emulator.clear()
    assert statuses(call, 1) == [200]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_delayed_request_is_answered_truly(
    emulator: ByokEmulator, call: Caller, when: Any
) -> None:
    """A delayed request is answered truly, only later."""
    emulator.delay_next(0.001, when=when)

    assert call("POST", KEYS, {"key": AWS}).status == 201


@pytest.mark.parametrize(("when", "registered"), [("before", 0), ("after", 1)])
def test_a_client_may_give_up_before_or_after_the_work_is_done(
    emulator: ByokEmulator, when: Any, registered: int
) -> None:
    """A client that gives up finds its request done or not, as the fault says."""
    emulator.delay_next(3600, when=when)
    http = urllib3.PoolManager(retries=False, timeout=1.0)
    headers = {"Authorization": f"Bearer {emulator.access_token}"}

    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        http.request("POST", emulator.url + KEYS, json={"key": AWS}, headers=headers)

    http.clear()
    assert len(emulator.keys) == registered


def test_stopping_does_not_wait_for_a_delay() -> None:
    """The emulator stops at once, even in the middle of a delay."""
    emulator = ByokEmulator()
    emulator.start()
    call = Caller(emulator)
    emulator.delay_next(3600, when="after")
    answers: list[Answer | None] = []

    def wait() -> None:
        try:
            answers.append(call("POST", KEYS, {"key": GCP}))
        except urllib3.exceptions.HTTPError:
            answers.append(None)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not emulator.keys:
        pass
    emulator.stop()
    waiting.join()

    assert len(answers) == 1
    call.close()


def test_a_true_answer_may_be_dropped_late(emulator: ByokEmulator, call: Caller) -> None:
    """A true answer can be dropped after a while."""
    emulator.drop_next(when="after", delay=0.001)
    assert dropped(call, "POST", KEYS, {"key": AWS})
    assert len(emulator.keys) == 1


@pytest.mark.parametrize("wrong", [{"when": "during"}, {"status": 99}, {"status": 1000}])
def test_a_misspelt_fault_is_refused(wrong: dict[str, Any]) -> None:
    """A fault that can never strike, or makes no sense, is refused."""
    with pytest.raises(ValueError, match=r"when must be|status must be"):
        Fault(**wrong)


def test_the_exchange_of_tokens_can_fail_too(emulator: ByokEmulator, call: Caller) -> None:
    """The token exchange fails like any other request."""
    emulator.fail_next(500, path="/sts/v1/oauth2/token")

    assert statuses(call, 1) == [200]
    assert json.loads(call("POST", "/sts/v1/oauth2/token").body)["errors"][0]["status"] == "500"
