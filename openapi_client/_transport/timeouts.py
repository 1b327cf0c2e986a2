"""The time that a call may take: one deadline for all of it, and limits for one attempt."""

from .. import _checks
from .._core.clock import Clock
from .._core.typeguards import is_list_or_tuple
from ..configuration import Configuration
from ..exceptions import ApiTypeError

_LONGEST = 2_000_000.0
"""Seconds that any system's sockets can wait: some count milliseconds in 32 bits."""


class CallTimeout(tuple[float, float]):
    """The pair (connect, read) of seconds for one attempt, with the deadline of the call.

    It is what the stages of a call hand on as ``_request_timeout``, so that an override of
    ``call_api`` sees the pair that it knows.
    """

    deadline: float
    clock: Clock

    @classmethod
    def of(
        cls, request_timeout: object, configuration: Configuration, clock: Clock
    ) -> "CallTimeout":
        """What ``_request_timeout`` asks for, from now on.

        A number is the budget of the whole call in seconds, a pair the limits of one attempt: for
        connecting, and for receiving or sending a part. Raises ``ApiValueError`` for anything else.
        """
        if isinstance(request_timeout, CallTimeout):
            return request_timeout
        connect, read = configuration.connect_timeout, configuration.read_timeout
        budget = configuration.deadline
        name = "_request_timeout"
        if request_timeout is None:
            pass
        elif is_list_or_tuple(request_timeout):
            if len(request_timeout) != 2:
                raise ApiTypeError(f"{name} has to be a number or a pair (connect, read)")
            connect, read = (_checks.seconds(name, part) for part in request_timeout)
        else:
            budget = _checks.seconds(name, request_timeout)
        timeout = cls((min(connect, _LONGEST), min(read, _LONGEST)))
        timeout.deadline = clock.monotonic() + budget
        timeout.clock = clock
        return timeout

    def left(self) -> float:
        """The seconds until the deadline, below 0 where it has passed."""
        return self.deadline - self.clock.monotonic()
