"""How the arguments of each command are parsed."""

from __future__ import annotations

from importlib import import_module

from .arguments import FORMATS, Parser, add_common, key_id, seconds
from .commands import COMMANDS
from .console import Console

TYPE_CHECKING = False  # See ``console``.
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from .exit_codes import ExitCode

    Run = Callable[[Namespace, Console], ExitCode]

_ALL, _EACH = "time for the whole command", "time for each key"
"""What ``--timeout`` limits."""
_TIMEOUT, _WAIT = 300.0, 900.0
"""Seconds, where none are given."""


def parse(name: str, arguments: list[str], console: Console) -> tuple[Run, Namespace]:
    """What runs a command, and its arguments.

    Raises ``CommandError`` for wrong ones, and ``SystemExit`` after help.
    """
    options = _PARSERS[name](console).parse_args(arguments)
    module = import_module(f".{COMMANDS[name].module}", __package__)
    run: Run = getattr(module, f"{name}_command")
    return run, options


def _parser(console: Console, name: str, usage: str, *examples: str, more: str = "") -> Parser:
    summary = f"{COMMANDS[name].summary}{more}"
    return Parser(console, name, f"{name} {usage} [options]", summary, examples)


def _list(console: Console) -> Parser:
    parser = _parser(
        console,
        "list",
        "",
        "list --state in-use --output csv",
        more="\nA key has to meet all that is asked for.",
    )
    parser.option("--provider", metavar="CLOUD", help="aws, azure or gcp")
    parser.option("--state", help="available or in-use")
    parser.option("--name", metavar="TEXT", help="a part of the display name")
    parser.option("--phase", help="initializing, valid or invalid")
    parser.option("--region", help="the cloud region of the key")
    parser.option("--key", metavar="TEXT", help="a part of the identifier in the cloud")
    add_common(parser, limits=_ALL, timeout=_TIMEOUT, formats=FORMATS, default="table")
    return parser


def _show(console: Console) -> Parser:
    parser = _parser(console, "show", "ID|IDENTIFIER", "show cck-12345 --output json")
    parser.option("key", metavar="ID|IDENTIFIER", help="cck-..., or what the cloud calls the key")
    add_common(parser, limits=_ALL, timeout=_TIMEOUT, formats=FORMATS, default="table")
    return parser


def _find(console: Console) -> Parser:
    parser = _parser(
        console,
        "find",
        "IDENTIFIER",
        "find arn:aws:kms:us-west-2:111122223333:key/1234abcd",
        more="\nExits with 4 where the key is not registered.",
    )
    parser.option("identifier", metavar="IDENTIFIER", help="what the cloud calls the key")
    add_common(parser, limits=_ALL, timeout=_TIMEOUT, formats=FORMATS, default="id")
    return parser


def _ensure(console: Console) -> Parser:
    parser = _parser(
        console,
        "ensure",
        "(IDENTIFIER | --from FILE)",
        "ensure --from keys.csv --wait --output jsonl",
    )
    parser.option("identifier", nargs="?", metavar="IDENTIFIER", help="what the cloud calls it")
    parser.option("--from", dest="file", metavar="FILE", help="CSV or JSON lines, - for stdin")
    parser.option("--tenant", metavar="ID", help="Azure: the tenant of the key")
    parser.option("--vault", metavar="ID", help="Azure: the resource id of its vault")
    parser.option("--name", help="the display name of a key that is registered now")
    parser.option(
        "--wait",
        nargs="?",
        type=seconds,
        const=_WAIT,
        metavar="SECONDS",
        help=f"wait until it is valid ({_WAIT:g})",
    )
    parser.option("--grants", action="store_true", help="write what its owner must allow, too")
    add_common(parser, limits=_EACH, timeout=_TIMEOUT, formats=FORMATS, default=None)
    return parser


def _grants(console: Console) -> Parser:
    parser = _parser(
        console,
        "grants",
        "ID",
        "grants cck-12345 | sh -e",
        "grants cck-12345 --merge policy.json > merged.json",
    )
    parser.option("id", type=key_id, metavar="ID", help="cck-...")
    parser.option("--merge", metavar="POLICY", help="AWS: write this policy (- for stdin) merged")
    add_common(
        parser, limits=_ALL, timeout=_TIMEOUT, formats=("commands", "json"), default="commands"
    )
    return parser


def _audit(console: Console) -> Parser:
    parser = _parser(
        console,
        "audit",
        "ID POLICY",
        "audit cck-12345 policy.json",
        more="\nPOLICY is the policy of the key (AWS, Google Cloud) or the role assignments\n"
        "of its vault (Azure). Exits with 3 where access is not complete.",
    )
    parser.option("id", type=key_id, metavar="ID", help="cck-...")
    parser.option("policy", metavar="POLICY", help="JSON file of what the cloud has, - for stdin")
    add_common(parser, limits=_ALL, timeout=_TIMEOUT, formats=("text", "json"), default="text")
    return parser


def _wait(console: Console) -> Parser:
    parser = _parser(console, "wait", "ID...", "wait cck-12345 --until valid --timeout 15m")
    parser.option("ids", nargs="+", type=key_id, metavar="ID", help="cck-...")
    parser.option("--until", default="VALID", metavar="PHASE", help="or a state (default valid)")
    add_common(parser, limits="time to wait", timeout=_WAIT, formats=FORMATS, default="id")
    return parser


def _rename(console: Console) -> Parser:
    parser = _parser(console, "rename", "ID NAME", "rename cck-12345 'billing cluster'")
    parser.option("id", type=key_id, metavar="ID", help="cck-...")
    parser.option("name", metavar="NAME", help="the new display name")
    add_common(parser, limits=_ALL, timeout=_TIMEOUT, formats=FORMATS, default="id")
    return parser


def _delete(console: Console) -> Parser:
    parser = _parser(
        console,
        "delete",
        "ID...",
        "delete cck-12345 --when-available 5d --yes",
        more="\nWhat is encrypted with a key is lost with it. Asks first, on a terminal.",
    )
    parser.option("ids", nargs="+", type=key_id, metavar="ID", help="cck-...")
    parser.option(
        "--when-available",
        type=seconds,
        metavar="SECONDS",
        help="wait until no cluster uses it",
    )
    parser.option("-y", "--yes", action="store_true", help="do not ask")
    add_common(parser, limits=_EACH, timeout=_TIMEOUT, formats=(), default="id")
    return parser


_PARSERS = {
    "list": _list,
    "show": _show,
    "find": _find,
    "ensure": _ensure,
    "grants": _grants,
    "audit": _audit,
    "wait": _wait,
    "rename": _rename,
    "delete": _delete,
}
