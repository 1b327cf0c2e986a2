"""The model `ObjectReference`."""

from ._base import Model
from ._fields import ReadOnly, Str


class ObjectReference(Model):
    """A reference from one object of the service to another.

    No operation of this API uses it; it is part of the vendor's description.
    """

    id: Str | None = None
    environment: Str | None = None
    related: ReadOnly[Str | None] = None
    resource_name: ReadOnly[Str | None] = None
    api_version: ReadOnly[Str | None] = None
    kind: ReadOnly[Str | None] = None
