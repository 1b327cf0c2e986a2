"""The model `GetByokV1Key200Response`."""

from ._base import Model
from ._fields import Id, ReadOnly, Str, Tolerant
from .byok_v1_key_key import ByokV1KeyKey
from .byok_v1_key_metadata import ByokV1KeyMetadata
from .byok_v1_key_validation import ByokV1KeyValidation


class GetByokV1Key200Response(Model):
    """A registered key as it is read or updated.

    ``state`` is ``AVAILABLE`` for a cluster, or ``IN_USE`` by one.
    """

    api_version: ReadOnly[Str]
    kind: ReadOnly[Str]
    id: ReadOnly[Id]
    metadata: ReadOnly[ByokV1KeyMetadata | None] = None
    key: Tolerant[ByokV1KeyKey]
    display_name: Str | None = None
    provider: ReadOnly[Str]
    state: ReadOnly[Str]
    validation: ReadOnly[ByokV1KeyValidation]
