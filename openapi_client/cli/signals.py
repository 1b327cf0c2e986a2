"""Ctrl-C and SIGTERM: the first ends a command, which then has time to tell what it has done."""

from __future__ import annotations

import signal
import time

TYPE_CHECKING = False  # See ``console``.
if TYPE_CHECKING:
    from types import FrameType

_TIME_TO_END = 2.0
"""Seconds in which further signals are ignored: schedulers send several, and so do people."""


class Interrupts:
    """Lets signals raise ``KeyboardInterrupt`` in the process of a command.

    A signal that the process was started to ignore stays ignored.
    """

    def __init__(self) -> None:
        self._last: float | None = None
        numbers = (signal.SIGINT, signal.SIGTERM)
        self._numbers = [each for each in numbers if signal.getsignal(each) is not signal.SIG_IGN]
        for number in self._numbers:
            signal.signal(number, self._interrupt)

    def end(self) -> None:
        """Ignore what comes after the last line: Python, at its end, would let it kill."""
        for number in self._numbers:
            signal.signal(number, signal.SIG_IGN)

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._last is None or now - self._last > _TIME_TO_END:
            self._last = now
            raise KeyboardInterrupt
