"""From the bytes of a response to a model: strict and fast, and where that fails, tolerant."""

import json
from abc import abstractmethod
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import Self

from .._core.typeguards import is_array, is_object
from ._fields import Time

_TIME: TypeAdapter[datetime] = TypeAdapter(Time)


class Decodable(BaseModel):
    """A model that can make the best of a JSON object that is not quite one of its own."""

    @classmethod
    @abstractmethod
    def fit(cls, data: dict[str, Any]) -> Self:
        """The model nearest to ``data``: what is missing is ``None``, what is odd stays raw."""


M = TypeVar("M", bound=Decodable)


def decode(model: type[Decodable], body: bytes) -> tuple[Any, list[ErrorDetails]]:
    """The model that ``body`` holds, and what in it did not fit.

    Where something did not fit, the rest is kept all the same; where the body is JSON but no
    object, its value is returned as it is.  Raises ``ValueError`` where it is no JSON at all.
    """
    try:
        validate_json = model.__pydantic_validator__.validate_json
        return validate_json(body, strict=True, by_name=False), []
    except ValidationError as error:
        return _fit(model, parse_json(body)), error.errors(include_url=False, include_context=False)


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


def fit_fields(model: type[M], data: dict[str, Any]) -> M:
    """A model of which every field is as good as ``data`` allows."""
    fields = _fields_on_the_wire(model)
    known: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for key, value in data.items():
        if key in fields:
            name, kind = fields[key]
            known[name] = _fit(kind, value)
        else:
            unknown[key] = value
    missing = {name: None for name, field in model.model_fields.items() if field.is_required()}
    fitted = model.model_construct(_fields_set=set(known), **(missing | known))
    # Not by ``model_construct``: an unknown field may be called ``_fields_set``.
    object.__setattr__(fitted, "__pydantic_extra__", unknown)
    return fitted


@cache
def _fields_on_the_wire(model: type[Decodable]) -> dict[str, tuple[str, Any]]:
    """Of each field, by its name on the wire, its own name and its type."""
    return {
        str(field.validation_alias or name): (name, _bare(field.annotation))
        for name, field in model.model_fields.items()
    }


def _fit(wanted: Any, value: object) -> Any:
    if isinstance(value, str):
        return _fit_time(value) if wanted is datetime else value
    if is_array(value) and get_origin(wanted) is list:
        item_type = _bare(get_args(wanted)[0])
        return [_fit(item_type, item) for item in value]
    if is_object(value) and isinstance(wanted, type) and issubclass(wanted, Decodable):
        return wanted.fit(value)
    return value


def _bare(annotation: Any) -> Any:
    """The type in ``Optional[...]`` and ``Annotated[...]``."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    others = [arg for arg in get_args(annotation) if arg is not NoneType]
    if len(others) < len(get_args(annotation)):
        return _bare(others[0])
    return annotation


def _fit_time(value: str) -> datetime | str:
    """What is no time, such as a second of 60, stays text."""
    try:
        return _TIME.validate_strings(value, strict=True)
    except ValidationError:
        return value
