"""What docs/migrating.md says of this client is so; `test/parity` has the generated one beside."""

import dataclasses
import io
import json
import logging
import pickle
import re
import socket
import subprocess
import venv
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import pytest
import urllib3

import openapi_client
from openapi_client import (
    ApiAttributeError,
    ApiClient,
    ApiConnectionException,
    ApiException,
    ApiResponse,
    ApiResponseException,
    ApiTypeError,
    ApiValueError,
    ByokV1GcpKey,
    ByokV1UnknownKey,
    Configuration,
    CreateByokV1Key201Response,
    CreateByokV1KeyRequest,
    KeysByokV1Api,
    PaymentRequiredException,
    RetryPolicy,
    TooManyRequestsException,
)
from openapi_client.rest import ApiException as RestApiException
from openapi_client.rest import RESTResponse
from support.clock import FakeClock
from support.documents import KEY
from support.proxies import forward_proxy
from support.recorder import RecordingServer
from support.replies import Reply, Step, json_reply
from support.waiting import wait_for
from support.wire import Request

_GUIDE = Path(__file__).parents[1] / "docs" / "migrating.md"
_ROW = re.compile(r"^\| (?!in your program|---)(.+?) \|", re.MULTILINE)
_REQUEST: dict[str, Any] = {"key": {"kind": "GcpKey", "key_id": "projects/p"}}
_PAGE: dict[str, Any] = {"data": [], "metadata": {}}
_SHOWN: set[str] = set()

F = TypeVar("F", bound=Callable[..., None])


def shows(row: str) -> Callable[[F], F]:
    """The test shows what the guide says in the line that begins with ``row``."""
    _SHOWN.add(row)
    return lambda test: test


class Service(RecordingServer):
    """A service that answers with ``answer`` whatever it is asked."""

    answer: Step = json_reply(200, KEY)

    def __init__(self) -> None:
        super().__init__(self._answer)

    def _answer(self, request: Request) -> Step:
        return self.answer

    def api(self, **settings: Any) -> KeysByokV1Api:
        """The operations, for this service."""
        settings = {"username": "key-id", "password": "s3cret", "host": self.url} | settings
        client = ApiClient(Configuration(**settings))
        client.clock = FakeClock()
        return KeysByokV1Api(client)


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that answers with a key."""
    with Service() as service:
        yield service


def test_each_line_is_shown() -> None:
    """Every line of the migration guide's tables is shown by a test."""
    rows = _ROW.findall(_GUIDE.read_text(encoding="utf-8"))
    assert len(rows) > 40
    assert sorted(rows) == sorted(_SHOWN)


# Calls


@shows("`get_byok_v1_key(id, 30)`")
def test_options_go_by_keyword(service: Service) -> None:
    """An option by position is refused, and sends nothing."""
    get: Any = service.api().get_byok_v1_key
    with pytest.raises(TypeError):
        get("cck-1", 30)
    assert service.requests == []
    get("cck-1", _request_timeout=30)


@shows("`create_byok_v1_key()`")
def test_create_needs_a_body(service: Service) -> None:
    """Registering without a body is refused, and the error says what is missing."""
    with pytest.raises(ApiValueError, match="create_byok_v1_key_request"):
        service.api().create_byok_v1_key()
    assert service.requests == []


@shows('`get_byok_v1_key("..")`')
def test_id_cannot_aim_elsewhere(service: Service) -> None:
    """An id that is a dot segment is refused."""
    with pytest.raises(ApiValueError):
        service.api().get_byok_v1_key("..")
    assert service.requests == []


@shows("`CreateByokV1KeyRequest(key={...})`")
def test_key_may_be_a_dict(service: Service) -> None:
    """A key may be given as a dict, which becomes a model and is sent."""
    request = CreateByokV1KeyRequest(key=_REQUEST["key"])
    assert isinstance(request.key.actual_instance, ByokV1GcpKey)
    service.api().create_byok_v1_key(request)
    assert b'"key_id": "projects/p"' in service.only.body


@shows("a misspelt argument")
def test_misspelt_argument(service: Service) -> None:
    """A misspelt argument is refused, and the error names the nearest one."""
    listing: Any = service.api().list_byok_v1_keys
    with pytest.raises(ApiTypeError, match="did you mean provider") as refusal:
        listing(providr="AWS")
    assert isinstance(refusal.value, TypeError)


@shows("a misspelt field of a request")
def test_misspelt_field() -> None:
    """A misspelt field is refused by its name."""
    misspelt = {**_REQUEST, "display_nam": "x"}
    with pytest.raises(ValueError, match="display_nam"):
        CreateByokV1KeyRequest(**misspelt)


@shows("no `_request_timeout`")
def test_default_deadline(service: Service) -> None:
    """A call has a deadline by default, which ends it however many retries it has."""
    assert Configuration().deadline == 120.0
    service.answer = Reply(503)
    with pytest.raises(ApiException):
        service.api(retries=1000, deadline=60.0).get_byok_v1_key("cck-1")


@shows("`_request_timeout=30`")
def test_timeout_is_for_the_whole_call(service: Service) -> None:
    """All attempts and waits of a call together take no longer than its timeout."""
    service.answer = Reply(503)
    api = service.api(retries=1000)
    began = api.api_client.clock.monotonic()
    with pytest.raises(ApiException):
        api.get_byok_v1_key("cck-1", _request_timeout=30)
    assert 20 < api.api_client.clock.monotonic() - began < 30


@shows("a failure that passes")
def test_retries(service: Service) -> None:
    """A read is tried again, a registration is not, and `retries=False` turns it off."""
    service.answer = Reply(500)
    for api, calls in ((service.api(), 5), (service.api(retries=False), 1)):
        service.requests = []
        with pytest.raises(ApiException):
            api.get_byok_v1_key("cck-1")
        assert len(service.requests) == calls
    service.requests = []
    with pytest.raises(ApiException) as failure:
        service.api().create_byok_v1_key(_REQUEST)
    assert (len(service.requests), failure.value.outcome_unknown) == (1, True)


@shows('`headers={"authorization": ...}` of a call')
def test_headers_of_the_call_win(service: Service) -> None:
    """A header of the call is sent in place of the client's, whatever its case."""
    service.api().get_byok_v1_key("cck-1", _headers={"authorization": "Bearer mine"})
    sent = [value for name, value in service.only.headers if name.lower() == "authorization"]
    assert sent == ["Bearer mine"]


@shows("`with ApiClient() as client`")
def test_with_closes(service: Service) -> None:
    """The server sees the connection end when the ``with`` block is left."""
    with service.api().api_client as client:
        KeysByokV1Api(client).get_byok_v1_key("cck-1")
        assert service.open_connections == 1
    wait_for(lambda: service.open_connections == 0)


@shows("`_request_auth` in the query")
def test_no_credentials_in_the_url(service: Service) -> None:
    """A credential for the query is refused."""
    auth = {"in": "query", "key": "token", "value": "v"}
    with pytest.raises(ApiValueError):
        service.api().get_byok_v1_key("cck-1", _request_auth=auth)
    assert service.requests == []


@shows('`list_byok_v1_keys(provider="aws")`')
def test_filters_in_the_documented_case(service: Service) -> None:
    """A filter in lower case is sent in the case that the service knows."""
    service.answer = json_reply(200, _PAGE)
    service.api().list_byok_v1_keys(provider="aws", state="in_use")
    assert service.only.target == "/byok/v1/keys?provider=AWS&state=IN_USE"


@shows("`page_token=page.metadata.next`")
def test_link_as_page_token(service: Service) -> None:
    """The link to the next page can be given as the page token."""
    link = "https://api.confluent.cloud/byok/v1/keys?page_size=1&page_token=t-2"
    service.answer = json_reply(200, {**_PAGE, "metadata": {"next": link}})
    page = service.api().list_byok_v1_keys()
    service.api().list_byok_v1_keys(page_token=page.metadata.next)
    assert service.requests[-1].target == "/byok/v1/keys?page_token=t-2"


@shows("`KeysByokV1Api(configuration)`")
def test_operations_take_no_configuration() -> None:
    """A configuration in place of a client is refused, and the error says what to give."""
    operations: Any = KeysByokV1Api
    with pytest.raises(ApiTypeError, match=r"give it ApiClient\(configuration\)"):
        operations(Configuration())


@shows("`files`, `collection_formats`, `_host` of `param_serialize`")
def test_parts_of_a_request_that_are_left_out(service: Service) -> None:
    """A copied operation is told that a part of its request would not be sent."""
    client: Any = service.api().api_client
    parts = {"files": {"f": b"x"}, "collection_formats": {"a": "csv"}, "_host": "https://h.test"}
    for name, value in parts.items():
        with pytest.raises(ApiValueError, match=f"{name} is not supported"):
            client.param_serialize("GET", "/x", **{name: value})
    empty: dict[str, Any] = {"files": {}, "collection_formats": {}, "_host": None}
    assert client.param_serialize("GET", "/x", **empty)[1] == f"{service.url}/x"


# Answers


@shows("`key.to_dict()`")
def test_to_dict_keeps_everything(service: Service) -> None:
    """Read-only fields are in the dict of a key, and are not sent."""
    key = service.api().get_byok_v1_key("cck-1")
    assert key.to_dict()["id"] == "cck-1"
    service.api().create_byok_v1_key(CreateByokV1KeyRequest(**_REQUEST, id="cck-1", state="IN_USE"))
    assert b"IN_USE" not in service.requests[-1].body


@shows("a new value of `state`, `provider`, `phase`")
def test_new_value(service: Service) -> None:
    """A new value of a field is in the field."""
    service.answer = json_reply(200, {**KEY, "state": "ARCHIVED"})
    assert service.api().get_byok_v1_key("cck-1").state == "ARCHIVED"


@shows("a kind of key that is new")
def test_new_kind(service: Service) -> None:
    """All that came of a new kind of key is kept."""
    service.answer = json_reply(200, {**KEY, "key": {"kind": "OciKey", "ocid": "o-1"}})
    key = service.api().get_byok_v1_key("cck-1")
    assert isinstance(key.key.actual_instance, ByokV1UnknownKey)
    assert key.to_dict()["key"] == {"kind": "OciKey", "ocid": "o-1"}


@shows("a missing field")
def test_missing_field(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """A missing field is ``None``, and the log says so."""
    answer = {name: value for name, value in KEY.items() if name != "provider"}
    service.answer = json_reply(200, answer)
    assert service.api().get_byok_v1_key("cck-1").provider is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@shows("200 on create")
def test_create_with_200(service: Service) -> None:
    """A registration that is answered with 200 is a success like one with 201."""
    assert service.api().create_byok_v1_key(_REQUEST).id == "cck-1"


@shows("`created.id`")
@shows("`create_byok_v1_key` returns `CreateByokV1KeyRequest`")
def test_result_of_create(service: Service) -> None:
    """The result of a registration is of the generated class, and of the class of requests."""
    created = service.api().create_byok_v1_key(_REQUEST)
    assert isinstance(created, CreateByokV1Key201Response)
    assert isinstance(created, CreateByokV1KeyRequest)


@shows('`answer.headers["X-Request-Id"]`')
def test_headers_in_any_case(service: Service) -> None:
    """A header of an answer is found in any case."""
    service.answer = json_reply(200, KEY, ("X-Request-ID", "r-1"))
    headers = service.api().get_byok_v1_key_with_http_info("cck-1").headers
    assert headers["x-request-id"] == headers["X-Request-Id"] == "r-1"


@shows("a login page with status 200")
def test_login_page(service: Service) -> None:
    """A login page with status 200 is no success."""
    service.answer = Reply(200, (("Content-Type", "text/html"),), b"<html>Log in</html>")
    with pytest.raises(ApiResponseException):
        service.api().list_byok_v1_keys()


@shows("`answer.model_copy()`, `answer.model_dump()`")
@shows("`answer.data = ...`")
def test_response_is_a_frozen_dataclass(service: Service) -> None:
    """What the methods of a pydantic model did, `dataclasses` does."""
    answer: Any = service.api().get_byok_v1_key_with_http_info("cck-1")
    for name in ("data", "headers"):
        with pytest.raises(AttributeError):
            setattr(answer, name, None)
    assert answer.data.id == "cck-1"
    assert not hasattr(answer, "model_copy")
    changed = dataclasses.replace(answer, data=None)
    assert (changed.data, changed.headers) == (None, answer.headers)
    assert dataclasses.asdict(answer)["data"] == answer.data


@shows("`ApiResponse(...)` without `headers`")
def test_response_always_has_headers() -> None:
    """A response that a test makes can be asked for a header."""
    answer = ApiResponse(status_code=204, data=None, raw_data=b"")
    assert dict(answer.headers) == {}
    assert answer.headers.get("X-Request-Id") is None


@shows("`RESTResponse`")
def test_attempt_is_no_stream(service: Service) -> None:
    """The body of an attempt is read whole; who wants a stream takes urllib3's response."""
    client = service.api().api_client
    attempt = client.call_api("GET", f"{service.url}/byok/v1/keys/cck-1")
    assert isinstance(attempt, RESTResponse)
    assert not isinstance(attempt, io.IOBase)
    assert isinstance(attempt.response, urllib3.BaseHTTPResponse)
    assert json.loads(attempt.read()) == KEY


def _read_as(client: ApiClient, name: str) -> Any:
    """What the stages make of the service's answer, with the name of a type in the type map."""
    attempt = client.call_api("GET", f"{client.configuration.host}/byok/v1/keys/cck-1")
    attempt.read()
    return client.response_deserialize(attempt, {"200": name}).data


@shows("an unknown type in a type map or `deserialize`")
def test_unknown_type(service: Service) -> None:
    """An unknown type is refused by its name."""
    client = service.api().api_client
    with pytest.raises(ApiTypeError, match="'ByokV1Kye'"):
        client.deserialize("{}", "ByokV1Kye", "application/json")
    with pytest.raises(ApiTypeError, match="'ByokV1Kye'"):
        _read_as(client, "ByokV1Kye")


@shows("a date in `deserialize` that is none")
def test_unreadable_date() -> None:
    """A date that cannot be read is a ``ValueError``, and no ``ApiException``."""
    for name in ("date", "datetime"):
        with pytest.raises(ValueError, match="date") as refusal:
            ApiClient().deserialize('"soon"', name, "application/json")
        assert not isinstance(refusal.value, ApiException)


@shows('`"object"` in a type map, and text that is no JSON')
def test_text_is_no_object(service: Service) -> None:
    """A page of text in the place of JSON is no success."""
    service.answer = Reply(200, (("Content-Type", "text/plain"),), b"come back later")
    with pytest.raises(ApiResponseException):
        _read_as(service.api().api_client, "object")


# Exceptions


@shows("no connection")
@shows("`error.status` without an answer")
def test_no_connection(service: Service) -> None:
    """A failed connection is an exception of this library, caused by urllib3's."""
    api = service.api(retries=False)
    service.close()
    with pytest.raises(ApiConnectionException) as failure:
        api.get_byok_v1_key("cck-1")
    assert failure.value.status == 0
    assert isinstance(failure.value.__cause__, urllib3.exceptions.HTTPError)


@shows("`str(error)`")
def test_text_of_an_error(service: Service) -> None:
    """The text of an error says why in short, and holds no secret that a gateway repeats."""
    body = {"message": "no access with Basic a2V5LWlkOnMzY3JldA==" + " and so on" * 10_000}
    service.answer = json_reply(403, body, ("Set-Cookie", "session=s3cret-cookie"))
    with pytest.raises(ApiException) as failure:
        service.api().get_byok_v1_key("cck-1")
    text = str(failure.value)
    assert "no access" in text
    assert "a2V5LWlkOnMzY3JldA" not in text
    assert "cookie" not in text.lower()
    assert len(text) < 2000


@shows("402, 429")
def test_more_classes(service: Service) -> None:
    """Code that catches ``ApiException`` catches the classes of 402 and 429 too."""
    for status, kind in ((402, PaymentRequiredException), (429, TooManyRequestsException)):
        service.answer = Reply(status)
        with pytest.raises(kind) as failure:
            service.api(retries=False).list_byok_v1_keys()
        assert isinstance(failure.value, ApiException)


@shows("a bad argument")
def test_bad_argument(service: Service) -> None:
    """``except ValueError`` catches a bad argument, as it does pydantic's error."""
    with pytest.raises(ApiValueError) as refusal:
        service.api().list_byok_v1_keys(page_size=1000)
    assert isinstance(refusal.value, ValueError)
    assert issubclass(pydantic.ValidationError, ValueError)


# Settings


@shows('`Configuration(username="id")` without password')
def test_half_an_api_key(service: Service) -> None:
    """A call with half an API key is refused."""
    with pytest.raises(ApiValueError, match="password"):
        service.api(password=None).list_byok_v1_keys()
    assert service.requests == []


@shows("both `access_token` and `username`")
def test_token_wins(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """Of a token and an API key the token is sent, and the log says so."""
    service.api(access_token="token-1").get_byok_v1_key("cck-1")
    assert service.only.header("Authorization") == "Bearer token-1"
    assert "access_token" in caplog.text


@shows('`Configuration(host="https://host/")`')
def test_trailing_slash() -> None:
    """A slash at the end of the host is dropped."""
    assert Configuration(host="https://host/").host == "https://host"


@shows("`Configuration.set_default(c)`")
def test_default_is_the_object() -> None:
    """Clients get the very object that was set as default."""
    mine = Configuration()
    Configuration.set_default(mine)
    try:
        assert ApiClient().configuration is mine
    finally:
        Configuration.set_default(None)


@shows('`configuration.api_key["x"] = ...`')
def test_api_key_dict() -> None:
    """Setting an entry of ``api_key`` is refused, and the error says what to set."""
    configuration: Any = Configuration()
    with pytest.raises(ApiAttributeError, match="username"):
        configuration.api_key["x"] = "y"


@shows("`server_index`, `server_variables`")
@shows("`datetime_format`, `date_format`")
@shows("`logger_file`, `logger_format`")
@shows("`discard_unknown_keys`")
def test_settings_that_are_left_out() -> None:
    """A setting that is left out is refused, and the error says what to do instead."""
    advice = {
        "server_index": "set host",
        "server_variables": "set host",
        "datetime_format": "RFC 3339",
        "date_format": "RFC 3339",
        "logger_file": "handler",
        "logger_format": "handler",
        "discard_unknown_keys": "kept",
    }
    for name, text in advice.items():
        with pytest.raises(ApiAttributeError, match=text):
            setattr(Configuration(), name, 1)


@shows("`debug=True`")
def test_debug(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """``debug=True`` prints what happens without secrets, and changes no logger."""
    level = logging.getLogger("openapi_client").level
    service.api(debug=True).get_byok_v1_key("cck-1")
    service.api().get_byok_v1_key("cck-2")
    printed = capsys.readouterr().err
    assert "GET /byok/v1/keys/cck-1" in printed
    assert "cck-2" not in printed
    assert "Basic" not in printed
    assert logging.getLogger("openapi_client").level == level


@shows("`retries=urllib3.Retry(total=5)`")
def test_retry_of_urllib3(service: Service) -> None:
    """The number of urllib3's ``Retry`` counts, and a POST is not repeated all the same."""
    policy = RetryPolicy.of(urllib3.Retry(total=5))
    assert policy.max_attempts == 6
    service.answer = Reply(500)
    with pytest.raises(ApiException):
        service.api(retries=urllib3.Retry(total=5)).create_byok_v1_key(_REQUEST)
    assert len(service.requests) == 1


@shows('`proxy="http://user:pass@proxy"`')
def test_proxy_with_a_password(service: Service) -> None:
    """A proxy with a password is used, and the service does not get its credentials."""
    with forward_proxy("user:pass") as proxy:
        address = proxy.url.replace("//", "//user:pass@")
        with service.api(proxy=address).api_client as client:
            KeysByokV1Api(client).get_byok_v1_key("cck-1")
        assert service.only.header("Proxy-Authorization") is None
        proxy.wait_for_request("GET", f"{service.url.removeprefix('http://')}/byok/v1/keys/cck-1")


@shows("`rest_client.pool_manager = ...`")
def test_own_pool_manager(service: Service) -> None:
    """An own pool manager makes the requests; how often is for the configuration to say."""
    service.answer = Reply(503)
    for retries, calls in ((False, 1), (2, 3)):
        service.requests = []
        manager = urllib3.PoolManager(retries=urllib3.Retry(9, status_forcelist=[503]))
        with service.api(retries=retries).api_client as client:
            client.rest_client.pool_manager = manager
            with pytest.raises(ApiException) as failure:
                KeysByokV1Api(client).get_byok_v1_key("cck-1")
            assert len(manager.pools) == 1
        assert (len(service.requests), failure.value.status) == (calls, 503)


@shows("`pickle.dumps(client)`")
def test_client_pickles(service: Service) -> None:
    """A client that comes back from a pickle makes calls."""
    again: ApiClient = pickle.loads(pickle.dumps(ApiClient(Configuration(host=service.url))))
    with again:
        assert KeysByokV1Api(again).get_byok_v1_key("cck-1").id == "cck-1"


@shows("plain `http` to another machine")
def test_no_credentials_in_the_clear(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """With credentials, plain http to another machine is refused: nothing is looked up or sent."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **options: Any) -> Any:
        looked_up.append(host)
        return real("127.0.0.1", *args, **options)

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    host = f"http://elsewhere.test:{service.port}"
    with pytest.raises(ApiValueError, match="allow_insecure_http"):
        service.api(host=host).get_byok_v1_key("cck-1")
    assert (looked_up, service.connections) == ([], 0)
    service.api(host=host, allow_insecure_http=True).get_byok_v1_key("cck-1")
    assert (looked_up[0], service.connections) == ("elsewhere.test", 1)


# The generation of 7.0.1


@shows("`list_byok_v1_keys(async_req=True)`")
@shows("`_preload_content=False`")
@shows("`_return_http_data_only=False`")
def test_options_of_old(service: Service) -> None:
    """An option of old is refused, and the error says what to do instead."""
    advice = {
        "async_req": "thread pool",
        "_preload_content": "_without_preload_content",
        "_return_http_data_only": "_with_http_info",
    }
    listing: Any = service.api().list_byok_v1_keys
    for name, text in advice.items():
        with pytest.raises(ApiTypeError, match=text):
            listing(**{name: True})
    assert service.requests == []


@shows("`ApiClient(pool_threads=4)`")
def test_pool_threads() -> None:
    """The argument ``pool_threads`` is refused by its name."""
    client: Any = ApiClient
    with pytest.raises(TypeError, match="pool_threads"):
        client(pool_threads=4)


@shows("pydantic 1")
def test_pydantic_1_comes_along() -> None:
    """Code for pydantic 1 finds it where the guide says."""
    assert pydantic.VERSION.startswith("2.")
    from pydantic import v1

    assert v1.VERSION.startswith("1.")


@shows("`key.dict()`, `key.json()`, `parse_obj`")
def test_methods_of_pydantic_1() -> None:
    """The methods of pydantic 1 work, and warn."""
    key = ByokV1GcpKey(key_id="projects/p")
    with pytest.warns(pydantic.PydanticDeprecatedSince20):
        assert key.dict()["key_id"] == "projects/p"
    with pytest.warns(pydantic.PydanticDeprecatedSince20):
        assert "projects/p" in key.json()
    with pytest.warns(pydantic.PydanticDeprecatedSince20):
        assert ByokV1GcpKey.parse_obj(key.to_dict()) == key


@shows("`from openapi_client.rest import ApiException`")
def test_exception_from_the_old_place() -> None:
    """``ApiException`` from ``rest`` is the same class."""
    assert RestApiException is ApiException


@shows("four operations, two clouds")
def test_five_operations_three_clouds() -> None:
    """The update of keys, and keys in Google Cloud, are there."""
    assert hasattr(openapi_client.KeysByokV1Api, "update_byok_v1_key")
    assert ByokV1GcpKey(key_id="projects/p").kind == "GcpKey"


# Installed over a generated client

_WHEEL = """\
Wheel-Version: 1.0
Generator: a test
Root-Is-Purelib: true
Tag: py3-none-any
"""


def _wheel(folder: Path, distribution: str) -> Path:
    """A wheel of a distribution whose package is named `openapi_client`."""
    path = folder / f"{distribution}-1.0-py3-none-any.whl"
    metadata = f"{distribution}-1.0.dist-info"
    files = {
        "openapi_client/__init__.py": f"made_by = {distribution!r}\n",
        f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n",
        f"{metadata}/WHEEL": _WHEEL,
    }
    names = [*files, f"{metadata}/RECORD"]
    files[names[-1]] = "".join(f"{name},,\n" for name in names)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_installed_over_a_generated_client(tmp_path: Path) -> None:
    """Uninstalling the generated client takes the other along; installing it anew mends that."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    theirs, ours = _wheel(tmp_path, "openapi_client"), _wheel(tmp_path, "confluent_byok_client")

    def pip(*arguments: str | Path) -> None:
        subprocess.run([python, "-m", "pip", "-q", *arguments], check=True, capture_output=True)

    def made_by() -> str:
        program = "import openapi_client; print(getattr(openapi_client, 'made_by', None))"
        done = subprocess.run(
            [python, "-I", "-c", program], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    install = ("install", "--no-index", "--no-deps")
    pip(*install, theirs)
    pip(*install, ours)
    assert made_by() == "confluent_byok_client"
    pip("uninstall", "-y", "openapi-client")
    assert made_by() == ""
    pip(*install, "--force-reinstall", ours)
    assert made_by() == "confluent_byok_client"
