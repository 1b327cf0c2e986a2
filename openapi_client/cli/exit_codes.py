"""How a command ends: codes that a scheduler can act on, and the failure that carries one."""

from __future__ import annotations

from enum import IntEnum

TYPE_CHECKING = False  # See ``console``.
if TYPE_CHECKING:
    from collections.abc import Iterable


class ExitCode(IntEnum):
    """What the exit code of a command means. The numbers do not change."""

    DONE = 0
    """Everything that was asked for is done."""
    TRY_AGAIN = 1
    """Not done, or not known to be: the same command may succeed later, and does no harm."""
    WILL_NOT_HELP = 2
    """Refused, and the same command will be refused again: a person has to look."""
    NOT_AS_WANTED = 3
    """The service answered, and the key is not as it was wanted to be."""
    NOT_FOUND = 4
    """There is no such key."""
    USAGE = 64
    """The command, one of its files or its environment is wrong; nothing was sent."""
    INTERRUPTED = 130
    """Ended by Ctrl-C or SIGTERM."""


class CommandError(Exception):
    """A command cannot go on. Its text is one line that says what to do."""

    def __init__(self, code: ExitCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        """The exit code that goes with it."""


def combined(codes: Iterable[ExitCode]) -> ExitCode:
    """The exit code of a command that did several things, and went on after failures.

    ``TRY_AGAIN`` where any of them may succeed in another run, else the code of the first failure.
    """
    failures = [code for code in codes if code is not ExitCode.DONE]
    if ExitCode.TRY_AGAIN in failures:
        return ExitCode.TRY_AGAIN
    return failures[0] if failures else ExitCode.DONE
