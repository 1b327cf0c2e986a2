"""Forward proxies: a real one, proxy.py in its own process, and the ways a CONNECT can fail."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from .fault_matrix import FaultCase, Outcome, Truth
from .faults import Drop, Send, Silence
from .replies import Reply, Step, html_reply
from .waiting import wait_for

_ACCESS = re.compile(r"^\S+ - ([A-Z]+) (\S+) - ", re.MULTILINE)


@dataclass(frozen=True)
class ForwardProxy:
    """A running proxy.py. `url` holds no login."""

    port: int
    _log: Path

    @property
    def url(self) -> str:
        """The proxy's URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[tuple[str, str]]:
        """Method and target of the requests whose connections have ended, in that order."""
        return _ACCESS.findall(self._log.read_text()) if self._log.exists() else []

    def wait_for_request(self, method: str, target: str) -> None:
        """Wait until such a request is in `requests`; let the client close first.

        Raises TimeoutError if it does not come.
        """
        wait_for(lambda: (method, target) in self.requests)


@contextlib.contextmanager
def forward_proxy(login: str | None = None) -> Generator[ForwardProxy, None, None]:
    """Run proxy.py on a free port. `login`, as `user:password`, is required of clients if given."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with _process(directory, login) as process:
            yield ForwardProxy(wait_for(lambda: _read_port(process, directory)), directory / "log")


@contextlib.contextmanager
def _process(directory: Path, login: str | None) -> Generator[subprocess.Popen[bytes], None, None]:
    options = {
        "--port": "0",
        "--port-file": directory / "port",
        "--log-file": directory / "log",
        "--log-format": "%(message)s",
        "--data-dir": directory / "data",
        "--cache-dir": directory / "cache",
        "--num-workers": "1",
        "--num-acceptors": "1",
    }
    if login is not None:
        options["--basic-auth"] = login
    command = [sys.executable, "-m", "proxy"]
    for option, value in options.items():
        command += [option, str(value)]
    with open(directory / "output", "wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=directory, start_new_session=True
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the proxy and the worker processes it has started, which are its process group."""
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(2)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read_port(process: subprocess.Popen[bytes], directory: Path) -> int | None:
    if process.poll() is not None:
        raise RuntimeError(f"proxy.py ended: {(directory / 'output').read_text()}")
    path = directory / "port"
    text = path.read_text() if path.exists() else ""
    return int(text) if text.endswith("\n") else None


def _connect_faults() -> Iterator[FaultCase]:
    refusals: dict[str, Step] = {
        "connect_407": html_reply(407, ("Proxy-Authenticate", 'Basic realm="proxy"')),
        "connect_403": html_reply(403),
        "connect_502": html_reply(502),
        "connect_503": html_reply(503, ("Retry-After", "1")),
        "connect_504": html_reply(504),
    }
    breaks: dict[str, Step] = {
        "connect_closed": Drop.after_reading(),
        "connect_reset": Drop.after_reading(reset=True),
        "connect_garbage": Send(b"SSH-2.0-OpenSSH_9.6\r\n"),
        "connect_then_close": Send(b"HTTP/1.1 200 Connection established\r\n\r\n"),
        "connect_then_garbage": Send(b"HTTP/1.1 200 Connection established\r\n\r\nno TLS here"),
    }
    truth = Truth.NOT_DELIVERED
    for name, step in refusals.items():
        yield FaultCase(name, _making(step), truth, (Outcome.NOT_SENT,))
    # A caller who is told that the outcome is unknown is less well served, but not deceived.
    careful = (Outcome.NOT_SENT, Outcome.NO_ANSWER)
    for name, step in breaks.items():
        yield FaultCase(name, _making(step), truth, careful)
    yield FaultCase("connect_silence", _making(Silence()), truth, careful, lasts=True)


def _making(step: Step) -> Callable[[Reply], Step]:
    return lambda reply: step


# What a proxy can do to the CONNECT that comes before a tunnelled request. The steps ignore the
# reply they are made of: `FaultServer([case.make(Reply())], then=Tunnel())` tunnels afterwards.
CONNECT_FAULTS: dict[str, FaultCase] = {case.name: case for case in _connect_faults()}
