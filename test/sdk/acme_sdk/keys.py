"""What a tenant can do with keys."""

from collections.abc import Iterator

from openapi_client import ByokV1KeyKey, CreateByokV1KeyRequest, KeysByokV1Api


class Keys:
    """The keys of a tenant, by the names that their clouds give them."""

    def __init__(self, api: KeysByokV1Api) -> None:
        self._api = api

    def register(self, identifier: str) -> str:
        """Register a key once, however often this runs; its id."""
        key = ByokV1KeyKey.from_identifier(identifier)
        return self._api.ensure_byok_v1_key(CreateByokV1KeyRequest(key=key)).key.id

    def ids(self) -> Iterator[str]:
        """The ids of all keys."""
        return (key.id for key in self._api.iter_byok_v1_keys())

    def remove(self, key_id: str) -> None:
        """Remove a registration."""
        self._api.delete_byok_v1_key(key_id)
