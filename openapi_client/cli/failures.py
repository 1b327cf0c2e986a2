"""What a failure of the client means for a command: an exit code, and what to do."""

from ..exceptions import (
    ApiException,
    ConflictException,
    ForbiddenException,
    KeyMismatchException,
    NotFoundException,
    PaymentRequiredException,
    TooManyRequestsException,
    UnauthorizedException,
    WaitFailedException,
    WaitTimeoutException,
)
from ..jobs.failures import is_transient
from .exit_codes import CommandError, ExitCode

_HINTS: dict[type[Exception], str] = {
    UnauthorizedException: "check the credentials in the environment",
    ForbiddenException: "the key does not exist, or is not for these credentials to touch",
    PaymentRequiredException: "delete keys that nobody needs, or have the quota raised",
    NotFoundException: "confluent-byok list shows the keys that there are",
    TooManyRequestsException: "run it again later",
    KeyMismatchException: "compare what was asked for with what is registered",
    WaitFailedException: "let its owner allow what confluent-byok grants writes",
    WaitTimeoutException: "wait again, or longer",
}


def command_error(error: Exception) -> CommandError:
    """The failure of a command that a failure of the client is."""
    text = str(error).strip().rstrip(".")
    hint = _hint(error)
    return CommandError(_code(error), f"{text}; {hint}" if hint else text)


def _code(error: Exception) -> ExitCode:
    if isinstance(error, ValueError):
        return ExitCode.USAGE
    if isinstance(error, WaitTimeoutException):
        return ExitCode.TRY_AGAIN
    if isinstance(error, WaitFailedException | KeyMismatchException | ConflictException):
        return ExitCode.NOT_AS_WANTED
    if isinstance(error, NotFoundException):
        return ExitCode.NOT_FOUND
    if isinstance(error, ApiException) and (error.outcome_unknown or is_transient(error)):
        return ExitCode.TRY_AGAIN
    return ExitCode.WILL_NOT_HELP


def _hint(error: Exception) -> str:
    if getattr(error, "outcome_unknown", False):
        return "run the same command again to find out"
    for kind, hint in _HINTS.items():
        if isinstance(error, kind):
            return hint
    return ""
