"""The public interface of a package, found by looking: names, and how each is called."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from typing_extensions import Never

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_ANY_NUMBER = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class Name:
    """A public name: in a module, or in a class of it. `module` is relative; "" is the package."""

    module: str
    name: str
    member: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in (self.module, self.name, self.member) if part)


def names(package: ModuleType) -> Iterator[Name]:
    """Every public module attribute, and every public member of the classes among them."""
    for module_name, module in _modules(package):
        for name in sorted(_bound_names(module, package.__name__)):
            yield Name(module_name, name)
            value = getattr(module, name, None)
            if isinstance(value, type) and value.__module__ == module.__name__:
                for member in sorted(_members(value, package.__name__)):
                    yield Name(module_name, name, member)


def resolve(package: ModuleType, name: Name) -> Any:
    """What a name stands for. Raises AttributeError or ImportError if it stands for nothing.

    A declared attribute or field stands for its declaration, since the class need not have it.
    """
    value: Any = package
    if name.module:
        value = importlib.import_module(f"{package.__name__}.{name.module}")
    value = getattr(value, name.name)
    if not name.member:
        return value
    declared = {
        k: v for base in value.__mro__ for k, v in vars(base).get("__annotations__", {}).items()
    }
    if name.member in declared and not hasattr(value, name.member):
        return declared[name.member]
    return getattr(value, name.member)


def signature(value: Any) -> inspect.Signature | None:
    """How a function, a method or a class with a constructor is called. None for all else.

    Models count among all else: their parameters are their fields, which are names already.
    """
    if isinstance(value, type) and not hasattr(value, "model_fields"):
        constructor = inspect.getattr_static(value, "__init__")
        return inspect.signature(value) if inspect.isfunction(constructor) else None
    return inspect.signature(value) if inspect.isroutine(value) else None


def problems(theirs: inspect.Signature, ours: inspect.Signature) -> Iterator[str]:
    """Each way in which a call that fits their signature would not fit ours."""
    mine, positions = ours.parameters, _positions(ours)
    takes_keywords = any(_takes(p, inspect.Parameter.VAR_KEYWORD) for p in mine.values())
    takes_positions = any(_takes(p, inspect.Parameter.VAR_POSITIONAL) for p in mine.values())
    for name, parameter in theirs.parameters.items():
        if parameter.kind in _ANY_NUMBER:
            continue
        if name not in mine:
            if not takes_keywords:
                yield f"({name})"
            continue
        if _is_optional(parameter) and not _is_optional(mine[name]):
            yield f"({name}) is required"
        position = _positions(theirs).get(name)
        if position is not None and positions.get(name) != position and not takes_positions:
            yield f"({name}) by position"
    for name, parameter in mine.items():
        if name not in theirs.parameters and not _is_optional(parameter):
            yield f"({name}) is required, and new"


def _modules(package: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    yield "", package
    prefix = package.__name__ + "."
    for info in pkgutil.walk_packages(package.__path__, prefix):
        yield info.name.removeprefix(prefix), importlib.import_module(info.name)


def _bound_names(module: ModuleType, package: str) -> set[str]:
    # Imports from other packages are no interface; imports from its own modules may be used as one.
    bound: set[str] = set()
    for node in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            bound.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            bound |= {target.id for target in targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package):
            bound |= {alias.asname or alias.name for alias in node.names}
    return {name for name in bound if not name.startswith("_")} | bound & {"__version__"}


def _members(cls: type, package: str) -> set[str]:
    own = [base for base in cls.__mro__ if base.__module__.startswith(package)]
    found = {name for base in own for name in vars(base) if not name.startswith("_")}
    return found | set(getattr(cls, "model_fields", {}))


def _takes(parameter: inspect.Parameter, kind: Any) -> bool:
    # `**others: Never` stands in a signature to refuse with a better text.
    return parameter.kind is kind and parameter.annotation is not Never


def _is_optional(parameter: inspect.Parameter) -> bool:
    return parameter.default is not parameter.empty or parameter.kind in _ANY_NUMBER


def _positions(signature: inspect.Signature) -> dict[str, int]:
    fitting = [p.name for p in signature.parameters.values() if p.kind in _BY_POSITION]
    return {name: position for position, name in enumerate(fitting)}
