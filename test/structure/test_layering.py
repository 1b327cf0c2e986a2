"""The package is built in layers, and can be read and vendored layer by layer."""

import re
import sys
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from structure.source import MODULES, ROOT, Import, imports

# From the ground up: the lines of the house, each with the folders and modules that stand in it.
_LAYERS = (
    "_core _version",
    "models",
    "exceptions api_response _checks",
    "configuration retry values",
    "_transport",
    "rest",
    "_pipeline",
    "api_client",
    "auth",
    "key_access",
    "jobs",
    "api",
    "cli __main__",
    "",
)
_HEIGHTS = {
    name: height for height, names in enumerate(_LAYERS) for name in (names.split() or [""])
}
# The packages that the client may import, each with the dependency that brings it.
_BRINGING = {
    "dateutil": "python-dateutil",
    "pydantic": "pydantic",
    "pydantic_core": "pydantic",
    "typing_extensions": "typing-extensions",
    "urllib3": "urllib3",
}
_EMULATOR = [module for module in MODULES if f"{module}.".startswith("testing.")]
_CLIENT = [module for module in MODULES if module not in _EMULATOR]
# They hand out a client that leads to the emulator.
_HANDING_OUT = {"testing.emulator", "testing.pytest_plugin"}

# The one import that goes up, when it is called: credentials of the environment may be an identity.
_REACHING_UP = ("configuration", "auth.environment")


def _height(module: str) -> int:
    """The layer that a module stands in, counted from the ground; unknown ones stand above all."""
    while module not in _HEIGHTS and "." in module:
        module = module.rpartition(".")[0]
    return _HEIGHTS.get(module, len(_LAYERS))


def _outside(module: str) -> set[str]:
    """The packages, other than Python's own, that a module imports."""
    absolute = {each.imported for each in imports(module) if not each.is_relative}
    return {name.partition(".")[0] for name in absolute} - sys.stdlib_module_names


def _within(modules: list[str]) -> Iterator[Import]:
    """What modules import from the package."""
    return (each for module in modules for each in imports(module) if each.is_relative)


def _told(wrong: Iterable[Import]) -> str:
    lines = (f"{each.importer or 'the face'} imports {each.imported}" for each in wrong)
    return "\n".join(dict.fromkeys(lines))


def test_every_module_has_a_layer() -> None:
    """Every module of the client stands in a layer."""
    homeless = [module for module in _CLIENT if _height(module) == len(_LAYERS)]
    assert not homeless, f"say in _LAYERS where they stand: {homeless}"


def test_modules_import_from_below() -> None:
    """Modules import from their layer and from below, but for one lazy import."""
    upward = [
        each
        for each in _within(_CLIENT)
        if _height(each.imported) > _height(each.importer)
        and not (each.is_lazy and (each.importer, each.imported) == _REACHING_UP)
    ]
    assert not upward, _told(upward)


def test_modules_import_in_no_circle() -> None:
    """No modules import each other in a circle."""
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for each in _within([*MODULES]):
        if not each.is_for_types and not each.is_lazy:
            graph[each.importer].add(each.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" is imported by ".join(error.args[1]))


def test_imports_within_the_package_are_relative() -> None:
    """No module imports the package by its name, so that an SDK can give it another."""
    by_name = [module for module in MODULES if "openapi_client" in _outside(module)]
    assert not by_name


def test_only_the_transport_imports_urllib3() -> None:
    """Only the transport imports urllib3."""
    assert [module for module in _CLIENT if "urllib3" in _outside(module)] == [
        *("_transport.client", "_transport.connections", "_transport.failures"),
        *("_transport.routes", "_transport.writing"),
    ]


def test_dependencies_are_the_declared_ones() -> None:
    """The client imports the packages that its installation brings, and no others."""
    strange = {module: _outside(module) - _BRINGING.keys() for module in _CLIENT}
    assert not {module: names for module, names in strange.items() if names}
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = re.findall(r'"([\w-]+)', text.partition("\ndependencies = [")[2].partition("]")[0])
    imported = set[str]().union(*map(_outside, _CLIENT))
    assert {_BRINGING[name] for name in imported} == set(declared)


def test_emulator_takes_the_standard_library_alone() -> None:
    """The emulator imports the standard library alone; its fixtures import pytest too."""
    taken = {module: _outside(module) for module in _EMULATOR if _outside(module)}
    assert taken == {"testing.pytest_plugin": {"pytest"}}


def test_emulator_knows_nothing_of_the_client() -> None:
    """The emulator imports nothing of the client, except to hand one out."""
    foreign = [
        each
        for each in _within(_EMULATOR)
        if each.imported not in _EMULATOR
        and not (each.importer in _HANDING_OUT and (each.is_lazy or each.is_for_types))
    ]
    assert not foreign, _told(foreign)
