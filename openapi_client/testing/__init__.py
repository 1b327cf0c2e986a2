"""A BYOK keys service for tests: the emulator, and what one says to it and reads from it.

Nothing here but the Python standard library is needed to run the emulator.
"""

from __future__ import annotations

from ._faults import Fault
from ._log import RecordedRequest
from ._message import Headers
from ._odd import ODD_SHAPES, OddShape
from ._settings import Settings, ValidationStep
from .emulator import ByokEmulator

__all__ = [
    "ODD_SHAPES",
    "ByokEmulator",
    "Fault",
    "Headers",
    "OddShape",
    "RecordedRequest",
    "Settings",
    "ValidationStep",
]
