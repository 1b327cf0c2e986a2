"""The head of a request: written faster than by `http.client`, and to the same bytes."""

import http.client
import socket
import sys
from contextlib import closing
from enum import Enum
from types import FrameType
from typing import Any

import pytest
import urllib3.connection
from hypothesis import example, given
from hypothesis import strategies as st
from typing_extensions import override
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util import SKIP_HEADER

from openapi_client._transport.writing import PlainFields, with_plain_fields
from support.recorder import RecordingServer

from .conftest import MakeApi
from .service import answer

_FIELDS = {"Host", "User-Agent", "Authorization", "Accept"}
_TEXT = st.one_of(
    st.text(max_size=12),
    st.text(st.characters(min_codepoint=0x09, max_codepoint=0x7F), max_size=12),
    st.sampled_from(["X-A", "Host", "User-Agent", SKIP_HEADER, "a\r\nb: c", "a\r\n\tb", ""]),
)
_VALUE = st.one_of(_TEXT, st.binary(max_size=12), st.integers(), st.none())


def _written(kind: type[HTTPConnection], fields: list[tuple[Any, tuple[Any, ...]]]) -> Any:
    """What comes over the wire of a request with such fields, or the exception's class."""
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        connection = kind("127.0.0.1", 80)
        connection.sock = ours
        try:
            connection.putrequest("GET", "/x")
            for name, values in fields:
                connection.putheader(name, *values)
            connection.endheaders()
        except (ValueError, TypeError, AttributeError) as error:
            return type(error)
        ours.shutdown(socket.SHUT_WR)
        return theirs.makefile("rb").read()


@given(
    st.lists(
        st.tuples(
            st.one_of(_TEXT, st.binary(max_size=12)), st.lists(_VALUE, max_size=2).map(tuple)
        ),
        max_size=4,
    )
)
@example([("X-A", ("plain",)), ("X-B", ("caf\xe9",)), (b"X-C", (b"x",)), ("X-D", (5,))])
@example([("X-A", ("a\r\nX-Injected: b",))])
@example([("User-Agent", (SKIP_HEADER,))])
@example([("Authorization", (SKIP_HEADER,))])
def test_fields_are_written_as_by_urllib3(fields: list[tuple[Any, tuple[Any, ...]]]) -> None:
    """Whatever headers a program gives, they go out, or are refused, as with urllib3 alone."""
    assert _written(with_plain_fields(HTTPConnection), fields) == _written(HTTPConnection, fields)


class _Scheme(str, Enum):
    BASIC = "Basic"


class _Masked(str):
    @override
    def __str__(self) -> str:
        return "***"

    @override
    def __format__(self, _: str) -> str:
        return "***"


@pytest.mark.parametrize("value", [_Scheme.BASIC, _Masked("Basic")])
def test_a_text_that_shows_itself_otherwise_is_sent_as_it_is(value: str) -> None:
    """What goes over the wire is what a text holds, not what it looks like in a log."""
    sent = _written(with_plain_fields(HTTPConnection), [("X-A", (value,))])
    assert b"\r\nX-A: Basic\r\n" in sent


def test_a_field_without_a_request_is_refused() -> None:
    """A field that is put before or after a request cannot get into the next one."""
    connection = with_plain_fields(HTTPConnection)("127.0.0.1", 80)
    with pytest.raises(http.client.CannotSendHeader):
        connection.putheader("X-A", "b")


def test_plain_fields_are_not_given_to_http_client(make_api: MakeApi) -> None:
    """The fields of a call are written in one step each."""
    called: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is http.client.HTTPConnection.putheader.__code__:
            called.append(repr(frame.f_locals["header"]))

    with RecordingServer(answer) as server:
        api = make_api(server.url)
        sys.setprofile(note)
        try:
            api.get_byok_v1_key("cck-1")
        finally:
            sys.setprofile(None)
        assert dict(server.only.headers).keys() >= _FIELDS
    assert called == []


@pytest.mark.parametrize(
    "owner", [http.client.HTTPConnection, urllib3.connection.HTTPConnection], ids=str
)
def test_a_patched_method_sees_each_field(
    owner: Any, make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tools that watch what http.client or urllib3 writes see all of it."""
    seen: list[str] = []
    original = owner.putheader

    def putheader(self: Any, header: str, *values: str) -> None:
        seen.append(header)
        original(self, header, *values)

    monkeypatch.setattr(owner, "putheader", putheader)
    with RecordingServer(answer) as server:
        make_api(server.url).get_byok_v1_key("cck-1")
    assert set(seen) >= _FIELDS


def test_a_connection_class_with_a_way_of_its_own(
    make_api: MakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class that a program puts into urllib3's pools sees each field, and may change it."""

    class Marking(HTTPConnection):
        @override
        def putheader(self, header: Any, *values: Any) -> None:
            super().putheader(header, *values)
            if header == "Accept":
                super().putheader("X-Marked", "yes")

    monkeypatch.setattr(HTTPConnectionPool, "ConnectionCls", Marking)
    with RecordingServer(answer) as server:
        make_api(server.url).get_byok_v1_key("cck-1")
        assert server.only.header("X-Marked") == "yes"


def test_connections_that_are_not_those_of_http_client() -> None:
    """Where another package stands in place of urllib3, its connections are left as they are."""

    class Foreign:
        putheader = HTTPConnection.putheader

    assert with_plain_fields(Foreign) is Foreign


def test_the_class_is_made_once() -> None:
    """Connections of a pool are of one class: pools and tools compare them."""
    made = with_plain_fields(HTTPConnection)
    assert made is with_plain_fields(HTTPConnection)
    assert issubclass(made, PlainFields)
