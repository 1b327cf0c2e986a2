"""The model `ByokV1Key`."""

from ._base import Model
from ._fields import Id, ReadOnly, Str, Tolerant
from .byok_v1_key_key import ByokV1KeyKey
from .byok_v1_key_metadata import ByokV1KeyMetadata
from .byok_v1_key_validation import ByokV1KeyValidation


class ByokV1Key(Model):
    """A registered key, none of whose fields is promised."""

    api_version: ReadOnly[Str | None] = None
    kind: ReadOnly[Str | None] = None
    id: ReadOnly[Id | None] = None
    metadata: ReadOnly[ByokV1KeyMetadata | None] = None
    key: Tolerant[ByokV1KeyKey | None] = None
    display_name: Str | None = None
    provider: ReadOnly[Str | None] = None
    state: ReadOnly[Str | None] = None
    validation: ReadOnly[ByokV1KeyValidation | None] = None
