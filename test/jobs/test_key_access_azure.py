"""Role assignments for a key in Azure."""

import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import ApiValueError, ByokV1AzureKey
from openapi_client.key_access import AzureAccess, AzureRoleAssignment, access_grants

_VAULT = "/subscriptions/1/resourceGroups/my group/providers/Microsoft.KeyVault/vaults/v"
_TENANT = "00000000-0000-0000-0000-000000000000"
_APPLICATION = "11111111-1111-1111-1111-111111111111"
_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
_READER = "21090545-7ca7-4776-b22c-e363652d74d2"
_NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="/") | st.just(" "), min_size=1
).filter(lambda name: name == name.strip())


def _key(**fields: Any) -> ByokV1AzureKey:
    return ByokV1AzureKey.from_dict(
        {
            "kind": "AzureKey",
            "key_id": "https://v.vault.azure.net/keys/k",
            "key_vault_id": _VAULT,
            "tenant_id": _TENANT,
            "application_id": _APPLICATION,
            **fields,
        }
    )


def test_two_roles_on_the_vault() -> None:
    """The roles let the service wrap with the key and read it."""
    access = access_grants(_key())
    assert access == AzureAccess(_TENANT, _APPLICATION, _VAULT)
    assert access.assignments == (
        AzureRoleAssignment(
            "Key Vault Crypto Service Encryption User", _ENCRYPTION_USER, _APPLICATION, _VAULT
        ),
        AzureRoleAssignment("Key Vault Reader", _READER, _APPLICATION, _VAULT),
    )


def test_commands_find_or_make_the_principal_and_assign_the_roles() -> None:
    """The roles go to the service principal of the application."""
    principal, *assign = access_grants(_key()).commands
    options = f"--id={_APPLICATION} --query=id --output=tsv"
    assert principal == f"az ad sp show {options} || az ad sp create {options}"
    assert assign == [
        f"(principal=$(az ad sp show {options}) && az role assignment create --role={role} "
        f"'--scope={_VAULT}' --assignee-principal-type=ServicePrincipal "
        '--assignee-object-id="$principal")'
        for role in (_ENCRYPTION_USER, _READER)
    ]


@given(_NAMES, _NAMES)
def test_commands_give_back_the_data(group: str, application: str) -> None:
    """A name with a quote or a dollar sign in it stays a name."""
    vault = _VAULT.replace("my group", group)
    access = access_grants(_key(key_vault_id=vault, application_id=application))
    principal, *assignments = access.commands
    find = ["az", "ad", "sp", "show", f"--id={application}", "--query=id", "--output=tsv"]
    assert shlex.split(principal) == [*find, "||", *find[:3], "create", *find[4:]]
    for command, role in zip(assignments, (_ENCRYPTION_USER, _READER), strict=True):
        found, assign = command.rsplit(") && az role ", 1)
        assert shlex.split(found.removeprefix("(principal=$(")) == find
        assert shlex.split(assign.removesuffix(")")) == [
            *("assignment", "create", f"--role={role}", f"--scope={vault}"),
            "--assignee-principal-type=ServicePrincipal",
            "--assignee-object-id=$principal",
        ]


@pytest.mark.parametrize(
    "key_id",
    [
        "https://v.vault.azure.cn/keys/k",
        "https://v.vault.usgovcloudapi.net/keys/k/1",
        "https://v.vault.example/odd",
        None,
    ],
)
def test_vaults_of_every_cloud_will_do(key_id: str | None) -> None:
    """A key in a sovereign cloud has commands too."""
    assert access_grants(_key(key_id=key_id)) == access_grants(_key())


@pytest.mark.parametrize("vault", [_VAULT.lower(), _VAULT.upper()])
def test_case_of_a_resource_id_does_not_matter(vault: str) -> None:
    """The ids that Azure's tools print in any case are taken."""
    assert access_grants(_key(key_vault_id=vault)).key_vault_id == vault


@pytest.mark.parametrize(
    "fields",
    [
        {"key_vault_id": _VAULT.replace("/vaults/", "/managedHSMs/")},
        {"key_vault_id": _VAULT.replace("/vaults/", "/managedhsms/")},
        {"key_id": "https://h.managedhsm.azure.net/keys/k"},
        {"key_id": "https://h.managedhsm.usgovcloudapi.net/keys/k"},
    ],
)
def test_managed_hsm_is_told_apart(fields: dict[str, object]) -> None:
    """No roles are assigned where they would have no effect."""
    with pytest.raises(
        ApiValueError, match="managed HSM has local roles.* roles of the HSM itself"
    ):
        access_grants(_key(**fields))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"application_id": None}, "application_id is missing: .* read the key again later"),
        ({"application_id": ""}, "application_id is missing: .* read the key again later"),
        ({"application_id": "a\nb"}, "application_id 'a.*' .* control characters"),
        ({"application_id": " "}, "application_id ' ' is empty"),
        ({"application_id": 5}, "application_id has to be a str, not int"),
        ({"key_vault_id": "my-vault"}, "key_vault_id 'my-vault' is no resource id of a vault"),
        ({"key_vault_id": f"{_VAULT}/keys/k"}, "key_vault_id .* is no resource id of a vault"),
        ({"key_vault_id": None}, "key_vault_id has to be a str, not NoneType"),
        ({"tenant_id": ""}, "tenant_id '' is empty"),
    ],
)
def test_access_that_cannot_be_told_is_refused(fields: dict[str, object], reason: str) -> None:
    """What is missing is named, and no command has a hole in it."""
    with pytest.raises(ApiValueError, match=f"^{reason}"):
        access_grants(_key(**fields))


def _assigned(role: str, **changes: object) -> dict[str, object]:
    """A role assignment as ``az role assignment list`` prints it."""
    definition = f"/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return {
        "principalName": _APPLICATION,
        "principalId": "22222222-2222-2222-2222-222222222222",
        "roleDefinitionId": definition,
        "scope": _VAULT,
        "condition": None,
        **changes,
    }


_BOTH = [_assigned(_ENCRYPTION_USER), _assigned(_READER)]


@pytest.mark.parametrize(
    "assignments",
    [
        _BOTH,
        json.dumps(_BOTH),
        [_assigned(role.upper(), scope="/subscriptions/1") for role in (_ENCRYPTION_USER, _READER)],
        [_assigned(role, scope=f"{_VAULT.upper()}/") for role in (_ENCRYPTION_USER, _READER)],
        [*_BOTH, _assigned(_READER, condition="@Resource ...")],
        [_assigned(_READER, condition="@Resource ..."), *_BOTH],
    ],
)
def test_audit_finds_access_complete(assignments: Any) -> None:
    """Roles on the vault, or on what it lies in, are found."""
    audit = access_grants(_key()).audit(assignments)
    assert audit.is_complete
    assert str(audit) == f"complete: {_APPLICATION} has all roles that it needs"


@pytest.mark.parametrize(
    "changes",
    [
        {"principalName": "somebody else"},
        {"scope": f"{_VAULT}2"},
        {"scope": f"{_VAULT}/keys/other"},
        {"scope": "/subscriptions/2"},
        {"roleDefinitionId": "x"},
    ],
)
def test_audit_finds_a_role_missing(changes: dict[str, object]) -> None:
    """A role of somebody else, or elsewhere, is no access."""
    audit = access_grants(_key()).audit([_BOTH[0], _assigned(_READER, **changes)])
    assert audit.missing == ("Key Vault Reader",)
    assert str(audit) == f"missing: {_APPLICATION} does not have the role Key Vault Reader"


def test_audit_tells_of_a_condition() -> None:
    """A role under a condition is no access to rely on."""
    audit = access_grants(_key()).audit([_BOTH[0], _assigned(_READER, condition="@Resource ...")])
    assert (audit.missing, audit.conditional) == (("Key Vault Reader",), ("Key Vault Reader",))
    assert not audit.is_complete


def test_audit_may_know_the_principal_by_its_own_id() -> None:
    """A list without the names of principals can be audited too."""
    principal = "22222222-2222-2222-2222-222222222222"
    nameless = [{**each, "principalName": ""} for each in _BOTH]
    access = access_grants(_key())
    assert not access.audit(nameless).is_complete
    assert access.audit(nameless, principal_id=principal).is_complete


@pytest.mark.parametrize("assignments", ["{", "{}", {"value": []}, ["x"], [None]])
def test_audit_of_what_is_no_list_is_refused(assignments: Any) -> None:
    """A wrong file does not pass for a vault without roles."""
    with pytest.raises(ApiValueError, match="assignments"):
        access_grants(_key()).audit(assignments)
