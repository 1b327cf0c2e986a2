"""Waiting until a key is as it should be (contract, sections 2.3 and 4.4)."""

import random
from collections.abc import Callable
from typing import Any

from .. import _checks
from .._core.attempts import Delivery
from .._core.clock import Clock
from ..exceptions import (
    ApiException,
    ApiResponseException,
    ApiValueError,
    WaitFailedException,
    WaitTimeoutException,
)
from ..models.get_byok_v1_key200_response import GetByokV1Key200Response

Key = GetByokV1Key200Response
Until = str | Callable[[Key], bool]
"""A phase of validation, a state, or a condition on the key."""
_STATES = frozenset({"AVAILABLE", "IN_USE"})
_FIRST_PAUSE, _GROWTH = 1.0, 1.5
_LONGEST_PAUSES = 30.0, 900.0
"""Seconds: the first for waits of minutes, the second for waits of days."""


def wait_for_key(
    read: Callable[[float], object],
    *,
    until: Until,
    timeout: float,
    on_progress: Callable[[Key], object] | None,
    clock: Clock,
) -> Key:
    """Read a key again and again until it is as it should be.

    Args:
        read: Reads the key, within so many seconds.
        until: The phase of validation or the state to wait for, or a condition on the key.
        timeout: Seconds.
        on_progress: Called with the key each time it was read.
        clock: The source of time.

    Raises:
        WaitFailedException: It became ``INVALID`` while another phase was waited for.
        WaitTimeoutException: It did not become so in time.
        ApiException: It cannot be read, for a reason that will not pass.
    """
    if not callable(until) and not _checks.text("until", until):
        raise ApiValueError("until is empty: it is a phase of validation, a state, or a condition")
    end = clock.monotonic() + _checks.seconds("timeout", timeout)
    # The last sleep ends early enough to read the key once more.
    last_read = min(1.0, timeout / 10)
    few, many = _LONGEST_PAUSES
    longest = min(max(few, timeout / 100), many)
    pause, key = _FIRST_PAUSE, None
    while True:
        trouble: ApiException | None = None
        try:
            # A sleep may have taken longer than it should.
            key = _checked(read(max(last_read, end - clock.monotonic())))
        except ApiException as error:
            if not may_pass(error):
                raise
            trouble = error
        else:
            if on_progress:
                on_progress(key)
            if _is_reached(key, until):
                return key
        left = end - last_read - clock.monotonic()
        told = (trouble and trouble.retry_after) or 0.0
        if left <= told:
            raise WaitTimeoutException(_late(timeout, until, key, trouble), key) from trouble
        clock.sleep(min(max(told, pause * random.uniform(0.5, 1.0)), left))
        pause = min(pause * _GROWTH, longest)


def may_pass(error: ApiException) -> bool:
    """Whether a read that failed so may succeed when it is tried again later."""
    if error.delivery is Delivery.REFUSED:
        return False
    # Without a status there was no answer, and with one of success no readable one.
    status = error.status or 200
    return status < 300 or status in {408, 429} or (status >= 500 and status != 501)


def _checked(answer: object) -> Key:
    if isinstance(answer, Key):
        return answer
    raise ApiResponseException(reason="the answer is no key")


def _is_reached(key: Key, until: Until) -> bool:
    if callable(until):
        return until(key)
    phase = _told(key, "phase")
    if until in (phase, key.state):
        return True
    if phase == "INVALID" and until not in _STATES:
        why = _told(key, "message") or "no reason given"
        raise WaitFailedException(f"key {key.id} is INVALID: {why}", key)
    return False


def _told(key: Key, name: str) -> Any:
    """What is said of the validation; a service of the first generation says nothing."""
    return getattr(key.validation, name, None)


def _late(timeout: float, until: Until, key: Key | None, trouble: ApiException | None) -> str:
    if key is None:
        said = "the key could not be read once"
    else:
        goal = "as wanted" if callable(until) else until
        said = f"key {key.id} is not {goal}: {_told(key, 'phase')}, {key.state}"
    failure = f"; the last attempt to read it failed: {trouble}" if trouble else ""
    return f"after {timeout:g} s {said}{failure}"
