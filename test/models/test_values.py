"""Models are values: they are compared, shown, copied and sent to other processes."""

import ast
import copy
import json
import multiprocessing
import pickle
from typing import Any

import pytest

from models.samples import ARN, AWS, FULL, KEY, TOLERANT, body, changed, model_named
from openapi_client import models
from openapi_client.models import (
    ByokV1AwsKey,
    ByokV1Key,
    ByokV1KeyKey,
    ByokV1KeyMetadata,
    CreateByokV1Key201Response,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
    ObjectMeta,
)
from openapi_client.models._decoding import decode


@pytest.mark.parametrize("name", dir(models))
def test_models_are_equal_however_they_came_about(name: str) -> None:
    """Models with the same fields are equal, however they were made."""
    model: Any = model_named(name)
    built = model(FULL[name]) if name == "ByokV1KeyKey" else model(**FULL[name])
    read = model.from_dict(FULL[name])
    assert built == read
    assert read == built
    assert (built != read) is False
    assert built == model.from_json(json.dumps(FULL[name]))
    assert built == model.construct_leniently(FULL[name])


def test_models_differ_in_any_field_and_in_their_class() -> None:
    """Models that differ in a field, or in their class, are not equal."""
    key = ByokV1Key.from_dict(KEY)
    for place in (("display_name",), ("metadata", "self"), ("key", "key_arn"), ("news",)):
        assert ByokV1Key.from_dict(changed(KEY, place, "other")) != key
    assert key != GetByokV1Key200Response.from_dict(KEY)
    assert ObjectMeta(var_self="") != ByokV1KeyMetadata(var_self="")
    assert CreateByokV1KeyRequest(key=AWS) != CreateByokV1Key201Response.from_dict({"key": AWS})
    assert key != KEY
    assert key.key != key.key.actual_instance  # type: ignore[union-attr]  # It has a key.
    assert key != None  # noqa: E711  # The comparison is the point.


def test_models_cannot_be_keys_of_a_dict() -> None:
    """A model cannot be put into a set or be the key of a dict, for it can change."""
    for model in (ByokV1Key(), ByokV1KeyKey(AWS)):
        with pytest.raises(TypeError, match="unhashable"):
            hash(model)


@pytest.mark.parametrize("name", dir(models))
def test_repr_is_what_one_would_write(name: str) -> None:
    """The representation of a model is code that makes the same model."""
    model = model_named(name).from_dict(FULL[name])
    shown = repr(model)
    assert shown.startswith(f"{name}(")
    scope: dict[str, Any] = {other: model_named(other) for other in dir(models)}
    exec("import datetime; from pydantic_core import TzInfo", scope)
    assert eval(shown, scope) == model


def test_repr_shows_what_is_odd() -> None:
    """The representation of a model shows what does not fit, and unknown fields."""
    key = ByokV1Key.from_dict({"key": {"kind": "OciKey", "ocid": "o-1"}, "state": 5, "news": [1]})
    assert repr(key) == (
        "ByokV1Key(api_version=None, kind=None, id=None, metadata=None, "
        "key=ByokV1KeyKey(actual_instance=ByokV1UnknownKey(kind='OciKey', ocid='o-1')), "
        "display_name=None, provider=None, state=5, validation=None, news=[1])"
    )


def test_to_str_shows_the_dict() -> None:
    """A printed model shows its dict, over several lines."""
    request = CreateByokV1KeyRequest(key=AWS, display_name="é")
    assert ast.literal_eval(request.to_str()) == request.to_dict()
    assert "\n" in ByokV1Key.from_dict(KEY).to_str()


@pytest.mark.parametrize("odd", [KEY, changed(KEY, ("key",), {"kind": "OciKey"}), {"news": 1}])
def test_models_travel_to_other_processes(odd: Any) -> None:
    """A key can be handed to another process, an odd one too."""
    key = GetByokV1Key200Response.from_dict(odd)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(key, protocol)) == key
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(GetByokV1Key200Response.to_json, (key,)) == key.to_json()


def test_a_deep_copy_stands_alone() -> None:
    """A change of a deep copy leaves the original as it is."""
    key = ByokV1Key.from_dict(KEY | {"news": {"a": [1]}})
    twin = copy.deepcopy(key)
    twin.key.actual_instance.key_arn = "other"  # type: ignore[union-attr]  # It has a key of AWS.
    twin.model_extra["news"]["a"].append(2)
    assert key == ByokV1Key.from_dict(KEY | {"news": {"a": [1]}})
    assert twin != key


def test_lists_and_models_of_to_dict_stand_alone() -> None:
    """A change inside the dict of a key leaves the key as it is."""
    key = ByokV1Key.from_dict(KEY)
    plain = key.to_dict()
    plain["key"]["roles"].append("r")
    plain["metadata"]["self"] = "other"
    assert key == ByokV1Key.from_dict(KEY)


def test_the_constructor_keeps_the_models_it_is_given() -> None:
    """The constructor keeps the very models that it is given."""
    aws = ByokV1AwsKey(key_arn=ARN)
    key = ByokV1KeyKey(aws)
    assert key.actual_instance is aws
    assert CreateByokV1KeyRequest(key=key).key is key


@pytest.mark.parametrize("name", [name for name in TOLERANT if name != "ByokV1KeyKey"])
def test_a_subclass_has_fields_of_its_own(name: str) -> None:
    """A subclass with a field of its own is decoded with that field."""
    own: Any = type("Own", (model_named(name),), {"__annotations__": {"team": str}})
    model, errors = decode(own, body(FULL[name] | {"team": "billing"}))
    assert type(model) is own
    assert errors == []
    assert model.team == "billing"
    odd, errors = decode(own, body({"team": 5}))
    assert odd.team == 5
    assert odd.to_dict()["team"] == 5
    assert ("team",) in [error["loc"] for error in errors]
