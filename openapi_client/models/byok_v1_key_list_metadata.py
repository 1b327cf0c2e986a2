"""The model `ByokV1KeyListMetadata`."""

from ._building import BUILT_WHEN_USED
from .list_meta import ListMeta


class ByokV1KeyListMetadata(ListMeta, defer_build=BUILT_WHEN_USED):
    """Where a page of keys stands in the list."""
