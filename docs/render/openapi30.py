"""The description in OpenAPI 3.0.3, for generators that do not take 3.1 yet."""

from pathlib import Path
from typing import Any

import yaml

from openapi_client._core.typeguards import is_array, is_object

_HEAD = """\
# Rendered from openapi.yaml by `python -m docs.render`, for tools that want OpenAPI 3.0: change
# that file, not this one. It says the same, but for a summary.
"""
_LICENSE = "https://www.apache.org/licenses/LICENSE-2.0"


def openapi30(path: Path) -> str:
    """The text of `openapi-3.0.yaml`."""
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["openapi"] = "3.0.3"
    del document["info"]["summary"]
    document["info"]["license"] = {"name": "Apache 2.0", "url": _LICENSE}
    for name, schema in document["components"]["schemas"].items():
        document["components"]["schemas"][name] = _schema(schema)
    return _HEAD + yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as it would be written by hand."""


def _text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, "|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _schema(node: Any) -> Any:
    """A schema, with all in it, in the words of 3.0."""
    if is_array(node):
        return [_schema(item) for item in node]
    if not is_object(node):
        return node
    schema: dict[str, Any] = {}
    for name, value in node.items():
        if name == "examples":
            schema["example"] = value[0]
        elif name == "properties":
            schema[name] = {field: _schema(each) for field, each in value.items()}
        elif name == "type" and is_array(value):
            [schema["type"]] = {*value} - {"null"}
            schema["nullable"] = True
        else:
            schema[name] = _schema(value)
    return schema
