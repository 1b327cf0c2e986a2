"""Whether a call is tried again, and when: a policy and one pure function (design, section 4)."""

from dataclasses import dataclass
from typing import Any

from . import _checks
from ._core.attempts import Delivery
from .exceptions import ApiTypeError

_TRANSIENT = frozenset({408, 500, 502, 503, 504})


@dataclass(frozen=True)
class RetryPolicy:
    """How often a call is tried, and how long is waited where the service does not say.

    The wait before attempt *n* + 1 is drawn between 0 and ``backoff_base`` · 2ⁿ⁻¹ seconds, at
    most ``backoff_cap``. What may be repeated at all is not a matter of policy: a request that
    may have registered a key never is.
    """

    max_attempts: int = 5
    """Attempts in all; 1 for no retry."""
    backoff_base: float = 0.5
    """Seconds."""
    backoff_cap: float = 8.0
    """Seconds."""

    def __post_init__(self) -> None:
        _checks.whole("max_attempts", self.max_attempts, least=1)
        _checks.seconds("backoff_base", self.backoff_base)
        _checks.seconds("backoff_cap", self.backoff_cap)

    @classmethod
    def of(cls, setting: Any) -> "RetryPolicy":
        """The policy that ``Configuration.retries`` stands for.

        Raises ``ApiTypeError`` for what stands for none.
        """
        if setting is None:
            return _DEFAULT
        if isinstance(setting, RetryPolicy):
            return setting
        if isinstance(setting, int) and setting is not True:
            return cls(max_attempts=1 + setting)
        # urllib3's ``Retry``, by its form: only rest.py imports urllib3.
        total, factor = getattr(setting, "total", ""), getattr(setting, "backoff_factor", None)
        if factor is None or isinstance(total, str):
            raise ApiTypeError(f"retries has to be a RetryPolicy, not {type(setting).__name__}")
        attempts = cls.max_attempts if total is None else 1 + int(total)
        longest = getattr(setting, "backoff_max", cls.backoff_cap)
        return cls(attempts, factor or cls.backoff_base, longest or cls.backoff_cap)


_DEFAULT = RetryPolicy()


@dataclass(frozen=True)
class Outcome:
    """What one attempt came to, as far as a retry depends on it."""

    delivery: Delivery
    status: int | None = None
    """The HTTP status, where it was answered."""
    told_wait: float | None = None
    """The seconds that the service asked to wait."""


def is_ambiguous(method: str, outcome: Outcome) -> bool:
    """Whether the attempt may have changed something although no success was reported."""
    if method in {"GET", "HEAD"} or outcome.delivery in {Delivery.NOT_SENT, Delivery.REFUSED}:
        return False
    if outcome.delivery is Delivery.UNANSWERED:
        return True
    declined = outcome.status == 503 and outcome.told_wait is not None
    return outcome.status in _TRANSIENT and not declined


def wait_before_retry(
    policy: RetryPolicy,
    method: str,
    attempt: int,
    outcome: Outcome,
    *,
    time_left: float,
    jitter: float,
) -> float | None:
    """The seconds to wait before the next attempt, or ``None`` to give up.

    ``attempt`` counts from 1, ``jitter`` is the part of the longest wait that is taken, from 0
    to 1. A wait that would not leave time for another attempt is not begun.
    """
    if attempt >= policy.max_attempts or not _may_repeat(method, outcome):
        return None
    wait = outcome.told_wait
    if wait is None:
        doublings = min(attempt - 1, 60)  # By then any cap is reached, and no float overflows.
        wait = jitter * min(policy.backoff_cap, policy.backoff_base * 2.0**doublings)
    return wait if wait < time_left else None


def _may_repeat(method: str, outcome: Outcome) -> bool:
    if outcome.delivery is Delivery.REFUSED:
        return False
    if outcome.delivery is Delivery.ANSWERED and outcome.status not in _TRANSIENT | {429}:
        return False
    # POST has no idempotency key: what may have registered a key is not sent again.
    return method != "POST" or not is_ambiguous(method, outcome)
