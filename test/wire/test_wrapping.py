import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import pytest

from openapi_client import (
    ApiClient,
    ApiConnectionException,
    ApiResponse,
    ApiTimeoutException,
    ApiTypeError,
    ApiValueError,
    ByokV1Key,
    Configuration,
    GetByokV1Key200Response,
    KeysByokV1Api,
    NotFoundException,
)
from openapi_client._core.attempts import Delivery
from openapi_client.rest import RESTClientObject, RESTResponse
from support.clock import FakeClock
from support.documents import KEY
from support.fault_server import FaultServer
from support.faults import Drop
from support.recorder import RecordingServer
from support.replies import Reply, json_reply

from .service import Connect

T = TypeVar("T")
_UNTIL_IT_WORKS = [
    Reply(503, (("Retry-After", "3"),)),
    Drop.after_reading(),
    Reply(307, (("Location", "/elsewhere"),)),
    json_reply(200, KEY),
]


@pytest.fixture
def unsteady() -> Iterator[FaultServer]:
    """A service that answers the third attempt, after a redirect."""
    with FaultServer(_UNTIL_IT_WORKS) as running:
        yield running


class _Wrapped(ApiClient):
    """A subclass as a wrapping SDK writes it."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.seen: list[str] = []

    def param_serialize(self, *args: Any, **kwargs: Any) -> Any:
        """Add a query to every request."""
        self.seen.append("serialize")
        method, url, headers, body, form = super().param_serialize(*args, **kwargs)
        return method, f"{url}?trace=1", headers, body, form

    def call_api(
        self,
        method: str,
        url: str,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Sequence[tuple[str, str]] | None = None,
        _request_timeout: Any = None,
    ) -> RESTResponse:
        """Number the attempts on the wire."""
        self.seen.append(f"{method} {url.rpartition('/')[2]}")
        assert isinstance(header_params, dict)
        assert "X-Attempt" not in header_params
        header_params["X-Attempt"] = str(len(self.seen))
        return super().call_api(method, url, header_params, body, post_params, _request_timeout)

    def response_deserialize(
        self,
        response_data: RESTResponse,
        response_types_map: Mapping[str, type[T]] | None = None,
    ) -> ApiResponse[T]:
        """See the answer that counts."""
        self.seen.append(f"deserialize {response_data.status}")
        return super().response_deserialize(response_data, response_types_map)


def test_a_subclass_sees_every_stage(
    unsteady: FaultServer, connect: Connect, clock: FakeClock
) -> None:
    """A subclass sees every stage, also of requests that are sent again."""
    api = connect(unsteady, client=_Wrapped)
    told = api.get_byok_v1_key_with_http_info("x")
    client = api.api_client
    assert isinstance(client, _Wrapped)
    assert client.seen == [
        "serialize",
        "GET x?trace=1",
        "GET x?trace=1",
        "GET x?trace=1",
        "GET elsewhere",
        "deserialize 200",
    ]
    assert [request.header("X-Attempt") for request in unsteady.requests] == ["2", "3", "4", "5"]
    assert [attempt.status for attempt in told.attempts] == [503, None, 200]
    assert [attempt.wait for attempt in told.attempts] == [*clock.sleeps, None]
    assert 3 <= clock.sleeps[0] < 3.75


class _ForTenants(ApiClient):
    """A subclass that puts a segment before every path, by a parameter of its own."""

    def param_serialize(self, *args: Any, **kwargs: Any) -> Any:
        """Name the tenant in the path."""
        method, path = args
        kwargs["path_params"]["tenant"] = "t-1"
        json.dumps(copy.deepcopy(kwargs["path_params"]))
        return super().param_serialize(method, f"/{{tenant}}{path}", **kwargs)


def test_a_subclass_may_change_the_parameters_of_a_path() -> None:
    """Whatever the operation, the parameters of its path are a dict of that call alone."""
    with (
        RecordingServer(lambda _: json_reply(200, KEY)) as service,
        _ForTenants(Configuration(host=service.url, username="u", password="p")) as client,
    ):
        api = KeysByokV1Api(client)
        for _ in range(2):
            api.list_byok_v1_keys_without_preload_content().read()
        api.get_byok_v1_key_without_preload_content("cck-1").read()
        api.create_byok_v1_key_without_preload_content({"key": KEY["key"]}).read()
    assert [request.path.partition("?")[0] for request in service.requests] == [
        "/t-1/byok/v1/keys",
        "/t-1/byok/v1/keys",
        "/t-1/byok/v1/keys/cck-1",
        "/t-1/byok/v1/keys",
    ]


class _Transport:
    """An object in the place of ``rest_client``: it counts, and lets another do the work."""

    def __init__(self, inner: RESTClientObject) -> None:
        self._inner = inner
        self.sent: list[tuple[str, str]] = []
        self.closed = 0

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Any = None,
        _request_timeout: Any = None,
    ) -> RESTResponse:
        """Note the request and send it."""
        self.sent.append((method, url))
        return self._inner.request(method, url, headers, body, post_params, _request_timeout)

    def close(self) -> None:
        """Count how often."""
        self.closed += 1
        self._inner.close()


def test_a_replaced_transport_sees_every_attempt(unsteady: FaultServer, connect: Connect) -> None:
    """An object in place of the transport sees every attempt, and is closed with the client."""
    api = connect(unsteady)
    client = api.api_client
    transport = client.rest_client = _Transport(client.rest_client)
    api.get_byok_v1_key("x")
    url = f"{unsteady.url}/byok/v1/keys/x"
    assert transport.sent == [("GET", url)] * 3 + [("GET", f"{unsteady.url}/elsewhere")]
    client.close()
    assert transport.closed == 1


class _Canned:
    """A transport that never touches a socket, as tests of other programs have them."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)

    def request(self, *args: Any, **kwargs: Any) -> Any:
        """Give the next answer."""
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class _Answer:
    """As little of an answer as will do."""

    reason = "Because"

    def __init__(self, status: int, body: bytes, **headers: str) -> None:
        self.status = status
        self.data = body
        self._headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def read(self) -> bytes:
        """The body."""
        return self.data

    def getheaders(self) -> dict[str, str]:
        """The headers, in a plain dict as the generated client gives them."""
        return self._headers


def test_a_transport_without_urllib3(clock: FakeClock) -> None:
    """A program can test itself with a transport that knows nothing of urllib3."""
    client = ApiClient(Configuration(host="https://api.test"))
    client.clock = clock
    client.rest_client = _Canned(
        ApiTimeoutException(reason="slow"),
        _Answer(429, b"", retry_after="2"),
        _Answer(404, b'{"message": "gone"}', x_request_id="r1"),
    )
    text = "404 Because: gone. GET /byok/v1/keys/x. Request id r1. 3 attempts."
    with pytest.raises(NotFoundException, match=f"^{re.escape(text)}$"):
        KeysByokV1Api(client).get_byok_v1_key("x")
    assert 2 <= clock.sleeps[1] < 2.5
    client.rest_client = _Canned(ApiConnectionException(reason="no route"))
    with pytest.raises(ApiConnectionException) as caught:
        KeysByokV1Api(client).create_byok_v1_key({"key": KEY["key"]})
    assert caught.value.outcome_unknown is True
    assert caught.value.status == 0


def test_stages_by_hand(unsteady: FaultServer, connect: Connect) -> None:
    """A wrapper can call the stages itself, as generated code does."""
    client = connect(unsteady).api_client
    request = client.param_serialize(
        "GET",
        "/byok/v1/keys/{id}",
        path_params={"id": "a/b"},
        query_params=[("a", True), ("b", None)],
        header_params={"Accept": "application/json"},
        auth_settings=["cloud-api-key"],
    )
    assert request[1] == f"{unsteady.url}/byok/v1/keys/a%2Fb?a=true"
    assert request[2]["Authorization"].startswith("Basic ")
    assert client.call_api(*request).status == 503
    with pytest.raises(ApiConnectionException) as caught:
        client.call_api(*request)
    assert caught.value.delivery is Delivery.UNANSWERED
    assert client.call_api(*request).status == 307
    answer = client.call_api(*request)
    assert answer.read() == answer.data
    told = client.response_deserialize(answer, {"200": GetByokV1Key200Response})
    assert told.data.id == "cck-1"
    assert client.response_deserialize(answer, {"200": type(None)}).data is None
    assert client.response_deserialize(answer, {"2XX": "object"}).data == KEY
    assert client.response_deserialize(answer).raw_data.startswith(b'{"api_version"')


_KEY = ByokV1Key.from_dict({"id": "cck-1"})


@pytest.mark.parametrize(
    ("text", "kind", "content_type", "value"),
    [
        ('{"id": "cck-1"}', "ByokV1Key", None, _KEY),
        (b'{"id": "cck-1"}', ByokV1Key, "application/json", _KEY),
        ('[{"id": "cck-1"}]', "List[ByokV1Key]", None, [_KEY]),
        ('{"a": [{"id": "cck-1"}]}', "Dict[str, List[ByokV1Key]]", None, {"a": [_KEY]}),
        ('{"a": 1}', "object", None, {"a": 1}),
        ('"2026-01-02"', "date", None, date(2026, 1, 2)),
        ("null", "ByokV1Key", None, None),
        ("{", "object", None, "{"),
        ('{"a": 1}', "str", "Text/Plain; charset=utf-8", '{"a": 1}'),
    ],
)
def test_a_body_by_hand(text: str | bytes, kind: Any, content_type: str | None, value: Any) -> None:
    """A wrapper that reads bodies of its own names their types as generated code does."""
    assert ApiClient(Configuration()).deserialize(text, kind, content_type) == value


@pytest.mark.parametrize(
    ("text", "kind", "error"),
    [
        ("{", "ByokV1Key", ValueError),
        ("", "ByokV1Key", ValueError),
        ('"many"', "int", ValueError),
        ("{}", "ByokV2Key", ApiTypeError),
        ("{}", "List[ByokV2Key]", ApiTypeError),
    ],
)
def test_a_body_by_hand_that_does_not_fit(text: str, kind: str, error: type[Exception]) -> None:
    """A body of another type is an error, and not a value of another type."""
    with pytest.raises(error):
        ApiClient(Configuration()).deserialize(text, kind)


@pytest.mark.parametrize(
    ("settings", "request_auth", "added"),
    [
        (["cloud-api-key"], None, {"Authorization": "Bearer t"}),
        ([], None, {}),
        (None, None, {}),
        (["x"], {"in": "header", "key": "X-Token", "value": "own"}, {"X-Token": "own"}),
        ([], {"in": "cookie", "key": "b", "value": "2"}, {"Cookie": "a=1; b=2"}),
    ],
)
def test_credentials_by_hand(
    settings: list[str] | None, request_auth: dict[str, str] | None, added: dict[str, str]
) -> None:
    """Generated code that adds credentials to its headers gets those of the client, or its own."""
    client = ApiClient(Configuration(access_token="t"), cookie="a=1")
    headers = {"Accept": "application/json"}
    client.update_params_for_auth(headers, [], settings, "/keys", "GET", None, request_auth)
    assert headers == {"Accept": "application/json", **added}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("files", {"file": "key.pem"}),
        ("collection_formats", {"id": "csv"}),
        ("_host", "https://other.test"),
    ],
)
def test_parameters_of_a_stage_that_ask_for_more(name: str, value: Any) -> None:
    """What generated code passes empty may be empty; else nothing of it is left out in silence."""
    client = ApiClient(Configuration("https://api.test"))
    request = client.param_serialize("GET", "/keys", **{name: None})
    assert request[1] == "https://api.test/keys"
    with pytest.raises(ApiValueError, match=f"^{name} is not supported"):
        client.param_serialize("GET", "/keys", **{name: value})
