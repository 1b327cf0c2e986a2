"""`docs/openapi.yaml` as facts that can be compared with the package's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from structure.source import ROOT

Node = Mapping[str, Any]
_DOCUMENT: dict[str, Any] = yaml.safe_load(
    (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")
)
SCHEMAS: Mapping[str, Node] = _DOCUMENT["components"]["schemas"]


@dataclass(frozen=True)
class Field:
    """A field of a model."""

    name: str
    """Its name on the wire."""
    type: str
    """A type of JSON, `date-time`, the name of a model, or one of these in brackets."""
    required: bool
    read_only: bool
    max_length: int | None
    minimum: int | None
    constant: str | None
    """The one value that a caller may give."""

    @classmethod
    def of(cls, name: str, node: Node, *, required: bool) -> "Field":
        """The field that a schema stands for, in the description's way or in pydantic's."""
        [form] = [form for form in node.get("anyOf", [node]) if form.get("type") != "null"]
        schema = {**node, **form}
        read_only = schema.get("readOnly", False)
        values = [] if read_only else [schema["const"]] if "const" in schema else schema.get("enum")
        return cls(
            name=name,
            type=_type(schema),
            # What has one value only need not be said.
            required=required or bool(values),
            read_only=read_only,
            max_length=schema.get("maxLength"),
            minimum=schema.get("minimum"),
            constant=values[0] if values else None,
        )


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation, in path or query."""

    name: str
    place: str
    required: bool
    type: str
    minimum: int | None
    maximum: int | None
    max_length: int | None
    default: Any
    example: Any


@dataclass(frozen=True)
class Operation:
    """An operation."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: str | None
    """The model of the request's body."""
    body_example: Any
    success: int
    result: str | None
    """The model of the answer's body."""
    failures: tuple[int, ...]

    @property
    def python_name(self) -> str:
        """The name of its method in the package."""
        return snake(self.id)


def snake(operation_id: str) -> str:
    """The name that an operation has in Python."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in operation_id)


def resolved(node: Node) -> Node:
    """What a node is or refers to."""
    while "$ref" in node:
        target: Any = _DOCUMENT
        for step in node["$ref"].split("/")[1:]:
            target = target[step]
        node = target
    return node


def model_of(node: Node) -> str | None:
    """The name of the model that a schema refers to."""
    [reference] = node.get("allOf", [node])
    return str(reference["$ref"]).rpartition("/")[2] if "$ref" in reference else None


def fields(model: str) -> list[Field]:
    """The fields of a model, those that it takes over from others included, in their order."""
    schema, required = SCHEMAS[model], _required(SCHEMAS[model])
    return [Field.of(name, node, required=name in required) for name, node in _properties(schema)]


def _properties(schema: Node) -> Iterator[tuple[str, Node]]:
    for part in schema.get("allOf", ()):
        yield from _properties(resolved(part))
    yield from schema.get("properties", {}).items()


def _required(schema: Node) -> set[str]:
    inherited = (_required(resolved(part)) for part in schema.get("allOf", ()))
    return set(schema.get("required", ())).union(*inherited)


def _type(node: Node) -> str:
    model = model_of(node)
    if model:
        return model
    if node["type"] == "array":
        return f"[{_type(node['items'])}]"
    kinds = [node["type"]] if isinstance(node["type"], str) else node["type"]
    [kind] = [kind for kind in kinds if kind != "null"]
    return "date-time" if node.get("format") == "date-time" else str(kind)


def _parameter(node: Node) -> Parameter:
    schema = node["schema"]
    return Parameter(
        name=node["name"],
        place=node["in"],
        required=node.get("required", False),
        type=schema["type"],
        minimum=schema.get("minimum"),
        maximum=schema.get("maximum"),
        max_length=schema.get("maxLength"),
        default=schema.get("default"),
        example=node.get("example"),
    )


def _json(holder: Node) -> Node:
    content: Node = holder.get("content", {}).get("application/json", {})
    return content


def _operation(path: str, method: str, node: Node) -> Operation:
    statuses = {int(status): resolved(answer) for status, answer in node["responses"].items()}
    [success] = [status for status in statuses if status < 300]
    body, result = _json(node.get("requestBody", {})), _json(statuses[success])
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        parameters=tuple(_parameter(resolved(each)) for each in node.get("parameters", ())),
        body=model_of(body["schema"]) if body else None,
        body_example=next((each["value"] for each in body.get("examples", {}).values()), None),
        success=success,
        result=model_of(result["schema"]) if result else None,
        failures=tuple(status for status in statuses if status >= 300),
    )


OPERATIONS = [
    _operation(path, method, node)
    for path, item in _DOCUMENT["paths"].items()
    for method, node in item.items()
]
