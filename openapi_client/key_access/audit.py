"""What an audit of the access to a key has found, as data and as text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict, override


class AwsStatement(TypedDict):
    """A statement of a key policy, as it stands in its JSON."""

    Sid: str
    Effect: Literal["Allow"]
    Principal: dict[str, list[str]]
    Action: list[str]
    Resource: str


@dataclass(frozen=True)
class AwsGap:
    """What a role needs, and no statement grants it without conditions."""

    role: str
    """The ARN of the role."""
    actions: tuple[str, ...]


@dataclass(frozen=True)
class AwsRule:
    """A statement of a key policy, as far as it is about the roles that need access."""

    position: int
    """Its place among the statements, counted from 1."""
    sid: str | None
    """Its ``Sid``, if it has one."""
    roles: tuple[str, ...]
    actions: tuple[str, ...]
    """Of the actions that the roles need, those that it is about."""
    is_conditional: bool
    """Whether it holds only under a condition."""

    @override
    def __str__(self) -> str:
        name = f" ({self.sid})" if self.sid else ""
        return f"statement {self.position}{name}"


@dataclass(frozen=True)
class AwsAudit:
    """What keeps roles from using a key in AWS KMS, as far as its policy tells.

    What policies of the organization deny, and what aliases and grants allow, is not in it.
    """

    missing: tuple[AwsGap, ...]
    """What is not granted, or only under a condition."""
    denied: tuple[AwsRule, ...]
    """The statements that deny what is needed: they prevail over any that allows it."""
    conditional: tuple[AwsRule, ...]
    """The statements that would grant something that is needed, but for their condition."""
    orphaned: tuple[str, ...]
    """The ids of principals that were deleted. KMS refuses to store a policy that names one."""
    added: tuple[AwsStatement, ...]
    """The statements that ``merge_into`` would add."""
    size: int
    """The bytes of the merged policy, of which KMS takes ``max_size``."""
    max_size: int

    @property
    def is_complete(self) -> bool:
        """Whether each role is granted all that it needs, and surely denied none of it."""
        return not self.missing and all(rule.is_conditional for rule in self.denied)

    @property
    def can_be_stored(self) -> bool:
        """Whether KMS would take the merged policy, as far as this can be told from outside."""
        return not self.orphaned and self.size <= self.max_size

    @property
    def lines(self) -> tuple[str, ...]:
        """The findings, one a line; none where there is nothing to say."""
        return tuple(self._lines())

    @override
    def __str__(self) -> str:
        complete = "complete: each role is granted all that it needs"
        return "\n".join([*([complete] if self.is_complete else []), *self.lines])

    def _lines(self) -> Iterator[str]:
        for gap in self.missing:
            yield f"missing: {gap.role} is not granted {', '.join(gap.actions)}"
        for rule in self.denied:
            doubt = ", under a condition" if rule.is_conditional else ""
            yield f"denied: {rule} denies {_what(rule)}{doubt}"
        for rule in self.conditional:
            yield f"conditional: {rule} grants {_what(rule)} only under a condition"
        for id in self.orphaned:
            yield (
                f"orphaned: {id} was a principal that is deleted; KMS refuses to store a policy "
                "that names it: remove it"
            )
        for statement in self.added:
            roles = ", ".join(statement["Principal"]["AWS"])
            actions = ", ".join(statement["Action"])
            yield f"change: merging adds {statement['Sid']}, which grants {actions} to {roles}"
        if self.size > self.max_size:
            yield (
                f"size: the merged policy has {self.size} bytes, and AWS KMS takes "
                f"{self.max_size}: remove statements that are no longer needed"
            )


@dataclass(frozen=True)
class RoleAudit:
    """Which of the roles on a key in Azure or Google Cloud are missing."""

    principal: str
    """The application (Azure) or the group (Google Cloud) that needs them."""
    missing: tuple[str, ...]
    """The roles that it does not have, or has only under a condition."""
    conditional: tuple[str, ...] = ()
    """The roles that it has only under a condition."""

    @property
    def is_complete(self) -> bool:
        """Whether no role is missing."""
        return not self.missing

    @property
    def lines(self) -> tuple[str, ...]:
        """The findings, one a line; none where there is nothing to say."""
        return (
            *(f"missing: {self.principal} does not have the role {role}" for role in self.missing),
            *(
                f"conditional: {self.principal} has the role {role} only under a condition"
                for role in self.conditional
            ),
        )

    @override
    def __str__(self) -> str:
        complete = f"complete: {self.principal} has all roles that it needs"
        return "\n".join([*([complete] if self.is_complete else []), *self.lines])


def _what(rule: AwsRule) -> str:
    return f"{', '.join(rule.actions)} to {', '.join(rule.roles)}"
