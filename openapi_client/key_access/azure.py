"""Access to a key in Azure Key Vault: roles on its vault."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import Self

from ..exceptions import ApiValueError
from ..models._identifiers import one_line
from ..models.byok_v1_azure_key import ByokV1AzureKey
from ._json import json_objects, parsed_json
from ._shell import checked, command, in_turn, principal
from .audit import RoleAudit

_ROLES = {
    "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
    "Key Vault Reader": "21090545-7ca7-4776-b22c-e363652d74d2",
}
_PRINCIPAL_FIELDS = ("principalName", "principalId")
_VAULT = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/[^/]+",
    re.IGNORECASE,
)
# By the kind of resource, or by the second label of the host, in any of Azure's clouds.
_MANAGED_HSM_ID = re.compile(r"/providers/Microsoft\.KeyVault/managedHSMs/", re.IGNORECASE)
_MANAGED_HSM_URL = re.compile(r"https://[^./]+\.managedhsm\.", re.IGNORECASE)


@dataclass(frozen=True)
class AzureRoleAssignment:
    """A role for a service principal, on a vault and all that is in it."""

    role_name: str
    role_definition_id: str
    """The id of the built-in role, the same in every tenant and cloud of Azure."""
    application_id: str
    """The application whose service principal, in the tenant of the vault, gets the role."""
    scope: str
    """The resource id of the vault."""

    @property
    def command(self) -> str:
        """A shell command that assigns the role; the service principal has to exist."""
        assign = command(
            "az role assignment create",
            role=self.role_definition_id,
            scope=self.scope,
            assignee_principal_type="ServicePrincipal",
        )
        # By way of a variable, lest a failure to find the principal pass unseen.
        found = f"principal=$({_service_principal('show', self.application_id)})"
        return in_turn(found, f'{assign} --assignee-object-id="$principal"')


@dataclass(frozen=True)
class AzureAccess:
    """Which roles have to be assigned for a key in Azure, and to whom.

    The vault has to use role-based access control. Where it has a firewall, that has to let the
    service pass as well.
    """

    tenant_id: str
    """The tenant of the vault: sign in to it, and in its cloud, to run the commands."""
    application_id: str
    key_vault_id: str

    @classmethod
    def of(cls, key: ByokV1AzureKey) -> Self:
        """The access that a registered key needs.

        Raises:
            ApiValueError: The service has not named the application yet, something is malformed,
                or the key lies in a managed HSM, which has roles of its own.
        """
        scope = checked(one_line, "key_vault_id", key.key_vault_id)
        if _MANAGED_HSM_ID.search(scope) or _MANAGED_HSM_URL.match(str(key.key_id)):
            raise ApiValueError(
                f"key_id {key.key_id!r}, key_vault_id {scope!r}: a managed HSM has local roles, "
                "which Azure role assignments do not reach; give the application access to the "
                "key with the roles of the HSM itself"
            )
        if not _VAULT.fullmatch(scope):
            raise ApiValueError(
                f"key_vault_id {scope!r} is no resource id of a vault, which is like /subscriptions"
                "/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/NAME"
            )
        return cls(
            tenant_id=checked(one_line, "tenant_id", key.tenant_id),
            application_id=principal("application_id", key.application_id),
            key_vault_id=scope,
        )

    @property
    def assignments(self) -> tuple[AzureRoleAssignment, ...]:
        """The roles to assign."""
        return tuple(
            AzureRoleAssignment(name, role, self.application_id, self.key_vault_id)
            for name, role in _ROLES.items()
        )

    @property
    def commands(self) -> tuple[str, ...]:
        """Shell commands that make sure of the service principal and assign the roles to it.

        Each stands by itself; running them again does no harm.
        """
        show = _service_principal("show", self.application_id)
        create = _service_principal("create", self.application_id)
        return f"{show} || {create}", *(each.command for each in self.assignments)

    def audit(
        self, assignments: Sequence[Mapping[str, Any]] | str, *, principal_id: str | None = None
    ) -> RoleAudit:
        """What is missing in the role assignments of the vault.

        Args:
            assignments: What ``az role assignment list --scope=VAULT --include-inherited
                --output=json`` prints, as a list or as text.
            principal_id: The object id of the application's service principal, where the list
                does not name it by its application.

        Raises:
            ApiValueError: It is no list of role assignments.
        """
        given = json_objects("assignments", parsed_json("assignments", assignments))
        names = {self.application_id.casefold(), (principal_id or self.application_id).casefold()}
        mine = [
            assignment
            for assignment in given
            if names & {str(assignment.get(name)).casefold() for name in _PRINCIPAL_FIELDS}
            and self._is_within(str(assignment.get("scope")))
        ]
        roles = {_role_of(assignment): bool(assignment.get("condition")) for assignment in mine}
        roles |= {_role_of(each): False for each in mine if not each.get("condition")}
        return RoleAudit(
            principal=self.application_id,
            missing=tuple(name for name, id in _ROLES.items() if roles.get(id, True)),
            conditional=tuple(name for name, id in _ROLES.items() if roles.get(id)),
        )

    def _is_within(self, scope: str) -> bool:
        """Whether what is assigned at a scope holds for the vault."""
        vault, outer = (text.casefold().rstrip("/") for text in (self.key_vault_id, scope))
        return f"{vault}/".startswith(f"{outer}/")


def _role_of(assignment: Mapping[str, Any]) -> str:
    """The id of the role that is assigned."""
    return str(assignment.get("roleDefinitionId")).rpartition("/")[2].casefold()


def _service_principal(verb: str, application_id: str) -> str:
    """The command that prints the object id of an application's service principal."""
    return command(f"az ad sp {verb}", id=application_id, query="id", output="tsv")
