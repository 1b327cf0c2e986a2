"""The model `ByokV1KeyMetadata`."""

from ._building import BUILT_WHEN_USED
from .object_meta import ObjectMeta


class ByokV1KeyMetadata(ObjectMeta, defer_build=BUILT_WHEN_USED):
    """What the service notes about a key."""
