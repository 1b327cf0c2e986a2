"""The types of fields that several models share.

Each is used with its type: ``Id[str]`` where the service promises it, ``Id[str | None] = None``
where it does not.
"""

from typing import Annotated, Any, TypeVar

from pydantic import Field, GetCoreSchemaHandler, StrictInt, StrictStr
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


Tolerant = Annotated[T, _DumpedAsItIs]
"""A value that may be of another type in an answer, and is dumped without a warning then."""
Str = Tolerant[StrictStr]
"""Text and nothing that could be made into text."""
Int = Tolerant[StrictInt]
"""An integer and nothing that could be made into one."""
Text = Annotated[Str, Field(min_length=1)]
"""Text that is not empty: no key is named by the empty one."""
Time = Tolerant[AwareTime]
"""A point in time, to the microsecond; in UTC where no offset is given."""

ReadOnly = Annotated[Tolerant[T], Field(json_schema_extra={"readOnly": True})]
"""Set by the service only, and never sent to it."""
Id = Annotated[ReadOnly[T], Field(max_length=255)]
"""The opaque identifier of an object, unique over time."""
