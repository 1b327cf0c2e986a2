import gzip
import json
from typing import Any

import pytest

from openapi_client import ApiResponseException, Headers, NotFoundException, RateLimit
from support.documents import KEY, PAGE
from support.recorder import RecordingServer
from support.replies import Framing, Reply, json_reply

from .service import Connect, Operation

_BODY = json.dumps({**KEY, "display_name": "Küche"}, ensure_ascii=False)


def test_facts_of_every_call(
    server: RecordingServer, connect: Connect, operation: Operation
) -> None:
    """A response tells its status, request id, rate limit, body and attempt."""
    seen: list[Any] = []
    api = connect(server, on_attempt=seen.append)
    told = operation.call(api, "_with_http_info")
    plain = operation.call(api)
    assert told.data == plain
    assert told.status_code == {"POST": 201, "DELETE": 204}.get(operation.method, 200)
    assert told.request_id == told.headers["X-REQUEST-ID"] == "r1"
    assert told.rate_limit == RateLimit(None, 59, None)
    assert isinstance(told.headers, Headers)
    assert json.loads(told.raw_data or b"null") == (plain and plain.to_dict() and _sent(operation))
    assert told.validation_errors == [] or operation.method == "DELETE"
    (attempt,) = told.attempts
    assert attempt == seen[0]
    assert (attempt.number, attempt.method, attempt.status) == (1, operation.method, told.status)
    assert attempt.path == operation.target.partition("?")[0]
    assert (attempt.error, attempt.request_id, attempt.wait) == (None, "r1", None)
    assert attempt.duration >= 0


def _sent(operation: Operation) -> Any:
    return PAGE if operation.name.startswith("list") else KEY


def test_data_is_lossless(connect: Connect) -> None:
    """All that the service sent reaches the caller, also what this client does not know."""
    news = {"news": [{"a": None}], "nothing": None}
    validation = {"phase": "VALID", "since": "2026-01-02T03:04:05.123456+00:00", **news}
    key = {**KEY, "key": {**KEY["key"], **news}, "validation": validation, **news}
    page = {**PAGE, "metadata": {**PAGE["metadata"], **news}, "data": [key, key], **news}
    with RecordingServer(
        lambda request: json_reply(200, page if request.path.endswith("/keys") else key)
    ) as server:
        api = connect(server)
        assert json.loads(api.get_byok_v1_key("cck-1").to_json()) == key
        assert json.loads(api.list_byok_v1_keys().to_json()) == page


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(200, (), _BODY.encode()), id="no content type"),
        pytest.param(Reply(200, (("Content-Type", "text/plain"),), _BODY.encode()), id="text"),
        pytest.param(Reply(200, (), _BODY.encode("utf-8-sig")), id="byte order mark"),
        pytest.param(Reply(200, (), _BODY.encode("utf-16")), id="UTF-16"),
        pytest.param(
            Reply(
                200,
                (("Content-Type", "application/json; charset=iso-8859-1"),),
                _BODY.encode("latin-1"),
            ),
            id="latin-1",
        ),
        pytest.param(Reply(200, (), gzip.compress(_BODY.encode())), id="gzip without a label"),
        pytest.param(
            Reply(200, (("Content-Encoding", "gzip"),), gzip.compress(_BODY.encode())), id="gzip"
        ),
        pytest.param(Reply(200, (("Content-Encoding", "gzip"),), _BODY.encode()), id="no gzip"),
        pytest.param(Reply(200, (), _BODY.encode(), framing=Framing.CHUNKED), id="chunked"),
        pytest.param(Reply(200, (), _BODY.encode(), framing=Framing.CLOSE), id="until the end"),
        pytest.param(Reply(200, (), _BODY.encode(), version="HTTP/1.0"), id="HTTP/1.0"),
        pytest.param(Reply(200, (), b" \r\n" + _BODY.encode() + b"\n"), id="blanks around"),
    ],
)
def test_wrappings_of_a_body(connect: Connect, reply: Reply) -> None:
    """A key that came whole is read, whatever its wrapping."""
    with RecordingServer(lambda _: reply) as server:
        assert connect(server).get_byok_v1_key("cck-1").display_name == "Küche"


@pytest.mark.parametrize("value", [[], [1], "text", 5, None, True])
def test_json_that_is_no_object(connect: Connect, value: Any) -> None:
    """Where a model is promised, a model comes, or an exception that keeps what came instead."""
    with (
        RecordingServer(lambda _: json_reply(200, value)) as server,
        pytest.raises(ApiResponseException, match="no JSON object") as caught,
    ):
        connect(server).get_byok_v1_key_with_http_info("cck-1")
    assert json.loads(caught.value.body or "") == value


def test_what_does_not_fit_is_told(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    """What does not fit is kept, told in the response, and logged."""
    odd = {**KEY, "state": 5, "new": {"a": 1}}
    del odd["provider"]
    with RecordingServer(lambda _: json_reply(200, odd)) as server:
        told = connect(server).get_byok_v1_key_with_http_info("cck-1")
    kept = told.data.to_dict()
    assert (kept["id"], kept["state"], kept["new"]) == ("cck-1", 5, {"a": 1})
    assert vars(told.data)["provider"] is None
    assert {error["loc"][0] for error in told.validation_errors} == {"state", "provider"}
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "state" in caplog.text


def test_unread_response(server: RecordingServer, connect: Connect) -> None:
    """The body of an unread response can be read bit by bit."""
    response = connect(server).get_byok_v1_key_without_preload_content("cck-1")
    assert response.status == 200
    assert response.headers["x-request-id"] == "r1"
    assert response.read(3) == json.dumps(KEY).encode()[:3]
    assert response.read() == json.dumps(KEY).encode()[3:]
    response.release_conn()


def test_unread_responses_give_their_connection_back(
    server: RecordingServer, connect: Connect
) -> None:
    """Unread responses, once they are read, give their connection back."""
    api = connect(server)
    for _ in range(3):
        assert json.loads(api.list_byok_v1_keys_without_preload_content().data) == PAGE
    assert server.connections == 1


@pytest.mark.parametrize("status", [302, 400, 404, 501])
def test_unread_response_of_a_failure(connect: Connect, operation: Operation, status: int) -> None:
    """An unread response of any status is returned, and nothing is raised."""
    with RecordingServer(lambda _: Reply(status, (), b"why")) as server:
        response = operation.call(connect(server), "_without_preload_content")
        assert (response.status, response.data) == (status, b"why")
        assert len(server.requests) == 1


def test_failure_that_looks_like_a_key(connect: Connect) -> None:
    """A 404 is a failure, although its body looks like a key."""
    with (
        RecordingServer(lambda _: json_reply(404, KEY)) as server,
        pytest.raises(NotFoundException),
    ):
        connect(server).get_byok_v1_key("cck-1")
