"""The model `ByokV1UnknownKey`."""

from ._base import Model
from ._fields import Str


class ByokV1UnknownKey(Model):
    """A key of a kind that this version of the library does not know.

    All that the service sent is kept, and read as attributes or with ``to_dict()``. It is no
    form of key that can be registered.
    """

    kind: Str | None = None

    @property
    def identifier(self) -> None:
        """``None``: which field of a new kind of key holds its name is not known."""
