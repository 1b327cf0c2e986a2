"""Whatever a server sends, the call ends as documented, and no JSON of a success is lost."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openapi_client import (
    ApiClient,
    ApiException,
    ApiResponseException,
    Configuration,
    KeysByokV1Api,
    OpenApiException,
    StsTokenProvider,
)
from support.clock import FakeClock
from support.documents import KEY
from support.faults import Send
from support.properties import examples
from support.recorder import RecordingServer
from support.replies import End, Framing, Reply, Step, json_reply

from .service import CREATED, GOOD, REQUEST

_MANY = examples(300)


class Talker:
    """A server that answers as it was told last, and a client of it."""

    def __init__(self) -> None:
        self.step: Step = GOOD
        self.server = RecordingServer(lambda _: self.step)

    def open(self) -> None:
        """Begin."""
        self.server.start()
        self.client = ApiClient(Configuration(self.server.url, username="id", password="s3cret"))
        self.client.clock = FakeClock()
        self.api = KeysByokV1Api(self.client)

    def close(self) -> None:
        """End. Raises what went wrong in the server."""
        self.client.close()
        self.server.close()
        assert self.server.failures == []

    def answering(self, step: Step) -> KeysByokV1Api:
        """The API, whose next call is answered so."""
        self.step = step
        self.server.requests.clear()
        self.client.close()  # An answer that closes its connection would race with this request.
        return self.api


@pytest.fixture(scope="module")
def talker() -> Iterator[Talker]:
    """One server and one client for all examples."""
    made = Talker()
    made.open()
    yield made
    made.close()


_LINE = st.binary(max_size=60).map(lambda data: data.replace(b"\n", b""))
_HEADS = st.builds(
    lambda line, headers, body: b"\r\n".join([line, *headers, b"", body]),
    st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 503", b"HTTP/1.1 429 x", b"HTTP/1.1 201"])
    | _LINE.map(lambda rest: b"HTTP/1.1 " + rest),
    st.lists(
        _LINE
        | st.sampled_from(
            [b"Transfer-Encoding: chunked", b"Content-Length: 5", b"Content-Length: -1"]
            + [b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Connection: close"]
            + [b"Retry-After: 1e400", b"Retry-After: " + b"9" * 400, b"X-RateLimit-Reset: 1"]
            + [b"Date: \xff", b"Content-Type: application/json; charset=\xff", b" folded"]
        ),
        max_size=5,
    ),
    st.binary(max_size=60) | st.just(b"5\r\n[1,2]\r\n0\r\n\r\n"),
)


@st.composite
def _spoilt(draw: st.DrawFn) -> bytes:
    """A good answer in which some bytes were changed, lost or added."""
    data = CREATED.head() + CREATED.payload()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 20)))
        data = data[:start] + draw(st.binary(max_size=5)) + data[end:]
    return data


_ANSWERS = st.binary(max_size=100) | _HEADS | _spoilt()


@_MANY
@example(data=b"")
@example(data=b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 100_000)
@example(data=b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}")
@given(data=_ANSWERS)
def test_any_bytes(talker: Talker, data: bytes) -> None:
    """Whatever a server sends, a call ends as documented, and no key is registered twice."""
    api = talker.answering(Send(data))
    before_the_last: Any = ()
    try:
        before_the_last = api.create_byok_v1_key_with_http_info(REQUEST).attempts[:-1]
    except ApiException as error:
        before_the_last = error.attempts[:-1]
        assert str(error)
        assert error.attempts[-1].wait is None
    # Only an answer that says so is known to have done nothing.
    assert {attempt.status for attempt in before_the_last} <= {429, 503}
    try:
        talker.answering(Send(data)).list_byok_v1_keys()
    except ApiException as error:
        assert str(error)
        assert not error.outcome_unknown


@_MANY
@given(data=_ANSWERS)
def test_any_bytes_of_a_token_service(talker: Talker, data: bytes) -> None:
    """Whatever a token service sends, an exchange ends with a token or as documented."""
    talker.step = Send(data)
    settings = talker.client.configuration
    provider = StsTokenProvider("pool", "jwt", configuration=settings)
    provider.api_client.clock = FakeClock()
    try:
        assert isinstance(provider(), str)
    except OpenApiException as error:
        assert str(error)
    provider.api_client.close()


_TEXT = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30)
_TOKEN = st.text("abcXYZ0189!#$%&'*+-.^_`|~", min_size=1, max_size=12)
_KNOWN = st.sampled_from(
    [
        *("Content-Type", "Content-Encoding", "Location", "Retry-After", "Date", "X-Request-Id"),
        *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Connection"),
        *("WWW-Authenticate", "Set-Cookie", "ETag", "Trailer", "Upgrade", "Keep-Alive", "Vary"),
    ]
)
_FRAMING = {"content-length", "transfer-encoding"}
_TELLING = st.sampled_from(
    ["gzip", "deflate", "br", "identity, gzip", "application/json; charset=utf-16", "text/html"]
    + ["application/json; charset=utf-7", ";", "", '"', "close", "0", "-1", "nan", "1e999"]
)
_FIELDS = st.lists(st.tuples(_KNOWN | _TOKEN, _TELLING | _TEXT), max_size=8).map(
    lambda fields: tuple(field for field in fields if field[0].lower() not in _FRAMING)
)


@_MANY
@given(fields=_FIELDS, status=st.integers(200, 299).filter(lambda s: s != 204))
def test_any_headers_of_a_success(talker: Talker, fields: Any, status: int) -> None:
    """Whatever headers a success has, its data and its headers reach the caller."""
    reply = replace(json_reply(status, KEY), end=End.CLOSE)
    api = talker.answering(reply.with_headers(*fields))
    assert api.create_byok_v1_key(REQUEST).id == "cck-1"
    response = api.get_byok_v1_key_with_http_info("cck-1")
    assert response.data.id == "cck-1"
    assert response.raw_data == reply.body
    assert response.validation_errors == []
    for name, _ in fields:
        assert name in response.headers
    assert repr(response)


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*KEY, "data", "next"]) | st.text(), inner, max_size=5)
    ),
    max_leaves=12,
)


@_MANY
@example(value={"key": {"kind": "AwsKey"}}, escaped=True)
@example(value={"display_name": "\ud800"}, escaped=True)
@example(value={"metadata": 1e308}, escaped=True)
@given(value=_JSON, escaped=st.booleans())
def test_any_json_of_a_success(talker: Talker, value: Any, escaped: bool) -> None:
    """Whatever JSON a success has, it reaches the caller as data or in the exception."""
    try:
        body = json.dumps(value, ensure_ascii=escaped).encode()
    except UnicodeEncodeError:
        body = json.dumps(value).encode()
    reply = Reply(201, (("Content-Type", "application/json"),), body)
    api = talker.answering(reply)
    calls: list[Callable[[], Any]] = [
        lambda: api.create_byok_v1_key_with_http_info(REQUEST),
        lambda: api.get_byok_v1_key_with_http_info("cck-1"),
        api.list_byok_v1_keys_with_http_info,
        lambda: api.update_byok_v1_key_with_http_info("cck-1", {"display_name": "n"}),
    ]
    for call in calls:
        try:
            response = call()
        except ApiResponseException as error:
            assert not isinstance(value, dict) or value.get("errors")
            assert error.body == body.decode()
        else:
            assert response.raw_data == body
            assert response.data.to_dict() == value


def test_number_of_more_digits_than_python_reads(talker: Talker) -> None:
    """A number that is too long for Python is kept, and so is the rest of the answer."""
    body = b'{"id": "cck-1", "big": %s}' % (b"9" * 6000)
    reply = Reply(200, (("Content-Type", "application/json"),), body)
    response = talker.answering(reply).get_byok_v1_key_with_http_info("cck-1")
    assert response.raw_data == body
    assert response.data.id == "cck-1"
    assert str(response.data.to_dict()["big"]) == "9" * 6000


@_MANY
@given(value=st.dictionaries(st.text(), st.text()), sizes=st.lists(st.integers(1, 50), min_size=1))
def test_any_chunks(talker: Talker, value: dict[str, str], sizes: list[int]) -> None:
    """A body in chunks of any size is put together again."""
    body = json.dumps(KEY | {"x": value}).encode()
    head = replace(GOOD, framing=Framing.CHUNKED).head()
    pieces: list[bytes] = []
    rest = body
    while rest:
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(b"%x;ext=1\r\n%s\r\n" % (len(rest[:size]), rest[:size]))
        rest = rest[size:]
    data = head + b"".join(pieces) + b"0\r\nX-Trailer: y\r\n\r\n"
    response = talker.answering(Send(data, End.KEEP)).get_byok_v1_key_with_http_info("x")
    assert response.raw_data == body


def _bodiless(status: int) -> bool:
    return status < 200 or status in {204, 304}


@_MANY
@given(status=st.integers(0, 1100), body=st.binary(max_size=200) | _JSON.map(repr).map(str.encode))
def test_any_status(talker: Talker, status: int, body: bytes) -> None:
    """Only a status from 200 to 299 is a success; any other ends in an exception."""
    headers = (("Content-Type", "application/json"), ("Connection", "close"))
    reply = Reply(status, headers, body, end=End.CLOSE)
    try:
        answer: Any = talker.answering(reply).get_byok_v1_key_with_http_info("x")
        assert answer.status_code == status
        assert 200 <= status <= 299
    except ApiResponseException as error:
        assert error.status == status
        assert 200 <= status <= 299
    except ApiException as error:
        assert not 200 <= status <= 299
        if 100 < status < 1000:
            assert error.status == status or status < 200
        if 300 <= status < 600 and not _bodiless(status):
            assert error.body == body.decode("utf-8", "replace")
        assert len(str(error)) < 3000
