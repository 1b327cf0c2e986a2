"""`docs/openapi.yaml` is valid, and generators make of it the names that users import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator, validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_DOCS = Path(__file__).parents[2] / "docs"


def _document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((_DOCS / name).read_text(encoding="utf-8"))
    return found


_DOCUMENT = _document("openapi.yaml")

_MODELS = """
    ByokV1AwsKey ByokV1AzureKey ByokV1GcpKey ByokV1Key ByokV1KeyKey ByokV1KeyList
    ByokV1KeyListDataInner ByokV1KeyListMetadata ByokV1KeyMetadata ByokV1KeyUpdate
    ByokV1KeyValidation CreateByokV1Key201Response CreateByokV1KeyRequest Error ErrorSource Failure
    GetByokV1Key200Response ListMeta ObjectMeta ObjectReference
"""


def _examples(node: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Each example, with the place of the schema that it has to fit."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _examples(item, f"{pointer}/{index}")
    elif isinstance(node, dict):
        if "schema" in node:
            named = node.get("examples", {})
            values = [each["value"] for each in named.values()] if isinstance(named, dict) else []
            values += [node["example"]] if "example" in node else []
            yield from ((f"{pointer}/schema", value) for value in values)
        elif isinstance(node.get("examples"), list):
            yield from ((pointer, value) for value in node["examples"])
        for name, item in node.items():
            escaped = str(name).replace("~", "~0").replace("/", "~1")
            yield from _examples(item, f"{pointer}/{escaped}")


def test_description_is_valid() -> None:
    """The description is valid OpenAPI 3.1."""
    validate(_DOCUMENT, cls=OpenAPIV31SpecValidator)


def test_description_in_3_0_is_valid() -> None:
    """Generators that take OpenAPI 3.0 alone take the description in that form."""
    document = _document("openapi-3.0.yaml")
    validate(document, cls=OpenAPIV30SpecValidator)
    for part in ("paths", "components"):
        assert document[part].keys() == _DOCUMENT[part].keys()
    assert document["components"]["schemas"].keys() == _DOCUMENT["components"]["schemas"].keys()


@pytest.mark.parametrize(("pointer", "example"), list(_examples(_DOCUMENT)))
def test_example_fits_its_schema(pointer: str, example: Any) -> None:
    """Every example in the description fits its schema."""
    resource = Resource.from_contents(_DOCUMENT, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:description", resource)
    Draft202012Validator(
        {"$ref": f"urn:description#{pointer}"},
        registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    ).validate(example)


def test_generated_models_have_the_known_names(theirs: Any) -> None:
    """A client that is generated from the description has models of the known names."""
    found = {name for name, value in vars(theirs.models).items() if hasattr(value, "model_fields")}
    assert found == set(_MODELS.split())
