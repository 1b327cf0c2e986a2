"""What only the garbage collector can free, once the last name of it is gone."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import openapi_client

_PACKAGE = openapi_client.__name__
_FOLDER = str(Path(openapi_client.__file__).parent)


def left_by(call: Callable[[], object]) -> list[str]:
    """The package's objects and frames that `call` leaves behind in circles of references.

    What others leave meanwhile, a server in its thread for one, does not count.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()  # What there is already is not looked at.
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        call()
        gc.collect()
        return [_name(found) for found in gc.garbage if _is_own(found)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _is_own(found: object) -> bool:
    if isinstance(found, FrameType):
        return found.f_code.co_filename.startswith(_FOLDER)
    return type(found).__module__.split(".")[0] == _PACKAGE


def _name(found: object) -> str:
    if isinstance(found, FrameType):
        return f"the frame of {found.f_code.co_name}, line {found.f_lineno}"
    return type(found).__name__
