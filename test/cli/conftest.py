"""What the tests of the command line share: an emulator, and commands that run in this process."""

from collections.abc import Iterator
from io import StringIO

import pytest

from cli.running import Result, Run, Terminal
from openapi_client.cli import main
from openapi_client.cli.console import Console
from openapi_client.testing import ByokEmulator
from support.clock import FakeClock


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[ByokEmulator]:
    """The service, with its credentials where commands look for them."""
    with ByokEmulator(quota=None) as running:
        monkeypatch.setenv("CONFLUENT_CLOUD_ENDPOINT", running.url)
        monkeypatch.setenv("CONFLUENT_CLOUD_API_KEY", running.api_key)
        monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", running.api_secret)
        yield running


@pytest.fixture
def clock(emulator: ByokEmulator) -> FakeClock:
    """The time of the commands; that of the emulator moves with it."""
    return FakeClock(on_sleep=emulator.advance)


@pytest.fixture
def run(clock: FakeClock) -> Run:
    """Runs a command: `run("list", stdin="...", terminal=True)`."""

    def command(
        *arguments: str,
        stdin: str | StringIO = "",
        terminal: bool = False,
        environ: dict[str, str] | None = None,
    ) -> Result:
        stream = Terminal if terminal else StringIO
        source = stream(stdin) if isinstance(stdin, str) else stdin
        console = Console(source, stream(), stream(), environ or {}, clock)
        code = main(arguments, console)
        assert isinstance(console.stdout, StringIO)
        assert isinstance(console.stderr, StringIO)
        return Result(code, console.stdout.getvalue(), console.stderr.getvalue())

    return command
