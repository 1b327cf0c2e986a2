"""Access to a key in AWS KMS: statements for its key policy."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from typing_extensions import Self

from .._core.typeguards import is_array
from ..exceptions import ApiValueError
from ..models._identifiers import kms_key_arn, one_line
from ..models.byok_v1_aws_key import ByokV1AwsKey
from ._json import json_object
from ._policy import (
    MAX_BYTES,
    checked_size,
    denies,
    grants,
    grants_conditionally,
    orphaned_ids,
    size_of,
    statements_of,
    text_of,
)
from ._shell import checked, command, not_yet
from .audit import AwsAudit, AwsGap, AwsRule, AwsStatement

_ACTIONS = {
    "ConfluentUse": (
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:DescribeKey",
    ),
    "ConfluentPersistentResources": ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"),
}
_ALL_ACTIONS = tuple(action for actions in _ACTIONS.values() for action in actions)
_IsAbout = Callable[[dict[str, Any], str, str, str], bool]
"""Whether a statement is about a role, an action and a resource."""
# No wildcard: whatever the service sends, a policy is never opened to more than one role each.
_ROLE = re.compile(r"arn:[a-z0-9-]+:iam::[0-9]{12}:role/[\w+=,.@/-]+", re.ASCII)


@dataclass(frozen=True)
class AwsAccess:
    """What the policy of a key in AWS KMS has to allow, and to whom.

    Role ARNs may change: before a policy is replaced rather than added to, ask the service's
    support.
    """

    key_arn: str
    partition: str
    """The partition of AWS that the key lies in, such as ``aws`` or ``aws-us-gov``."""
    region: str
    account: str
    """The id of the account that owns the key."""
    key_id: str
    roles: tuple[str, ...]
    """The ARNs of the IAM roles to admit, each once."""

    @classmethod
    def of(cls, key: ByokV1AwsKey) -> Self:
        """The access that a registered key needs.

        Raises:
            ApiValueError: The service has not named the roles yet, or something is malformed.
        """
        parts = checked(kms_key_arn, "key_arn", key.key_arn)
        return cls(key.key_arn, *parts, roles=_roles(key.roles))

    @property
    def statements(self) -> tuple[AwsStatement, ...]:
        """The two statements to allow: use of the key, and grants for persistent resources."""
        return tuple(_statement(sid, self.roles, actions) for sid, actions in _ACTIONS.items())

    @property
    def policy_file(self) -> str:
        """The name of the file into which the first of ``commands`` reads the policy."""
        return f"key-policy-{self.key_id}.json"

    @property
    def merged_policy_file(self) -> str:
        """The name of the file that the second of ``commands`` puts in its place."""
        return f"key-policy-{self.key_id}-merged.json"

    @property
    def commands(self) -> tuple[str, str]:
        """Shell commands that read the policy into a file, and put another file in its place.

        What comes between is ``merged_text``: it makes the second file of the first. The second
        command fails where that file is not there.
        """
        policy = {"region": self.region, "key_id": self.key_arn, "policy_name": "default"}
        read = command("aws kms get-key-policy", **policy, query="Policy", output="text")
        put = command(
            "aws kms put-key-policy", **policy, policy=f"file://{self.merged_policy_file}"
        )
        return f"{read} > {shlex.quote(self.policy_file)}", put

    def merge_into(self, policy: Mapping[str, Any] | str) -> dict[str, Any]:
        """A new policy: the one given, with what it does not grant yet.

        Every statement that was there is kept as it is and where it is; the policy given is not
        changed. Merging twice adds nothing, also after AWS has rewritten the policy. What counts
        as granted is only what an unconditional statement allows. A statement that denies is kept
        too, and still prevails.

        Args:
            policy: The current policy of the key, as a mapping or as the JSON text that
                ``GetKeyPolicy`` has under ``Policy``.

        Raises:
            ApiValueError: It is no policy, or becomes larger than the 32,768 bytes that KMS takes.
        """
        return checked_size(self._merged(policy))

    def merged_text(self, policy: Mapping[str, Any] | str) -> str:
        """As ``merge_into``, as the text whose size was measured: give it to KMS as it is.

        ``json.dumps`` puts blanks between, and so may make too much of a policy that fits.

        Raises:
            ApiValueError: As ``merge_into``.
        """
        return text_of(self.merge_into(policy))

    def audit(self, policy: Mapping[str, Any] | str) -> AwsAudit:
        """What in a policy keeps the roles from using the key, and what merging would change.

        Args:
            policy: As for ``merge_into``.

        Raises:
            ApiValueError: It is no policy.
        """
        before = statements_of(json_object("policy", policy))
        merged = self._merged(policy)
        return AwsAudit(
            missing=tuple(self._gaps(before)),
            denied=tuple(self._rules(before, denies)),
            conditional=tuple(self._rules(before, grants_conditionally)),
            orphaned=tuple(dict.fromkeys(orphaned_ids(before))),
            added=tuple(self._missing(before)),
            size=size_of(merged),
            max_size=MAX_BYTES,
        )

    def _merged(self, policy: Mapping[str, Any] | str) -> dict[str, Any]:
        merged = json_object("policy", policy)
        present = statements_of(merged)
        missing = list(self._missing(present))
        if missing:
            merged["Statement"] = [*present, *missing]
        return merged

    def _gaps(self, present: list[dict[str, Any]]) -> Iterator[AwsGap]:
        for role in self.roles:
            lacking = self._lacking(present, role, _ALL_ACTIONS)
            if lacking:
                yield AwsGap(role, lacking)

    def _lacking(
        self, present: list[dict[str, Any]], role: str, actions: tuple[str, ...]
    ) -> tuple[str, ...]:
        return tuple(
            action
            for action in actions
            if not any(grants(each, role, action, self.key_arn) for each in present)
        )

    def _rules(self, present: list[dict[str, Any]], is_about: _IsAbout) -> Iterator[AwsRule]:
        for position, statement in enumerate(present, 1):
            about = [
                (role, action)
                for role in self.roles
                for action in _ALL_ACTIONS
                if is_about(statement, role, action, self.key_arn)
            ]
            if about:
                roles, actions = (tuple(dict.fromkeys(each)) for each in zip(*about, strict=True))
                sid = statement.get("Sid")
                yield AwsRule(
                    position, str(sid) if sid else None, roles, actions, "Condition" in statement
                )

    def _missing(self, present: list[dict[str, Any]]) -> Iterator[AwsStatement]:
        taken = [statement.get("Sid") for statement in present]
        for sid, actions in _ACTIONS.items():
            # Roles that lack the same share a statement; as a rule, all lack everything.
            lacking: dict[tuple[str, ...], list[str]] = {}
            for role in self.roles:
                lacks = self._lacking(present, role, actions)
                lacking.setdefault(lacks, []).append(role)
            lacking.pop((), None)
            for lacks, roles in lacking.items():
                name = _unlike(taken, sid)
                taken.append(name)
                yield _statement(name, tuple(roles), lacks)


def _statement(sid: str, roles: tuple[str, ...], actions: tuple[str, ...]) -> AwsStatement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": list(roles)},
        "Action": list(actions),
        "Resource": "*",
    }


def _unlike(taken: list[Any], sid: str) -> str:
    """``sid``, numbered where it is taken: in a policy each is unique."""
    names = (f"{sid}{number}" for number in count(2))
    return sid if sid not in taken else next(name for name in names if name not in taken)


def _roles(roles: object) -> tuple[str, ...]:
    if not roles:
        raise not_yet("roles")
    if not is_array(roles):
        raise ApiValueError(f"roles has to be a list, not {type(roles).__name__}")
    checked_roles = [checked(_role, f"roles[{i}]", role) for i, role in enumerate(roles)]
    return tuple(dict.fromkeys(checked_roles))


def _role(name: str, value: object) -> str:
    role = one_line(name, value)
    if not _ROLE.fullmatch(role):
        raise ValueError(f"{name} {role!r} is no ARN of an IAM role; read the key again later")
    return role
