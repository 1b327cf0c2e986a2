"""The attempts of one call, and what each of them means for the next."""

from typing import Any

from .._core.attempts import Attempt, Delivery
from .._core.headers import Headers, RateLimit, retry_after
from ..exceptions import ApiException
from ..retry import Outcome, is_ambiguous


class Trail:
    """The attempts of one call, so far."""

    def __init__(self, method: str, path: str, retried_as: str) -> None:
        self.attempts: list[Attempt] = []
        self.may_have_acted = False
        """Whether an attempt may have had its effect although no success was reported."""
        self._method = method
        self._path = path
        self._retried_as = retried_as

    def add(
        self,
        outcome: Outcome,
        answer: Any,
        failure: ApiException | None,
        duration: float,
        wait: float | None,
    ) -> None:
        """Note one more attempt."""
        self.may_have_acted |= is_ambiguous(self._retried_as, outcome)
        request_id = None if answer is None else Headers(answer.getheaders()).get("X-Request-Id")
        self.attempts.append(
            Attempt(
                number=len(self.attempts) + 1,
                method=self._method,
                path=self._path,
                status=outcome.status,
                error=None if failure is None else failure.reason,
                request_id=request_id,
                duration=duration,
                wait=wait,
            )
        )

    def tell(self, error: ApiException) -> None:
        """Let the exception that ends the call know what came before it."""
        error.attempts = tuple(self.attempts)
        error.outcome_unknown = self.may_have_acted


def outcome_of(answer: Any, failure: ApiException | None) -> Outcome:
    """What an attempt came to."""
    if failure is not None:
        # A transport that somebody put in place of ours does not say how far it came.
        told_nothing = failure.delivery is Delivery.ANSWERED
        return Outcome(Delivery.UNANSWERED if told_nothing else failure.delivery)
    headers = Headers(answer.getheaders())
    told = retry_after(headers)
    if told is None and answer.status == 429:
        told = RateLimit.from_headers(headers).reset
    return Outcome(Delivery.ANSWERED, answer.status, told)
