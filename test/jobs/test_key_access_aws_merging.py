"""Merging into policies of any make, and in any form that AWS gives them."""

import copy
import json
import random
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openapi_client import ByokV1AwsKey
from openapi_client.key_access import access_grants

_ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ONE, _TWO = "arn:aws:iam::123456789876:role/one", "arn:aws:iam::987654321234:role/path/cc-kafka-2"
_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
_PERSIST = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
_ACCESS = access_grants(ByokV1AwsKey(key_arn=_ARN, roles=[_ONE, _TWO]))

_PRINCIPALS = st.sampled_from([_ONE, _TWO, "*", "AROAEXAMPLE", "arn:aws:iam::111122223333:root"])
_PATTERNS = st.sampled_from([*_USE, *_PERSIST, "kms:*", "KMS:E*", "kms:?ecrypt", "s3:*", "kms:Re*"])
_RESOURCES = st.sampled_from(["*", _ARN, "arn:aws:kms:*", "arn:aws:kms:us-west-2:1:key/other"])


def _one_or_many(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | list[str]]:
    return values | st.lists(values, max_size=6, unique=True)


_STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Principal": st.just("*")
        | st.dictionaries(st.sampled_from(["AWS", "Service"]), _one_or_many(_PRINCIPALS)),
        "Resource": _one_or_many(_RESOURCES),
    },
    optional={
        "Action": _one_or_many(_PATTERNS),
        "NotAction": _one_or_many(_PATTERNS),
        "Condition": st.just({"Bool": {"aws:SecureTransport": "true"}}),
        "Sid": st.sampled_from(["ConfluentUse", "ConfluentUse2", "Mine", "ü"]),
    },
)
_POLICIES = st.fixed_dictionaries(
    {"Statement": st.lists(_STATEMENTS, max_size=6) | _STATEMENTS},
    optional={"Version": st.just("2012-10-17"), "Id": st.text()},
)

# What the actions of ours stand for, one by one.
_CONCRETE = [
    *("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:DescribeKey"),
    *("kms:GenerateDataKey", "kms:GenerateDataKeyPair", "kms:GenerateDataKeyWithoutPlaintext"),
    *_PERSIST,
]


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _allowed(policy: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Which role may do what for certain, found action by action and without the code above."""
    for each in _many(policy["Statement"]):
        if each["Effect"] == "Allow" and not {"Condition", "NotAction"} & each.keys():
            named = each["Principal"]
            who = ["*"] if named == "*" else _many(named.get("AWS", []))
            actions = [str(action).lower() for action in _many(each.get("Action", []))]
            if any(fnmatchcase(_ARN, resource) for resource in _many(each["Resource"])):
                for role in (_ONE, _TWO):
                    for action in _CONCRETE:
                        if {"*", role} & {*who} and any(
                            fnmatchcase(action.lower(), pattern) for pattern in actions
                        ):
                            yield role, action


def _as_aws_returns_it(value: Any, shuffle: random.Random, name: str = "") -> Any:
    """A policy after AWS has rewritten it: other orders, and no lists of one."""
    if isinstance(value, dict):
        names = shuffle.sample(sorted(value), len(value))
        return {each: _as_aws_returns_it(value[each], shuffle, each) for each in names}
    if not isinstance(value, list):
        return value
    items = [_as_aws_returns_it(item, shuffle) for item in shuffle.sample(value, len(value))]
    return items[0] if len(items) == 1 and name != "Statement" else items


@given(_POLICIES)
def test_merging_grants_all_and_keeps_all(policy: dict[str, Any]) -> None:
    """Any policy keeps its statements, and leaves no role without an action."""
    before = copy.deepcopy(policy)
    merged = _ACCESS.merge_into(policy)
    assert policy == before
    kept = _many(before["Statement"])
    assert _many(merged["Statement"])[: len(kept)] == kept
    assert {**merged, "Statement": None} == {**before, "Statement": None}
    assert set(_allowed(merged)) == {
        (role, action) for role in (_ONE, _TWO) for action in _CONCRETE
    }


@given(_POLICIES)
def test_merging_adds_nothing_that_was_granted(policy: dict[str, Any]) -> None:
    """A policy near its limit gets no statement that says nothing new."""
    granted = set(_allowed(policy))
    added = _many(_ACCESS.merge_into(policy)["Statement"])[len(_many(policy["Statement"])) :]
    for statement in added:
        for role in statement["Principal"]["AWS"]:
            for action in statement["Action"]:
                stands_for = {(role, each) for each in _CONCRETE if fnmatchcase(each, action)}
                assert not stands_for <= granted or action.endswith("*")


@given(_POLICIES, st.randoms(use_true_random=False))
def test_merging_again_changes_nothing(policy: dict[str, Any], shuffle: random.Random) -> None:
    """A job that runs daily adds nothing, also after AWS has rewritten the policy."""
    merged = _ACCESS.merge_into(policy)
    assert _ACCESS.merge_into(merged) == merged
    assert _ACCESS.merge_into(json.dumps(merged)) == merged
    rewritten = _as_aws_returns_it(merged, shuffle)
    assert _ACCESS.merge_into(rewritten) == rewritten
