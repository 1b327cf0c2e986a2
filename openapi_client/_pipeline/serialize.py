"""Arguments in the form that goes over the wire."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import quote
from uuid import UUID

from pydantic import SecretStr

from .. import _checks
from .._core.headers import Headers
from .._core.typeguards import is_list_or_tuple, is_mapping
from ..exceptions import ApiTypeError, ApiValueError
from ..models._base import Schema

_PLAIN = re.compile(r"[0-9A-Za-z_\-]+")
"""Text that stands in a URL as it is, and is no dot segment: most of it."""


def path_with(template: str, path_params: Mapping[str, Any]) -> str:
    """The path of a URL. Raises ``ApiValueError`` for a value that would lead elsewhere."""
    for name, value in path_params.items():
        is_plain = type(value) is str and _PLAIN.fullmatch(value)
        segment = value if is_plain else _segment(name, value)
        template = template.replace(f"{{{name}}}", segment)
    return template


def _segment(name: str, value: Any) -> str:
    value = scalar(value)
    text = str(value) if type(value) is int else value
    return quote(_checks.path_segment(name, text), safe="")


def query_string(params: Iterable[tuple[str, Any]]) -> str:
    """The query of a URL; parameters that are ``None`` are left out."""
    return "&".join(
        f"{_quoted(str(name))}={_quoted(_text(value))}"
        for name, value in params
        if value is not None
    )


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text)


def _text(value: Any) -> str:
    value = scalar(value)
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(jsonable(value)) if is_mapping(value) else str(value)


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


def bare_content(body: object, headers: Mapping[str, str]) -> bytes | None:
    """Text or bytes of another media type than JSON, as copied operations may have them."""
    if not isinstance(body, str | bytes):
        return None
    if "json" in Headers(headers).get("Content-Type", "json").lower():
        return None
    return body.encode() if isinstance(body, str) else body


def json_content(value: object) -> bytes:
    """The JSON of a value. Raises ``ApiValueError`` for text that no JSON can carry."""
    text = json.dumps(value)
    if "\\ud" in text:  # A half of a pair of surrogates is written as if it were a character.
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ApiValueError("the body holds characters that no encoding has") from None
    return text.encode()


def jsonable(obj: object) -> Any:
    """``obj`` in the types of JSON: models without what is read-only, times as text.

    An object with a method ``to_dict``, such as a model of another client, counts as what that
    gives. Raises ``ApiTypeError`` for what has no form in JSON.
    """
    if isinstance(obj, Schema):
        return obj.request_dict()
    if is_mapping(obj):
        return {str(scalar(key)): jsonable(obj[key]) for key in obj}
    if is_list_or_tuple(obj):
        return [jsonable(item) for item in obj]
    if isinstance(obj, date):
        return obj.isoformat()
    value = scalar(obj)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    to_dict = getattr(value, "to_dict", None)
    if callable(to_dict):
        return jsonable(to_dict())
    raise ApiTypeError(f"{type(obj).__name__} has no form in JSON")
