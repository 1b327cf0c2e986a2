"""The fields that several models share (contract, section 2).

Each is used with its type: ``Id[str]`` where the service promises it, ``Id[str | None] = None``
where it does not.
"""

from datetime import datetime, timezone
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, StrictStr

T = TypeVar("T")


def _with_offset(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)


Str = StrictStr
"""Text and nothing that could be made into text."""
Text = Annotated[StrictStr, Field(min_length=1)]
"""Text that says something: no key is named by the empty one."""
Time = Annotated[datetime, AfterValidator(_with_offset)]
"""A point in time, to the microsecond; in UTC where no offset is given (contract, section 3)."""

ReadOnly = Annotated[T, Field(json_schema_extra={"readOnly": True})]
"""Set by the service only, and never sent to it."""
Id = Annotated[T, Field(max_length=255, json_schema_extra={"readOnly": True})]
"""The opaque identifier of an object, unique over time."""
