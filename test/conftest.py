"""What holds for every test: a clean environment, and no way off this machine."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import is_hypothesis_test, settings

from support.properties import load_profiles

_HERE = Path(__file__).parent
# Each needs tools that a plain test run does not have, and a tox environment that brings them.
_OPT_IN = ("bench", "compat", "package", "parity")
# What these find does not depend on the interpreter, or takes tools that are slow to install.
_ONCE = (
    "conformance",
    "simulation",
    "sdk",
    "structure",
    "support_tests",
    "types",
    "test_automation.py",
    "test_documentation.py",
    "test_fleet.py",
    "test_guides.py",
    "test_project.py",
    "test_migrating.py",
    "test_release_checks.py",
    # Programs by the dozen, and calls by the thousand: what they find is the same everywhere.
    "cli/test_shell.py",
    "cli/test_terminal.py",
    "jobs/test_campaign.py",
    "network/test_campaign.py",
)

load_profiles()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switches of the tox environments that test more than a plain run does."""
    for name in _OPT_IN:
        parser.addoption(f"--{name}", action="store_true", help=f"collect test/{name} too")
    parser.addoption("--quick", action="store_true", help="leave out what one interpreter can say")
    parser.addoption("--conformance", action="store_true", help="try many more requests")
    parser.addoption("--install", action="store_true", help="run what installs packages")
    parser.addoption("--simulation", action="store_true", help="simulate 100,000 worlds")
    parser.addoption("--campaign", action="store_true", help="make many more calls, for minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Draw few values for property tests where the same tests draw all of them elsewhere."""
    if config.getoption("quick") and not config.getoption("--hypothesis-profile"):
        settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """Leave ten thousand tests out of what is looked through for garbage, again and again."""
    gc.collect()
    gc.freeze()


def _heed_interrupts() -> None:
    """Heed Ctrl-C where a shell has what runs in the background ignore it.

    Programs that a test starts, to interrupt them, would ignore it as well.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


_heed_interrupts()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass by the folders that nobody asked for."""
    if not collection_path.is_relative_to(_HERE):
        return None
    name = collection_path.relative_to(_HERE).as_posix()
    unasked = name in _OPT_IN and not config.getoption(name)
    return True if unasked or (name in _ONCE and config.getoption("quick")) else None


def _stay_on_this_machine(event: str, args: tuple[object, ...]) -> None:
    """Refuse a connection to anywhere but loopback, whichever library asks for it."""
    if event != "socket.connect" or not isinstance(args[1], tuple):
        return
    host = str(args[1][0])
    if host not in {"localhost", "::1"} and not host.startswith("127."):
        # No OSError: the client would take that for a failure of the network.
        raise RuntimeError(f"a test tried to reach {host}")


sys.addaudithook(_stay_on_this_machine)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let the values that a property test draws reach no line for the measured coverage.

    What only they reach would be tested by chance; and to measure them takes as long as the tests.
    """
    measured = Coverage.current() if is_hypothesis_test(getattr(item, "obj", None)) else None
    if measured is None:
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies and credentials of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith("CONFLUENT_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
