"""The page of the operations."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import indent
from typing import Any

import openapi_client

from . import templates
from .cells import limits, linked, notes, text, type_name
from .description import Description, json_schema, model_of, snake
from .model_page import construction


def api_page(description: Description) -> str:
    """The text of `KeysByokV1Api.md`."""
    operations = sorted(description.operations.items())
    index = [
        f"[**{name}**](KeysByokV1Api.md#{name}) | **{operation['method']}** {operation['path']} | "
        f"{operation['summary']}"
        for name, operation in operations
    ]
    return templates.API_PAGE.format(
        server=description.server,
        index="\n".join(index),
        operations="\n".join(_operation(description, name, op) for name, op in operations),
    )


def _operation(description: Description, name: str, operation: Mapping[str, Any]) -> str:
    signature = inspect.signature(getattr(openapi_client.KeysByokV1Api, name))
    returned = signature.return_annotation
    result = None if returned in {None, type(None)} else returned.__name__
    arguments = list(_arguments(description, operation, signature))
    # An example of everything would hide the usual.
    shown = [each for each in arguments if each.parameter.kind is not each.parameter.KEYWORD_ONLY]
    call = f"api_instance.{name}({', '.join(argument.passed for argument in shown)})"
    body = operation.get("requestBody")
    imported = model_of(json_schema(body)) if body else result
    return templates.OPERATION.format(
        name=name,
        call=f"{result or ''} {name}({', '.join(each.passed for each in arguments)})".strip(),
        summary=operation["summary"],
        description=text(operation),
        imports=_import(imported) if imported else "",
        server=description.server,
        arguments="\n".join(argument.assignment() for argument in shown),
        statements=templates.SHOWN.format(call=call, name=name) if result else f"        {call}",
        parameters="\n".join(argument.row() for argument in arguments),
        returns=linked(result) if result else "None: the answer has no body.",
        security=", ".join(_security(scheme) for scheme in description.security),
        content_type="application/json" if body else "Not defined",
        responses="\n".join(
            _response(description, *each) for each in operation["responses"].items()
        ),
    )


@dataclass(frozen=True)
class _Argument:
    """A parameter of a method: as the signature has it, and as the description tells it."""

    parameter: inspect.Parameter
    schema: Mapping[str, Any]
    description: str
    example: str

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def is_optional(self) -> bool:
        return self.parameter.default is not inspect.Parameter.empty

    @property
    def passed(self) -> str:
        return f"{self.name}={self.name}" if self.is_optional else self.name

    def row(self) -> str:
        remarks = notes(self._remarks(), limits(self.schema))
        return (
            f" **{self.name}** | {linked(type_name(self.schema))}| {self.description} | {remarks}"
        )

    def assignment(self) -> str:
        remarks = "".join(f" ({remark})" for remark in self._remarks())
        told = f"# {type_name(self.schema)} | {self.description}{remarks}"
        return indent(f"{self.name} = {self.example} {told}", "    ")

    def _remarks(self) -> Iterator[str]:
        if self.is_optional:
            yield "optional"
        if "default" in self.schema:
            yield f"default to {self.schema['default']}"


def _arguments(
    description: Description, operation: Mapping[str, Any], signature: inspect.Signature
) -> Iterator[_Argument]:
    for node in operation.get("parameters", ()):
        parameter = description.resolved(node)
        name, schema = parameter["name"], parameter["schema"]
        # What is required only the reader knows.
        value = None if parameter.get("required") else parameter.get("example")
        value = value or schema.get("default", f"{name}_example")
        yield _Argument(signature.parameters[name], schema, text(parameter), repr(value))
    if "requestBody" in operation:
        schema = json_schema(operation["requestBody"])
        model = str(model_of(schema))
        told = text(operation["requestBody"])
        yield _Argument(
            signature.parameters[snake(model)], schema, told, construction(description, model)
        )


def _response(description: Description, status: str, node: Mapping[str, Any]) -> str:
    response = description.resolved(node)
    headers = [
        f" * {name} - {text(description.resolved(header))} <br> "
        for name, header in response.get("headers", {}).items()
    ]
    return f"**{status}** | {text(response)} | {''.join(headers)} |"


def _security(scheme: str) -> str:
    # README.md names the schemes as users of generated clients know them.
    anchor = scheme.removeprefix("cloud-")
    return f"[{anchor}](../README.md#{anchor})"


def _import(model: str) -> str:
    return f"from {getattr(openapi_client, model).__module__} import {model}\n"
