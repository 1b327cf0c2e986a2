"""The model `ObjectMeta`."""

from pydantic import Field

from ._base import Model
from ._fields import ReadOnly, Str, Time


class ObjectMeta(Model):
    """What the service notes about an object.

    ``var_self`` is the object's own URI, ``self`` on the wire; ``resource_name`` its name in
    Confluent's scheme. ``deleted_at`` may lie in the future.
    """

    var_self: ReadOnly[Str] = Field(validation_alias="self", serialization_alias="self")
    resource_name: ReadOnly[Str | None] = None
    created_at: ReadOnly[Time | None] = None
    updated_at: ReadOnly[Time | None] = None
    deleted_at: ReadOnly[Time | None] = None
