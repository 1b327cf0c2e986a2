"""The model `ByokV1GcpKey`."""

from typing import Literal

from ._base import Model
from ._fields import ReadOnly, Str, Text, Tolerant


class ByokV1GcpKey(Model):
    """A key in Google Cloud KMS.

    ``key_id`` is the resource name of the key, with or without a version. ``security_group`` is
    the group that has to be given access; the service names it, sometimes late.
    """

    key_id: Text
    security_group: ReadOnly[Str | None] = None
    kind: Tolerant[Literal["GcpKey"]] = "GcpKey"

    @property
    def identifier(self) -> str:
        """The resource name of the key."""
        return self.key_id
