"""The command line ``confluent-byok``: the keys of an organization, for shell jobs and people.

Nothing of the client is loaded before a command runs, so that help is there at once.
"""

from __future__ import annotations

import sys

from .._version import __version__
from .commands import COMMANDS, PROGRAM
from .console import Console
from .exit_codes import CommandError, ExitCode
from .signals import Interrupts

TYPE_CHECKING = False  # See ``console``.
if TYPE_CHECKING:
    from collections.abc import Sequence

_TAIL = """
All take --timeout, --endpoint, --proxy, --ca-file, --quiet, --verbose, --help.
Credentials come from the environment: CONFLUENT_CLOUD_API_KEY with
CONFLUENT_CLOUD_API_SECRET, or CONFLUENT_CLOUD_IDENTITY_POOL_ID with
CONFLUENT_CLOUD_IDENTITY_TOKEN_FILE.

exit codes: 0 done, 1 try again, 2 trying again will not help, 3 not as wanted,
4 not found, 64 usage, 130 interrupted

example:
  confluent-byok ensure arn:aws:kms:us-west-2:111122223333:key/1234abcd --wait
"""


def main(arguments: Sequence[str] | None = None, console: Console | None = None) -> int:
    """Run a command, and return its exit code.

    Args:
        arguments: The command and its arguments; those of the process by default.
        console: The streams to use; those of the process by default.
    """
    if arguments is not None or console is not None:
        given = sys.argv[1:] if arguments is None else arguments
        return int(_guarded([*given], console or Console()))
    # A scheduler that stops a job is told the same as a person who presses Ctrl-C. Where a program
    # calls this with arguments of its own, signals are that program's.
    interrupts = Interrupts()
    code = _guarded(sys.argv[1:], Console())
    interrupts.end()
    return int(code)


def _guarded(given: list[str], console: Console) -> ExitCode:
    """Run a command; whatever goes wrong becomes a line on stderr and an exit code."""
    try:
        code = _run(given, console)
        console.flush()
    except CommandError as error:
        console.error(str(error))
        code = error.code
    except KeyboardInterrupt:
        console.error("interrupted")
        code = ExitCode.INTERRUPTED
    except OSError as error:
        console.drop_data()
        console.error(f"the output cannot be written: {error.strerror or error}")
        code = ExitCode.TRY_AGAIN
    except Exception as error:  # noqa: BLE001  # Whatever it is, a traceback helps nobody here.
        console.error(f"internal error, please report it: {type(error).__name__}: {error}")
        _trace(given, console)
        code = ExitCode.WILL_NOT_HELP
    console.finish()
    return code


def _trace(arguments: list[str], console: Console) -> None:
    """Tell where an internal error came from, to who asked for details."""
    if {"-v", "--verbose"} & {*arguments}:
        import traceback

        for line in traceback.format_exc().splitlines():
            console.note(line)


def _run(arguments: list[str], console: Console) -> ExitCode:
    name = arguments[0] if arguments else "--help"
    if name not in COMMANDS:
        return _outside_commands(name, console)
    from .parsers import parse  # Nor is ``argparse`` loaded for the list of commands.

    try:
        run, options = parse(name, arguments[1:], console)
    except SystemExit:
        return ExitCode.DONE
    console.is_quiet = options.quiet
    return run(options, console)


def _outside_commands(name: str, console: Console) -> ExitCode:
    if name in {"-h", "--help"}:
        console.write(_help())
    elif name == "--version":
        console.write(f"{PROGRAM} {__version__}\n")
    elif name.startswith("-"):
        raise CommandError(
            ExitCode.USAGE, f"{name} has to follow a command: {PROGRAM} COMMAND [options]"
        )
    else:
        raise CommandError(ExitCode.USAGE, f"there is no command {name!r}; see {PROGRAM} --help")
    return ExitCode.DONE


def _help() -> str:
    commands = "".join(f"  {name:8}  {each.summary}\n" for name, each in COMMANDS.items())
    return f"usage: {PROGRAM} COMMAND [options]\n\n{commands}{_TAIL}"
