"""Counts what a call does that no machine makes faster: function calls, headers, frames."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

import openapi_client
from openapi_client import Headers

_PACKAGE = openapi_client.__name__
_FOLDER = str(Path(openapi_client.__file__).parent)
# Python 3.12 makes no calls of them.
_INLINED = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>"})
_URLLIB3_ENTRANCES = frozenset({"request", "urlopen"})


@dataclass
class OwnCalls:
    """What one call did."""

    functions: list[str] = field(default_factory=list)
    """The package's functions in the order of their calls, indented by their depth."""
    headers_built: int = 0
    """How many `Headers` were made."""
    frames_before_urllib3: int | None = None
    """How many frames lie between the caller and urllib3's `request` or `urlopen`."""

    def __str__(self) -> str:
        """All of it, a line a call."""
        numbered = (f"{n:4} {line}" for n, line in enumerate(self.functions, 1))
        return (
            f"{len(self.functions)} calls, {self.headers_built} Headers built, "
            f"{self.frames_before_urllib3} frames before urllib3:\n" + "\n".join(numbered)
        )


def own_calls(call: Callable[[], object]) -> OwnCalls:
    """Run `call` and count, on this thread, the calls of functions that the package defines.

    A generator counts each time it is resumed; what dataclasses write for a class of the package
    counts as the package's, what pydantic does does not.
    """
    counted = OwnCalls()
    base = _depth(sys._getframe()) + 1  # The frame of `call` itself is the caller's.

    def watch(frame: FrameType, event: str, arg: object) -> None:
        if event == "call":
            _count(counted, frame, base)
        elif event == "c_call" and _makes_headers(frame, arg):
            counted.headers_built += 1

    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(None)
    return counted


def _count(counted: OwnCalls, frame: FrameType, base: int) -> None:
    code, module = frame.f_code, frame.f_globals.get("__name__", "")
    if module.startswith("urllib3"):
        if counted.frames_before_urllib3 is None and code.co_name in _URLLIB3_ENTRANCES:
            counted.frames_before_urllib3 = _depth(frame) - base - 1
    elif _is_own(code, module) and code.co_name not in _INLINED:
        indent = "  " * (_depth(frame) - base - 1)
        counted.functions.append(f"{indent}{module.removeprefix(_PACKAGE)}:{_name(code)}")
        if code.co_name == "__init__" and isinstance(frame.f_locals.get("self"), Headers):
            counted.headers_built += 1


def _is_own(code: CodeType, module: str) -> bool:
    written_by_dataclasses = code.co_filename == "<string>" and module.startswith(_PACKAGE)
    return code.co_filename.startswith(_FOLDER) or written_by_dataclasses


def _makes_headers(frame: FrameType, function: object) -> bool:
    """Whether a function of `Headers`' module makes an object past `__init__`."""
    here = frame.f_globals.get("__name__") == Headers.__module__
    return here and getattr(function, "__name__", "") == "__new__"


def _name(code: CodeType) -> str:
    return str(getattr(code, "co_qualname", code.co_name))  # Python 3.10 has none.


def _depth(frame: FrameType | None) -> int:
    return 0 if frame is None else 1 + _depth(frame.f_back)
