"""What the jobs take and give."""

from collections.abc import Callable
from dataclasses import dataclass

from ..models.get_byok_v1_key200_response import GetByokV1Key200Response

Key = GetByokV1Key200Response
Until = str | Callable[[Key], bool]
"""A phase of validation, a state, or a condition on the key."""


@dataclass(frozen=True)
class EnsuredByokV1Key:
    """A key that is registered."""

    key: GetByokV1Key200Response
    """The key, as the service has it."""
    created: bool
    """Whether this call registered it. A request of its own that was never answered counts as
    the one that did, where the key was not there before and is there now."""


@dataclass(frozen=True)
class WaitResult:
    """What became of one of the keys that were waited for together."""

    id: str
    """The id of the key."""
    key: GetByokV1Key200Response | None
    """The key as it was last read; ``None`` where it never was."""
    error: Exception | None = None
    """Why it is not as wanted: the exception that a wait for this key alone would have raised.
    ``None`` where it is."""


@dataclass(frozen=True)
class WaitProgress:
    """How far a wait for many keys is."""

    result: WaitResult
    """The key that is done with, just now."""
    done: int
    """The number of keys that are done with."""
    total: int
    """The number of keys that were asked for."""
