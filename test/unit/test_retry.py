import pickle
from dataclasses import FrozenInstanceError, dataclass
from types import SimpleNamespace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import Retry

from openapi_client import ApiTypeError, ApiValueError, RetryPolicy
from openapi_client._core.attempts import Delivery
from openapi_client.retry import Outcome, is_ambiguous, is_transient, wait_before_retry

Verdict = Literal["retry", "raise", "raise, unknown"]
_METHODS = ("GET", "DELETE", "PATCH", "POST")
_WAITS = (None, 0.0, 3.0)


@dataclass(frozen=True)
class _Row:
    """A row of the table of retries."""

    name: str
    outcomes: tuple[Outcome, ...]
    get: Verdict
    delete_and_patch: Verdict
    post: Verdict

    def verdict(self, method: str) -> Verdict:
        """What the row says of a method."""
        named: dict[str, Verdict] = {"GET": self.get, "POST": self.post}
        return named.get(method, self.delete_and_patch)


def _answers(*statuses: int, waits: tuple[float | None, ...] = _WAITS) -> tuple[Outcome, ...]:
    return tuple(Outcome(Delivery.ANSWERED, status, wait) for status in statuses for wait in waits)


_UNSURE = tuple(status for status in (408, *range(500, 600)) if status not in {501, 503, 505})
_OTHERS = tuple(status for status in range(100, 600) if status not in {*_UNSURE, 429, 503})
_TABLE = [
    _Row("not sent", (Outcome(Delivery.NOT_SENT),), "retry", "retry", "retry"),
    _Row("no answer", (Outcome(Delivery.UNANSWERED),), "retry", "retry", "raise, unknown"),
    _Row("429", _answers(429), "retry", "retry", "retry"),
    _Row("503, told when", _answers(503, waits=(0.0, 3.0)), "retry", "retry", "retry"),
    _Row("503", _answers(503, waits=(None,)), "retry", "retry", "raise, unknown"),
    _Row("408, 5xx", _answers(*_UNSURE), "retry", "retry", "raise, unknown"),
    _Row("any other answer", _answers(*_OTHERS), "raise", "raise", "raise"),
    _Row("TLS verification", (Outcome(Delivery.REFUSED),), "raise", "raise", "raise"),
]


def _wait(
    method: str = "GET",
    outcome: Outcome = Outcome(Delivery.NOT_SENT),  # noqa: B008 - it is frozen
    *,
    policy: RetryPolicy = RetryPolicy(),  # noqa: B008 - it is frozen
    attempt: int = 1,
    failures: int | None = None,
    time_left: float = 100.0,
    jitter: float = 0.5,
) -> float | None:
    """The wait after so many attempts, all of which failed as the last one did."""
    counted = {outcome.delivery: attempt if failures is None else failures}
    return wait_before_retry(
        policy, method, attempt, outcome, counted, time_left=time_left, jitter=jitter
    )


@pytest.mark.parametrize("method", _METHODS)
@pytest.mark.parametrize("row", _TABLE, ids=lambda row: row.name)
def test_the_table(row: _Row, method: str) -> None:
    """Each outcome is retried, or raised in doubt or without it, as the table says."""
    for outcome in row.outcomes:
        verdict: Verdict = "retry"
        if _wait(method, outcome) is None:
            verdict = "raise, unknown" if is_ambiguous(method, outcome) else "raise"
        assert verdict == row.verdict(method), outcome


def test_the_table_is_complete() -> None:
    """The table has every outcome there is."""
    outcomes = [outcome for row in _TABLE for outcome in row.outcomes]
    answered = {(o.status, o.server_delay) for o in outcomes if o.delivery is Delivery.ANSWERED}
    assert answered == {(status, wait) for status in range(100, 600) for wait in _WAITS}
    assert {outcome.delivery for outcome in outcomes} == set(Delivery)


@pytest.mark.parametrize(
    ("outcome", "ambiguous"),
    [
        (Outcome(Delivery.NOT_SENT), False),
        (Outcome(Delivery.REFUSED), False),
        (Outcome(Delivery.UNANSWERED), True),
        *[
            (Outcome(Delivery.ANSWERED, status), True)
            for status in (408, 500, 502, 503, 504, 520, 527, 529, 599)
        ],
        *[(Outcome(Delivery.ANSWERED, status), False) for status in (204, 404, 409, 429, 501)],
        (Outcome(Delivery.ANSWERED, 503, 0.0), False),
        (Outcome(Delivery.ANSWERED, 500, 3.0), True),
    ],
)
def test_which_writes_may_have_acted(outcome: Outcome, ambiguous: bool) -> None:
    """Which writes may have acted is told by their outcome; a read never has."""
    for method in ("POST", "PATCH", "DELETE"):
        assert is_ambiguous(method, outcome) == ambiguous
    for method in ("GET", "HEAD"):
        assert not is_ambiguous(method, outcome)


_SECONDS = st.floats(min_value=1e-6, max_value=1e6)
_JITTER = st.floats(min_value=0, max_value=1)


@given(_SECONDS, _SECONDS, st.integers(1, 5000), _JITTER)
def test_backoff_is_within_its_bounds(base: float, cap: float, attempt: int, jitter: float) -> None:
    """A wait is a random part of one that doubles, and is never longer than the cap."""
    policy = RetryPolicy(max_attempts=10_000, backoff_base=base, backoff_cap=cap)
    longest = min(cap, base * 2.0 ** min(attempt - 1, 1000))
    wait = _wait(policy=policy, attempt=attempt, jitter=jitter, time_left=1e9)
    assert wait == jitter * longest


def test_default_backoff() -> None:
    """The longest waits are, by default, 0.5, 1, 2 and 4 seconds, and then 8."""
    longest = [
        _wait(policy=RetryPolicy(max_attempts=9), attempt=attempt, jitter=1.0)
        for attempt in range(1, 9)
    ]
    assert longest == [0.5, 1, 2, 4, 8, 8, 8, 8]
    assert _wait(jitter=0) == 0


_PART = st.floats(min_value=0, max_value=1, exclude_max=True)


@given(st.integers(1, 400), st.floats(min_value=1e-3, max_value=1e6), _PART, _SECONDS)
def test_nobody_comes_back_sooner_than_told(
    attempt: int, told: float, jitter: float, time_left: float
) -> None:
    """The wait is at least what the service asked for, and at most a quarter of it longer."""
    outcome = Outcome(Delivery.ANSWERED, 429, told)
    wait = _wait("POST", outcome, attempt=attempt, jitter=jitter, time_left=time_left)
    if told >= time_left:
        assert wait is None
    elif wait is not None:  # A float next to the deadline may round up to it.
        assert told <= wait <= told + max(told / 4, 0.5)
        assert wait < time_left


def test_a_fleet_that_was_told_the_same_spreads() -> None:
    """Jobs that are refused together do not come back together."""
    outcome = Outcome(Delivery.ANSWERED, 429, 10.0)
    assert [_wait(outcome=outcome, jitter=part) for part in (0, 0.5, 1)] == [10, 11.25, 12.5]
    late = [_wait(outcome=outcome, jitter=part, time_left=12.0) for part in (0, 1)]
    assert late == [10, 11], "half of the time that is left is for the attempt"
    soon = Outcome(Delivery.ANSWERED, 503, 0.1)
    assert _wait(outcome=soon, jitter=1) == pytest.approx(0.6)


def test_a_wait_of_no_time_backs_off() -> None:
    """A service that says 0 seconds is not asked again and again without a pause."""
    outcome = Outcome(Delivery.ANSWERED, 429, 0.0)
    waits = [_wait(outcome=outcome, attempt=n, failures=0, jitter=1.0) for n in (1, 2, 3, 9)]
    assert waits == [0.5, 1, 2, 8]


def test_being_told_to_wait_is_no_failure() -> None:
    """A 429 that says how long to wait does not use up the attempts; one that does not, does."""
    told, untold = (Outcome(Delivery.ANSWERED, 429, delay) for delay in (2.0, None))
    assert _wait(outcome=told, attempt=50, failures=4) is not None
    assert _wait(outcome=told, attempt=50, failures=9) is not None
    assert _wait(outcome=untold, attempt=5) is None
    assert (told.is_told_to_wait, untold.is_told_to_wait) == (True, False)
    assert not Outcome(Delivery.ANSWERED, 503, 2.0).is_told_to_wait
    assert _wait(outcome=told, policy=RetryPolicy(max_attempts=1)) is None


@pytest.mark.parametrize(
    ("limit", "delivery"),
    [
        ("connect_retries", Delivery.NOT_SENT),
        ("read_retries", Delivery.UNANSWERED),
        ("status_retries", Delivery.ANSWERED),
    ],
)
def test_limits_for_one_sort_of_failure(limit: str, delivery: Delivery) -> None:
    """``read=0`` of urllib3's ``Retry`` lets a request that was not answered be the last."""
    for most in (0, 1, 2):
        policy = RetryPolicy(max_attempts=9, **{limit: most})
        for other in set(Delivery) - {Delivery.REFUSED}:
            outcome = Outcome(other, 503 if other is Delivery.ANSWERED else None)
            waits = [_wait(policy=policy, outcome=outcome, attempt=n) for n in (1, 2, 3)]
            allowed = sum(wait is not None for wait in waits)
            assert allowed == (most if other is delivery else 3), other


def test_which_statuses_may_pass() -> None:
    """Every 5xx is worth another try, those of gateways too, but for two that are for good."""
    passing = {status for status in range(100, 600) if is_transient(status)}
    assert passing == {408, 429, *range(500, 600)} - {501, 505}
    assert not is_transient(None)


@pytest.mark.parametrize("told", [float("inf"), 1e300])
def test_a_wait_for_ever_is_not_begun(told: float) -> None:
    """A wait for ever is not begun, though the service asks for it."""
    assert _wait("GET", Outcome(Delivery.ANSWERED, 503, told), time_left=1e9) is None


@pytest.mark.parametrize("time_left", [0.0, -1.0, 0.25])
def test_no_wait_passes_the_deadline(time_left: float) -> None:
    """A wait that would pass the deadline is not begun."""
    assert _wait(time_left=time_left) is None
    assert _wait(time_left=0.26) == 0.25
    late = Outcome(Delivery.ANSWERED, 429, 0.0)
    assert _wait("GET", late, time_left=min(time_left, 0)) is None


def test_attempts_are_counted() -> None:
    """A client tries as often as it is allowed to, no more and no less."""
    policy = RetryPolicy(max_attempts=3)
    waits = [_wait(policy=policy, attempt=attempt) for attempt in (1, 2, 3, 4)]
    assert [wait is not None for wait in waits] == [True, True, False, False]
    assert _wait(policy=RetryPolicy(max_attempts=1)) is None


@pytest.mark.parametrize(
    ("setting", "policy"),
    [
        (None, RetryPolicy(5, 0.5, 8.0)),
        (RetryPolicy(2, 1.0, 2.0), RetryPolicy(2, 1.0, 2.0)),
        (False, RetryPolicy(max_attempts=1)),
        (0, RetryPolicy(max_attempts=1)),
        (7, RetryPolicy(max_attempts=8)),
        (Retry(3, backoff_factor=0.1, backoff_max=5), RetryPolicy(4, 0.1, 5)),
        (Retry(3, backoff_factor=0, backoff_max=0), RetryPolicy(4, 0.5, 8.0)),
        (Retry(0), RetryPolicy(1, 0.5, 120)),
        (Retry(False), RetryPolicy(1, 0.5, 120)),
        (Retry(total=None, read=2), RetryPolicy(5, 0.5, 120, read_retries=2)),
        (Retry(), RetryPolicy(11, 0.5, 120)),
        (Retry(5, connect=1, read=False, status=0), RetryPolicy(6, 0.5, 120, 1, 0, 0)),
        (SimpleNamespace(total=1, backoff_factor=2.0), RetryPolicy(2, 2.0, 8.0)),
    ],
)
def test_settings_that_stand_for_a_policy(setting: object, policy: RetryPolicy) -> None:
    """A number, ``False``, ``None`` and urllib3's ``Retry`` each stand for a policy."""
    assert RetryPolicy.of(setting) == policy


@pytest.mark.parametrize(
    "setting",
    [True, "3", 2.5, [], {}, object()]
    + [SimpleNamespace(total="3", backoff_factor=1.0), SimpleNamespace(total=3)],
)
def test_settings_that_stand_for_none(setting: object) -> None:
    """What stands for no policy is refused by the name of the setting."""
    with pytest.raises(ApiTypeError, match="retries"):
        RetryPolicy.of(setting)


@pytest.mark.parametrize(
    ("arguments", "name", "kind"),
    [
        ({"max_attempts": 0}, "max_attempts", ApiValueError),
        ({"max_attempts": True}, "max_attempts", ApiTypeError),
        ({"max_attempts": 2.0}, "max_attempts", ApiTypeError),
        ({"backoff_base": 0}, "backoff_base", ApiValueError),
        ({"backoff_base": "1"}, "backoff_base", ApiTypeError),
        ({"backoff_cap": -1}, "backoff_cap", ApiValueError),
        ({"backoff_cap": float("inf")}, "backoff_cap", ApiValueError),
        ({"read_retries": -1}, "read_retries", ApiValueError),
        ({"status_retries": "1"}, "status_retries", ApiTypeError),
    ],
)
def test_policies_that_cannot_be(
    arguments: dict[str, float], name: str, kind: type[Exception]
) -> None:
    """A policy that makes no sense is refused by the name of what is wrong."""
    with pytest.raises(kind, match=name):
        RetryPolicy(**arguments)  # type: ignore[arg-type]  # wrong on purpose


def test_policies_are_values() -> None:
    """A policy cannot be changed, can be pickled, and is equal to one of the same values."""
    policy = RetryPolicy(2)
    with pytest.raises(FrozenInstanceError):
        policy.max_attempts = 9  # type: ignore[misc]  # that is what must not work
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert len({policy, RetryPolicy(2)}) == 1
