"""What stands in the cells of tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import openapi_client

from .description import model_of

_TYPES = {"string": "str", "integer": "int", "date-time": "datetime"}


def type_name(node: Mapping[str, Any]) -> str:
    """A schema as a type of Python."""
    if model := model_of(node):
        return model
    if "items" in node:
        return f"List[{type_name(node['items'])}]"
    types = [node["type"]] if isinstance(node["type"], str) else node["type"]
    return _TYPES.get(node.get("format", ""), _TYPES[types[0]])


def linked(name: str) -> str:
    """The name of a type, with a link to the page of the model in it."""
    target = name.removeprefix("List[").removesuffix("]")
    is_model = hasattr(openapi_client, target)
    return f"[**{name}**]({target}.md)" if is_model else f"**{name}**"


def limits(schema: Mapping[str, Any]) -> Iterator[str]:
    """What a value has to keep to, and which ones are known."""
    if "enum" in schema:
        yield f"always {schema['enum'][0]}"
    if "x-extensible-enum" in schema:
        yield f"so far {', '.join(schema['x-extensible-enum'])}"
    if "maxLength" in schema:
        yield f"at most {schema['maxLength']} characters"
    if "minimum" in schema:
        yield f"at least {schema['minimum']}"
    if "maximum" in schema:
        yield f"at most {schema['maximum']}"


def notes(*groups: Iterable[str]) -> str:
    """Short remarks in brackets."""
    return " ".join(f"[{note}]" for group in groups for note in group)


def text(node: Mapping[str, Any]) -> str:
    """The description of a node on one line, fit for a cell."""
    return " ".join(node.get("description", "").split()).replace("|", r"\|")
