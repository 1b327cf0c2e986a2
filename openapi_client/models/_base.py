"""What all models share: strict when a caller builds one, tolerant when the service sent it."""

import json
from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar, Literal, cast, overload

from pydantic import ConfigDict, ValidationError
from pydantic.config import ExtraValues
from typing_extensions import Self, override

from .._core.typeguards import is_array, is_mapping, is_object
from ._building import BUILT_WHEN_USED, LazySignature
from ._decoding import Decodable, construct_fields, decode, in_bytes, parse_json
from ._requests import enum_values, sent_fields


class Schema(Decodable):
    """The interface of every model, whatever its form on the wire."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        # Values too would keep 16,384 strings of other people's keys in memory for ever.
        cache_strings="keys",
        # A model within others needs no validator of its own until somebody builds one alone.
        defer_build=BUILT_WHEN_USED,
    )

    _strict: ClassVar[bool] = False
    """Whether ``from_dict`` and ``from_json`` are as strict as the constructor."""
    named_by_location: ClassVar[str | None] = None
    """The field that an answer may leave to its ``Location`` header."""

    @classmethod
    @override
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        # A class that is not built yet would else have that of its base, or of ``__init__``.
        cast("Any", cls).__signature__ = LazySignature()

    def to_dict(self, *, mode: Literal["python", "json"] = "python") -> dict[str, Any]:
        """All fields that are set, read-only and unknown ones too, under their wire names.

        Nothing is lost: ``from_dict(x.to_dict()) == x``.

        Args:
            mode: ``"python"`` gives times as ``datetime``; ``"json"`` gives what JSON can hold:
                times as text in RFC 3339, and ``None`` for ``NaN`` and ``Infinity``.

        Raises:
            ValueError: ``mode`` is neither.
        """
        if mode == "json":
            text = json.dumps(self.to_dict(), default=_jsonable)
            return cast("dict[str, Any]", json.loads(text, parse_constant=lambda _: None))
        if mode != "python":
            raise ValueError(f'mode has to be "python" or "json", not {mode!r}')
        return self._to_plain()

    def to_json(self, *, indent: int | None = None) -> str:
        """The text of ``to_dict(mode="json")``.

        Args:
            indent: How many blanks each level is indented by; all on one line without it.
        """
        try:
            return json.dumps(self.to_dict(), default=_jsonable, allow_nan=False, indent=indent)
        except ValueError:
            return json.dumps(self.to_dict(mode="json"), indent=indent)

    def to_str(self) -> str:
        """The text of ``to_dict()`` laid out for a person."""
        import pprint  # Few programs ever print a model.

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

        Tolerant, as for a response of the service: what is missing is ``None``, what does not
        fit stays as it is. The two request models are strict.

        Raises:
            ValueError: ``obj`` is no dict, or a request model does not fit.
            TypeError: A value has no form in JSON.
        """
        return None if obj is None else cls.from_json(json.dumps(obj, default=_jsonable))

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Build the model from the text of a JSON object; see ``from_dict``."""
        body = in_bytes(json_str)
        if cls._strict:
            value = parse_json(body)
            model = cls(**value) if is_object(value) else value
        else:
            model, _ = decode(cls, body)
        if not isinstance(model, cls):
            raise ValueError(f"{cls.__name__} is a JSON object, not {type(model).__name__}")
        return model

    @classmethod
    @override
    def model_validate(
        cls,
        obj: Any,
        *,
        strict: bool | None = None,
        extra: ExtraValues | None = None,
        from_attributes: bool | None = None,
        context: Any | None = None,
        by_alias: bool | None = None,
        by_name: bool | None = None,
    ) -> Self:
        """Build the model from what ``model_dump`` gives; as tolerant as ``from_dict``.

        Strict where ``strict`` or ``extra`` is given. Raises ``pydantic.ValidationError``.
        """
        try:
            return super().model_validate(
                obj,
                strict=strict,
                extra=extra,
                from_attributes=from_attributes,
                context=context,
                by_alias=by_alias,
                by_name=by_name,
            )
        except ValidationError:
            if cls._strict or strict or extra or not is_object(obj):
                raise
            return cls.construct_leniently(obj, by_name=by_name is not False)

    @classmethod
    @override
    def model_validate_json(
        cls,
        json_data: str | bytes | bytearray,
        *,
        strict: bool | None = None,
        extra: ExtraValues | None = None,
        context: Any | None = None,
        by_alias: bool | None = None,
        by_name: bool | None = None,
    ) -> Self:
        """Build the model from what ``model_dump_json`` gives; see ``model_validate``."""
        try:
            return super().model_validate_json(
                json_data,
                strict=strict,
                extra=extra,
                context=context,
                by_alias=by_alias,
                by_name=by_name,
            )
        except ValidationError as error:
            try:
                obj = parse_json(in_bytes(json_data))
            except ValueError:
                raise error from None
            if cls._strict or strict or extra or not is_object(obj):
                raise
            return cls.construct_leniently(obj, by_name=by_name is not False)

    @abstractmethod
    def request_dict(self) -> dict[str, Any]:
        """What of this model is sent: nothing read-only and nothing null."""

    @abstractmethod
    def _to_plain(self) -> dict[str, Any]: ...


class Model(Schema):  # noqa: PLW1641  # Mutable, hence unhashable.
    """A model that is a JSON object with the fields of its class.

    The constructor is strict: unknown, missing and mistyped fields raise
    ``pydantic.ValidationError``, a ``ValueError`` that names each of them.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        # The service may send fields that this version does not know; the constructor forbids
        # them all the same.
        extra="allow",
        validate_assignment=True,
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),
    )

    @classmethod
    @override
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        # Of a model that says that it is built later, FastAPI makes an adapter that is built
        # later, too, for which pydantic warns.
        cls.model_config["defer_build"] = False

    def __init__(self, /, **data: Any) -> None:
        __tracebackhide__ = True
        self.__pydantic_validator__.validate_python(
            enum_values(data), self_instance=self, extra="forbid"
        )

    # Without this mark pydantic would call the constructor for every model nested in a response,
    # and so forbid unknown fields there.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # functions take attributes

    @classmethod
    def checked(cls, body: object) -> Self:
        """The model that a request is to send, checked as by the constructor.

        Args:
            body: An instance of this model, whatever was done to it since it was built; another
                model of a registered key, of which the parts count that are sent; or a mapping.

        Raises:
            pydantic.ValidationError: ``body`` does not fit; it names each field that is wrong.
        """
        value: Any = body
        if isinstance(body, cls) or (isinstance(body, Model) and "key" in type(body).model_fields):
            value = body.request_dict()
        elif is_mapping(body):
            value = enum_values(body)
        checked: Self = cls.__pydantic_validator__.validate_python(value, extra="forbid")
        return checked

    @override
    def __setattr__(self, name: str, value: Any) -> None:
        """Assign a field, as strictly as the constructor.

        Raises ``ValueError`` for a name that is none, lest a slip be sent or lost.
        """
        unknown = self.__pydantic_extra__
        if name in type(self).model_fields:
            value = enum_values(value)
            if is_mapping(value) or is_array(value):
                self._assign_strictly(name, value)
            else:
                super().__setattr__(name, value)
        elif unknown and name in unknown:
            unknown[name] = value
        elif name in self.__private_attributes__ or _is_settable(getattr(type(self), name, None)):
            super().__setattr__(name, value)
        else:
            raise ValueError(f'"{type(self).__name__}" has no field "{name}"')

    def _assign_strictly(self, name: str, value: Any) -> None:
        """Assign what may hold unknown fields, which are refused."""
        unknown = self.__pydantic_extra__
        # With ``forbid`` pydantic would take the unknown fields of this model for known ones.
        object.__setattr__(self, "__pydantic_extra__", None)
        try:
            self.__pydantic_validator__.validate_assignment(self, name, value, extra="forbid")
        finally:
            object.__setattr__(self, "__pydantic_extra__", unknown)

    @property
    @override
    def model_extra(self) -> dict[str, Any]:
        """The fields that the service sent and this version does not know."""
        if self.__pydantic_extra__ is None:
            object.__setattr__(self, "__pydantic_extra__", {})
        return cast("dict[str, Any]", self.__pydantic_extra__)

    @override
    def __eq__(self, other: object) -> bool:
        # Pydantic takes no unknown fields (``None``) and none of them (``{}``) for different.
        return (
            isinstance(other, Model)
            and type(self) is type(other)
            and self.__dict__ == other.__dict__
            and (self.__pydantic_extra__ or {}) == (other.__pydantic_extra__ or {})
            and self.__pydantic_private__ == other.__pydantic_private__
        )

    @classmethod
    @override
    def construct_leniently(cls, data: dict[str, Any], *, by_name: bool = False) -> Self:
        """The model with every field as good as ``data`` allows."""
        return construct_fields(cls, data, by_name=by_name)

    @override
    def request_dict(self) -> dict[str, Any]:
        """What of this model is sent: nothing read-only and nothing null."""
        # Not by pydantic's serializer: it fails at lone surrogates, and would also leave out what
        # is read-only in another kind of key.
        sent: dict[str, Any] = {}
        for name, wire_name in sent_fields(type(self)):
            value = self.__dict__.get(name)
            if value is not None:
                sent[wire_name] = _plain(value, _request_dict)
        unknown = self.__pydantic_extra__ or {}
        return sent | {name: value for name, value in unknown.items() if value is not None}

    @override
    def _to_plain(self) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            # Defaults count where they say something: the ``kind`` of a key.
            if value is not None or name in self.model_fields_set:
                plain[field.serialization_alias or name] = _plain(value, _to_dict)
        return plain | (self.__pydantic_extra__ or {})


def _is_settable(attribute: object) -> bool:
    if isinstance(attribute, property):
        return attribute.fset is not None
    return isinstance(attribute, cached_property)


def _to_dict(model: Schema) -> dict[str, Any]:
    return model.to_dict()


def _request_dict(model: Schema) -> dict[str, Any]:
    return model.request_dict()


def _plain(value: object, dump: Callable[[Schema], dict[str, Any]]) -> Any:
    if isinstance(value, Schema):
        return dump(value)
    # A list in a list holds no models: it is JSON as it came, and nested at will.
    if is_array(value):
        return [dump(item) if isinstance(item, Schema) else item for item in value]
    return value


def _jsonable(value: Any) -> Any:
    if isinstance(value, Schema):
        return value.to_dict()
    if is_mapping(value):
        return dict(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no form in JSON")
