"""What a failed call means to a job: whether to ask again, and whether it may have acted.

A wrapper may raise exceptions of its own from a stage that it overrides. The jobs then judge by
the ``ApiException`` that they were raised from (``raise Mine(...) from error``), and raise the
wrapper's own where they give up. An exception without an ``ApiException`` behind it ends a job.
"""

from .._core.attempts import Delivery
from ..exceptions import ApiException, OpenApiException
from ..retry import Outcome, is_ambiguous
from ..retry import is_transient as is_transient_status


def failure_in(error: BaseException | None) -> ApiException | None:
    """The failed call that an exception stands for; ``None`` where it is about something else."""
    while error is not None and not isinstance(error, OpenApiException):
        error = error.__cause__
    return error if isinstance(error, ApiException) else None


def transient_failure(error: Exception) -> ApiException:
    """The failed call that an exception stands for; any other that is not transient is raised."""
    failure = failure_in(error)
    if failure is None or not is_transient(failure):
        raise error
    return failure


def is_refused(failure: ApiException) -> bool:
    """Whether asking again would not help, and might do harm: certificates, a proxy's login."""
    return failure.delivery is Delivery.REFUSED or failure.status == 407


def may_be_passed_over(failure: ApiException | None) -> bool:
    """Whether a job may ask something else at once after a read that failed so.

    Not after one that was refused, or that said how long to wait.
    """
    return failure is not None and not is_refused(failure) and not failure.retry_after


def is_transient(failure: ApiException) -> bool:
    """Whether a read that failed so may succeed when it is tried again later."""
    if failure.delivery is Delivery.REFUSED:
        return False
    # Without a status there was no answer, and with one of success no readable one.
    status = failure.status or 200
    return status < 300 or is_transient_status(status)


def may_have_registered(failure: ApiException) -> bool:
    """Whether a registration that failed so may have had its effect all the same."""
    # A wrapper may raise before ``outcome_unknown`` is set, so the delivery is judged as well.
    outcome = Outcome(failure.delivery, failure.status, failure.retry_after)
    return failure.outcome_unknown or is_success(failure) or is_ambiguous("POST", outcome)


def is_success(failure: ApiException) -> bool:
    """Whether the service said that the call succeeded, in an answer that cannot be read."""
    return 200 <= (failure.status or 0) <= 299
