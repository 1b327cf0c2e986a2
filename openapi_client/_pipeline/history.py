"""The attempts of one call, and what they mean for its outcome."""

from typing import Any

from .._core.attempts import Attempt, Delivery
from .._core.headers import Headers, server_delay
from ..exceptions import ApiException
from ..retry import Outcome, is_ambiguous


class CallHistory:
    """The attempts of one call, so far."""

    def __init__(self, method: str, url: str, retried_as: str) -> None:
        self.attempts: list[Attempt] = []
        self.counted = dict.fromkeys(Delivery, 0)
        """The failed attempts by how far they came; being told to wait is no failure."""
        self.outcome_unknown = False
        """Whether an attempt may have had its effect although no success was reported."""
        self._method = method
        self._path = url[url.find("/", 8) :].partition("?")[0]
        self._retried_as = retried_as

    def count(self, outcome: Outcome) -> None:
        """Take an attempt that was no success into account."""
        self.outcome_unknown |= is_ambiguous(self._retried_as, outcome)
        if not outcome.is_told_to_wait:
            self.counted[outcome.delivery] += 1

    def add(
        self,
        status: int | None,
        request_id: str | None,
        error: str | None,
        duration: float,
        wait: float | None,
    ) -> Attempt:
        """Note one more attempt."""
        attempt = Attempt(
            number=len(self.attempts) + 1,
            method=self._method,
            path=self._path,
            status=status,
            error=error,
            request_id=request_id,
            duration=duration,
            wait=wait,
        )
        self.attempts.append(attempt)
        return attempt

    def attach_to(self, error: ApiException) -> None:
        """Let the exception that ends the call say what came before it."""
        error.attempts = tuple(self.attempts)
        error.outcome_unknown = self.outcome_unknown


def outcome_of(answer: Any, failure: ApiException | None) -> Outcome:
    """What one attempt came to."""
    if failure is not None:
        # A transport that somebody put in place of ours does not say how far it came.
        unclear = failure.delivery is Delivery.ANSWERED
        return Outcome(Delivery.UNANSWERED if unclear else failure.delivery)
    delay = server_delay(answer.status, Headers.of(answer.getheaders()))
    return Outcome(Delivery.ANSWERED, answer.status, delay)
