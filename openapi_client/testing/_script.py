"""Scripts of validation: which phase a key enters when."""

from __future__ import annotations

from collections.abc import Iterable

from ._clock import nanoseconds
from ._settings import ValidationStep


class Script:
    """The validation steps still before a key; see `ValidationStep` for when each is taken."""

    def __init__(self, steps: Iterable[ValidationStep], began: int) -> None:
        self._steps = list(steps)
        self._began = began
        self._reads = 0

    def read(self) -> None:
        """Count one more GET that saw the present phase."""
        self._reads += 1

    def due(self) -> int | None:
        """The moment before which the next step is not taken, or None after the last one."""
        return self._began + nanoseconds(self._steps[0].seconds) if self._steps else None

    def take(self, now: int) -> ValidationStep | None:
        """The next step, if it is due and enough reads have waited for it."""
        due = self.due()
        if due is None or due > now or self._reads < self._steps[0].reads:
            return None
        self._began, self._reads = now, 0
        return self._steps.pop(0)
