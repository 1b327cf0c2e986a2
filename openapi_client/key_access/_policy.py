"""Reading a key policy of AWS KMS: what it holds, and what it grants already."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from .._core.typeguards import is_object
from ..exceptions import ApiValueError
from ._json import as_list

MAX_BYTES = 32_768
_ORPHANED = re.compile(r"A(?:IDA|ROA|GPA|IPA|NPA)[A-Z0-9]+")
_STANDS_FOR = {
    "kms:ReEncrypt*": ("kms:ReEncryptFrom", "kms:ReEncryptTo"),
    "kms:GenerateDataKey*": (
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyPair",
        "kms:GenerateDataKeyPairWithoutPlaintext",
        "kms:GenerateDataKeyWithoutPlaintext",
    ),
}
"""The actions of KMS that a wildcard of ours covers."""
_ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource"}


def statements_of(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements of a policy, which may be a single one."""
    if "Statement" not in policy:
        # Put in place of the real one, it would lock the owner out.
        raise ApiValueError(
            "policy has no Statement: give the current policy of the key, "
            "which GetKeyPolicy returns as its Policy"
        )
    statements = as_list(policy["Statement"])
    if not all(is_object(statement) for statement in statements):
        raise ApiValueError("policy has a Statement that is no JSON object")
    return statements


def text_of(policy: dict[str, Any]) -> str:
    """The policy as the shortest JSON text."""
    return json.dumps(policy, ensure_ascii=False, separators=(",", ":"))


def size_of(policy: dict[str, Any]) -> int:
    """The bytes of the shortest text of a policy."""
    return len(text_of(policy).encode(errors="surrogatepass"))


def checked_size(policy: dict[str, Any]) -> dict[str, Any]:
    """The policy, unless KMS would refuse it for its size."""
    size = size_of(policy)
    if size > MAX_BYTES:
        raise ApiValueError(
            f"policy would have {size} bytes, and AWS KMS takes {MAX_BYTES}: "
            "remove statements that are no longer needed"
        )
    return policy


def grants(statement: dict[str, Any], role: str, action: str, resource: str) -> bool:
    """Whether a statement by itself lets a role perform an action on a resource.

    Where that depends on anything, such as a condition, it does not count.
    """
    return (
        statement.get("Effect") == "Allow"
        and statement.keys() <= _ELEMENTS
        and _admits(statement.get("Principal"), role)
        and _covers(statement.get("Action"), action, ignore_case=True)
        and _covers(statement.get("Resource"), resource)
    )


def grants_conditionally(statement: dict[str, Any], role: str, action: str, resource: str) -> bool:
    """Whether a statement would grant it, but for its condition."""
    rest = {name: value for name, value in statement.items() if name != "Condition"}
    return rest.keys() < statement.keys() and grants(rest, role, action, resource)


def denies(statement: dict[str, Any], role: str, action: str, resource: str) -> bool:
    """Whether a statement takes from a role any part of an action on a resource.

    Where it has a condition, that is taken to hold.
    """
    if statement.get("Effect") != "Deny":
        return False
    if "NotPrincipal" in statement:
        is_meant = not _admits(statement["NotPrincipal"], role)
    else:
        is_meant = _is_among(statement.get("Principal"), role)
    parts = _STANDS_FOR.get(action, (action,))
    is_exception = "NotAction" in statement
    named = statement["NotAction"] if is_exception else statement.get("Action")
    is_meant &= any(_covers(named, part, ignore_case=True) != is_exception for part in parts)
    if "NotResource" in statement:
        return is_meant and not _covers(statement["NotResource"], resource)
    return is_meant and _covers(statement.get("Resource"), resource)


def orphaned_ids(statements: list[dict[str, Any]]) -> Iterator[str]:
    """The ids that AWS shows in place of principals that were deleted."""
    for statement in statements:
        for name in ("Principal", "NotPrincipal"):
            principal = statement.get(name)
            for id in as_list(principal.get("AWS")) if is_object(principal) else []:
                if isinstance(id, str) and _ORPHANED.fullmatch(id):
                    yield id


def _admits(principal: object, role: str) -> bool:
    named = as_list(principal.get("AWS")) if is_object(principal) else []
    return principal == "*" or "*" in named or role in named


def _is_among(principal: object, role: str) -> bool:
    """Whether a principal that something is denied to stands for a role: its account does too."""
    account = role.split(":")[4]
    partition = role.split(":")[1]
    root = f"arn:{partition}:iam::{account}:root"
    return any(_admits(principal, name) for name in (role, root, account))


def _covers(patterns: object, text: str, *, ignore_case: bool = False) -> bool:
    """Whether a pattern covers a text, or all that a text with an asterisk stands for."""
    case = str.lower if ignore_case else str
    return any(
        isinstance(pattern, str) and fnmatchcase(case(text), _as_glob(case(pattern)))
        for pattern in as_list(patterns)
    )


def _as_glob(pattern: str) -> str:
    """The pattern of IAM in the terms of ``fnmatch``.

    Brackets mean themselves, and a question mark covers one character, which an asterisk in the
    text need not be.
    """
    return pattern.replace("[", "[[]").replace("?", "[!*]")
