"""Audits of the policy of a key in AWS KMS: what keeps the service from using the key."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client import ApiValueError, ByokV1AwsKey
from openapi_client.key_access import AwsAudit, AwsGap, AwsRule, access_grants
from openapi_client.key_access._policy import denies

_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ONE, _TWO = "arn:aws:iam::123456789876:role/one", "arn:aws:iam::987654321234:role/path/two"
_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")
_PERSIST = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")
_ALL = (*_USE, *_PERSIST)
_ACCESS = access_grants(ByokV1AwsKey(key_arn=_ARN, roles=[_ONE, _TWO]))
_ROOT = {
    "Sid": "Enable IAM User Permissions",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "kms:*",
    "Resource": "*",
}
_ADMINISTRATORS = {
    "Sid": "Allow access for Key Administrators",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/KeyAdmin"},
    "Action": ["kms:Create*", "kms:Describe*", "kms:Put*", "kms:ScheduleKeyDeletion"],
    "Resource": "*",
}
_SERVICE = {
    "Effect": "Allow",
    "Principal": {"Service": "logs.us-west-2.amazonaws.com"},
    "Action": ["kms:Encrypt*", "kms:Decrypt*"],
    "Resource": "*",
    "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*"}},
}
_CONFLUENT = {
    "Sid": "Confluent",
    "Effect": "Allow",
    "Principal": {"AWS": [_ONE, _TWO]},
    "Action": list(_ALL),
    "Resource": "*",
}
_VIA_SERVICE = {"StringEquals": {"kms:ViaService": "ec2.us-west-2.amazonaws.com"}}


def _deny(**changes: object) -> dict[str, Any]:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", **changes}
    return {name: value for name, value in statement.items() if value is not None}


def _audit(*statements: object) -> AwsAudit:
    return _ACCESS.audit({"Version": "2012-10-17", "Statement": [*statements]})


@pytest.mark.parametrize(
    "statements",
    [
        [_CONFLUENT],
        [_ROOT, _ADMINISTRATORS, _CONFLUENT, _SERVICE],
        [_ROOT, *_ACCESS.statements],
        [{**_CONFLUENT, "Action": "kms:*", "Resource": _ARN}],
        [{**_CONFLUENT, "Principal": {"AWS": _ONE}}, {**_CONFLUENT, "Principal": {"AWS": [_TWO]}}],
        [_CONFLUENT, _deny(Action=["kms:ScheduleKeyDeletion", "kms:DisableKey"])],
        [_CONFLUENT, _deny(NotPrincipal={"AWS": [_ONE, _TWO]}, Principal=None)],
        [_CONFLUENT, _deny(NotAction=["kms:*"], Action=None)],
        [_CONFLUENT, _deny(NotResource="*", Resource=None)],
        [_CONFLUENT, _deny(Principal={"AWS": "arn:aws:iam::111122223333:user/left"})],
        [_CONFLUENT, _deny(Action=["s3:*", None, 5])],
    ],
)
def test_complete_access_is_found_complete(statements: list[object]) -> None:
    """A policy that lets the service in gives no alarm, whatever else is in it."""
    audit = _audit(*statements)
    assert audit.is_complete
    assert audit.can_be_stored
    assert (audit.missing, audit.denied, audit.orphaned, audit.added) == ((), (), (), ())
    assert str(audit) == "complete: each role is granted all that it needs"


@pytest.mark.parametrize(
    "statements",
    [
        [_ROOT],
        [_ROOT, _ADMINISTRATORS, _SERVICE],
        [],
        [{**_CONFLUENT, "Principal": {"AWS": "arn:aws:iam::123456789876:root"}}],
        [{**_CONFLUENT, "Resource": "arn:aws:kms:us-west-2:111122223333:key/other"}],
    ],
)
def test_missing_access_is_found(statements: list[object]) -> None:
    """Each role that cannot use the key is named, with all that it lacks."""
    audit = _audit(*statements)
    assert not audit.is_complete
    assert audit.missing == (AwsGap(_ONE, _ALL), AwsGap(_TWO, _ALL))
    assert audit.added == _ACCESS.statements
    assert audit.lines[0] == f"missing: {_ONE} is not granted {', '.join(_ALL)}"
    assert audit.lines[2].startswith(
        "change: merging adds ConfluentUse, which grants kms:Encrypt, kms:Decrypt, "
    )
    assert audit.lines[2].endswith(f" to {_ONE}, {_TWO}")


def test_part_that_is_missing_is_told_exactly() -> None:
    """An owner sees which actions to add for which role."""
    audit = _audit(
        {**_CONFLUENT, "Action": list(_USE)},
        {**_CONFLUENT, "Principal": {"AWS": _TWO}, "Action": "kms:*Grant*"},
    )
    assert audit.missing == (AwsGap(_ONE, _PERSIST),)
    [added] = audit.added
    assert (added["Principal"], added["Action"]) == ({"AWS": [_ONE]}, list(_PERSIST))


@pytest.mark.parametrize(
    ("changes", "roles", "actions"),
    [
        ({}, (_ONE, _TWO), _ALL),
        ({"Principal": {"AWS": "*"}, "Action": "*"}, (_ONE, _TWO), _ALL),
        ({"Principal": {"AWS": _ONE}, "Action": "kms:Decrypt"}, (_ONE,), ("kms:Decrypt",)),
        ({"Principal": {"AWS": "arn:aws:iam::987654321234:root"}}, (_TWO,), _ALL),
        ({"Principal": {"AWS": ["987654321234"]}}, (_TWO,), _ALL),
        ({"NotPrincipal": {"AWS": _ONE}, "Principal": None}, (_TWO,), _ALL),
        ({"Action": "kms:ReEncryptFrom"}, (_ONE, _TWO), ("kms:ReEncrypt*",)),
        ({"Action": "KMS:generatedatakeyPAIR"}, (_ONE, _TWO), ("kms:GenerateDataKey*",)),
        ({"Action": "kms:*Grant"}, (_ONE, _TWO), ("kms:CreateGrant", "kms:RevokeGrant")),
        ({"Action": "kms:??crypt"}, (_ONE, _TWO), ("kms:Encrypt", "kms:Decrypt")),
        ({"NotAction": [*_USE[1:], "kms:*Grant*"], "Action": None}, (_ONE, _TWO), _USE[:1]),
        ({"NotAction": "kms:[DCELR]*", "Action": None}, (_ONE, _TWO), _ALL),
        ({"Resource": _ARN, "Action": "kms:D*"}, (_ONE, _TWO), ("kms:Decrypt", "kms:DescribeKey")),
        ({"NotResource": "arn:aws:s3:::x", "Resource": None}, (_ONE, _TWO), _ALL),
    ],
)
def test_statement_that_denies_is_found(
    changes: dict[str, object], roles: tuple[str, ...], actions: tuple[str, ...]
) -> None:
    """A denial prevails over all that is granted, and so is told with its place."""
    audit = _audit(_CONFLUENT, _deny(Sid="Lock", **changes))
    assert audit.denied == (AwsRule(2, "Lock", roles, actions, is_conditional=False),)
    assert not audit.is_complete
    assert str(audit) == (
        f"denied: statement 2 (Lock) denies {', '.join(actions)} to {', '.join(roles)}"
    )


def test_denial_under_a_condition_is_told_and_is_no_proof() -> None:
    """A denial that may never apply is a warning, and no failure."""
    bypass = {"Bool": {"kms:BypassPolicyLockoutSafetyCheck": "true"}}
    audit = _audit(_CONFLUENT, _deny(Condition=bypass))
    assert audit.is_complete
    [rule] = audit.denied
    assert (rule.position, rule.sid, rule.is_conditional) == (2, None, True)
    assert audit.lines[0].startswith("denied: statement 2 denies kms:Encrypt, ")
    assert audit.lines[0].endswith(f" to {_ONE}, {_TWO}, under a condition")


def test_grant_under_a_condition_is_told() -> None:
    """A grant that holds only by way of another service is no access."""
    audit = _audit(_ROOT, {**_CONFLUENT, "Condition": _VIA_SERVICE})
    assert audit.conditional == (AwsRule(2, "Confluent", (_ONE, _TWO), _ALL, is_conditional=True),)
    assert not audit.is_complete
    assert audit.missing == (AwsGap(_ONE, _ALL), AwsGap(_TWO, _ALL))
    told = [line for line in audit.lines if line.startswith("conditional: ")]
    assert told == [
        f"conditional: statement 2 (Confluent) grants {', '.join(_ALL)} to {_ONE}, {_TWO} "
        "only under a condition"
    ]


@pytest.mark.parametrize("id", ["AIDACKCEVSQ6C2EXAMPLE", "AROACKCEVSQ6C2EXAMPLE"])
@pytest.mark.parametrize("name", ["Principal", "NotPrincipal"])
def test_orphaned_principals_are_found(id: str, name: str) -> None:
    """KMS refuses to store a policy with the id of a deleted principal, and so it is named."""
    orphan = {**_ADMINISTRATORS, name: {"AWS": ["arn:aws:iam::1:user/AIDA", id, id, 5]}}
    audit = _audit(_CONFLUENT, orphan, {**_SERVICE, "Principal": id})
    assert audit.orphaned == (id,)
    assert audit.is_complete
    assert not audit.can_be_stored
    assert audit.lines == (
        f"orphaned: {id} was a principal that is deleted; KMS refuses to store a policy that "
        "names it: remove it",
    )


def test_policy_that_becomes_too_large_is_told() -> None:
    """An audit says that merging would not do, where merging itself would raise."""
    audit = _audit({**_ROOT, "Sid": "x" * 32_600})
    assert audit.size > audit.max_size == 32_768
    assert not audit.can_be_stored
    assert audit.lines[-1].startswith(f"size: the merged policy has {audit.size} bytes")


def test_audit_takes_what_merging_takes() -> None:
    """A policy as text, and one whose only statement stands for itself, can be audited."""
    assert _ACCESS.audit(json.dumps({"Statement": _CONFLUENT})).is_complete
    with pytest.raises(ApiValueError, match="policy has no Statement"):
        _ACCESS.audit({})


_PATTERNS = st.lists(st.sampled_from("*?aektgrx:ms")).map("".join) | st.sampled_from(
    [
        "kms:ReEncryptTo",
        "KMS:GENERATEDATAKEYPAIR*",
        "kms:*WithoutPlaintext",
        "kms:*",
        "*t",
        "kms:?e*",
    ]
)
_PARTS = {
    "kms:ReEncrypt*": ["ReEncryptFrom", "ReEncryptTo"],
    "kms:GenerateDataKey*": [
        f"GenerateDataKey{more}"
        for more in ("", "Pair", "PairWithoutPlaintext", "WithoutPlaintext")
    ],
}


@given(_PATTERNS, st.sampled_from(_ALL), st.booleans())
def test_no_denial_of_a_part_is_overlooked(pattern: str, action: str, is_exception: bool) -> None:
    """Any action of KMS that is taken away is found, tried one by one."""
    parts = [f"kms:{part}" for part in _PARTS.get(action, [])] or [action]
    taken = [fnmatchcase(part.lower(), pattern.lower()) != is_exception for part in parts]
    statement = (
        _deny(NotAction=pattern, Action=None) if is_exception else _deny(Action=["x", pattern])
    )
    assert denies(statement, _ONE, action, _ARN) == any(taken)
