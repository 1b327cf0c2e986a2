"""Arguments in the form that goes over the wire."""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any
from urllib.parse import quote

from .._core.typeguards import is_mapping, is_row
from ..exceptions import ApiTypeError
from ..models._base import Schema


def query_string(params: Iterable[tuple[str, Any]]) -> str:
    """The query of a URL; parameters that are ``None`` are left out."""
    return "&".join(
        f"{name}={quote(_as_text(value))}" for name, value in params if value is not None
    )


def jsonable(obj: object) -> Any:
    """``obj`` in the types of JSON: models without what is read-only, times as text.

    Raises ``ApiTypeError`` for what has no form in JSON.
    """
    if isinstance(obj, Schema):
        return obj.request_dict()
    if is_mapping(obj):
        return {str(key): jsonable(obj[key]) for key in obj}
    if is_row(obj):
        return [jsonable(item) for item in obj]
    if isinstance(obj, date):
        return obj.isoformat()
    if isinstance(obj, Enum):
        return jsonable(obj.value)
    if obj is None or isinstance(obj, str | bool | int | float):
        return obj
    raise ApiTypeError(f"{type(obj).__name__} has no form in JSON")


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
