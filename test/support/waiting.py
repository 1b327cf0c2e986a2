"""Waiting for what another thread or process does, where it cannot call us."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

# Generous, because a busy machine is slow; nothing ever waits that long when all is well.
_PATIENCE_SECONDS = 20.0


def wait_for(look: Callable[[], _T | None]) -> _T:
    """Look until there is something to see: anything but None and False. Return it.

    Raises TimeoutError after 20 seconds.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        seen = look()
        if seen is not None and seen is not False:
            return seen
        time.sleep(0.002)
    raise TimeoutError("what was waited for did not happen")
