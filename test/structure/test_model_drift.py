"""The models and `docs/openapi.yaml` say the same; each is held to the other."""

import pytest

import openapi_client
from openapi_client import ByokV1KeyKey, KeyState, Provider, ValidationPhase, models
from structure.description import SCHEMAS, Field, fields, model_of

# It stands for what the description cannot know.
_OWN_MODELS = {"ByokV1UnknownKey"}
_OBJECTS = [name for name in SCHEMAS if "oneOf" not in SCHEMAS[name]]


def test_models_are_the_described_ones() -> None:
    """The models are the described ones, and one of our own for unknown kinds of keys."""
    assert SCHEMAS.keys() == set(dir(models)) - _OWN_MODELS


@pytest.mark.parametrize("model", _OBJECTS)
def test_fields_are_the_described_ones(model: str) -> None:
    """The fields of each model are the described ones."""
    schema = getattr(openapi_client, model).model_json_schema()
    required = schema.get("required", [])
    assert fields(model) == [
        Field.of(name, node, required=name in required)
        for name, node in schema["properties"].items()
    ]


@pytest.mark.parametrize("model", _OBJECTS)
def test_fields_have_the_names_of_the_wire(model: str) -> None:
    """A field has the same name in Python as on the wire, but for `self`."""
    kind = getattr(openapi_client, model)
    names = dict(zip([field.name for field in fields(model)], kind.model_fields, strict=True))
    assert {wire: name for wire, name in names.items() if wire != name} == (
        {"self": "var_self"} if "self" in names else {}
    )
    for mode in ("validation", "serialization"):
        assert [*kind.model_json_schema(mode=mode)["properties"]] == [*names]


def test_forms_of_a_key_are_the_described_ones() -> None:
    """The forms of a key, and the kinds that stand for them, are the described ones."""
    schema = SCHEMAS["ByokV1KeyKey"]
    mapping = schema["discriminator"]["mapping"]
    assert {model_of(form) for form in schema["oneOf"]} == ByokV1KeyKey.one_of_schemas
    assert ByokV1KeyKey.discriminator_value_class_map == {
        kind: model_of({"$ref": target}) for kind, target in mapping.items()
    }
    assert set(mapping) == {
        field.constant
        for model in ByokV1KeyKey.one_of_schemas
        for field in fields(model)
        if field.name == schema["discriminator"]["propertyName"]
    }


@pytest.mark.parametrize(
    ("constants", "model", "field"),
    [
        (Provider, "ByokV1Key", "provider"),
        (KeyState, "ByokV1Key", "state"),
        (ValidationPhase, "ByokV1KeyValidation", "phase"),
    ],
)
def test_constants_are_the_described_values(constants: type, model: str, field: str) -> None:
    """The constants are the described values."""
    values = [value for name, value in vars(constants).items() if name.isupper()]
    assert values == SCHEMAS[model]["properties"][field]["x-extensible-enum"]
