"""Reading a key policy of AWS KMS: what it holds, and what it grants already."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from .._core.typeguards import is_array, is_mapping, is_object
from ..exceptions import ApiValueError

_MAX_BYTES = 32_768
_ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource"}


def copied(policy: Mapping[str, Any] | str) -> dict[str, Any]:
    """The policy as plain JSON that shares nothing with what was given."""
    try:
        text = policy if isinstance(policy, str) else json.dumps(policy, default=_as_dict)
        document: object = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise ApiValueError(f"policy is no JSON: {error}") from None
    if not is_object(document):
        raise ApiValueError("policy has to be a JSON object")
    return document


def statements_of(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements of a policy, which may be a single one."""
    if "Statement" not in policy:
        # Put in place of the real one, it would lock the owner out.
        raise ApiValueError(
            "policy has no Statement: give the current policy of the key, "
            "which GetKeyPolicy returns as its Policy"
        )
    statements = _listed(policy["Statement"])
    if not all(is_object(statement) for statement in statements):
        raise ApiValueError("policy has a Statement that is no JSON object")
    return statements


def checked_size(policy: dict[str, Any]) -> dict[str, Any]:
    """The policy, unless KMS would refuse it for its size."""
    text = json.dumps(policy, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode(errors="surrogatepass"))
    if size > _MAX_BYTES:
        raise ApiValueError(
            f"policy would have {size} bytes, and AWS KMS takes {_MAX_BYTES}: "
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


def _admits(principal: object, role: str) -> bool:
    named = _listed(principal.get("AWS")) if is_object(principal) else []
    return principal == "*" or "*" in named or role in named


def _covers(patterns: object, text: str, *, ignore_case: bool = False) -> bool:
    """Whether a pattern covers a text, or all that a text with an asterisk stands for."""
    case = str.lower if ignore_case else str
    return any(
        isinstance(pattern, str) and fnmatchcase(case(text), _as_glob(case(pattern)))
        for pattern in _listed(patterns)
    )


def _as_glob(pattern: str) -> str:
    """The pattern of IAM in the terms of ``fnmatch``.

    Brackets mean themselves, and a question mark covers one character, which an asterisk in the
    text need not be.
    """
    return pattern.replace("[", "[[]").replace("?", "[!*]")


def _listed(value: Any) -> list[Any]:
    """A list, where IAM allows a single element to stand for itself."""
    return value if is_array(value) else [value]


def _as_dict(value: object) -> dict[Any, Any]:
    if is_mapping(value):
        return dict(value)
    raise TypeError(f"it holds a {type(value).__name__}")
