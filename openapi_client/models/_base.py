"""What all models share: strict when a caller builds one, tolerant when the service sent it."""

import json
import pprint
from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, cast, overload

from pydantic import ConfigDict
from typing_extensions import Self, override

from .._core.typeguards import is_array, is_mapping, is_object
from ._decoding import Decodable, decode, fit_fields, parse_json


class Schema(Decodable):
    """The interface of every model, whatever its form on the wire."""

    # Values too would keep 16,384 strings of other people's keys in memory for ever.
    model_config: ClassVar[ConfigDict] = ConfigDict(cache_strings="keys")

    _strict: ClassVar[bool] = False
    """Whether ``from_dict`` and ``from_json`` are as strict as the constructor."""
    named_by_location: ClassVar[str | None] = None
    """The field that an answer may leave to its ``Location`` header."""

    def to_dict(self) -> dict[str, Any]:
        """All fields that are set, read-only and unknown ones too, under their wire names.

        Nothing is lost: ``from_dict(x.to_dict()) == x``.  Times are ``datetime`` objects.
        """
        return self._to_plain(for_request=False)

    def to_json(self) -> str:
        """The text of ``to_dict()`` in JSON; times are RFC 3339."""
        return json.dumps(self.to_dict(), default=_jsonable)

    def to_str(self) -> str:
        """The text of ``to_dict()`` laid out for a person."""
        return pprint.pformat(self.to_dict())

    @overload
    @classmethod
    def from_dict(cls, obj: None) -> None: ...
    @overload
    @classmethod
    def from_dict(cls, obj: Mapping[str, Any]) -> Self: ...
    @classmethod
    def from_dict(cls, obj: Mapping[str, Any] | None) -> Self | None:
        """Build the model from a dict under wire names, such as ``to_dict`` gives.

        Tolerant as for a response of the service (contract, section 7); the two request models
        are strict.  Raises ``ValueError`` where ``obj`` is no dict or a request model does not
        fit, ``TypeError`` where a value has no form in JSON.
        """
        return None if obj is None else cls.from_json(json.dumps(obj, default=_jsonable))

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Build the model from the text of a JSON object; see ``from_dict``."""
        # A lone surrogate is legal in JSON text and in ``str``, but not in UTF-8.
        body = json_str.encode("utf-8", "surrogatepass") if isinstance(json_str, str) else json_str
        if cls._strict:
            value = parse_json(body)
            model = cls(**value) if is_object(value) else value
        else:
            model, _ = decode(cls, body)
        if not isinstance(model, cls):
            raise ValueError(f"{cls.__name__} is a JSON object, not {type(model).__name__}")
        return model

    def request_dict(self) -> dict[str, Any]:
        """What of this model is sent: nothing read-only and nothing null (contract, 2)."""
        return self._to_plain(for_request=True)

    @abstractmethod
    def _to_plain(self, *, for_request: bool) -> dict[str, Any]: ...


class Model(Schema):  # noqa: PLW1641  # Mutable, hence unhashable.
    """A model that is a JSON object with the fields of its class.

    The constructor is strict: unknown, missing and mistyped fields raise
    ``pydantic.ValidationError``, a ``ValueError`` that names each of them.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        # The service may send fields that this version does not know (contract, section 3);
        # the constructor forbids them all the same.
        extra="allow",
        validate_assignment=True,
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),
    )

    def __init__(self, /, **data: Any) -> None:
        __tracebackhide__ = True
        self.__pydantic_validator__.validate_python(data, self_instance=self, extra="forbid")

    # Without this mark pydantic would call the constructor for every model nested in a response,
    # and so forbid unknown fields there.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # functions take attributes

    @override
    def __setattr__(self, name: str, value: Any) -> None:
        """Assign a field, as strictly as the constructor.

        Raises ``ValueError`` for a name that is none, lest a slip be sent or lost.
        """
        extra = self.__pydantic_extra__ or {}
        if name in type(self).model_fields:
            # Tried on another: with ``forbid`` pydantic would misplace the unknown fields of this.
            self.__pydantic_validator__.validate_assignment(
                self.model_construct(), name, value, extra="forbid"
            )
            super().__setattr__(name, value)
        elif name in extra:
            extra[name] = value
        else:
            raise ValueError(f'"{type(self).__name__}" has no field "{name}"')

    @override
    def __eq__(self, other: object) -> bool:
        # Pydantic 2.12 takes no unknown fields (``None``) and none of them (``{}``) for different.
        return (
            isinstance(other, Model)
            and type(self) is type(other)
            and self.__dict__ == other.__dict__
            and (self.__pydantic_extra__ or {}) == (other.__pydantic_extra__ or {})
        )

    @classmethod
    @override
    def fit(cls, data: dict[str, Any]) -> Self:
        """The model with every field as good as ``data`` allows."""
        return fit_fields(cls, data)

    @override
    def _to_plain(self, *, for_request: bool) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for name, (wire_name, is_read_only) in _wire_fields(type(self)).items():
            value = getattr(self, name)
            if for_request and (is_read_only or value is None):
                continue
            # Defaults count where they say something: the ``kind`` of a key.
            if value is not None or name in self.model_fields_set:
                plain[wire_name] = _plain(value, for_request=for_request)
        unknown = self.__pydantic_extra__ or {}
        if for_request:
            unknown = {name: value for name, value in unknown.items() if value is not None}
        return plain | unknown


@cache
def _wire_fields(model: type[Model]) -> dict[str, tuple[str, bool]]:
    """Of each field, its name on the wire and whether it is read-only."""
    return {
        name: (
            field.serialization_alias or name,
            "readOnly" in cast("dict[str, Any]", field.json_schema_extra or {}),
        )
        for name, field in model.model_fields.items()
    }


def _plain(value: object, *, for_request: bool) -> Any:
    # A list in a list holds no models: it is JSON as it came, and nested at will.
    if is_array(value):
        return [_plain_item(item, for_request=for_request) for item in value]
    return _plain_item(value, for_request=for_request)


def _plain_item(value: object, *, for_request: bool) -> Any:
    if isinstance(value, Schema):
        return value.request_dict() if for_request else value.to_dict()
    return value


def _jsonable(value: Any) -> Any:
    if isinstance(value, Schema):
        return value.to_dict()
    if is_mapping(value):
        return dict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
