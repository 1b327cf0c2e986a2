"""Bindings for a key in Google Cloud."""

import json
import re
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import ApiValueError, ByokV1GcpKey
from openapi_client.key_access import GcpAccess, GcpBinding, GcpRole, access_grants

_KEY = "projects/my-project/locations/us-central1/keyRings/my-ring/cryptoKeys/my-key"
_GROUP = "cck-12345@confluent.io"
_PERMISSIONS = (
    "cloudkms.cryptoKeyVersions.useToDecrypt",
    "cloudkms.cryptoKeyVersions.useToEncrypt",
    "cloudkms.cryptoKeys.get",
)
_NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="/") | st.just(" "), min_size=1
).filter(lambda name: name == name.strip())


def _access(key_id: object = _KEY, security_group: object = _GROUP) -> GcpAccess:
    fields: dict[str, Any] = {"key_id": key_id, "security_group": security_group}
    return access_grants(ByokV1GcpKey.from_dict({"kind": "GcpKey", **fields}))


def _binding(role: str) -> GcpBinding:
    return GcpBinding(
        project="my-project",
        location="us-central1",
        key_ring="my-ring",
        key="my-key",
        member=f"group:{_GROUP}",
        role=role,
    )


@pytest.mark.parametrize("key_id", [_KEY, f"{_KEY}/cryptoKeyVersions/3"])
def test_custom_role_is_bound_to_the_group(key_id: str) -> None:
    """The group can do with the key what it has to, and no more."""
    access = _access(key_id)
    name = "my_ring_my_key_custom_kms_role"
    assert access == GcpAccess("my-project", "us-central1", "my-ring", "my-key", _GROUP)
    assert access.role == GcpRole("my-project", name, _PERMISSIONS)
    assert access.bindings == (_binding(f"projects/my-project/roles/{name}"),)


def test_predefined_roles_do_instead() -> None:
    """An owner who may not create roles can grant the access too."""
    predefined = _access().predefined_bindings
    assert predefined == (
        _binding("roles/cloudkms.cryptoKeyEncrypterDecrypter"),
        _binding("roles/cloudkms.viewer"),
    )
    assert [shlex.split(each.command)[-2] for each in predefined] == [
        "--role=roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "--role=roles/cloudkms.viewer",
    ]


def test_commands_create_the_role_once_and_bind_it() -> None:
    """The commands can be run twice, and bind the role that they create."""
    role = "my_ring_my_key_custom_kms_role"
    assert _access().commands == (
        f"if deleted=$(gcloud iam roles describe {role} --project=my-project "
        "'--format=value(deleted)'); then "
        f'case "$deleted" in [Tt]rue) gcloud iam roles undelete {role} --project=my-project ;; '
        f"esac; else gcloud iam roles create {role} --project=my-project "
        "'--description=What Confluent Cloud needs to use the key' "
        f"--permissions={','.join(_PERMISSIONS)}; fi",
        "gcloud kms keys add-iam-policy-binding my-key --project=my-project --keyring=my-ring "
        f"--location=us-central1 --member=group:{_GROUP} "
        f"--role=projects/my-project/roles/{role} --condition=None",
    )


@given(*[_NAMES] * 5)
def test_commands_give_back_the_data(
    project: str, location: str, key_ring: str, key: str, group: str
) -> None:
    """A name with a quote or a dollar sign in it stays a name."""
    name = f"projects/{project}/locations/{location}/keyRings/{key_ring}/cryptoKeys/{key}"
    access = _access(name, group)
    role, binding = map(shlex.split, access.commands)
    assert role.count(f"--project={project}") == 3
    assert binding == [
        *("gcloud", "kms", "keys", "add-iam-policy-binding", key, f"--project={project}"),
        *(f"--keyring={key_ring}", f"--location={location}", f"--member=group:{group}"),
        f"--role=projects/{project}/roles/{access.role.name}",
        "--condition=None",
    ]


@given(_NAMES, _NAMES)
def test_name_of_the_role_is_one_that_google_takes(key_ring: str, key: str) -> None:
    """The name that is made up for the role is a valid one."""
    name = _access(f"projects/p/locations/l/keyRings/{key_ring}/cryptoKeys/{key}").role.name
    made = f"{key_ring}_{key}_custom_kms_role".replace("-", "_")
    assert re.fullmatch(r"[a-zA-Z0-9_.]{3,64}", name)
    assert name in (made, "custom_kms_role")


@pytest.mark.parametrize("length", [46, 47])
def test_name_that_is_too_long_gives_way_to_the_common_one(length: int) -> None:
    """A key with a long name has a role too."""
    name = _access(f"projects/p/locations/l/keyRings/r/cryptoKeys/{'k' * length}").role.name
    made = f"r_{'k' * length}_custom_kms_role"
    assert name == (made if len(made) <= 64 else "custom_kms_role")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"security_group": None}, "security_group is missing: .* read the key again later"),
        ({"security_group": ""}, "security_group is missing: .* read the key again later"),
        ({"security_group": "a\tb"}, "security_group .* control characters"),
        ({"security_group": []}, "security_group has to be a str, not list"),
        ({"key_id": None}, "key_id has to be a str, not NoneType"),
        ({"key_id": "my-key"}, "key_id 'my-key' is no name of a key in Google Cloud KMS"),
    ],
)
def test_access_that_cannot_be_told_is_refused(fields: dict[str, Any], reason: str) -> None:
    """What is missing is named, and no role is bound to nobody."""
    with pytest.raises(ApiValueError, match=f"^{reason}"):
        _access(**fields)


_CUSTOM = "projects/my-project/roles/my_ring_my_key_custom_kms_role"
_MEMBER = f"group:{_GROUP}"
_PAIR = ["roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.viewer"]


def _bound(role: str, *members: str, **more: object) -> dict[str, Any]:
    return {"role": role, "members": [*members], **more}


@pytest.mark.parametrize(
    "bindings",
    [
        [_bound(_CUSTOM, _MEMBER)],
        [_bound(_CUSTOM, "user:a@example.com", _MEMBER.upper())],
        [_bound(role, _MEMBER) for role in _PAIR],
        [_bound(_CUSTOM, _MEMBER), _bound(_CUSTOM, _MEMBER, condition={"title": "until May"})],
    ],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_audit_finds_access_complete(bindings: list[dict[str, Any]], as_text: bool) -> None:
    """A key that the group may use is not reported as one that it may not use."""
    policy: Any = {"bindings": bindings, "etag": "x", "version": 1}
    audit = _access().audit(json.dumps(policy) if as_text else policy)
    assert audit.is_complete
    assert str(audit).startswith(f"complete: {_GROUP} has all roles that it needs")


@pytest.mark.parametrize(
    "bindings",
    [
        [],
        [_bound(_PAIR[0], _MEMBER)],
        [_bound(_CUSTOM, "group:somebody@example.com")],
        [{"role": _CUSTOM}],
        [_bound("roles/owner", _MEMBER)],
    ],
)
def test_audit_finds_the_role_missing(bindings: list[dict[str, Any]]) -> None:
    """A key that the group cannot use is reported, with the role that it needs."""
    audit = _access().audit({"bindings": bindings})
    assert not audit.is_complete
    assert str(audit) == f"missing: {_GROUP} does not have the role {_CUSTOM}"


def test_audit_tells_of_a_condition() -> None:
    """A role that is bound for a while is no access to rely on."""
    audit = _access().audit({"bindings": [_bound(_CUSTOM, _MEMBER, condition={"title": "May"})]})
    assert (audit.missing, audit.conditional) == ((_CUSTOM,), (_CUSTOM,))
    assert audit.lines[1] == (
        f"conditional: {_GROUP} has the role {_CUSTOM} only under a condition"
    )
    assert _access().audit({}).missing == (_CUSTOM,)


@pytest.mark.parametrize("policy", ["{", "[]", {"bindings": {}}, {"bindings": ["x"]}])
def test_audit_of_what_is_no_policy_is_refused(policy: Any) -> None:
    """A wrong file does not pass for a key without access."""
    with pytest.raises(ApiValueError, match="policy"):
        _access().audit(policy)
