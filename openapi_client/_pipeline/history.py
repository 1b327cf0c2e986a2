"""The attempts of one call, and what they mean for its outcome."""

from collections.abc import Mapping
from typing import Any

from .._core.attempts import Attempt, Delivery
from .._core.headers import Headers, server_delay
from ..exceptions import ApiException
from ..retry import Outcome, is_ambiguous
from .call import Call

_NONE_COUNTED = dict.fromkeys(Delivery, 0)


class CallHistory:
    """The attempts of one call, so far."""

    def __init__(self, call: Call[Any], url: str, headers: Mapping[str, str]) -> None:
        self.headers = headers
        """The headers of the last request."""
        self.attempts: list[Attempt] = []
        self.counted = _NONE_COUNTED.copy()
        """The failed attempts by how far they came; being told to wait is no failure."""
        self.outcome_unknown = False
        """Whether an attempt may have had its effect although no success was reported."""
        self._call = call
        self._path = url[url.find("/", 8) :].partition("?")[0]

    def count(self, outcome: Outcome) -> None:
        """Take an attempt that was no success into account."""
        self.outcome_unknown |= is_ambiguous(self._call.retried_as, outcome)
        if not outcome.is_told_to_wait:
            self.counted[outcome.delivery] += 1

    def add(self, **facts: Any) -> Attempt:
        """Note one more attempt."""
        number = len(self.attempts) + 1
        attempt = Attempt(number=number, method=self._call.method, path=self._path, **facts)
        self.attempts.append(attempt)
        return attempt

    def attach_to(self, error: ApiException) -> None:
        """Let the exception that ends the call say what came before it."""
        error.attempts = tuple(self.attempts)
        error.outcome_unknown = self.outcome_unknown
        if error.status is None:
            error.status = 0  # As where a transport of ours had no answer.


def outcome_of(answer: Any, failure: ApiException | None) -> Outcome:
    """What one attempt came to."""
    if failure is not None:
        # A transport that somebody put in place of ours does not say how far it came.
        unclear = failure.delivery is Delivery.ANSWERED
        delivery = Delivery.UNANSWERED if unclear else failure.delivery
        # The head of an answer whose body broke off may have said how long to wait.
        return Outcome(delivery, server_delay=failure.retry_after)
    delay = server_delay(answer.status, Headers.of(answer.getheaders()))
    return Outcome(Delivery.ANSWERED, answer.status, delay)
