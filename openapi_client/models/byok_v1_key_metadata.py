"""The model `ByokV1KeyMetadata`."""

from .object_meta import ObjectMeta


class ByokV1KeyMetadata(ObjectMeta):
    """What the service notes about a key."""
