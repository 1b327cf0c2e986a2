"""Help is there at once, fits a screen, and shows an example."""

import json
import subprocess
import sys
from importlib import import_module

import pytest

from cli.running import Run
from openapi_client import __version__
from openapi_client.cli import main
from openapi_client.cli.commands import COMMANDS
from openapi_client.values import KeyState, Provider, ValidationPhase, documented

_NAMES = [*COMMANDS]
_COMMON = ("--timeout", "--endpoint", "--proxy", "--ca-file", "--quiet", "--verbose", "--help")


def _loaded(*arguments: str) -> set[str]:
    """The top-level modules that a process has loaded after a command."""
    program = (
        "import sys; from openapi_client.cli import main; main(sys.argv[1:])\n"
        "import json; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [(), ("--help",), *((name, "--help") for name in _NAMES)])
def test_help_fits_a_screen(arguments: tuple[str, ...], run: Run) -> None:
    """Help of a command fits 80 columns and 24 lines, the prompt included, with an example."""
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80
    example = lines[lines.index("example:") + 1]
    assert example.strip().startswith("confluent-byok ")


@pytest.mark.parametrize("name", _NAMES)
def test_every_command_takes_what_all_take(name: str, run: Run) -> None:
    """What every command takes stands in the help of each."""
    out = run(name, "--help").out
    assert not [option for option in _COMMON if option not in out]


def test_help_names_the_documented_values(run: Run) -> None:
    """What a filter can be stands in the help, as a person would type it."""
    words = set(run("list", "--help").out.replace(",", " ").split())
    values = documented(Provider, KeyState, ValidationPhase)
    assert {value.lower().replace("_", "-") for value in values} <= words


def test_help_names_every_command(run: Run) -> None:
    """The list of commands is complete, and a call without any shows it."""
    out = run().out
    assert not [name for name in COMMANDS if f"\n  {name} " not in out]
    assert run("--help").out == run("-h").out == out


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("nonsense",)])
def test_help_loads_nothing(arguments: tuple[str, ...]) -> None:
    """The list of commands is shown without anything that is slow to load."""
    heavy = {"pydantic", "pydantic_core", "urllib3", "typing", "argparse", "dataclasses", "logging"}
    assert not _loaded(*arguments) & heavy


@pytest.mark.parametrize("name", _NAMES)
def test_help_of_a_command_loads_no_client(name: str) -> None:
    """Help of a command loads argparse, and nothing of the client or its dependencies."""
    loaded = _loaded(name, "--help")
    assert "argparse" in loaded
    assert not loaded & {"pydantic", "pydantic_core", "urllib3", "typing", "logging", "ssl"}


def test_version_is_told(run: Run) -> None:
    """A bug report can say which version it is about."""
    assert run("--version").out == f"confluent-byok {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("lst",), "there is no command 'lst'; see confluent-byok --help"),
        (("--quiet", "list"), "--quiet has to follow a command: confluent-byok COMMAND [options]"),
        (("wait",), "the following arguments are required: ID; see confluent-byok wait --help"),
        (("list", "--out", "csv"), "unrecognized arguments: --out csv"),
        (("list", "--output", "xml"), "invalid choice: 'xml'"),
        (("list", "--timeout", "0"), "'0' is no time: give seconds, or 15m, 2h, 5d"),
        (("list", "--timeout", "soon"), "'soon' is no time"),
        (("list", "--timeout", "nan"), "'nan' is no time"),
        (("list", "--timeout", "1000000001"), "'1000000001' is no time"),
        (("list", "--ca-file", "/no/such/file"), "'/no/such/file' cannot be read"),
        (("list", "--proxy", "http://me:s3cret@proxy:3128"), "set https_proxy in the environment"),
        (("wait", ""), "the id of a key is empty: is a variable not set?"),
        (("wait", "arn:aws:kms:r:1:key/k"), "confluent-byok find tells the id"),
        (("ensure",), "give an IDENTIFIER, or --from FILE"),
        (("ensure", "arn:x", "--from", "f"), "give an IDENTIFIER, or --from FILE"),
        (("ensure", "--from", "f", "--name", "n"), "--name stand in the file"),
        (("ensure", "arn:x", "--grants", "-o", "csv"), "--grants goes with --output"),
        (("ensure", "--from", "f", "--grants"), "--grants goes with --output json or jsonl"),
        (("delete", "cck-1"), "say confluent-byok delete --yes"),
    ],
)
def test_wrong_usage_is_told_in_a_line(arguments: tuple[str, ...], told: str, run: Run) -> None:
    """A wrong command line exits with 64, and a line says what to do; nothing is sent."""
    code, out, err = run(*arguments)
    assert (code, out) == (64, "")
    assert told in err
    assert err.count("\n") == 1
    assert "s3cret" not in err


def test_module_can_be_imported() -> None:
    """A tool that imports every module of the package runs no command by that."""
    assert import_module("openapi_client.__main__").main is main
