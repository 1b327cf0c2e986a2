"""The API's description, as the pages need it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml


class Description:
    """`openapi.yaml`, with its references followed and its schemas merged."""

    def __init__(self, path: Path) -> None:
        self._document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.server: str = self._document["servers"][0]["url"]
        self.security: list[str] = [name for each in self._document["security"] for name in each]
        self.schemas: dict[str, Mapping[str, Any]] = self._document["components"]["schemas"]
        self.operations: dict[str, dict[str, Any]] = {
            snake(operation["operationId"]): {"method": method.upper(), "path": path, **operation}
            for path, item in self._document["paths"].items()
            for method, operation in item.items()
        }
        """By the name of their method in the package."""

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `node` is, or refers to."""
        while "$ref" in node:
            target: Any = self._document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def merged(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """A schema together with those it is made of; what it says itself wins."""
        schema = self.resolved(node)
        whole: dict[str, Any] = {}
        for part in schema.get("allOf", ()):
            whole |= self.merged(part)
        return whole | {key: schema[key] for key in schema if key != "allOf"}

    def example(self, node: Mapping[str, Any], name: str = "") -> Any:
        """A value that fits a schema, or `None`; text that nobody gave is made of its `name`."""
        schema = self.merged(node)
        for values in ("examples", "x-extensible-enum", "enum"):
            if values in schema:
                return schema[values][0]
        if "oneOf" in schema:
            return self.example(schema["oneOf"][0])
        if "properties" in schema:
            fields = {key: self.example(field, key) for key, field in schema["properties"].items()}
            return {key: value for key, value in fields.items() if value is not None}
        if "items" in schema:
            return [self.example(schema["items"])]
        return f"{name}_example" if "string" in schema["type"] else None

    def sent_models(self) -> set[str]:
        """The models that a caller builds: what requests hold, but for its read-only parts."""
        bodies = [op["requestBody"] for op in self.operations.values() if "requestBody" in op]
        return {name for body in bodies for name in self._sent(json_schema(body))}

    def _sent(self, node: Mapping[str, Any]) -> Iterator[str]:
        schema = self.merged(node)
        if not schema.get("readOnly"):
            yield from filter(None, [model_of(node)])
            for part in [*schema.get("oneOf", ()), *schema.get("properties", {}).values()]:
                yield from self._sent(part)


def model_of(node: Mapping[str, Any]) -> str | None:
    """The name of the model that a schema refers to, also with something to add to it."""
    [reference] = node.get("allOf", [node])
    name: str = reference.get("$ref", "").rpartition("/")[2]
    return name or None


def json_schema(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a JSON body."""
    schema: Mapping[str, Any] = holder["content"]["application/json"]["schema"]
    return schema


def snake(name: str) -> str:
    """A name in the way of Python's functions and variables."""
    return re.sub("(?<!^)([A-Z])", r"_\1", name).lower()
