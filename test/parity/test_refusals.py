"""What the generated client refuses before sending anything is refused here too."""

from __future__ import annotations

from typing import Any

import pytest

from support.recorder import RecordingServer

from .calls import Call, aws, perform


def _list(name: str, **arguments: Any) -> Call:
    return Call(f"list with {name}", lambda p, api: api.list_byok_v1_keys(**arguments))


def _get(name: str, key_id: Any = "cck-1", **options: Any) -> Call:
    return Call(f"get with {name}", lambda p, api: api.get_byok_v1_key(key_id, **options))


_NOWHERE = {"in": "body", "key": "k", "value": "v"}

_REFUSED = [
    _list("page_size 0", page_size=0),
    _list("page_size 101", page_size=101),
    _list("page_size as text", page_size="10"),
    _list("page_size True", page_size=True),
    _list("page_size as float", page_size=10.0),
    _list("a token too long", page_token="t" * 256),
    _list("a number as provider", provider=5),
    _list("an unknown filter", colour="red"),
    _list("an unknown option", _retries=1),
    _get("a number as id", 5),
    _get("None as id", None),
    _get("an id too long", "x" * 256),
    _get("no timeout", _request_timeout=0),
    _get("a negative timeout", _request_timeout=-1),
    _get("a timeout that is no number", _request_timeout="5"),
    _get("half a pair of timeouts", _request_timeout=(1,)),
    _get("a second server", _host_index=1),
    _get("a line break in a header", _headers={"X-One": "a\r\nX-Two: b"}),
    _get("a header that is None", _headers={"X-One": None}),
    _get("credentials nowhere", _request_auth=_NOWHERE),
    _get("credentials that are no dict", _request_auth="Bearer x"),
    Call("create without key", lambda p, api: api.create_byok_v1_key(p.CreateByokV1KeyRequest())),
    Call("create of a number", lambda p, api: api.create_byok_v1_key(5)),
    Call("create of a list", lambda p, api: api.create_byok_v1_key([])),
    Call(
        "create as plain text",
        lambda p, api: api.create_byok_v1_key(aws(p), _content_type="text/plain"),
    ),
    Call(
        "create with a key of no kind",
        lambda p, api: api.create_byok_v1_key(
            p.CreateByokV1KeyRequest.from_dict({"key": {"kind": "NoSuchKey", "key_id": "x"}})
        ),
    ),
    Call(
        "create with a number as name",
        lambda p, api: api.create_byok_v1_key(aws(p, display_name=5)),
    ),
    Call(
        "credentials that no header can carry",
        lambda p, api: api.get_byok_v1_key("x"),
        {"access_token": "€"},
    ),
    Call("update of a number", lambda p, api: api.update_byok_v1_key("x", 5)),
]

# By name, for each package has its own classes of the last two.
_CAUGHT_BY = {"TypeError", "ValueError", "KeyError", "AttributeError", "OpenApiException"}


@pytest.mark.parametrize("call", _REFUSED, ids=str)
def test_refusal_is_shared(theirs: Any, ours: Any, server: RecordingServer, call: Call) -> None:
    """What the generated client refuses is refused here, and the same handlers catch it."""
    their_outcome, our_outcome = perform(theirs, call, server), perform(ours, call, server)
    assert their_outcome.was_refused
    assert our_outcome.was_refused, our_outcome.requests
    caught_by, caught_here_by = (
        _CAUGHT_BY & {ancestor.__name__ for ancestor in type(outcome.error).__mro__}
        for outcome in (their_outcome, our_outcome)
    )
    assert caught_by <= caught_here_by, our_outcome.error


def test_forgotten_argument_is_a_type_error(
    theirs: Any, ours: Any, server: RecordingServer
) -> None:
    """A call that lacks its id is refused. Theirs is pydantic's error, ours is Python's."""
    call = Call("get without id", lambda p, api: api.get_byok_v1_key())
    assert perform(theirs, call, server).was_refused
    our_outcome = perform(ours, call, server)
    assert our_outcome.was_refused
    assert isinstance(our_outcome.error, TypeError)
