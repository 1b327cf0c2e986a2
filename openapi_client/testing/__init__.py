"""A BYOK keys service for tests: the emulator, and what one says to it and reads from it.

Nothing here but the Python standard library is needed to run the emulator.
"""

from ._faults.faults import Fault
from ._faults.quirks import QUIRKS, Quirk
from ._http.message import Headers, RecordedRequest
from ._store.settings import Settings, ValidationStep
from .emulator import ByokEmulator

ODD_SHAPES = QUIRKS  # The earlier names of the two.
OddShape = Quirk

__all__ = [
    "ODD_SHAPES",
    "QUIRKS",
    "ByokEmulator",
    "Fault",
    "Headers",
    "OddShape",
    "Quirk",
    "RecordedRequest",
    "Settings",
    "ValidationStep",
]
