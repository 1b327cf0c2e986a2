"""Every status of an answer, and what becomes of it."""

import json
from collections.abc import Iterator
from http.client import responses
from typing import Any

import pytest

from openapi_client import (
    ApiException,
    ApiResponseException,
    BadRequestException,
    ByokV1KeyUpdate,
    ConflictException,
    Failure,
    ForbiddenException,
    KeysByokV1Api,
    NotFoundException,
    PaymentRequiredException,
    ServiceException,
    TooManyRequestsException,
    UnauthorizedException,
    UnprocessableEntityException,
)
from support.documents import KEY
from support.recorder import RecordingServer
from support.replies import Framing, Reply, Step, json_reply
from support.wire import Request

from .service import Connect

_NAMED = {
    400: BadRequestException,
    401: UnauthorizedException,
    402: PaymentRequiredException,
    403: ForbiddenException,
    404: NotFoundException,
    409: ConflictException,
    422: UnprocessableEntityException,
    429: TooManyRequestsException,
}
_CALLS = {
    "GET": lambda api, id: api.get_byok_v1_key(id),
    "PATCH": lambda api, id: api.update_byok_v1_key(id, ByokV1KeyUpdate(display_name="n")),
    "DELETE": lambda api, id: api.delete_byok_v1_key(id),
}
_FACTS = (("X-Request-Id", "r1"), ("Location", "/byok/v1/keys/cck-9"), ("X-RateLimit-Reset", "9"))


def _echo(request: Request) -> Step:
    """Answers with the status that stands for the id."""
    status = int(request.path.rpartition("/")[2])
    error = {"status": str(status), "detail": "why", "source": {"pointer": "/p"}, "new": 1}
    return json_reply(status, {"errors": [error], "new": 2}, *_FACTS)


@pytest.fixture(scope="module")
def echo() -> Iterator[RecordingServer]:
    """A service that answers with the status that it is asked for."""
    with RecordingServer(_echo) as running:
        yield running


@pytest.mark.parametrize("method", _CALLS)
@pytest.mark.parametrize("status", range(400, 600))
def test_failures(echo: RecordingServer, connect: Connect, status: int, method: str) -> None:
    """Each failure raises the exception of its status, with its reason and its facts."""
    with pytest.raises(ApiException) as caught:
        _CALLS[method](connect(echo, retries=0), str(status))
    failed = caught.value
    fallback = ServiceException if status >= 500 else ApiException
    assert type(failed) is _NAMED.get(status, fallback)
    assert failed.status == status
    assert failed.reason == responses.get(status, "Unassigned")
    assert failed.headers is not None
    assert failed.headers["x-request-id"] == failed.request_id == "r1"
    assert isinstance(failed.data, Failure)
    assert failed.data.to_dict() == json.loads(failed.body or "")
    assert [(e.detail, e.source and e.source.pointer) for e in failed.errors] == [("why", "/p")]
    assert failed.rate_limit.reset == 9
    transient = status == 408 or (status >= 500 and status not in (501, 505))
    unsure = method != "GET" and transient
    assert failed.outcome_unknown == unsure
    assert [(a.number, a.status, a.wait) for a in failed.attempts] == [(1, status, None)]
    assert str(failed).startswith(
        f"{status} {failed.reason}: why (/p). {method} /byok/v1/keys/{status}. Request id r1."
    )


def test_conflict(echo: RecordingServer, connect: Connect) -> None:
    """A conflict tells where the key is that is registered already."""
    with pytest.raises(ConflictException) as caught:
        connect(echo).delete_byok_v1_key("409")
    assert caught.value.location == "/byok/v1/keys/cck-9"


@pytest.mark.parametrize("status", [201, 202, 203, 206, 226, 299])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_any_success(connect: Connect, status: int, method: str) -> None:
    """A success with an unusual status has its data."""
    with RecordingServer(lambda _: json_reply(status, KEY)) as server:
        assert _CALLS[method](connect(server), "cck-1").id == "cck-1"


@pytest.mark.parametrize(
    ("status", "body", "location", "id"),
    [
        (200, KEY, None, "cck-1"),
        (202, KEY, None, "cck-1"),
        (201, {**KEY, "id": None}, "/byok/v1/keys/cck-7", "cck-7"),
        (201, {"key": KEY["key"]}, "https://h/byok/v1/keys/a%2Fb/?x#y", "a/b"),
        (201, {"key": KEY["key"]}, None, None),
        (201, {"key": KEY["key"]}, "http://[", None),
        (201, {"key": KEY["key"]}, f"/byok/v1/keys/{'x' * 300}", None),
        (201, KEY, "/byok/v1/keys/cck-7", "cck-1"),
    ],
)
def test_created(
    connect: Connect, status: int, body: Any, location: str | None, id: str | None
) -> None:
    """The id of a new key is told by the body, or else by the Location."""
    headers = (("Location", location),) if location else ()
    with RecordingServer(lambda _: json_reply(status, body, *headers)) as server:
        created = connect(server).create_byok_v1_key({"key": KEY["key"]})
    assert created.id == id
    assert created.key.to_dict() == KEY["key"]


@pytest.mark.parametrize("framing", [Framing.LENGTH, Framing.CHUNKED, Framing.CLOSE])
@pytest.mark.parametrize("body", [b"{}", b'{"kind": "Key"}', b'{"errors": []}', b" \r\n", b""])
@pytest.mark.parametrize("status", [200, 202, 204])
def test_deleted(connect: Connect, status: int, body: bytes, framing: Framing) -> None:
    """A deletion is a success whatever body it has, and so is the next one."""
    reply = Reply(status, body=body, framing=framing)
    with RecordingServer(lambda _: reply) as server:
        api = connect(server)
        for _ in range(2):
            told = api.delete_byok_v1_key_with_http_info("cck-1")
            assert (told.status_code, told.data) == (status, None)
            assert told.raw_data == body or status == 204


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b"<html>blocked</html>", []),
        (b"null", []),
        (b'["deleted"]', []),
        (b'"deleted"', []),
        (b'{"errors": [{"detail": "blocked"}]}', ["blocked"]),
    ],
)
@pytest.mark.parametrize("status", [200, 202])
def test_success_that_is_no_answer(
    connect: Connect, status: int, body: bytes, errors: list[str]
) -> None:
    """A page that blocks a request, and answers it with 200, is told as a failure."""
    page = Reply(status, (("X-Request-Id", "r1"),), body)
    with RecordingServer(lambda _: page) as server:
        api = connect(server)
        calls = [lambda: api.delete_byok_v1_key("cck-1"), *_calls_with_a_body(api)]
        for call in calls:
            with pytest.raises(ApiResponseException) as caught:
                call()
            failed = caught.value
            assert (failed.status, failed.request_id) == (status, "r1")
            assert failed.body == body.decode()
            assert [error.detail for error in failed.errors] == errors
            assert len(failed.attempts) == 1
            assert failed.outcome_unknown == (failed.attempts[0].method != "GET")
        assert len(server.requests) == len(calls)


def test_a_key_with_errors_is_a_key(connect: Connect) -> None:
    """A field ``errors`` that a later version of the service adds to a key spoils nothing."""
    with RecordingServer(lambda _: json_reply(200, {**KEY, "errors": ["x"], "state": 5})) as server:
        assert connect(server).get_byok_v1_key("cck-1").to_dict()["errors"] == ["x"]


def _calls_with_a_body(api: KeysByokV1Api) -> list[Any]:
    return [
        lambda: api.get_byok_v1_key("cck-1"),
        api.list_byok_v1_keys,
        lambda: api.create_byok_v1_key({"key": KEY["key"]}),
        lambda: api.update_byok_v1_key("cck-1", {}),
    ]


@pytest.mark.parametrize(
    "body", [b"<html>login</html>", b"", b"{", b'{"a": 1} x', b"\xff\xfe{", b"["]
)
@pytest.mark.parametrize("kind", ["application/json", "text/html", ""])
def test_success_that_is_no_json(connect: Connect, body: bytes, kind: str) -> None:
    """A success that is no JSON is an exception that shows what came."""
    facts = (("X-Request-Id", "r1"), *((("Content-Type", kind),) if kind else ()))
    with RecordingServer(lambda _: Reply(200, facts, body)) as server:
        for call in _calls_with_a_body(connect(server)):
            with pytest.raises(ApiResponseException) as caught:
                call()
            failed = caught.value
            assert (failed.status, failed.request_id) == (200, "r1")
            assert failed.body == body.decode("utf-8", "replace")
            assert failed.headers is not None
            assert failed.headers.get("content-type", "") == kind
            assert kind in str(failed)
            assert len(failed.attempts) == 1
        assert len(server.requests) == 4


@pytest.mark.parametrize("status", [200, 201, 299])
def test_every_status_of_success_is_one(connect: Connect, status: int) -> None:
    """An answer that says that all is well is given to the caller, and what it says is kept."""
    with RecordingServer(lambda it: json_reply(status, {"id": it.header("User-Agent")})) as server:
        api = connect(server)
        found = api.get_byok_v1_key_with_http_info("cck-1")
        api.api_client.cookie = api.api_client.user_agent
        again = api.get_byok_v1_key_with_http_info("cck-1")
    assert found.status_code == again.status_code == status
    assert found.data.id == again.data.id == api.api_client.user_agent


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b'{"errors": [{"title": "Not Found"}, {"detail": "d"}]}', ["Not Found", "d"]),
        (b'{"errors": [{"message": "m", "source": {}}]}', ["m"]),
        (b'{"errors": ["text"]}', ["text"]),
        (b'{"errors": []}', []),
        (b'{"message": "resource not found"}', ["resource not found"]),
        (b'{"error": "text"}', ["text"]),
        (b'{"error": 5}', []),
        (b'{"error": true, "detail": "d"}', ["d"]),
        (b'{"error": {"code": "C", "message": "m"}, "status": 404}', ["m"]),
        (b'{"error_code": 40401, "message": "m"}', ["m"]),
        (b'{"errors": [{"status": 404, "detail": 5, "source": "x"}]}', ["5"]),
        (b"{}", []),
        (b"[]", []),
        (b"null", []),
        (b"", []),
        (b"<html>", []),
        (b"\xff\xfe", []),
    ],
)
def test_forms_of_a_failure(connect: Connect, body: bytes, errors: list[str]) -> None:
    """A failure in another form than the documented one comes with its reason."""
    with (
        RecordingServer(lambda _: Reply(404, (), body)) as server,
        pytest.raises(NotFoundException) as caught,
    ):
        connect(server).get_byok_v1_key("cck-1")
    failed = caught.value
    told = [str(e.detail or e.message or e.title) for e in failed.errors]
    assert told == errors
    assert failed.body == body.decode("utf-8", "replace")
    assert all(text in str(failed) for text in errors)
    assert (failed.data is None) == (not body.startswith(b"{"))


@pytest.mark.parametrize("reason", ["", "Gone \x1b[2J\u00e9", "x" * 5000])
def test_reason_phrases(connect: Connect, reason: str) -> None:
    """Whatever the reason phrase, the text of a failure is printable and short."""
    with (
        RecordingServer(lambda _: Reply(404, (), b"", reason=reason)) as server,
        pytest.raises(NotFoundException) as caught,
    ):
        connect(server).get_byok_v1_key("cck-1")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500
