"""Public names are loaded lazily where the source of the package is there, and else at once."""

import sys
from types import ModuleType
from typing import Any

import pytest

from openapi_client._core.lazy_exports import export_lazily


class _Loader:
    def __init__(self, content: bytes | None) -> None:
        self._content = content

    def get_data(self, path: str) -> bytes:
        if self._content is None:
            raise OSError(path)
        return self._content


def _module(monkeypatch: pytest.MonkeyPatch, loader: Any, file: str | None) -> ModuleType:
    module = ModuleType("exporting")
    module.__loader__ = loader
    module.__file__ = file
    monkeypatch.setitem(sys.modules, "exporting", module)
    return module


def test_source_tells_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the import block names can be listed and loaded."""
    source = b"from json import dumps as dumps\n"
    module = _module(monkeypatch, _Loader(source), "/exporting.py")
    assert export_lazily("exporting")
    assert dir(module) == ["dumps"]


@pytest.mark.parametrize(
    ("loader", "file"),
    [
        (_Loader(None), "/exporting.py"),
        (_Loader(b"\xcb\x0d\x0d\x0a"), "/exporting.pyc"),
        (_Loader(b""), None),
        (object(), "/exporting.py"),
        (None, None),
    ],
)
def test_package_without_its_source_loads_at_once(
    loader: Any, file: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that was frozen, or has only compiled files, runs the import block as it is."""
    module = _module(monkeypatch, loader, file)
    assert not export_lazily("exporting")
    assert "__getattr__" not in vars(module)
