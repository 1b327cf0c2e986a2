"""The streams of a command: data goes to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
from io import StringIO

from .commands import PROGRAM
from .text import cut, printable

TYPE_CHECKING = False  # As that of ``typing``, which would take a third of the time of --help.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TextIO

    from .._core.clock import Clock

_CLEAR_LINE = "\r\x1b[K"


class Console:
    """Where a command writes to and asks.

    Data is UTF-8, as in files, wherever it neither comes from a terminal nor goes to one. A
    reader of stdout that has gone away (a broken pipe) is no failure: ``is_read`` turns false, and
    what is written after that is dropped.

    Args:
        stdin: Where answers to questions and files named ``-`` are read from.
        stdout: Where data goes.
        stderr: Where notes, progress and errors go.
        environ: The environment; ``NO_COLOR`` and ``TERM`` count.
        clock: The source of time.
    """

    def __init__(
        self,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        environ: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        # A process that was started with a stream closed has None in its place.
        self.stdin: TextIO = stdin or sys.stdin or StringIO()
        self.stdout: TextIO = stdout or sys.stdout or StringIO()
        self.stderr: TextIO = stderr or sys.stderr or StringIO()
        self._clock = clock
        self.is_read: bool = True
        """Whether anybody still reads stdout."""
        self.is_quiet = False
        """Whether notes and progress are left out."""
        self._environ = os.environ if environ is None else environ
        self._status = ""
        if not self.stdin.isatty():
            _set_encoding(self.stdin, encoding="utf-8", errors="strict")
        # A character that the encoding lacks is written as an escape.
        for stream in (self.stdout, self.stderr):
            _set_encoding(stream, errors="backslashreplace")
        if not self.stdout.isatty():
            _set_encoding(self.stdout, encoding="utf-8")

    @property
    def clock(self) -> Clock:
        """The source of time."""
        if self._clock is None:
            from .._core.clock import SystemClock

            self._clock = SystemClock()
        return self._clock

    @property
    def is_interactive(self) -> bool:
        """Whether a person can be asked, and can answer."""
        return self.stdin.isatty() and self.stderr.isatty()

    @property
    def shows_progress(self) -> bool:
        """Whether a line that is drawn again and again makes sense on stderr."""
        return not self.is_quiet and self.stderr.isatty() and not self._is_dumb

    @property
    def has_color(self) -> bool:
        """Whether data may be colored."""
        return self.stdout.isatty() and not self._is_dumb and not self._environ.get("NO_COLOR")

    @property
    def _is_dumb(self) -> bool:
        return self._environ.get("TERM") == "dumb"

    def columns(self, stream: TextIO) -> int | None:
        """The width of the terminal that a stream leads to; ``None`` where it leads to none."""
        if not stream.isatty():
            return None
        try:
            return os.get_terminal_size(stream.fileno()).columns or 80
        except OSError:
            return 80

    def write(self, text: str) -> None:
        """Write data as it is."""
        if not self.is_read:
            return
        if self.stdout.isatty():
            self.erase()
        try:
            self.stdout.write(text)
        except BrokenPipeError:
            self.drop_data()

    def flush(self) -> None:
        """Make sure that what was written has left the process."""
        try:
            self.stdout.flush()
        except BrokenPipeError:
            self.drop_data()

    def finish(self) -> None:
        """Take the line of progress away, and write what is held.

        What Python itself cannot write at its end, it complains of, and exits with 120.
        """
        self.erase()
        try:
            self.flush()
        except OSError:
            self.drop_data()

    def drop_data(self) -> None:
        """Let what was not written yet, and what comes, go nowhere."""
        self.is_read = False
        _lead_nowhere(self.stdout)

    def note(self, text: str) -> None:
        """Tell something that is neither data nor a failure, on a line."""
        if not self.is_quiet:
            self._tell(text)

    def error(self, text: str) -> None:
        """Tell why something failed, on a line."""
        self._tell(f"{PROGRAM}: {text}")

    def ask(self, question: str) -> bool:
        """Whether a person answers a question with yes; only where it ``is_interactive``."""
        self.erase()
        self._draw(f"{printable(question)} [y/N] ")
        return self.stdin.readline().strip().lower() in {"y", "yes"}

    def show(self, status: str) -> None:
        """Draw a line of progress in place of the one before."""
        width = (self.columns(self.stderr) or 80) - 1
        self._status = cut(printable(status), width)
        self._draw(f"{_CLEAR_LINE}{self._status}")

    def erase(self) -> None:
        """Take the line of progress away."""
        if self._status:
            self._status = ""
            self._draw(_CLEAR_LINE)

    def _tell(self, text: str) -> None:
        self.erase()
        self._draw(f"{printable(' '.join(text.split()))}\n")

    def _draw(self, text: str) -> None:
        try:
            self.stderr.write(text)
            self.stderr.flush()
        except OSError:  # What cannot be told, a full disk included, is no failure of the work.
            _lead_nowhere(self.stderr)


def _lead_nowhere(stream: TextIO) -> None:
    """Drop what a stream still holds: Python would complain when it flushes it at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _set_encoding(stream: Any, **settings: str) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(**settings)
