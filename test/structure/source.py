"""The package as its source has it: which modules there are, and what each imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "openapi_client"


@dataclass(frozen=True)
class Import:
    """One import, of a module or of something in it."""

    importer: str
    """The name of the module that imports, from the package on; empty for the package itself."""
    imported: str
    """What it imports: a name like `importer`, or that of a module outside the package."""
    is_relative: bool
    is_for_types: bool
    """Whether it stands below `if TYPE_CHECKING`."""
    is_lazy: bool
    """Whether it stands in a function."""


def modules() -> dict[str, Path]:
    """The modules by their name from the package on; the package itself has the empty name."""
    found: dict[str, Path] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(module: str) -> Iterator[Import]:
    """What a module imports, wherever in it the import stands."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    yield from _imports(tree, module, for_types=False, lazy=False)


def _imports(node: ast.AST, module: str, *, for_types: bool, lazy: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            relative = isinstance(child, ast.ImportFrom) and child.level > 0
            for name in _names(child, module):
                yield Import(module, name, relative, for_types, lazy)
        yield from _imports(
            child,
            module,
            for_types=for_types or (isinstance(child, ast.If) and _is_type_checking(child)),
            lazy=lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef),
        )


def _names(statement: ast.Import | ast.ImportFrom, module: str) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
    elif not statement.level:
        yield statement.module or ""
    else:
        origin = _origin(module, statement.level)
        base = ".".join(filter(None, [origin, statement.module]))
        for alias in statement.names:
            inner = ".".join(filter(None, [base, alias.name]))
            yield inner if inner in MODULES else base


def _origin(module: str, level: int) -> str:
    """The package that a relative import of `module` starts from."""
    is_package = MODULES[module].name == "__init__.py"
    parts = module.split(".") if module else []
    climb = level - 1 if is_package else level
    assert climb <= len(parts), f"{module} imports from outside the package"
    return ".".join(parts[: len(parts) - climb])


def _is_type_checking(statement: ast.If) -> bool:
    return isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING"
