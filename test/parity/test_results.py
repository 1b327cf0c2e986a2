"""What a call returns or raises is what code written for the generated client expects."""

from __future__ import annotations

from typing import Any

import pytest

from support.recorder import RecordingServer
from support.replies import Reply

from .alike import assert_alike
from .answers import failure
from .calls import BASIC, Call, aws, perform

# Answers of failure are to be seen once, as they come.
_ONCE = {**BASIC, "retries": False}

_SUCCESSES = [
    Call("create", lambda p, api: api.create_byok_v1_key(aws(p))),
    Call("delete", lambda p, api: api.delete_byok_v1_key("cck-12345")),
    Call("get", lambda p, api: api.get_byok_v1_key("cck-12345")),
    Call("list", lambda p, api: api.list_byok_v1_keys()),
    Call("update", lambda p, api: api.update_byok_v1_key("x", p.ByokV1KeyUpdate(display_name="n"))),
]
_WITH_INFO = [
    Call("create", lambda p, api: api.create_byok_v1_key_with_http_info(aws(p))),
    Call("delete", lambda p, api: api.delete_byok_v1_key_with_http_info("cck-12345")),
    Call("list", lambda p, api: api.list_byok_v1_keys_with_http_info()),
]
_STATUSES = [400, 401, 402, 403, 404, 409, 415, 418, 422, 429, 500, 501, 503]


@pytest.mark.parametrize("call", _SUCCESSES, ids=str)
def test_result_is_the_same(theirs: Any, ours: Any, server: RecordingServer, call: Call) -> None:
    """A call returns what the generated client returns."""
    their_outcome, our_outcome = perform(theirs, call, server), perform(ours, call, server)
    assert (their_outcome.error, our_outcome.error) == (None, None)
    assert_alike(their_outcome.result, our_outcome.result)


@pytest.mark.parametrize("call", _WITH_INFO, ids=str)
def test_response_is_the_same(theirs: Any, ours: Any, server: RecordingServer, call: Call) -> None:
    """A response has its data, status, bytes and headers where they were."""
    their_response, our_response = (
        perform(package, call, server).result for package in (theirs, ours)
    )
    assert_alike(their_response.data, our_response.data)
    assert our_response.status_code == their_response.status_code
    assert our_response.raw_data == their_response.raw_data
    assert dict(our_response.headers) == dict(their_response.headers)


def test_raw_response_is_the_same(theirs: Any, ours: Any) -> None:
    """A response that code reads by itself is the same, also that of a failure."""
    call = Call("raw", lambda p, api: api.get_byok_v1_key_without_preload_content("x"), _ONCE)
    with RecordingServer(lambda _: failure(404)) as failing:
        raw = [perform(package, call, failing).result for package in (theirs, ours)]
    assert [type(response) for response in raw] == [type(raw[0])] * 2
    assert [(each.status, each.reason, each.data) for each in raw] == [
        (404, "So It Is", failure(404).body)
    ] * 2


@pytest.mark.parametrize("status", _STATUSES)
def test_failure_is_the_same(theirs: Any, ours: Any, status: int) -> None:
    """A failure is caught as before, and has its status, reason, body and data."""
    call = Call("get", lambda p, api: api.get_byok_v1_key("x"), _ONCE)
    with RecordingServer(lambda _: failure(status)) as failing:
        their_error, our_error = (
            perform(package, call, failing).error for package in (theirs, ours)
        )
    assert isinstance(their_error, theirs.ApiException)
    assert isinstance(our_error, getattr(ours.exceptions, type(their_error).__name__))
    assert (our_error.status, our_error.reason) == (status, "So It Is")
    assert our_error.body == their_error.body
    assert our_error.headers["x-request-id"] == their_error.headers["x-request-id"]
    if their_error.data is not None:
        assert_alike(their_error.data, our_error.data)


def test_failure_without_a_body_is_the_same(theirs: Any, ours: Any) -> None:
    """A throttled call, which comes without a body, is told as before."""
    call = Call("list", lambda p, api: api.list_byok_v1_keys(), _ONCE)
    with RecordingServer(lambda _: Reply(429)) as failing:
        errors = [perform(package, call, failing).error for package in (theirs, ours)]
    assert [(error.status, error.body, error.data) for error in errors] == [(429, "", None)] * 2
