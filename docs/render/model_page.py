"""The page of a model."""

import json
from collections.abc import Iterator
from textwrap import indent

from pydantic.fields import FieldInfo

import openapi_client

from . import templates
from .cells import limits, linked, notes, text, type_name
from .description import Description, model_of, snake


def model_page(description: Description, name: str) -> str:
    """The text of the page of a model."""
    node = description.schemas[name]
    if name in description.sent_models():
        example = construction(description, name)
        if "oneOf" in node:
            example = f"openapi_client.{name}(\n{indent(example, '    ')}\n)"
    else:
        document = json.dumps(description.example(node), indent=2)
        quoted = indent(f'"""\n{document}\n"""', "    ")
        example = f"openapi_client.{name}.from_json(\n{quoted}\n)"
    return templates.MODEL_PAGE.format(
        name=name,
        description=text(node),
        properties="\n".join(_properties(description, name)),
        variable=snake(name),
        example=example,
    )


def _properties(description: Description, name: str) -> Iterator[str]:
    schema = description.merged(description.schemas[name])
    if "oneOf" in schema:
        forms = " or ".join(linked(type_name(form)) for form in schema["oneOf"])
        yield f"**actual_instance** | {forms} | The form that it has. | "
    for wire_name, node in schema.get("properties", {}).items():
        field = description.merged(node)
        python_name = _python_name(name, wire_name)
        remarks = {
            "optional": wire_name not in schema.get("required", ()),
            "readonly": "readOnly" in field,
            f"{wire_name} in JSON": wire_name != python_name,
        }
        told = notes(filter(remarks.get, remarks), limits(field))
        yield f"**{python_name}** | {linked(type_name(node))} | {text(field)} | {told}"


def _python_name(model: str, wire_name: str) -> str:
    fields: dict[str, FieldInfo] = getattr(openapi_client, model).model_fields
    return next(name for name in fields if (fields[name].serialization_alias or name) == wire_name)


def construction(description: Description, model: str) -> str:
    """The code that makes a model out of what can be sent."""
    schema = description.merged(description.schemas[model])
    if "oneOf" in schema:
        return construction(description, str(model_of(schema["oneOf"][0])))
    lines: list[str] = []
    for name, node in schema["properties"].items():
        field = description.merged(node)
        if not field.get("readOnly") and "enum" not in field:
            inner = model_of(node)
            value = description.example(node)
            code = construction(description, inner) if inner else json.dumps(value)
            lines.append(indent(f"{name}={code},", "    "))
    return "\n".join([f"openapi_client.{model}(", *lines, ")"])
