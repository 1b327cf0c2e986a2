"""Runs commands from the documentation as they stand, in a folder where a reader would."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from .console_script import environment_with, install_console_script
from .markdown import CodeBlock

_INSTALLS = re.compile(r"\bpip install\b")
_PORT = "8080"
_LEFT_OUT = shutil.ignore_patterns(".git", ".tox", ".venv", "build", "__pycache__", ".*_cache")


def needs_network(block: CodeBlock) -> bool:
    """Tell whether `block` fetches something from a package index."""
    return bool(_INSTALLS.search(block.text))


def run_shell_example(block: CodeBlock, root: Path, folder: Path) -> tuple[int, str]:
    """Run `block` as a script that stops at the first error; its status, and what it wrote.

    What installs something runs in a copy of the project, with an environment of its own, and as a
    newcomer who has no credentials. All else runs in an empty folder, where `python` and
    `confluent-byok` are those under test. What is left in the background is stopped.
    """
    place, programs = folder / "place", folder / "bin"
    if needs_network(block):
        shutil.copytree(root, place, ignore=_LEFT_OUT)
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        kept = {name: os.environ[name] for name in os.environ if not name.startswith("CONFLUENT_")}
        environment = {**kept, "PATH": f"{folder / 'venv' / 'bin'}:{os.environ['PATH']}"}
    else:
        place.mkdir()
        install_console_script(programs)
        (programs / "python").symlink_to(sys.executable)
        environment = environment_with(programs, {})
    return _run(block.text.replace(_PORT, str(_free_port())), place, environment, folder / "output")


def _run(script: str, place: Path, environment: dict[str, str], output: Path) -> tuple[int, str]:
    # To a file: what stays in the background would keep a pipe open.
    with output.open("w") as file:
        shell = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = shell.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
    return status, output.read_text(encoding="utf-8")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
