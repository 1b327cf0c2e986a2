"""The types of fields that several models share."""

from typing import Annotated, Any, TypeVar

from pydantic import Field, GetCoreSchemaHandler, NonNegativeInt, StringConstraints
from pydantic_core import CoreSchema, core_schema

from ._times import AwareTime

T = TypeVar("T")


class _DumpedAsItIs:
    """Makes pydantic dump a value by the type that it has, which is not always the field's."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: Any = handler(source)
        schema["serialization"] = core_schema.simple_ser_schema("any")
        dumped_as_it_is: CoreSchema = schema
        return dumped_as_it_is


class _Strict:
    """As ``pydantic.Strict``, for which polyfactory warns that it ignores it."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: Any = handler(source)
        schema["strict"] = True
        strict: CoreSchema = schema
        return strict


Tolerant = Annotated[T, _DumpedAsItIs]
"""A value that may be of another type in an answer, and is dumped without a warning then."""
Str = Tolerant[Annotated[str, _Strict]]
"""Text and nothing that could be made into text."""
Int = Tolerant[Annotated[int, _Strict]]
"""An integer and nothing that could be made into one."""
Count = Tolerant[Annotated[NonNegativeInt, _Strict]]
"""How many there are of something."""
Text = Annotated[Str, StringConstraints(min_length=1)]
"""Text that is not empty: no key is named by the empty one."""
Time = Tolerant[AwareTime]
"""A point in time, to the microsecond; in UTC where no offset is given."""

Id = Annotated[Str, StringConstraints(max_length=255)]
"""The opaque identifier of an object, unique over time."""

ReadOnly = Annotated[Tolerant[T], Field(json_schema_extra={"readOnly": True})]
"""What the service alone sets, and what is never sent to it."""
