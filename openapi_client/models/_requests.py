"""What of a model is sent to the service, and what may be given for it."""

from enum import Enum
from functools import cache
from typing import Any, cast, get_args, get_origin

from typing_extensions import TypeIs

from .._core.typeguards import is_array, is_mapping
from ._decoding import Decodable, bare_type


@cache
def never_sent(model: type[Decodable]) -> dict[str, Any]:
    """The read-only fields of a model and of those in it, in the form of pydantic's ``exclude``."""
    excluded: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        annotation = bare_type(field.annotation)
        if "readOnly" in cast("dict[str, Any]", field.json_schema_extra or {}):
            excluded[name] = True
        elif name == "root":
            # Pydantic looks through a model that is a union, as through the union.
            excluded |= {key: True for each in get_args(annotation) for key in never_sent(each)}
        elif get_origin(annotation) is list and _is_model(bare_type(get_args(annotation)[0])):
            excluded[name] = {"__all__": never_sent(bare_type(get_args(annotation)[0]))}
        elif _is_model(annotation):
            excluded[name] = never_sent(annotation)
    return excluded


def _is_model(annotation: Any) -> TypeIs[type[Decodable]]:
    return isinstance(annotation, type) and issubclass(annotation, Decodable)


def enum_values(value: Any, depth: int = 4) -> Any:
    """The value, with those of enum members for them; no request nests deeper than ``depth``."""
    if isinstance(value, Enum):
        return value.value
    if depth and is_mapping(value):
        return {key: enum_values(item, depth - 1) for key, item in value.items()}
    if depth and is_array(value):
        return [enum_values(item, depth - 1) for item in value]
    return value
