"""Access to a key in Google Cloud KMS: bindings of roles on the key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import Self

from ..models._identifiers import crypto_key_name
from ..models.byok_v1_gcp_key import ByokV1GcpKey
from ._json import as_list, json_object, json_objects
from ._shell import checked, command, principal
from .audit import RoleAudit

_PERMISSIONS = (
    "cloudkms.cryptoKeyVersions.useToDecrypt",
    "cloudkms.cryptoKeyVersions.useToEncrypt",
    "cloudkms.cryptoKeys.get",
)
_PREDEFINED = ("roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.viewer")
_ROLE_NAME = re.compile(r"[a-zA-Z0-9_.]{3,64}")


@dataclass(frozen=True)
class GcpRole:
    """A custom role of a project."""

    project: str
    name: str
    permissions: tuple[str, ...]

    @property
    def resource(self) -> str:
        """The full name, by which the role is bound."""
        return f"projects/{self.project}/roles/{self.name}"

    @property
    def command(self) -> str:
        """A shell command that creates the role where it is not there.

        A role that was deleted stays for a week, and keeps its name for longer: it is restored.
        """
        describe = command(
            "gcloud iam roles describe", self.name, project=self.project, format="value(deleted)"
        )
        undelete = command("gcloud iam roles undelete", self.name, project=self.project)
        create = command(
            "gcloud iam roles create",
            self.name,
            project=self.project,
            description="What Confluent Cloud needs to use the key",
            permissions=",".join(self.permissions),
        )
        restore = f'case "$deleted" in [Tt]rue) {undelete} ;; esac'
        return f"if deleted=$({describe}); then {restore}; else {create}; fi"


@dataclass(frozen=True)
class GcpBinding:
    """A role for a member, on a key."""

    project: str
    location: str
    key_ring: str
    key: str
    member: str
    role: str

    @property
    def command(self) -> str:
        """A shell command that adds the binding; to a policy with conditions too."""
        return command(
            "gcloud kms keys add-iam-policy-binding",
            self.key,
            project=self.project,
            keyring=self.key_ring,
            location=self.location,
            member=self.member,
            role=self.role,
            condition="None",
        )


@dataclass(frozen=True)
class GcpAccess:
    """What a group has to be allowed on a key in Google Cloud.

    A group that has just been made may not be found for half a minute.
    Where VPC Service Controls are used, their rules have to admit the group as well.
    """

    project: str
    location: str
    key_ring: str
    key: str
    security_group: str
    """The address of the group; its members change, the group does not."""

    @classmethod
    def of(cls, key: ByokV1GcpKey) -> Self:
        """The access that a registered key needs; a version in its name does not matter.

        Raises:
            ApiValueError: The service has not named the group yet, or something is malformed.
        """
        project, location, key_ring, name, _ = checked(crypto_key_name, "key_id", key.key_id)
        group = principal("security_group", key.security_group)
        return cls(project, location, key_ring, name, group)

    @property
    def role(self) -> GcpRole:
        """The custom role that the documentation recommends."""
        name = f"{self.key_ring}_{self.key}_custom_kms_role".replace("-", "_")
        fits = _ROLE_NAME.fullmatch(name)
        return GcpRole(self.project, name if fits else "custom_kms_role", _PERMISSIONS)

    @property
    def bindings(self) -> tuple[GcpBinding, ...]:
        """The binding of the custom role to the group, on the key."""
        return (self._binding(self.role.resource),)

    @property
    def predefined_bindings(self) -> tuple[GcpBinding, ...]:
        """Bindings of predefined roles: an alternative that needs no custom role."""
        return tuple(self._binding(role) for role in _PREDEFINED)

    @property
    def commands(self) -> tuple[str, ...]:
        """Shell commands that create the custom role and bind it; doing so again does no harm."""
        return self.role.command, *(each.command for each in self.bindings)

    def audit(self, policy: Mapping[str, Any] | str) -> RoleAudit:
        """What is missing in the IAM policy of the key.

        The custom role will do, and so will the predefined roles. What a custom role permits
        does not stand in the policy, nor what is allowed on the key ring or the project.

        Args:
            policy: What ``gcloud kms keys get-iam-policy --format=json`` prints, as a mapping or
                as text.

        Raises:
            ApiValueError: It is no IAM policy.
        """
        bindings = json_objects(
            "policy.bindings", json_object("policy", policy).get("bindings", [])
        )
        member = f"group:{self.security_group}".casefold()
        mine = [
            binding
            for binding in bindings
            if member in (str(each).casefold() for each in as_list(binding.get("members")))
        ]
        granted = {str(binding.get("role")) for binding in mine if not binding.get("condition")}
        under_condition = {str(binding.get("role")) for binding in mine} - granted
        custom = [self.role.resource]
        wanted = next((each for each in (custom, _PREDEFINED) if {*each} <= granted), None)
        return RoleAudit(
            principal=self.security_group,
            missing=() if wanted else tuple(role for role in custom if role not in granted),
            conditional=tuple(sorted(under_condition & {*custom, *_PREDEFINED})),
        )

    def _binding(self, role: str) -> GcpBinding:
        member = f"group:{self.security_group}"
        return GcpBinding(self.project, self.location, self.key_ring, self.key, member, role)
