"""A program in a terminal: what a person types, and what is on the screen in the end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_CODE = re.compile(r"\x1b\[[0-9;]*([A-Za-z])")
_LONGEST = 60.0
"""Seconds for which a program may say nothing."""


@dataclass
class TerminalRun:
    """What a program did in a terminal."""

    code: int
    """Its exit code."""
    text: str
    """All that it wrote, control codes included."""
    screen: list[str] = field(init=False)
    """The lines on the screen in the end, without colors."""

    def __post_init__(self) -> None:
        self.screen = _screen(self.text)


def run_in_terminal(
    command: Sequence[str],
    env: Mapping[str, str],
    answers: Mapping[str, str] | None = None,
    *,
    columns: int = 80,
) -> TerminalRun:
    """Run a program in a terminal, and type an answer once its text is on the screen.

    Raises:
        TimeoutError: the program said nothing for a minute.
    """
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=env,
        # A session of its own, whose terminal this is: so Ctrl-C arrives.
        preexec_fn=_take_terminal,  # noqa: PLW1509 - no thread of the test holds a lock here
    )
    os.close(terminal)
    try:
        text = _talk(controller, dict(answers or {}))
        return TerminalRun(process.wait(timeout=_LONGEST), text)
    finally:
        process.kill()
        process.wait()
        os.close(controller)


def _take_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _talk(controller: int, answers: dict[str, str]) -> str:
    content = b""
    end = time.monotonic() + _LONGEST
    while True:
        ready, _, _ = select.select([controller], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise TimeoutError(f"the program said nothing more after {content!r}")
        try:
            piece = os.read(controller, 65536)
        except OSError:  # Linux says so when nobody holds the other end any more.
            piece = b""
        if not piece:
            return content.decode()
        content += piece
        for question in [each for each in answers if each.encode() in content]:
            os.write(controller, answers.pop(question).encode())


def _screen(text: str) -> list[str]:
    """What is left on a screen that is long enough: carriage returns and erasing obeyed."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        shown = ""
        for part in line.split("\r"):
            erased = part.rpartition("\x1b[K")
            shown = erased[2] if erased[1] else part + shown[len(part) :]
        lines.append(_CODE.sub("", shown))
    return lines
