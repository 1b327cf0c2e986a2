"""The model `ByokV1KeyListMetadata`."""

from .list_meta import ListMeta


class ByokV1KeyListMetadata(ListMeta):
    """Where a page of keys stands in the list."""
