"""Arguments in the form that goes over the wire."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any
from urllib.parse import quote

from .. import _checks
from .._core.typeguards import is_mapping, is_row
from ..exceptions import ApiTypeError
from ..models._base import Schema


def path_with(template: str, path_params: Mapping[str, Any]) -> str:
    """The path of a URL. Raises ``ApiValueError`` for a value that would lead elsewhere."""
    for name, value in path_params.items():
        segment = _checks.path_segment(name, value if type(value) is str else scalar(value))
        template = template.replace(f"{{{name}}}", quote(segment, safe=""))
    return template


def query_string(params: Iterable[tuple[str, Any]]) -> str:
    """The query of a URL; parameters that are ``None`` are left out."""
    return "&".join(f"{name}={_quoted(value)}" for name, value in params if value is not None)


def _quoted(value: Any) -> str:
    value = scalar(value)
    return quote(str(value).lower() if isinstance(value, bool) else str(value))


def scalar(value: Any) -> Any:
    """A value without the class of its own that it may have: an ``Enum``, a kind of ``str``.

    Such classes often print as something else than what they mean.
    """
    if isinstance(value, Enum):
        return scalar(value.value)
    if isinstance(value, str) and type(value) is not str:
        return str.__str__(value)
    if isinstance(value, int) and type(value) not in (int, bool):
        return int.__int__(value)
    return value


def jsonable(obj: object) -> Any:
    """``obj`` in the types of JSON: models without what is read-only, times as text.

    Raises ``ApiTypeError`` for what has no form in JSON.
    """
    if isinstance(obj, Schema):
        return obj.request_dict()
    if is_mapping(obj):
        return {str(scalar(key)): jsonable(obj[key]) for key in obj}
    if is_row(obj):
        return [jsonable(item) for item in obj]
    if isinstance(obj, date):
        return obj.isoformat()
    value = scalar(obj)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ApiTypeError(f"{type(obj).__name__} has no form in JSON")
