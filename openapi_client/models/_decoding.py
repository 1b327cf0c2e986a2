"""From the bytes of a response to a model: strict and fast, and where that fails, tolerant."""

import json
from abc import abstractmethod
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.config import ExtraValues
from pydantic_core import ErrorDetails
from typing_extensions import Self

from .._core.typeguards import is_array, is_object
from ._times import parse_time


class Decodable(BaseModel):
    """A model that can make the best of a JSON object that is not quite one of its own."""

    @classmethod
    @abstractmethod
    def construct_leniently(cls, data: dict[str, Any], *, by_name: bool = False) -> Self:
        """The model nearest to ``data``: what is missing is ``None``, what is odd stays raw.

        With ``by_name`` fields are found under their names in Python too.
        """


M = TypeVar("M", bound=Decodable)

_WITH_UNKNOWN_FIELDS: set[type[Decodable]] = set()
"""The models that came with fields that this version does not know: more of those will come."""


def decode(model: type[Decodable], body: bytes) -> tuple[Any, list[ErrorDetails]]:
    """The model that ``body`` holds, and what in it did not fit.

    Where something did not fit, the rest is kept all the same; where the body is JSON but no
    object, its value is returned as it is.  Raises ``ValueError`` where it is no JSON at all.
    """
    # Room for unknown fields costs each model a dict, so there is none until there are any.
    extra: ExtraValues = "allow" if model in _WITH_UNKNOWN_FIELDS else "forbid"
    try:
        validate_json = model.__pydantic_validator__.validate_json
        return validate_json(body, strict=True, by_name=False, extra=extra), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
    if any(each["type"] == "extra_forbidden" for each in found):
        _WITH_UNKNOWN_FIELDS.add(model)
        if all(each["type"] == "extra_forbidden" for each in found):
            return decode(model, body)
    return construct(model, parse_json(body)), [each for each in found if not _is_fine(each)]


def _is_fine(error: ErrorDetails) -> bool:
    """Whether only the strict pass minds: an unknown field, a time without offset or long ago."""
    if error["type"] == "greater_than_equal" and isinstance(error["input"], str):
        return isinstance(parse_time(error["input"]), datetime)
    return error["type"] in {"extra_forbidden", "timezone_aware"}


def in_bytes(text: str | bytes | bytearray) -> bytes:
    """The text of JSON in UTF-8."""
    # A lone surrogate is legal in JSON text and in ``str``, but not in UTF-8.
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)


def parse_json(body: bytes) -> Any:
    """``json.loads``, which takes more than pydantic does: UTF-16, lone surrogates, a BOM.

    An integer of more digits than Python reads stays text. Raises ``ValueError`` for whatever is
    no JSON, or is nested too deeply to be read.
    """
    try:
        return json.loads(body, parse_int=_int)
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error


def _int(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        return digits


def construct(wanted: Any, value: object, *, by_name: bool = False) -> Any:
    """What is nearest to ``value`` among the values of a type; ``value`` where nothing is near."""
    if isinstance(value, str):
        return parse_time(value) if wanted is datetime else value
    if is_array(value) and get_origin(wanted) is list:
        item_type = bare_type(get_args(wanted)[0])
        return [construct(item_type, item, by_name=by_name) for item in value]
    if is_object(value) and isinstance(wanted, type) and issubclass(wanted, Decodable):
        return wanted.construct_leniently(value, by_name=by_name)
    return value


def construct_fields(model: type[M], data: dict[str, Any], *, by_name: bool) -> M:
    """A model of which every field is as good as ``data`` allows."""
    fields = _fields_by_key(model, by_name=by_name)
    known: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for key, value in data.items():
        if key in fields:
            name, wanted = fields[key]
            known[name] = construct(wanted, value, by_name=by_name)
        else:
            unknown[key] = value
    missing = {name: None for name, field in model.model_fields.items() if field.is_required()}
    constructed = model.model_construct(_fields_set=set(known), **(missing | known))
    # Not by ``model_construct``: an unknown field may be called ``_fields_set``.
    object.__setattr__(constructed, "__pydantic_extra__", unknown)
    return constructed


@cache
def _fields_by_key(model: type[Decodable], *, by_name: bool) -> dict[str, tuple[str, Any]]:
    """Of each field, by its name on the wire, its own name and its type."""
    by_key: dict[str, tuple[str, Any]] = {}
    for name, field in model.model_fields.items():
        wire_name = str(field.validation_alias or name)
        for key in {wire_name, name} if by_name else {wire_name}:
            by_key[key] = name, bare_type(field.annotation)
    return by_key


def bare_type(annotation: Any) -> Any:
    """The type in ``Optional[...]`` and ``Annotated[...]``."""
    if get_origin(annotation) is Annotated:
        return bare_type(get_args(annotation)[0])
    others = [arg for arg in get_args(annotation) if arg is not NoneType]
    if len(others) < len(get_args(annotation)):
        return bare_type(others[0])
    return annotation
