"""The model `ByokV1KeyList`."""

from ._base import Model
from ._fields import ReadOnly, Str, Tolerant
from .byok_v1_key_list_data_inner import ByokV1KeyListDataInner
from .byok_v1_key_list_metadata import ByokV1KeyListMetadata


class ByokV1KeyList(Model):
    """One page of registered keys.

    There is a next page where ``metadata.next`` holds a link, whether or not this one is full.
    """

    api_version: ReadOnly[Str]
    kind: ReadOnly[Str]
    metadata: Tolerant[ByokV1KeyListMetadata]
    data: Tolerant[list[ByokV1KeyListDataInner]]
