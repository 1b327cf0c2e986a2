"""Whether a call is tried again, and when: a policy and one pure function."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import _checks
from ._core.attempts import Delivery
from .exceptions import ApiTypeError


@dataclass(frozen=True)
class RetryPolicy:
    """How often a call is tried, and how long is waited where the service does not say.

    The wait before attempt *n* + 1 is drawn between 0 and ``backoff_base`` · 2ⁿ⁻¹ seconds, at
    most ``backoff_cap``. What may be repeated at all is not a matter of policy: a request that
    may have registered a key never is. A 429 that says how long to wait is no failed attempt;
    only the deadline of the call ends such waits, or ``max_attempts=1``.
    """

    max_attempts: int = 5
    """Attempts in all; 1 for no retry."""
    backoff_base: float = 0.5
    """Seconds."""
    backoff_cap: float = 8.0
    """Seconds."""
    connect_retries: int | None = None
    """Of the retries, how many may follow a failure to connect; ``None`` for any."""
    read_retries: int | None = None
    """Of the retries, how many may follow a request that was not answered; ``None`` for any."""
    status_retries: int | None = None
    """Of the retries, how many may follow an answer that is no success; ``None`` for any."""

    def __post_init__(self) -> None:
        _checks.integer("max_attempts", self.max_attempts, least=1)
        _checks.seconds("backoff_base", self.backoff_base)
        _checks.seconds("backoff_cap", self.backoff_cap)
        for name in ("connect_retries", "read_retries", "status_retries"):
            if getattr(self, name) is not None:
                _checks.integer(name, getattr(self, name), least=0)

    @classmethod
    def of(cls, setting: Any) -> "RetryPolicy":
        """The policy that ``Configuration.retries`` stands for.

        Of urllib3's ``Retry``, ``total``, ``connect``, ``read``, ``status``, ``backoff_factor``
        and ``backoff_max`` count; a ``backoff_factor`` of 0, urllib3's default, stands for ours.
        Raises ``ApiTypeError`` for what stands for no policy.
        """
        if setting is None:
            return _DEFAULT
        if isinstance(setting, RetryPolicy):
            return setting
        if isinstance(setting, int) and setting is not True:
            return cls(max_attempts=1 + setting)
        # urllib3's ``Retry``, by its form: only the transport imports urllib3.
        total, factor = getattr(setting, "total", ""), getattr(setting, "backoff_factor", None)
        if factor is None or isinstance(total, str):
            raise ApiTypeError(f"retries has to be a RetryPolicy, not {type(setting).__name__}")
        longest = getattr(setting, "backoff_max", cls.backoff_cap)
        return cls(
            max_attempts=cls.max_attempts if total is None else 1 + int(total),
            backoff_base=factor or cls.backoff_base,
            backoff_cap=longest or cls.backoff_cap,
            connect_retries=_limit(setting, "connect"),
            read_retries=_limit(setting, "read"),
            status_retries=_limit(setting, "status"),
        )

    def limit(self, delivery: Delivery) -> int | None:
        """How many retries may follow attempts that came so far, or ``None`` for any number."""
        limits = {
            Delivery.NOT_SENT: self.connect_retries,
            Delivery.UNANSWERED: self.read_retries,
            Delivery.ANSWERED: self.status_retries,
        }
        return limits.get(delivery)


def _limit(setting: Any, name: str) -> int | None:
    limit = getattr(setting, name, None)
    return None if limit is None else int(limit)


_DEFAULT = RetryPolicy()


class Outcome(NamedTuple):
    """What one attempt came to, as far as a retry depends on it."""

    delivery: Delivery
    status: int | None = None
    """The HTTP status, where it was answered."""
    server_delay: float | None = None
    """The seconds that the service asked to wait."""

    @property
    def is_told_to_wait(self) -> bool:
        """Whether it is a 429 that says how long to wait, which is no failure."""
        return self.status == 429 and self.server_delay is not None


def is_transient(status: int | None) -> bool:
    """Whether a status tells of trouble that may pass: 408, 429, and any 5xx but 501 and 505."""
    if status is None:
        return False
    return status in {408, 429} or (500 <= status <= 599 and status not in {501, 505})


def is_ambiguous(method: str, outcome: Outcome) -> bool:
    """Whether the attempt may have changed something although no success was reported."""
    if method in {"GET", "HEAD"} or outcome.delivery in {Delivery.NOT_SENT, Delivery.REFUSED}:
        return False
    if outcome.delivery is Delivery.UNANSWERED:
        return True
    was_declined = outcome.status == 503 and outcome.server_delay is not None
    return is_transient(outcome.status) and outcome.status != 429 and not was_declined


def wait_before_retry(
    policy: RetryPolicy,
    method: str,
    attempt: int,
    outcome: Outcome,
    failures: Mapping[Delivery, int],
    *,
    time_left: float,
    jitter: float,
) -> float | None:
    """The seconds to wait before the next attempt, or ``None`` to give up.

    ``attempt`` counts all attempts, and ``failures`` those that failed by how far they came, this
    one included; ``jitter`` is the part of the longest wait that is taken, from 0 to 1. A wait
    that would not leave time for another attempt is not begun, and none is shorter than the
    service asked for.
    """
    if not _may_repeat(method, outcome) or _is_used_up(policy, outcome, failures):
        return None
    delay = outcome.server_delay
    doublings = min(attempt - 1, 60)  # By then any cap is reached, and no float overflows.
    backoff = min(policy.backoff_cap, policy.backoff_base * 2.0**doublings)
    if not delay:
        wait = jitter * backoff
    else:
        # Something on top of what was asked for, so that a fleet does not come back as one.
        spread = max(delay / 4, policy.backoff_base)
        wait = delay + jitter * max(0.0, min(spread, (time_left - delay) / 2))
    return wait if wait < time_left else None


def _may_repeat(method: str, outcome: Outcome) -> bool:
    if outcome.delivery is Delivery.REFUSED:
        return False
    if outcome.delivery is Delivery.ANSWERED and not is_transient(outcome.status):
        return False
    # POST has no idempotency key: what may have registered a key is not sent again.
    return method != "POST" or not is_ambiguous(method, outcome)


def _is_used_up(policy: RetryPolicy, outcome: Outcome, failures: Mapping[Delivery, int]) -> bool:
    """Whether the policy allows no more attempts after this one."""
    if policy.max_attempts == 1:
        return True
    if outcome.is_told_to_wait:
        return False
    limit = policy.limit(outcome.delivery)
    of_this_kind = limit is not None and failures.get(outcome.delivery, 0) > limit
    return of_this_kind or sum(failures.values()) >= policy.max_attempts
