"""The model `ByokV1KeyUpdate`."""

from typing import ClassVar

from ._base import Model
from ._fields import Id, ReadOnly, Str
from .byok_v1_key_metadata import ByokV1KeyMetadata
from .byok_v1_key_validation import ByokV1KeyValidation


class ByokV1KeyUpdate(Model):
    """What is to change of a key: its ``display_name`` (contract, section 2.6).

    The other fields are read-only: they are accepted, and not sent.
    """

    _strict: ClassVar[bool] = True

    api_version: ReadOnly[Str | None] = None
    kind: ReadOnly[Str | None] = None
    id: Id[Str | None] = None
    metadata: ReadOnly[ByokV1KeyMetadata | None] = None
    display_name: Str | None = None
    provider: ReadOnly[Str | None] = None
    state: ReadOnly[Str | None] = None
    validation: ReadOnly[ByokV1KeyValidation | None] = None
