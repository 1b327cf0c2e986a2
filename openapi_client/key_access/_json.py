"""Reading the JSON that the tools of a cloud print."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .._core.typeguards import is_array, is_mapping, is_object
from ..exceptions import ApiValueError


def parsed_json(name: str, document: Mapping[str, Any] | Sequence[Any] | str) -> object:
    """The document as plain JSON that shares nothing with what was given."""
    try:
        text = document if isinstance(document, str) else json.dumps(document, default=_as_dict)
        parsed: object = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise ApiValueError(f"{name} is no JSON: {error}") from None
    return parsed


def json_object(name: str, document: Mapping[str, Any] | str) -> dict[str, Any]:
    """As ``parsed_json``; refuses what is no object."""
    parsed = parsed_json(name, document)
    if not is_object(parsed):
        raise ApiValueError(f"{name} has to be a JSON object")
    return parsed


def json_objects(name: str, items: object) -> list[dict[str, Any]]:
    """A list of objects; refuses any other."""
    if not is_array(items) or not all(is_object(item) for item in items):
        raise ApiValueError(f"{name} has to be a list of JSON objects")
    return items


def as_list(value: Any) -> list[Any]:
    """A list, where a single element may stand for itself."""
    return value if is_array(value) else [value]


def _as_dict(value: object) -> dict[Any, Any]:
    if is_mapping(value):
        return dict(value)
    raise TypeError(f"it holds a {type(value).__name__}")
