"""The stages as code uses them that was generated for other endpoints, and copied."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from openapi_client import (
    ApiClient,
    ApiException,
    ApiResponseException,
    ApiTypeError,
    ApiValueError,
    ByokV1Key,
    ByokV1KeyList,
    Configuration,
    KeysByokV1Api,
)
from support.documents import KEY
from support.recorder import RecordingServer
from support.replies import Reply, json_reply

_ID = UUID("00000000-0000-0000-0000-000000000001")


class _Cloud(Enum):
    AWS = "AWS"


class _Size(IntEnum):
    SMALL = 5


class _Odd(Enum):
    FIVE = 5


class _Text(str):
    """Text that prints as something else than it means."""

    __slots__ = ()

    def __str__(self) -> str:
        return "not what it means"


class _Number(int):
    """A number that does."""

    def __str__(self) -> str:
        return "not what it means"


class _Foreign:
    """A model of another generated client."""

    def __init__(self, name: str) -> None:
        self.name = name

    def to_dict(self) -> dict[str, Any]:
        """As generated models have it."""
        return {"name": self.name, "id": _ID}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "_Foreign":
        """As generated models have it."""
        return cls(value["name"])


@pytest.fixture
def client() -> Iterator[ApiClient]:
    """A client that leads nowhere."""
    with ApiClient(Configuration(host="http://127.0.0.1:1", username="u", password="p")) as made:
        yield made


@pytest.mark.parametrize(
    ("value", "name", "loaded"),
    [
        ('{"a": 1}', "object", {"a": 1}),
        ("[1]", "List[int]", [1]),
        ("[[1]]", "list[list[int]]", [[1]]),
        ('{"a": 1}', "Dict[str, int]", {"a": 1}),
        ("5", "Optional[int]", 5),
        ("null", "int", None),
        ("5", "str", "5"),
        ("5", "long", 5),
        ('"1.50"', "decimal", Decimal("1.50")),
        (f'"{_ID}"', "UUID", _ID),
        ('"2026-01-15"', "date", date(2026, 1, 15)),
        ('"2026-01-15T00:00:00Z"', "datetime", datetime(2026, 1, 15, tzinfo=timezone.utc)),
        (b"5", "int", 5),
    ],
)
def test_json_is_loaded_by_the_name_of_its_type(
    client: ApiClient, value: str, name: str, loaded: object
) -> None:
    """A program loads what it kept, in the words of generated code."""
    assert client.deserialize(value, name, "application/json") == loaded


def test_models_are_loaded(client: ApiClient) -> None:
    """Models come by name or by class, alone, in lists and in dicts, and from elsewhere."""
    text = ByokV1Key.from_dict(KEY).to_json()
    key = client.deserialize(text, "ByokV1Key")
    assert isinstance(key, ByokV1Key)
    assert client.deserialize(text, ByokV1Key, "application/json") == key
    assert client.deserialize(f"[{text}]", "List[ByokV1Key]") == [key]
    assert client.deserialize(f'{{"a": {text}}}', "Dict[str, ByokV1Key]") == {"a": key}
    assert client.deserialize('{"name": "n"}', _Foreign).name == "n"


@pytest.mark.parametrize(
    ("text", "content_type", "loaded"),
    [
        ("plain", "text/plain", "plain"),
        ("plain", None, "plain"),
        ("", "application/json", ""),
        ("5", None, "5"),
    ],
)
def test_text_stays_text(
    client: ApiClient, text: str, content_type: str | None, loaded: str
) -> None:
    """What is labelled as text, or not at all and is no JSON, is text."""
    assert client.deserialize(text, "str", content_type) == loaded


@pytest.mark.parametrize(
    ("text", "name", "content_type", "kind"),
    [
        ("plain", "object", "application/json", ValueError),
        ("[]", "Dict[str, int]", "application/json", ValueError),
        ("{}", "List[int]", "application/json", ValueError),
        ('"x"', "int", "application/json", ValueError),
        ("<a/>", "str", "application/xml", ApiException),
        ("{}", "NoModel", "application/json", ApiTypeError),
        ("{}", "export_lazily", "application/json", ApiTypeError),
    ],
)
def test_what_cannot_be_loaded_is_refused(
    client: ApiClient, text: str, name: str, content_type: str, kind: type[Exception]
) -> None:
    """A program that loads the wrong thing hears of it."""
    with pytest.raises(kind):
        client.deserialize(text, name, content_type)


def test_credentials_are_added_to_headers(client: ApiClient) -> None:
    """A request of a program's own gets the credentials of the client."""
    headers: dict[str, str] = {}
    client.update_params_for_auth(headers, [], ["cloud-api-key"], "/x", "GET", None)
    assert headers == {"Authorization": "Basic dTpw"}
    own = {"in": "header", "key": "X-Key", "value": "mine"}
    client.update_params_for_auth(headers, [], [], "/x", "GET", None, own)
    assert headers["X-Key"] == "mine"
    none: dict[str, str] = {}
    client.update_params_for_auth(none, [], None, "/x", "GET", None)
    assert none == {}


@pytest.mark.parametrize("name", ["files", "collection_formats", "_host"])
def test_what_copied_code_leaves_empty_is_taken(client: ApiClient, name: str) -> None:
    """What generated operations name empty is taken, and refused where it asks for something."""
    empty: Any = {name: None if name == "_host" else {}}
    assert client.param_serialize("GET", "/x", **empty)[1] == "http://127.0.0.1:1/x"
    asked: Any = {name: {"a": "b"}}
    with pytest.raises(ApiValueError, match=f"^{name} is not supported"):
        client.param_serialize("GET", "/x", **asked)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ({"b": [1]}, "%7B%22b%22%3A%20%5B1%5D%7D"),
        (True, "true"),
        (_Cloud.AWS, "AWS"),
        (_Size.SMALL, "5"),
        (_Text("a"), "a"),
        (_Number(5), "5"),
        ("a b", "a%20b"),
    ],
)
def test_any_value_is_a_query(client: ApiClient, value: object, sent: str) -> None:
    """Names and values of a query are encoded, objects as JSON."""
    url = client.param_serialize("GET", "/x", query_params=[("a[b]", value)])[1]
    assert url == f"http://127.0.0.1:1/x?a%5Bb%5D={sent}"


@pytest.mark.parametrize(("value", "sent"), [(5, "5"), (_Odd.FIVE, "5"), (_Cloud.AWS, "AWS")])
def test_numbers_and_members_are_segments_of_paths(
    client: ApiClient, value: Any, sent: str
) -> None:
    """Ids of other endpoints may be numbers, or members of an enum."""
    url = client.param_serialize("GET", "/x/{id}", path_params={"id": value})[1]
    assert url == f"http://127.0.0.1:1/x/{sent}"


@pytest.mark.parametrize(
    ("body", "media_type", "content"),
    [
        ({"a": _Cloud.AWS}, "application/json", b'{"a": "AWS"}'),
        ("text", "application/json", b'"text"'),
        ("text", None, b'"text"'),
        ("text", "text/plain", b"text"),
        (b"\xff", "application/octet-stream", b"\xff"),
        ({"a": 1}, "application/yaml", b'{"a": 1}'),
        (_Foreign("n"), "application/json", f'{{"name": "n", "id": "{_ID}"}}'.encode()),
        ([Decimal("1.5"), SecretStr("s")], "application/json", b'["1.5", "s"]'),
    ],
)
def test_bodies_go_out_as_their_media_type_says(
    client: ApiClient, body: object, media_type: str | None, content: object
) -> None:
    """Bodies that this API does not have are sent as the copied code means them."""
    headers = {"Content-Type": media_type} if media_type else {}
    request = client.param_serialize("POST", "/x", header_params=headers, body=body)
    assert request[3] == content


def test_headers_may_be_numbers_and_members(client: ApiClient) -> None:
    """A header of another endpoint that is no text goes out as text."""
    own: Any = {"X-Five": 5, "X-True": True, "X-Cloud": _Cloud.AWS}
    headers = client.param_serialize("GET", "/x", header_params=own)[2]
    assert {name: headers[name] for name in own} == {
        "X-Five": "5",
        "X-True": "true",
        "X-Cloud": "AWS",
    }


def _data(reply: Reply, types: Mapping[str, Any]) -> Any:
    with RecordingServer(lambda _: reply) as server:
        client = ApiClient(Configuration(host=server.url))
        answer = client.call_api(*client.param_serialize("GET", "/x"))
        answer.read()
        return client.response_deserialize(answer, types).data


@pytest.mark.parametrize(
    ("reply", "types", "data"),
    [
        (json_reply(200, {"a": 1}), {"200": "object"}, {"a": 1}),
        (json_reply(202, ["a"]), {"2XX": "List[str]"}, ["a"]),
        (json_reply(200, {"a": 1}), {"404": "Failure", "default": "object"}, {"a": 1}),
        (json_reply(200, {"a": 1}), {"200": None, "default": "object"}, None),
        (json_reply(200, "text"), {"200": "str"}, "text"),
        (Reply(200, (("Content-Type", "text/plain"),), b"plain"), {"200": "str"}, "plain"),
        (
            Reply(200, (("Content-Type", "text/plain; charset=latin-1"),), b"\xfc"),
            {"200": "str"},
            "ü",
        ),
        (Reply(200, (("Content-Type", "image/png"),), b"\xff"), {"200": "bytearray"}, b"\xff"),
        (Reply(200, (), b"\xff"), {"200": bytes}, b"\xff"),
    ],
)
def test_answers_are_read_as_their_type_says(
    reply: Reply, types: Mapping[str, Any], data: object
) -> None:
    """Answers that this API does not have are read as the copied code means them."""
    assert _data(reply, types) == data


def test_an_answer_of_another_type_keeps_its_body() -> None:
    """A handler of ApiException sees what came instead."""
    for name in ("int", "Dict[str, object]", "ByokV1KeyList", ByokV1KeyList):
        with pytest.raises(ApiResponseException) as caught:
            _data(json_reply(200, ["a"]), {"200": name})
        assert (caught.value.status, caught.value.body) == (200, '["a"]')


def test_members_of_any_enum_mean_their_values() -> None:
    """Filters, ids, sizes and headers may be members, also of an ``Enum`` that is no text."""
    with RecordingServer(lambda _: json_reply(200, {"data": [], **KEY})) as server:
        api = KeysByokV1Api(ApiClient(Configuration(host=server.url)))
        provider, size, id, header = _Cloud.AWS, _Odd.FIVE, _Cloud.AWS, _Odd.FIVE
        filters: Any = {"provider": provider, "page_size": size, "_headers": {"X-One": header}}
        api.list_byok_v1_keys(**filters)
        assert server.only.target == "/byok/v1/keys?provider=AWS&page_size=5"
        assert server.only.header("X-One") == "5"
        server.requests = []
        named: Any = id
        api.get_byok_v1_key(named)
        assert server.only.target == "/byok/v1/keys/AWS"
        with pytest.raises(ApiTypeError):
            api.get_byok_v1_key(size)  # type: ignore[arg-type]  # no text, and so no id here


def test_the_user_agent_is_among_the_default_headers(client: ApiClient) -> None:
    """The user agent is read and changed among the default headers; what was set last counts."""
    headers = client.default_headers
    assert "User-Agent" in headers
    assert headers.get("User-Agent") == headers["User-Agent"] == client.user_agent
    assert "X-None" not in headers
    assert headers.get("X-None") is None
    with pytest.raises(KeyError):
        headers["X-None"]
    headers["User-Agent"] += " own/1"
    assert client.param_serialize("GET", "/x")[2]["User-Agent"].endswith(" own/1")
    client.user_agent = "other/2"
    assert headers["User-Agent"] == "other/2"
    assert client.param_serialize("GET", "/x")[2]["User-Agent"] == "other/2"
