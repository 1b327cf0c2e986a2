"""Statements for the policy of a key in AWS KMS, and merging them into one."""

import copy
import json
import shlex
from types import MappingProxyType
from typing import Any

import pytest

from openapi_client import ApiValueError, ByokV1AwsKey
from openapi_client.key_access import AwsAccess, access_grants

_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ONE, _TWO = "arn:aws:iam::123456789876:role/one", "arn:aws:iam::987654321234:role/path/cc-kafka-2"
_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
_PERSIST = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
_OWNER = {
    "Sid": "Enable IAM User Permissions",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "kms:*",
    "Resource": "*",
}
_ACCESS = access_grants(ByokV1AwsKey(key_arn=_ARN, roles=[_ONE, _TWO]))


def _policy(*statements: object) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [*statements]}


def _all(**changes: object) -> dict[str, Any]:
    """A statement that grants both roles everything, but for the changes."""
    whole = {
        "Effect": "Allow",
        "Principal": {"AWS": [_ONE, _TWO]},
        "Action": _USE + _PERSIST,
        "Resource": "*",
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def test_two_statements_admit_every_role() -> None:
    """The statements grant all that clusters need."""
    common = {"Effect": "Allow", "Principal": {"AWS": [_ONE, _TWO]}, "Resource": "*"}
    use, persist = _ACCESS.statements
    assert use == {"Sid": "ConfluentUse", **common, "Action": _USE}
    assert persist == {"Sid": "ConfluentPersistentResources", **common, "Action": _PERSIST}


def test_place_of_the_key_comes_from_its_arn() -> None:
    """The policy is looked for where the key lies."""
    arn = "arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/mrk-1"
    role = "arn:aws-us-gov:iam::123456789876:role/one"
    assert access_grants(ByokV1AwsKey(key_arn=arn, roles=[role, role])) == AwsAccess(
        key_arn=arn,
        partition="aws-us-gov",
        region="us-gov-west-1",
        account="444455556666",
        key_id="mrk-1",
        roles=(role,),
    )


def test_commands_read_one_file_and_put_another() -> None:
    """The commands read the policy into one file, and put it from another, the merged one."""
    policy = ["--region=us-west-2", f"--key-id={_ARN}", "--policy-name=default"]
    stem = "key-policy-1234abcd-12ab-34cd-56ef-1234567890ab"
    read, put = map(shlex.split, _ACCESS.commands)
    assert read == [
        *("aws", "kms", "get-key-policy", *policy, "--query=Policy", "--output=text"),
        *(">", f"{stem}.json"),
    ]
    assert put == ["aws", "kms", "put-key-policy", *policy, f"--policy=file://{stem}-merged.json"]


def test_merging_adds_at_the_end_and_keeps_the_rest() -> None:
    """A merged policy says all that it said before."""
    policy = _policy(_OWNER)
    before = copy.deepcopy(policy)
    merged = _ACCESS.merge_into(policy)
    assert merged == {**before, "Statement": [_OWNER, *_ACCESS.statements]}
    assert policy == before
    merged["Statement"][0]["Principal"]["AWS"] = "changed"
    assert policy == before


@pytest.mark.parametrize("indent", [None, 2])
def test_policy_may_be_json_text(indent: int | None) -> None:
    """What boto3 and the command line return can be given as it is."""
    policy = _policy(_OWNER)
    merged = _ACCESS.merge_into(json.dumps(policy, indent=indent))
    assert merged == _ACCESS.merge_into(policy)


def test_policy_may_be_any_mapping() -> None:
    """A policy from a configuration library is taken, and comes back as plain JSON."""
    policy = MappingProxyType({"Statement": (MappingProxyType(_OWNER),)})
    merged = _ACCESS.merge_into(policy)
    assert json.loads(json.dumps(merged))["Statement"] == [_OWNER, *_ACCESS.statements]


def test_single_statement_may_stand_for_itself() -> None:
    """A policy with one statement and no list is taken, as AWS takes it."""
    policy = {"Version": "2012-10-17", "Statement": _OWNER}
    assert _ACCESS.merge_into(policy)["Statement"] == [_OWNER, *_ACCESS.statements]
    granted = {"Version": "2012-10-17", "Statement": _all()}
    assert _ACCESS.merge_into(granted) == granted


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Sid": "Another name"},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": [_TWO, "arn:aws:iam::111122223333:root", _ONE], "Service": "x"}},
        {"Action": "*"},
        {"Action": "KMS:*"},
        {"Action": ["KMS:encrypt*", "kms:De*", "kms:*Encrypt*", "kms:G*", *_PERSIST]},
        {"Action": ["kms:??crypt", "kms:ReEnc*", "kms:GenerateDataKey*", "kms:D*", "kms:*Grant*"]},
        {"Resource": _ARN},
        {"Resource": ["arn:aws:s3:::other", _ARN]},
        {"Resource": "arn:aws:kms:*:111122223333:key/????abcd-*"},
    ],
)
def test_nothing_is_added_to_what_is_granted(changes: dict[str, object]) -> None:
    """A job that runs again leaves the policy as it is."""
    policy = _policy(_OWNER, _all(**changes))
    assert _ACCESS.merge_into(policy) == policy


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Effect": "allow"},
        {"Condition": {"StringEquals": {"kms:ViaService": "ec2.us-west-2.amazonaws.com"}}},
        {"NotAction": "kms:ScheduleKeyDeletion", "Action": None},
        {"NotPrincipal": {"AWS": "x"}, "Principal": None},
        {"NotResource": "x", "Resource": None},
        {"Principal": None},
        {"Principal": _ONE},
        {"Principal": {"Service": "*"}},
        {"Principal": {"AWS": "arn:aws:iam::123456789876:role/*"}},
        {"Principal": {"AWS": [_ONE.upper(), _TWO.upper()]}},
        {"Action": None},
        {"Action": ["s3:*", 5, None, {}]},
        {"Action": "kms:[!a]*"},
        {"Resource": None},
        {"Resource": _ARN.upper()},
        {"Resource": f"{_ARN}?"},
        {"Resource": "arn:aws:kms:us-west-2:111122223333:key/other"},
    ],
)
def test_all_is_added_where_nothing_of_it_is_surely_granted(changes: dict[str, object]) -> None:
    """What is not granted for certain is granted."""
    policy = _policy(_OWNER, _all(**changes))
    merged = _ACCESS.merge_into(policy)
    assert merged["Statement"] == [*policy["Statement"], *_ACCESS.statements]


@pytest.mark.parametrize("pattern", ["kms:ReEncrypt?*", "kms:ReEncryptFrom", "kms:ReEncrypt?"])
def test_part_of_a_wildcard_is_not_the_whole(pattern: str) -> None:
    """Every action that our wildcard stands for is granted."""
    actions = [action for action in _USE if action != "kms:ReEncrypt*"]
    policy = _policy(_all(Action=[*actions, *_PERSIST, pattern]))
    (added,) = _ACCESS.merge_into(policy)["Statement"][1:]
    assert added["Action"] == ["kms:ReEncrypt*"]


def test_only_what_is_missing_is_added() -> None:
    """A policy grows by what a new role lacks, and no more."""
    policy = _policy(
        _OWNER,
        _all(Action=_USE[:3], Principal={"AWS": _ONE}),
        _all(Action=_USE[3:] + _PERSIST, Principal={"AWS": _ONE}),
        _all(Action=_USE, Principal={"AWS": _TWO}, Sid="ConfluentPersistentResources"),
    )
    (added,) = _ACCESS.merge_into(policy)["Statement"][4:]
    assert added == _all(
        Sid="ConfluentPersistentResources2", Action=_PERSIST, Principal={"AWS": [_TWO]}
    )


def test_roles_that_lack_different_actions_get_statements_of_their_own() -> None:
    """No role is granted again what it has, and no two statements share a name."""
    policy = _policy(
        _all(Action=[*_USE[1:], *_PERSIST], Principal={"AWS": _ONE}, Sid=["odd"]),
        _all(Action=[*_USE[:1], *_PERSIST], Principal={"AWS": _TWO}, Sid="ConfluentUse2"),
    )
    assert _ACCESS.merge_into(policy)["Statement"][2:] == [
        _all(Sid="ConfluentUse", Action=_USE[:1], Principal={"AWS": [_ONE]}),
        _all(Sid="ConfluentUse3", Action=_USE[1:], Principal={"AWS": [_TWO]}),
    ]


def _sized(size: int) -> dict[str, Any]:
    """A policy that has this many bytes once the statements are in it."""
    merged = _ACCESS.merge_into(_policy(_OWNER, {"Sid": "é"}))
    rest = size - len(json.dumps(merged, separators=(",", ":"), ensure_ascii=False).encode())
    return _policy(_OWNER, {"Sid": "é" + "x" * rest})


def test_policy_over_the_limit_is_refused() -> None:
    """A policy that KMS would refuse is told with its size and what to do."""
    assert _ACCESS.merge_into(_sized(32_768))
    with pytest.raises(ApiValueError, match="32769 bytes, and AWS KMS takes 32768: remove"):
        _ACCESS.merge_into(_sized(32_769))


def test_merged_text_is_the_text_that_was_measured() -> None:
    """A policy of just the size that KMS takes is not made larger by blanks."""
    text = _ACCESS.merged_text(_sized(32_768))
    assert len(text.encode()) == 32_768
    assert json.loads(text) == _ACCESS.merge_into(_sized(32_768))
    with pytest.raises(ApiValueError, match="32769 bytes"):
        _ACCESS.merged_text(_sized(32_769))


_CIRCULAR: dict[str, Any] = {}
_CIRCULAR["Statement"] = _CIRCULAR


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("", "policy is no JSON"),
        ("{", "policy is no JSON"),
        ("[" * 100_000, "policy is no JSON"),
        ({"Statement": [{"Sid": object()}]}, "policy is no JSON: it holds a object"),
        (_CIRCULAR, "policy is no JSON"),
        ("[]", "policy has to be a JSON object"),
        (None, "policy has to be a JSON object"),
        ({}, "policy has no Statement: .* GetKeyPolicy"),
        ({"Policy": "{}", "PolicyName": "default"}, "policy has no Statement: .* GetKeyPolicy"),
        ({"Statement": "x"}, "policy has a Statement that is no JSON object"),
        ({"Statement": [_OWNER, None]}, "policy has a Statement that is no JSON object"),
    ],
)
def test_what_is_no_policy_is_refused(policy: Any, reason: str) -> None:
    """What would lock the owner out of the key is not made into a policy."""
    with pytest.raises(ApiValueError, match=f"^{reason}"):
        _ACCESS.merge_into(policy)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "roles is missing: .* read the key again later"),
        ({"roles": None}, "roles is missing: .* read the key again later"),
        ({"roles": []}, "roles is missing: .* read the key again later"),
        ({"roles": "arn"}, "roles has to be a list, not str"),
        ({"roles": [_ONE, None]}, r"roles\[1\] has to be a str, not NoneType"),
        ({"roles": [""]}, r"roles\[0\] '' is empty"),
        ({"roles": ["*"]}, r"roles\[0\] '\*' is no ARN of an IAM role"),
        ({"roles": ["arn:aws:iam::123456789876:role/*"]}, r"roles\[0\] .* is no ARN of an IAM"),
        ({"roles": ["arn:aws:iam::123456789876:root"]}, r"roles\[0\] .* is no ARN of an IAM role"),
        ({"key_arn": None, "roles": [_ONE]}, "key_arn has to be a str, not NoneType"),
        ({"key_arn": "arn:aws:kms:::key/x", "roles": [_ONE]}, "key_arn .* is no ARN of a key"),
        ({"key_arn": _ARN.replace("key/", "alias/"), "roles": [_ONE]}, "key_arn .* is an alias"),
    ],
)
def test_access_that_cannot_be_told_is_refused(fields: dict[str, object], reason: str) -> None:
    """What is missing is named, and nobody is admitted by mistake."""
    key = ByokV1AwsKey.from_dict({"kind": "AwsKey", "key_arn": _ARN, **fields})
    with pytest.raises(ApiValueError, match=f"^{reason}"):
        access_grants(key)
