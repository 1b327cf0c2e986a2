"""What can be given to every command, how it is checked, and how help is laid out."""

from __future__ import annotations

import argparse
from os import R_OK, access

from .commands import PROGRAM
from .console import Console
from .exit_codes import CommandError, ExitCode

TYPE_CHECKING = False  # See ``console``.
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

FORMATS = ("table", "json", "jsonl", "csv", "id")
_WIDTH = 80
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Parser(argparse.ArgumentParser):
    """A parser of one command; usage errors become ``CommandError``."""

    def __init__(
        self, console: Console, command: str, usage: str, summary: str, examples: Sequence[str]
    ) -> None:
        super().__init__(
            prog=f"{PROGRAM} {command}".rstrip(),
            usage=f"{PROGRAM} {usage}",
            description=summary,
            epilog="\n".join(["example:", *(f"  {PROGRAM} {each}" for each in examples)]),
            formatter_class=_Formatter,
            add_help=False,
            # What is short for one option today may be short for two tomorrow.
            allow_abbrev=False,
        )
        self._console = console
        # argparse has no public name for the class.
        self.options: argparse._ArgumentGroup = (  # pyright: ignore[reportPrivateUsage]
            self.add_argument_group("arguments")
        )
        """All arguments in one group: so help stays on one screen."""

    def option(self, *names: str, **settings: Any) -> None:
        """Add an argument."""
        self.options.add_argument(*names, **settings)

    def print_help(self, file: Any = None) -> None:
        """Write the help to stdout, which is where a person who asks for it looks."""
        self._console.write(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Refuse the command line."""
        raise CommandError(ExitCode.USAGE, f"{message}; see {self.prog} --help")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help for a screen of 80 columns, whatever the terminal has."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=_WIDTH - 1)


def add_common(
    parser: Parser, *, limits: str, timeout: float, formats: Sequence[str], default: str | None
) -> None:
    """Add what every command takes.

    Args:
        parser: The parser of the command.
        limits: What ``--timeout`` limits.
        timeout: The seconds that it is where none are given.
        formats: The forms that the output of the command can have; none for no choice.
        default: The one that it has where none is chosen; ``None`` where that depends.
    """
    if formats:
        *others, last = (f"{each} (default)" if each == default else each for each in formats)
        told = f"(or -o) {', '.join(others)} or {last}"
        settings: dict[str, Any] = {"choices": formats, "default": default, "metavar": "FORMAT"}
        parser.option("--output", help=told, **settings)
        parser.option("-o", dest="output", help=argparse.SUPPRESS, **settings)
    limit: dict[str, Any] = {"type": seconds, "default": timeout, "metavar": "SECONDS"}
    parser.option("--timeout", help=f"{limits} (default {timeout:g})", **limit)
    parser.option("--endpoint", metavar="URL", help="another address of the service")
    parser.option("--proxy", type=_proxy, metavar="URL", help='a proxy, or "" for none')
    parser.option("--ca-file", type=_file, metavar="FILE", help="CA certificates to trust")
    parser.option("-q", "--quiet", action="store_true", help="tell of failures only")
    parser.option("-v", "--verbose", action="store_true", help="tell each request")
    parser.option("-h", "--help", action="help", help="show this and exit")


def seconds(text: str) -> float:
    """A time that ends: a number of seconds, or one with a unit: 90, 15m, 2h, 5d."""
    from .. import _checks  # Loads models, which help and completion do without.

    number, unit = (text[:-1], text[-1:]) if text[-1:] in _UNITS else (text, "s")
    try:
        return _checks.seconds("the time", float(number) * _UNITS[unit])
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: give seconds, or 15m, 2h, 5d"
        ) from None


def key_id(text: str) -> str:
    """The id of a key; what names a key in its cloud is refused with a hint."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the id of a key is empty: is a variable not set?")
    if is_identifier(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no id of a key (cck-...): {PROGRAM} find tells the id"
        )
    return text


def is_identifier(text: str) -> bool:
    """Whether a text names a key in its cloud rather than at Confluent."""
    return "/" in text or text.startswith("arn:")


def _proxy(text: str) -> str:
    if "@" in text:
        # Everyone on the machine can read the arguments of a process.
        raise argparse.ArgumentTypeError(
            "a password does not belong into an argument: set https_proxy in the environment"
        )
    return text


def _file(text: str) -> str:
    if not access(text, R_OK):
        raise argparse.ArgumentTypeError(f"{text!r} cannot be read: is the path right?")
    return text
