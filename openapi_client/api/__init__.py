"""The operations, by the tag of the API's description."""

from .keys_byok_v1_api import KeysByokV1Api as KeysByokV1Api

__all__ = ["KeysByokV1Api"]
