"""Models are pydantic's: they are dumped, validated, extended and made up as pydantic's own."""

import json
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from inspect import Parameter, signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    BaseModel,
    Field,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticSerializationError, to_jsonable_python
from typing_extensions import Self

from models.payloads import any_of
from models.samples import ARN, AWS, FULL, KEY, STRICT, TOLERANT, Document, changed, model_named
from models.test_round_trips import same
from openapi_client import models
from openapi_client.models import (
    ByokV1AwsKey,
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyUpdate,
    CreateByokV1Key201Response,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
)
from openapi_client.models._building import BUILT_WHEN_USED
from support.properties import examples

ODD: list[Document] = [
    changed(KEY, ("key",), {"kind": "OciKey", "ocid": "o-1"}),
    changed(KEY, ("key", "kind"), "byok.v1.AwsKey"),
    changed(KEY, ("key", "roles"), "r"),
    changed(KEY, ("key",), "arn"),
    changed(KEY, ("metadata", "created_at"), "soon"),
    changed(KEY, ("metadata", "self"), 5),
    changed(KEY, ("validation",), ["odd"]),
    changed(KEY, ("id",), "x" * 256),
    {"id": None, "news": {"a": 1}},
]


@pytest.mark.parametrize("document", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("by_alias", [True, False])
def test_odd_answers_are_dumped_without_a_warning(document: Document, by_alias: bool) -> None:
    """An odd answer is dumped without a warning, and comes back as the same."""
    key = GetByokV1Key200Response.from_dict(document)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dumped = key.model_dump(by_alias=by_alias)
        text = key.model_dump_json(by_alias=by_alias)
        assert to_jsonable_python(key) == json.loads(key.model_dump_json(by_alias=True))
        assert TypeAdapter(list[Any]).dump_python([key]) == [key.model_dump()]
    assert GetByokV1Key200Response.model_validate(dumped) == key
    assert GetByokV1Key200Response.model_validate_json(text) == key
    assert GetByokV1Key200Response.model_validate_json(text.encode()) == key
    # What was not set is null, and nothing else is added.
    assert {name for name, value in json.loads(text).items() if value is not None} == {
        name for name, value in document.items() if value is not None
    }


@examples(150)
@given(any_of("well-formed", "mutated"))
def test_what_is_dumped_can_be_validated(case: tuple[str, Document]) -> None:
    """A key that is kept as pydantic dumps it comes back as the same."""
    name, document = case
    model = model_named(name).from_dict(document)
    try:
        dumped = model.model_dump_json(by_alias=True, exclude_unset=True)
    except PydanticSerializationError:
        assert "\\ud" in json.dumps(document)  # Pydantic dumps no lone surrogates.
        return
    # A new field may be called as an old one is in Python.
    assert model_named(name).model_validate_json(dumped, by_name=False) == model
    assert model_named(name).model_validate(json.loads(dumped), by_name=False) == model
    # Nothing that was set is lost, read-only and unknown fields neither.
    assert same(json.loads(dumped), model.to_dict())


@pytest.mark.parametrize("name", TOLERANT)
@pytest.mark.parametrize("obj", [None, [], "text", 5, object()])
def test_what_is_no_object_does_not_validate(name: str, obj: object) -> None:
    """A list or a text is never taken for a model."""
    with pytest.raises(ValidationError):
        model_named(name).model_validate(obj)
    for text in ("null", "[]", '"text"', "{", ""):
        with pytest.raises(ValidationError):
            model_named(name).model_validate_json(text)


@pytest.mark.parametrize("options", [{"strict": True}, {"extra": "forbid"}])
def test_who_asks_for_strictness_gets_it(options: Any) -> None:
    """A test can make sure that a document is just as documented."""
    odd = {"id": 5, "news": 1}
    assert ByokV1Key.model_validate(odd).to_dict() == odd
    assert ByokV1Key.model_validate_json(json.dumps(odd)).to_dict() == odd
    with pytest.raises(ValidationError):
        ByokV1Key.model_validate(odd, **options)
    with pytest.raises(ValidationError):
        ByokV1Key.model_validate_json(json.dumps(odd), **options)


REQUEST_SLIPS: list[tuple[str, Document, list[tuple[str, ...]]]] = [
    ("CreateByokV1KeyRequest", {"key": AWS, "dispaly_name": "x"}, [("dispaly_name",)]),
    ("CreateByokV1KeyRequest", {"key": {**AWS, "region": "r"}}, [("key", "AwsKey", "region")]),
    ("CreateByokV1KeyRequest", {"key": {"kind": "OciKey"}}, [("key",)]),
    ("CreateByokV1KeyRequest", {}, [("key",)]),
    ("ByokV1KeyUpdate", {"dispaly_name": "x"}, [("dispaly_name",)]),
    ("ByokV1KeyUpdate", {"display_name": 5}, [("display_name",)]),
]


@pytest.mark.parametrize(("name", "document", "places"), REQUEST_SLIPS)
@pytest.mark.parametrize("way", ["model_validate", "model_validate_json", "adapter", "nested"])
def test_requests_are_strict_however_they_are_validated(
    name: str, document: Document, places: list[tuple[str, ...]], way: str
) -> None:
    """A mistyped field of a request is refused by its place, however it is validated."""
    model: Any = model_named(name)
    nested: Any = dict.__class_getitem__((str, model))
    validate: dict[str, Callable[[], object]] = {
        "model_validate": lambda: model.model_validate(document),
        "model_validate_json": lambda: model.model_validate_json(json.dumps(document)),
        "adapter": lambda: TypeAdapter(model).validate_python(document),
        "nested": lambda: TypeAdapter(nested).validate_python({"a": document}),
    }
    with pytest.raises(ValidationError) as caught:
        validate[way]()
    above = ("a",) if way == "nested" else ()
    assert [error["loc"] for error in caught.value.errors()] == [(*above, *p) for p in places]


@pytest.mark.parametrize("name", STRICT)
def test_requests_validate_where_they_fit(name: str) -> None:
    """A web framework can take a request of this service as its own."""
    model, document = model_named(name), FULL[name]
    expected = model.from_dict(document)
    assert model.model_validate(document) == expected
    assert model.model_validate_json(json.dumps(document)) == expected
    assert model.model_validate(expected) is expected


def test_the_201_answer_is_no_request_when_it_is_read() -> None:
    """A field of a newer service in the answer to a registration is kept."""
    document = changed(changed(KEY, ("news",), 1), ("key", "news"), {"a": [1]})
    created = CreateByokV1Key201Response.model_validate(document)
    assert created.to_dict() == CreateByokV1Key201Response.from_dict(document).to_dict()
    assert created.to_dict()["key"]["news"] == {"a": [1]}
    assert created.model_dump(by_alias=True)["news"] == 1


def test_model_extra_is_a_dict() -> None:
    """Code that looks for new fields runs whether or not there are any."""
    assert ByokV1Key.from_dict({"news": 1}).model_extra == {"news": 1}
    for key in (ByokV1Key.from_dict(KEY), ByokV1Key(id="cck-1"), ByokV1Key.from_dict({"id": 5})):
        assert key.model_extra == {}
        key.model_extra["news"] = 1
        assert key.to_dict()["news"] == 1


class Watched(CreateByokV1KeyRequest):
    """A request of a program that adds to it what pydantic lets one add."""

    _notes: list[str] = PrivateAttr(default_factory=list)
    _count: int = 0

    @cached_property
    def length(self) -> int:
        """How long the name is."""
        return len(self.display_name or "")

    @property
    def label(self) -> str:
        """The name, by another name."""
        return self.display_name or ""

    @label.setter
    def label(self, value: str) -> None:
        self.display_name = value

    @field_validator("display_name")
    @classmethod
    def _note(cls, value: str | None) -> str | None:
        CALLS.append(f"field {value}")
        return value

    @model_validator(mode="after")
    def _see(self) -> Self:
        CALLS.append(f"model {self.display_name} {self.key.identifier}")
        if self.display_name == "refused":
            raise ValueError("refused")
        return self


CALLS: list[str] = []


def test_validators_of_a_subclass_run_once_and_see_the_whole() -> None:
    """A program's own rules hold for a request when it is built and when it is changed."""
    CALLS.clear()
    request = Watched(key=ByokV1KeyKey(AWS), display_name="a")
    assert ["field a", f"model a {ARN}"] == CALLS
    CALLS.clear()
    request.display_name = "b"
    assert ["field b", f"model b {ARN}"] == CALLS
    CALLS.clear()
    request.key = {"kind": "GcpKey", "key_id": "projects/p"}  # type: ignore[assignment]  # A dict too.
    assert CALLS == ["model b projects/p"]
    with pytest.raises(ValidationError, match="refused"):
        request.display_name = "refused"
    with pytest.raises(ValidationError, match="refused"):
        Watched(key=ByokV1KeyKey(AWS), display_name="refused")


def test_validators_of_a_subclass_see_unknown_fields() -> None:
    """A rule on what a newer service says of a key holds when the key is changed."""
    seen: list[object] = []

    class Own(ByokV1Key):
        @model_validator(mode="after")
        def _see(self) -> Self:
            seen.append((self.display_name, self.model_extra))
            return self

    key = Own.from_dict({"id": "cck-1", "news": 1})
    key.display_name = "b"
    assert seen[-1] == ("b", {"news": 1})
    key.key = AWS  # type: ignore[assignment]  # A dict too.
    assert key.to_dict() == {"id": "cck-1", "display_name": "b", "key": AWS, "news": 1}


def test_private_attributes_of_a_subclass_can_be_set() -> None:
    """A program can note something on a key that is never sent."""
    request = Watched(key=ByokV1KeyKey(AWS))
    request._count += 1
    request._notes.append("n")
    assert request._count == 1
    assert request._notes == ["n"]
    assert Watched(key=ByokV1KeyKey(AWS))._notes == []
    assert "_count" not in request.to_dict() | request.request_dict()
    assert request != Watched(key=ByokV1KeyKey(AWS))
    assert Watched(key=ByokV1KeyKey(AWS)) == Watched(key=ByokV1KeyKey(AWS))
    request.label = "x"
    assert request.display_name == "x"
    assert request.length == 1
    request.length = 5
    assert request.length == 5
    with pytest.raises(ValueError, match='"Watched" has no field "_other"'):
        request._other = 1
    for name in ("identifier", "model_extra"):
        with pytest.raises(ValueError, match=f'"ByokV1AwsKey" has no field "{name}"'):
            setattr(ByokV1AwsKey(key_arn=ARN), name, {})


def test_a_subclass_may_be_decoded_with_private_attributes() -> None:
    """A wrapper's model works the same whether an answer is odd or not."""

    class Own(ByokV1Key):
        _count: int = 0

    for document in (KEY, changed(KEY, ("state",), 5)):
        key = Own.from_dict(document)
        key._count += 1
        assert key._count == 1
        assert key.to_dict() == GetByokV1Key200Response.from_dict(document).to_dict()


def test_a_subclass_is_sent_by_its_own_rules() -> None:
    """Fields that a wrapper adds to a request are sent, lists among them."""

    class Own(CreateByokV1KeyRequest):
        tags: list[str] = Field(default_factory=list)

    request = Own(key=ByokV1KeyKey(AWS), tags=["a"])
    assert request.request_dict() == {"key": {"key_arn": ARN, "kind": "AwsKey"}, "tags": ["a"]}


@pytest.mark.parametrize("name", dir(models))
@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_every_model_has_a_json_schema(name: str, mode: Any) -> None:
    """A web framework can document what it takes and gives."""
    schema = model_named(name).model_json_schema(mode=mode)
    assert schema["title"] == name
    if name == "ByokV1KeyMetadata":
        assert schema["properties"]["created_at"]["anyOf"][0] == {
            "type": "string",
            "format": "date-time",
        }


@pytest.mark.parametrize("name", dir(models))
def test_hypothesis_can_make_up_every_model(name: str) -> None:
    """Who tests a program with made-up keys needs no recipe for them."""
    model = model_named(name)

    @examples(20)
    @given(st.from_type(model), st.builds(model))
    def check(one: Any, other: Any) -> None:
        for made in (one, other):
            assert type(made) is model
            assert model.from_dict(made.to_dict()) == made

    check()


@pytest.mark.parametrize("name", dir(models))
def test_polyfactory_can_make_up_every_model(name: str) -> None:
    """Who tests a program with made-up keys needs no recipe for them."""
    polyfactory = pytest.importorskip("polyfactory.factories.pydantic_factory")
    model = model_named(name)
    for made in polyfactory.ModelFactory.create_factory(model).batch(20):
        assert type(made) is model
        assert model.from_json(made.to_json()) == made


def test_a_model_shows_its_fields_before_it_is_used() -> None:
    """``help``, editors and tools that make up values see what a model takes."""
    ByokV1Key()

    class Own(ByokV1Key):
        team: str

    assert list(signature(Own).parameters)[-2:] == ["team", "extra_data"]
    assert signature(Own).parameters["team"].default is Parameter.empty
    assert Own(team="a").team == "a"
    assert list(signature(ByokV1KeyKey).parameters) == ["actual_instance"]


@pytest.mark.skipif(not BUILT_WHEN_USED, reason="this version of pydantic builds them at once")
def test_no_model_is_built_before_it_is_used() -> None:
    """A program pays for the models of its own calls alone."""
    program = (
        "import json, openapi_client.models as models;"
        "found = {name: getattr(models, name) for name in models.__all__};"
        "print(json.dumps([name for name in found if found[name].__pydantic_complete__]))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_models_are_built_by_many_threads_at_once() -> None:
    """The first answers of a program with many workers are read as all others."""
    classes: list[type[BaseModel]] = [type(f"Own{n}", (ByokV1Key,), {}) for n in range(4)]
    start = threading.Barrier(8)

    def read() -> None:
        start.wait()
        for model in classes:
            key: Any = model.model_validate_json(json.dumps(KEY))
            assert key.model_copy(deep=True) == key
            assert key.model_dump(by_alias=True)["key"] == AWS

    with ThreadPoolExecutor(8) as workers:
        for done in [workers.submit(read) for _ in range(8)]:
            done.result()


def test_a_model_of_another_kind_is_dumped_when_nothing_else_was_used() -> None:
    """A part of an answer can be dumped alone, though only the whole was ever built."""
    program = (
        "import json; from openapi_client.models import ByokV1Key;"
        "from pydantic_core import to_jsonable_python;"
        "key = ByokV1Key.from_dict({'key': {'kind': 'OciKey'}}).key;"
        "print(json.dumps([type(key.actual_instance).__name__,"
        "*to_jsonable_python([key.actual_instance, key])]))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["ByokV1UnknownKey", {"kind": "OciKey"}, {"kind": "OciKey"}]


def test_an_update_leaves_out_the_key_that_it_cannot_change() -> None:
    """A key that was read can be renamed and sent, as with the generated client."""
    for document in (KEY, changed(KEY, ("key",), {"kind": "OciKey"})):
        key = GetByokV1Key200Response.from_dict(document)
        update = ByokV1KeyUpdate.from_dict(key.to_dict())
        update.display_name = "new"
        assert update.request_dict() == {"display_name": "new"}
        assert ByokV1KeyUpdate.from_json(key.to_json()).id == key.id
        assert ByokV1KeyUpdate.model_validate(key.to_dict()).id == key.id
    with pytest.raises(ValidationError, match="news"):
        ByokV1KeyUpdate.from_dict({**KEY, "news": 1})
