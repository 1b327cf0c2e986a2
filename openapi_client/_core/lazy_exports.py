"""Public names that are written once, and loaded when they are first used.

A package states what it exports in an import block that type checkers and editors read::

    if TYPE_CHECKING or not export_lazily(__name__):
        from .exceptions import ApiException as ApiException

``export_lazily`` reads the same block from the source, and lets the module's ``__getattr__`` load
each name. Where the source is not there (a program that was frozen), the block runs as it stands.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # As that of ``typing``, which every start of a program would pay for.
if TYPE_CHECKING:
    from typing import Any


def export_lazily(package: str) -> bool:
    """Give a package ``__all__``, ``__dir__`` and a ``__getattr__`` that loads what it exports.

    Returns ``False``, and does nothing, where the package's source cannot be read.
    """
    module = sys.modules[package]
    homes = _exports(_source(module))
    if not homes:
        return False
    names = sorted(name for name, home in homes.items() if home != ".")

    def load(name: str) -> Any:
        from importlib import import_module  # Costs a start that needs no name a millisecond.

        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if home == ".":
            return import_module(f".{name}", package)
        value = getattr(import_module(home, package), name)
        setattr(module, name, value)
        return value

    exports: dict[str, Any] = {
        "__all__": names,
        "__dir__": lambda: names,
        "__getattr__": load,
    }
    vars(module).update(exports)
    return True


def _source(module: Any) -> str:
    # Not by ``get_source``, which loads a tokenizer to find out that the text is UTF-8.
    read = getattr(module.__loader__, "get_data", None)
    path = str(getattr(module, "__file__", None))
    try:
        return read(path).decode() if read and path.endswith(".py") else ""
    except OSError:
        return ""


def _exports(source: str) -> dict[str, str]:
    """The names that are imported ``as`` themselves, each with the module that it comes from."""
    homes: dict[str, str] = {}
    home = ""
    for line in source.splitlines():
        words = line.replace("(", " ").replace(",", " ").split()
        if words[:1] == ["from"]:
            home, words = words[1], words[3:]
        if len(words) == 3 and words[1] == "as" and words[0] == words[2]:
            homes[words[0]] = home
    return homes
