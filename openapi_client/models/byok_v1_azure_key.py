"""The model `ByokV1AzureKey`."""

from typing import Literal

from ._base import Model
from ._fields import ReadOnly, Str, Text


class ByokV1AzureKey(Model):
    """A key in Azure Key Vault (contract, section 2.2).

    ``key_id`` is the URL of the key, without a version; ``key_vault_id`` the resource id of its
    vault; ``tenant_id`` the tenant of both. ``application_id`` is the application that has to be
    given access; the service names it.
    """

    application_id: ReadOnly[Str | None] = None
    key_id: Text
    key_vault_id: Text
    kind: Literal["AzureKey"] = "AzureKey"
    tenant_id: Text
