"""The model `ByokV1KeyListDataInner`."""

from ._base import Model
from ._fields import Id, ReadOnly, Str, Tolerant
from .byok_v1_key_key import ByokV1KeyKey
from .byok_v1_key_metadata import ByokV1KeyMetadata
from .byok_v1_key_validation import ByokV1KeyValidation


class ByokV1KeyListDataInner(Model):
    """A registered key as an item of a list."""

    api_version: ReadOnly[Str | None] = None
    kind: ReadOnly[Str | None] = None
    id: ReadOnly[Id]
    metadata: ReadOnly[ByokV1KeyMetadata]
    key: Tolerant[ByokV1KeyKey]
    display_name: Str | None = None
    provider: ReadOnly[Str]
    state: ReadOnly[Str]
    validation: ReadOnly[ByokV1KeyValidation]
