"""Deleting a key as soon as no cluster uses it."""

from collections.abc import Callable

from .._core.clock import Clock
from ..exceptions import ConflictException, NotFoundException, WaitTimeoutException
from ..values import KeyState
from .failures import failure_in, is_transient
from .polling import Schedule
from .results import Key
from .wait import Goal, look_until


def delete_when_available(
    read: Callable[[float], object],
    delete: Callable[[float], object],
    *,
    timeout: float,
    on_progress: Callable[[Key], object] | None,
    clock: Clock,
) -> None:
    """Delete a key once its state is ``AVAILABLE``, and again where the service still refuses.

    Args:
        read: Reads the key, within so many seconds.
        delete: Deletes it, within so many seconds.
        timeout: Seconds.
        on_progress: Called with the key each time it was read.
        clock: The source of time.

    Raises:
        WaitTimeoutException: It could not be deleted in time, mostly as a cluster still uses it.
        NotFoundException: There is no such key.
        ApiException: It cannot be read or deleted, for a reason that is not transient.
    """
    goal, schedule = Goal(KeyState.AVAILABLE, timeout), Schedule(timeout, clock)
    may_be_deleted = False
    key: Key | None = None
    while True:
        try:
            key = look_until(goal, schedule, read, on_progress, clock)
            delete(schedule.time_to_look())
        except Exception as error:
            failure = failure_in(error)
            if isinstance(failure, NotFoundException) and may_be_deleted:
                return
            is_in_use = isinstance(failure, ConflictException)
            if failure is None or not (is_in_use or is_transient(failure)):
                raise
            may_be_deleted |= not is_in_use
            if not schedule.sleep(failure):
                text = f"after {timeout:g} s the key could not be deleted: {error}"
                raise WaitTimeoutException(text, key) from error
        else:
            return
