"""Commands for a POSIX shell, and the checks of what goes into them."""

import shlex
from collections.abc import Callable
from typing import TypeVar

from ..exceptions import ApiValueError
from ..models._identifiers import one_line

T = TypeVar("T")


def command(program: str, *arguments: str, **options: str) -> str:
    """A command of a program and its subcommands; a shell reads the rest exactly as it is."""
    # With "=", a value that starts with a dash is not taken for an option.
    named = (f"--{name.replace('_', '-')}={value}" for name, value in options.items())
    return shlex.join([*program.split(), *arguments, *named])


def checked(parse: Callable[[str, object], T], name: str, value: object) -> T:
    """What ``parse`` makes of a field of a key; its ``ValueError`` becomes ``ApiValueError``."""
    try:
        return parse(name, value)
    except ValueError as error:
        raise ApiValueError(str(error)) from None


def principal(name: str, value: object) -> str:
    """Whom to give access: text that the service adds to a key, sometimes late."""
    if value is None or value == "":
        raise not_yet(name)
    return checked(one_line, name, value)


def not_yet(name: str) -> ApiValueError:
    """The service has not said whom to give access."""
    return ApiValueError(
        f"{name} is missing: the service has not named yet whom to give access; "
        "read the key again later"
    )


def in_turn(*commands: str) -> str:
    """One command that runs several, until one fails.

    In brackets, for ``sh -e`` goes on after a failure that is not the last of such a list.
    """
    return f"({' && '.join(commands)})"
