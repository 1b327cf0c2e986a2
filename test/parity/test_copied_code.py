"""Generated code that was copied for another endpoint runs on this client's stages."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from support.recorder import RecordingServer
from support.replies import Reply, json_reply

from .alike import assert_alike
from .answers import failure
from .calls import BASIC, CALLS, Call, perform

_PATH, _OTHER_PATH = "/byok/v1/keys", "/other/v2/keys"


def _copied(theirs: Any, package: Any) -> Any:
    """`package` with operations whose code is the generated one, but for its path."""
    source = inspect.getsource(theirs.api.keys_byok_v1_api)
    source = source.replace(_PATH, _OTHER_PATH).replace(theirs.__name__, package.__name__)
    members: dict[str, Any] = {"__name__": f"copied_to_{package.__name__}"}
    exec(compile(source, "copied.py", "exec", dont_inherit=True), members)
    names = {name: getattr(package, name) for name in package.__all__}
    return SimpleNamespace(**names | {"KeysByokV1Api": members["KeysByokV1Api"]})


@pytest.fixture(scope="module")
def originals(theirs: Any) -> Any:
    """The generated client, with operations at another path."""
    return _copied(theirs, theirs)


@pytest.fixture(scope="module")
def copies(theirs: Any, ours: Any) -> Any:
    """This client, with those operations."""
    return _copied(theirs, ours)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_copied_operation_does_the_same(
    originals: Any, copies: Any, server: RecordingServer, call: Call
) -> None:
    """A copied operation sends what it sent, and returns what it returned."""
    their_outcome, our_outcome = (perform(each, call, server) for each in (originals, copies))
    assert (their_outcome.error, our_outcome.error) == (None, None)
    sent = [
        (
            request.method,
            request.target,
            sorted(pair for pair in request.headers if pair[0] not in {"User-Agent", "Host"}),
            request.body,
        )
        for outcome in (their_outcome, our_outcome)
        for request in outcome.requests
    ]
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert sent[0][1].partition("?")[0].startswith(call.prefix + _OTHER_PATH)
    if "raw" not in call.name and "with_http_info" not in call.name:
        assert_alike(their_outcome.result, our_outcome.result)


@pytest.mark.parametrize("status", [400, 404, 409, 429, 500])
def test_a_copied_operation_fails_the_same(originals: Any, copies: Any, status: int) -> None:
    """The exception of a status is caught, and has the status and the body, as before."""
    call = Call("get", lambda p, api: api.get_byok_v1_key("x"), {**BASIC, "retries": False})
    with RecordingServer(lambda _: failure(status)) as failing:
        errors = [perform(each, call, failing).error for each in (originals, copies)]
    assert type(errors[1]).__name__ == type(errors[0]).__name__ or status in {402, 429}
    assert [error.status for error in errors] == [status] * 2
    assert errors[0].body in (errors[1].body, None)  # Theirs is lost where no model is named.


@dataclass
class _Foreign:
    """A model of another generated client, as far as stages look at it."""

    name: str

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "nested": [None, 1]}

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> _Foreign:
        return cls(value["name"])


def _through_the_stages(package: Any, url: str, types: Any, **request: Any) -> Any:
    """What the body of every generated operation does."""
    client = package.ApiClient(package.Configuration(host=url, **BASIC))
    given: dict[str, Any] = {
        "method": "POST",
        "resource_path": "/other/v2/things/{id}",
        "path_params": {"id": 5},
        "query_params": [],
        "header_params": {"Accept": "application/json", "Content-Type": "application/json"},
        "body": None,
        "post_params": [],
        "files": {},
        "auth_settings": ["cloud-api-key"],
        "collection_formats": {},
        "_host": None,
        "_request_auth": None,
    }
    answer = client.call_api(*client.param_serialize(**given | request), _request_timeout=None)
    answer.read()
    return client.response_deserialize(response_data=answer, response_types_map=types)


@pytest.mark.parametrize(
    "request_parts",
    [
        {"body": {"a": [1, None, "ü"]}},
        {"body": _Foreign("thing")},
        {"body": [_Foreign("one"), _Foreign("two")]},
        {"body": "text that is JSON"},
        {"body": "plain", "header_params": {"Content-Type": "text/plain"}},
        {"body": b"\x00\xff", "header_params": {"Content-Type": "application/octet-stream"}},
        {
            "post_params": [("a", "1 2"), ("b", "ü")],
            "header_params": {"Content-Type": "application/x-www-form-urlencoded"},
        },
        {"method": "GET", "query_params": [("filter[a]", {"b": 1}), ("c", True), ("d", 1.5)]},
        {"method": "GET", "header_params": {"X-Number": 5, "X-Bool": False}},
    ],
    ids=str,
)
def test_any_request_of_an_operation_is_the_same(
    theirs: Any, ours: Any, request_parts: dict[str, Any]
) -> None:
    """Bodies, forms and queries that this API does not have go out as they did."""
    sent = []
    with RecordingServer(lambda _: json_reply(200, {})) as server:
        for package in (theirs, ours):
            server.requests = []
            _through_the_stages(package, server.url, {"200": "object"}, **request_parts)
            (request,) = server.requests
            sent.append(
                (request.target, request.header("Content-Type"), request.body)
                + (request.header("X-Number"), request.header("X-Bool"))
            )
    assert sent[0] == sent[1]


@pytest.mark.parametrize(
    ("types", "reply"),
    [
        ({"200": "object"}, json_reply(200, {"a": 1})),
        ({"200": "Dict[str, object]"}, json_reply(200, {"a": 1})),
        ({"2XX": "List[str]"}, json_reply(202, ["a"])),
        ({"404": "Failure", "default": "object"}, json_reply(200, {"a": 1})),
        ({"200": None, "default": "object"}, json_reply(200, {"a": 1})),
        ({"200": _Foreign}, json_reply(200, {"name": "thing"})),
        ({"200": "str"}, Reply(200, (("Content-Type", "text/plain"),), b"plain")),
        (
            {"200": "str"},
            Reply(200, (("Content-Type", "text/plain; charset=latin-1"),), b"\xfc"),
        ),
        ({"200": "str"}, json_reply(200, "text")),
        ({"200": "int"}, json_reply(200, 5)),
        ({"200": "bytearray"}, Reply(200, (("Content-Type", "image/png"),), b"\x00\xff")),
        ({"200": "bytes"}, Reply(200, (("Content-Type", "image/png"),), b"\x00\xff")),
        ({}, json_reply(200, {"a": 1})),
    ],
    ids=str,
)
def test_any_answer_of_an_operation_is_the_same(
    theirs: Any, ours: Any, types: Any, reply: Reply
) -> None:
    """Answers that this API does not have are read as they were."""
    with RecordingServer(lambda _: reply) as server:
        data = [_through_the_stages(each, server.url, types).data for each in (theirs, ours)]
    assert data[0] == data[1]


def test_an_answer_that_does_not_fit_is_of_the_family(ours: Any) -> None:
    """An answer that does not fit is an ``ApiResponseException`` with status and body."""
    with RecordingServer(lambda _: json_reply(200, ["a"])) as server:
        for name in ("int", "Dict[str, object]", "ByokV1KeyList"):
            with pytest.raises(ours.ApiResponseException) as caught:
                _through_the_stages(ours, server.url, {"200": name})
            assert (caught.value.status, json.loads(caught.value.body)) == (200, ["a"])


@pytest.mark.parametrize(
    "unsupported",
    [{"files": {"f": "x"}}, {"collection_formats": {"a": "csv"}}, {"_host": "https://h.test"}],
    ids=str,
)
def test_what_is_not_supported_is_refused(ours: Any, unsupported: dict[str, Any]) -> None:
    """Files, list parameters and other servers are refused by name rather than lost."""
    (name,) = unsupported
    with pytest.raises(ours.ApiValueError, match=f"^{name} is not supported"):
        _through_the_stages(ours, "http://127.0.0.1:1", {}, **unsupported)
