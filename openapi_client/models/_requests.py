"""What of a model is sent to the service, and what may be given for it."""

from enum import Enum
from functools import cache
from typing import Any, cast

from pydantic import BaseModel

from .._core.typeguards import is_array, is_mapping


@cache
def sent_fields(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields that are not read-only, each with its name on the wire."""
    return tuple(
        (name, field.serialization_alias or name)
        for name, field in model.model_fields.items()
        if "readOnly" not in cast("dict[str, Any]", field.json_schema_extra or {})
    )


def enum_values(value: Any, depth: int = 4) -> Any:
    """The value with the values of its enum members, to the depth that a request can have."""
    if isinstance(value, Enum):
        return value.value
    if depth and is_mapping(value):
        return {key: enum_values(item, depth - 1) for key, item in value.items()}
    if depth and is_array(value):
        return [enum_values(item, depth - 1) for item in value]
    return value
