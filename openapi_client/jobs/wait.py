"""Waiting until a key is as it should be."""

from collections.abc import Callable
from math import inf
from typing import Any

from .. import _checks
from .._core.clock import Clock
from ..exceptions import ApiException, ApiValueError, WaitFailedException, WaitTimeoutException
from ..values import KeyState, ValidationPhase, as_documented, documented
from .failures import transient_failure
from .find import checked_key
from .polling import Schedule
from .results import Key, Until


def wait_for_key(
    read: Callable[[float], object],
    *,
    until: Until,
    timeout: float,
    invalid_grace: float,
    on_progress: Callable[[Key], object] | None,
    clock: Clock,
) -> Key:
    """Read a key again and again until it is as it should be.

    Args:
        read: Reads the key, within so many seconds.
        until: The phase of validation or the state to wait for, or a condition on the key.
        timeout: Seconds.
        invalid_grace: Seconds for which the key may be ``INVALID`` while another phase is
            waited for.
        on_progress: Called with the key each time it was read.
        clock: The source of time.

    Raises:
        WaitFailedException: It stayed ``INVALID`` while another phase was waited for.
        WaitTimeoutException: It did not become so in time.
        ApiException: It cannot be read, for a reason that is not transient.
        TypeError: What was read is no key.
    """
    goal = Goal(until, timeout, invalid_grace)
    return look_until(goal, Schedule(goal.timeout, clock), read, on_progress, clock)


def look_until(
    goal: "Goal",
    schedule: Schedule,
    read: Callable[[float], object],
    on_progress: Callable[[Key], object] | None,
    clock: Clock,
) -> Key:
    """As ``wait_for_key``, for as long as the schedule lasts."""
    watch = KeyWatch(goal)
    while True:
        failure: ApiException | None = None
        try:
            key = checked_key(read(schedule.time_to_look()))
        except Exception as error:  # noqa: BLE001 - it is raised again, or waited out.
            failure = transient_failure(error)
            watch.error = error
        else:
            watch.error = None
            if on_progress:
                on_progress(key)
            if watch.is_reached(key, clock.monotonic()):
                return key
        if not schedule.sleep(failure, at_most=watch.grace_left(clock.monotonic())):
            raise watch.timed_out()


class Goal:
    """What is waited for, and how patiently. Raises ``ApiValueError`` for what is no goal."""

    def __init__(self, until: Until, timeout: float, invalid_grace: float = 0.0) -> None:
        self.until: Until = until if callable(until) else _phase_or_state(until)
        self.timeout: float = _checks.seconds("timeout", timeout)
        # Other goals do not depend on what the validation comes to.
        is_about_phase = self.until in (ValidationPhase.VALID, ValidationPhase.INITIALIZING)
        grace = _checks.seconds("invalid_grace", invalid_grace, may_be_zero=True)
        self.invalid_grace: float = grace if is_about_phase else inf

    def __str__(self) -> str:
        return "as wanted" if callable(self.until) else self.until


class KeyWatch:
    """What has been seen so far of one key that is waited for."""

    def __init__(self, goal: Goal) -> None:
        self._goal = goal
        self.key: Key | None = None
        """The key as it was last read."""
        self.error: Exception | None = None
        """What the last attempt to read it failed with."""
        self._fails_at = inf
        """When the key will have been ``INVALID`` for too long."""

    def is_reached(self, key: Key, now: float) -> bool:
        """Whether the key, just read, is as it should be.

        Raises ``WaitFailedException`` where it has been ``INVALID`` for too long.
        """
        self.key, until = key, self._goal.until
        if callable(until):
            return until(key)
        phase = _upper(_validation(key, "phase"))
        if phase != ValidationPhase.INVALID:
            self._fails_at = inf
        elif self._fails_at == inf:
            self._fails_at = now + self._goal.invalid_grace
        if until in (phase, _upper(key.state)):
            return True
        if now >= self._fails_at:
            raise WaitFailedException(f"key {key.id} is INVALID: {_reason(key)}", key)
        return False

    def grace_left(self, now: float) -> float:
        """The seconds after which the wait will have failed, unless the key becomes better."""
        return max(self._fails_at - now, 0.0)

    def timed_out(self) -> WaitTimeoutException:
        """The exception for the end of the wait."""
        key, error, said = self.key, self.error, "the key could not be read once"
        if key is not None:
            phase = _validation(key, "phase")
            why = f" ({_reason(key)})" if _upper(phase) == ValidationPhase.INVALID else ""
            said = f"key {key.id} is not {self._goal}: {phase}{why}, {key.state}"
        trouble = f"; the last attempt to read it failed: {error}" if error else ""
        text = f"after {self._goal.timeout:g} s {said}{trouble}"
        timed_out = WaitTimeoutException(text, key)
        timed_out.__cause__ = error
        return timed_out


def _phase_or_state(until: object) -> str:
    value = as_documented(_checks.text("until", until), ValidationPhase, KeyState)
    known = documented(ValidationPhase, KeyState)
    if value not in known:
        raise ApiValueError(
            f"until is {until!r}, which is no phase of validation and no state: it has to be one "
            f"of {', '.join(known)}, or a condition on the key"
        )
    return value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _reason(key: Key) -> str:
    return _validation(key, "message") or "no reason given"


def _validation(key: Key, name: str) -> Any:
    """What is said of the validation; a service of the first generation says nothing."""
    return getattr(key.validation, name, None)
