"""The model `ByokV1AzureKey`."""

from typing import Literal

from ._base import Model
from ._fields import ReadOnly, Str, Text, Tolerant


class ByokV1AzureKey(Model):
    """A key in Azure Key Vault.

    ``key_id`` is the URL of the key, without a version; ``key_vault_id`` the resource id of its
    vault; ``tenant_id`` the tenant of both. ``application_id`` is the application that has to be
    given access; the service names it.
    """

    application_id: ReadOnly[Str | None] = None
    key_id: Text
    key_vault_id: Text
    kind: Tolerant[Literal["AzureKey"]] = "AzureKey"
    tenant_id: Text

    @property
    def identifier(self) -> str:
        """The URL of the key."""
        return self.key_id
