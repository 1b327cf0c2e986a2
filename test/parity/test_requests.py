"""What goes over the wire is what the generated client would have sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.properties import examples
from support.recorder import RecordingServer
from support.wire import Request, header_values

from .calls import CALLS, Call, Outcome, aws, perform
from .differences import ALWAYS, DIFFERENCES, REFUSED, Difference

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_QUICK = examples(60)


def _sent(request: Request, without: str = "") -> tuple[Any, ...]:
    """The request, but for headers that always differ and for one aspect that may."""
    dropped = {name.lower() for name in (*ALWAYS, without)}
    if without == "body":
        dropped.add("content-length")
    headers = sorted(pair for pair in request.headers if pair[0].lower() not in dropped)
    line = "" if without == "target" else f"{request.method} {request.target}"
    return (line, headers, b"" if without == "body" else request.body)


def _seen(outcome: Outcome, aspect: str) -> object:
    if outcome.was_refused:
        return REFUSED
    (request,) = outcome.requests
    if aspect == "target":
        return f"{request.method} {request.target}"
    return request.body if aspect == "body" else header_values(request.headers, aspect)


def _assert_same(theirs: Outcome, ours: Outcome) -> None:
    assert (theirs.error, ours.error) == (None, None)
    assert [_sent(each) for each in ours.requests] == [_sent(each) for each in theirs.requests]
    assert len(ours.requests) == 1


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_request_is_the_same(theirs: Any, ours: Any, server: RecordingServer, call: Call) -> None:
    """A call sends the request that the generated client sends."""
    _assert_same(perform(theirs, call, server), perform(ours, call, server))


@pytest.mark.parametrize("difference", DIFFERENCES, ids=str)
def test_intended_difference(
    theirs: Any, ours: Any, server: RecordingServer, difference: Difference
) -> None:
    """Each difference is as it is listed, and the rest of the request is the same."""
    their_outcome = perform(theirs, difference.call, server)
    our_outcome = perform(ours, difference.call, server)
    assert _seen(their_outcome, difference.aspect) == difference.theirs
    assert _seen(our_outcome, difference.aspect) == difference.ours, our_outcome.error
    if REFUSED not in (difference.theirs, difference.ours):
        (their_request,), (our_request,) = their_outcome.requests, our_outcome.requests
        aspect = difference.aspect
        assert _sent(our_request, without=aspect) == _sent(their_request, without=aspect)


def test_user_agent_names_this_library(ours: Any, server: RecordingServer) -> None:
    """The user agent tells the version of this library, and names no generator."""
    call = Call("get", lambda p, api: api.get_byok_v1_key("x"))
    (request,) = perform(ours, call, server).requests
    agent = request.header("User-Agent")
    assert agent is not None
    assert "OpenAPI-Generator" not in agent
    assert ours.__version__ in agent


@_QUICK
@given(provider=_TEXT, token=_TEXT, name=_TEXT, key=_TEXT, size=st.integers(1, 100))
def test_any_filter_is_encoded_alike(
    theirs: Any,
    ours: Any,
    server: RecordingServer,
    provider: str,
    token: str,
    name: str,
    key: str,
    size: int,
) -> None:
    """Filters with any characters are encoded as the generated client encodes them."""
    call = Call(
        "list",
        lambda p, api: api.list_byok_v1_keys(
            provider, None, size, token, display_name=name, key=key
        ),
    )
    _assert_same(perform(theirs, call, server), perform(ours, call, server))


@_QUICK
@given(name=_TEXT, arn=_TEXT.filter(str.strip))
def test_any_text_in_a_body_is_encoded_alike(
    theirs: Any, ours: Any, server: RecordingServer, name: str, arn: str
) -> None:
    """Text with any characters in a body is sent as the generated client sends it."""
    call = Call("create", lambda p, api: api.create_byok_v1_key(aws(p, arn, display_name=name)))
    _assert_same(perform(theirs, call, server), perform(ours, call, server))


@_QUICK
@given(key_id=_TEXT)
def test_any_id_is_encoded_alike_or_refused(
    theirs: Any, ours: Any, server: RecordingServer, key_id: str
) -> None:
    """An id is encoded as by the generated client; only one that may lead elsewhere is refused."""
    call = Call("get", lambda p, api: api.get_byok_v1_key(key_id))
    our_outcome = perform(ours, call, server)
    if our_outcome.was_refused:
        blank = not key_id.strip()
        assert blank or key_id in (".", "..") or not key_id.isprintable() or "%2" in key_id
    else:
        _assert_same(perform(theirs, call, server), our_outcome)
