"""Whatever the API has, it has everywhere; the failing test names what was forgotten."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import openapi_client
from openapi_client import KeysByokV1Api, testing
from openapi_client.testing._service.operations import ROUTES
from structure.description import OPERATIONS, snake
from structure.source import ROOT

_VARIANTS = ("", "_with_http_info", "_without_preload_content")
_CLASSES = [
    getattr(module, name)
    for module in (openapi_client, testing)
    for name in module.__all__
    if inspect.isclass(getattr(module, name))
]


def _operations_of_the_package() -> set[str]:
    """The operations that the package offers, by whichever of their variants."""
    suffixes = _VARIANTS[1:]
    return {
        name.removesuffix(suffix)
        for name in vars(KeysByokV1Api)
        for suffix in suffixes
        if name.endswith(suffix)
    }


def _words(folder: Path) -> set[str]:
    """The words in the programs of a folder."""
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return {word for text in texts for word in re.findall(r"\w+", text)}


def _asserted_types() -> set[str]:
    """The methods whose results stand in an `assert_type` of `test/types`."""
    found: set[str] = set()
    for path in (ROOT / "test" / "types").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "assert_type":
                found |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    return found


def test_package_offers_the_described_operations() -> None:
    """The package offers exactly the operations that are described."""
    assert _operations_of_the_package() == {operation.python_name for operation in OPERATIONS}


@pytest.mark.parametrize("operation", [operation.python_name for operation in OPERATIONS])
def test_operation_is_complete(operation: str) -> None:
    """Each operation has its variants, its reference, its emulation and its tests."""
    page = (ROOT / "docs" / "KeysByokV1Api.md").read_text(encoding="utf-8")
    variants = {f"{operation}{suffix}" for suffix in _VARIANTS}
    types = _asserted_types()
    has = {
        **{f"the variant {name}": hasattr(KeysByokV1Api, name) for name in variants},
        "an entry in docs/KeysByokV1Api.md": f"\n# **{operation}**\n" in page,
        "a route in the emulator": operation in {snake(each.operation_id) for each in ROUTES},
        "a test in test/wire": operation in _words(ROOT / "test" / "wire"),
        **{f"an assert_type on {name} in test/types": name in types for name in variants},
    }
    assert not [thing for thing, there in has.items() if not there]


def test_every_method_has_its_type_asserted() -> None:
    """The type of what every public method gives is asserted in `test/types`."""
    public = {name for name in vars(KeysByokV1Api) if not name.startswith("_")}
    assert not public - _asserted_types()


def _public(kind: type) -> Iterator[tuple[str, Any]]:
    for name, value in vars(kind).items():
        code = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        if not name.startswith("_") and (inspect.isfunction(code) or isinstance(code, property)):
            yield name, getattr(kind, name)


@pytest.mark.parametrize("kind", _CLASSES, ids=lambda kind: kind.__name__)
def test_public_class_is_documented(kind: type) -> None:
    """`help()` says something of every public class and its public members."""
    assert kind.__doc__
    assert not [name for name, value in _public(kind) if not inspect.getdoc(value)]
