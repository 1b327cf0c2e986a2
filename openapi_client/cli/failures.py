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
from ..jobs.failures import is_refused, is_transient
from .commands import PROGRAM
from .exit_codes import CommandError, ExitCode

FIND_OUT = "run the same command again in two minutes to find out"
"""What to do about an unknown outcome; lists of the service may lag so long."""
_HINTS: dict[type[Exception], str] = {
    UnauthorizedException: "check the credentials in the environment",
    ForbiddenException: "the key does not exist, or is not for these credentials to touch",
    PaymentRequiredException: "delete keys that nobody needs, or have the quota raised",
    NotFoundException: f"{PROGRAM} list shows the keys that there are",
    TooManyRequestsException: "run it again later",
    KeyMismatchException: "compare what was asked for with what is registered",
    WaitFailedException: f"let its owner allow what {PROGRAM} grants writes",
    WaitTimeoutException: "wait again, or longer",
}


def command_error(error: Exception) -> CommandError:
    """The failure of a command that a failure of the client is."""
    text = str(error).strip().rstrip(".")
    hint = _hint(error)
    return CommandError(_code(error), f"{text}; {hint}" if hint else text)


def is_for_all(error: CommandError) -> bool:
    """Whether the same would become of every other key; many wrong logins lock an account."""
    cause = error.__cause__
    return isinstance(cause, ApiException) and (cause.status == 401 or is_refused(cause))


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
        return FIND_OUT
    for kind, hint in _HINTS.items():
        if isinstance(error, kind):
            return hint
    return ""
