"""Tools that read code without running it see every call as it is."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from inspect import getsource, signature
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from openapi_client import KeysByokV1Api
from support.markdown import Document

from .conftest import ROOT, child_environment

_METHODS = sorted(
    name
    for name in dir(KeysByokV1Api)
    if not name.startswith("_") and callable(getattr(KeysByokV1Api, name))
)
_PAGES = sorted(
    path.name
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    if "```python" in path.read_text(encoding="utf-8")
)


def test_every_method_is_looked_at() -> None:
    """These tests go through all variants of the operations, and all jobs."""
    assert len(_METHODS) >= 15 + 6, _METHODS


def _definition(name: str) -> ast.FunctionDef:
    """A method as its source has it."""
    (definition,) = ast.parse(dedent(getsource(getattr(KeysByokV1Api, name)))).body
    assert isinstance(definition, ast.FunctionDef)
    return definition


def _parameters(name: str) -> list[str]:
    arguments = _definition(name).args
    assert arguments.kwarg
    every = [*arguments.args[1:], *arguments.kwonlyargs, arguments.kwarg]
    return [argument.arg for argument in every]


def _returned(name: str) -> str:
    returns = _definition(name).returns
    assert returns
    return _plain(ast.unparse(returns))


def _plain(annotation: str) -> str:
    """A type without the packages that it is found in, and without a name of ours for another."""
    for ours, shown in (("models.", ""), ("jobs.", ""), ("RESTResponseType", "BaseHTTPResponse")):
        annotation = annotation.replace(ours, shown)
    return annotation


def test_pylint(tmp_path: Path) -> None:
    """Pylint finds no error in any program of the documentation."""
    pytest.importorskip("pylint")
    programs = [str(path) for path in (ROOT / "docs" / "examples").glob("*.py")]
    for page in _PAGES:
        path = ROOT / page if page == "README.md" else ROOT / "docs" / page
        for number, block in enumerate(Document(path).code_blocks("python")):
            program = tmp_path / f"{path.stem.lower()}_{number}.py"
            program.write_text(block.text, encoding="utf-8")
            programs.append(str(program))
    every_call = "".join(f"    print(api.{name})\n" for name in _METHODS)
    (tmp_path / "all.py").write_text(
        f"import openapi_client\n\nwith openapi_client.ApiClient() as client:\n"
        f"    api = openapi_client.KeysByokV1Api(client)\n{every_call}",
        encoding="utf-8",
    )
    assert len(programs) > 20
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pylint", "--errors-only", "--output-format=json"),
            # Not the library's doing: a page shows a piece of a program, or a tool we lack.
            "--disable=import-error,used-before-assignment",
            *programs,
            str(tmp_path / "all.py"),
        ],
        check=False,
        capture_output=True,
        text=True,
        env=child_environment(),
    )
    found = [f"{m['path']}:{m['line']}: {m['message']}" for m in json.loads(done.stdout)]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", _METHODS)
def test_jedi(name: str) -> None:
    """An editor that completes with jedi shows parameters, the type of the result, and the text."""
    jedi = pytest.importorskip("jedi")
    program = (
        "import openapi_client\n"
        "api = openapi_client.KeysByokV1Api(openapi_client.ApiClient())\n"
        f"result = api.{name}()\n"
        "result\n"
    )
    script = jedi.Script(program, project=jedi.Project(ROOT))
    (shown,) = script.get_signatures(3, len(f"result = api.{name}("))
    # In place of the options it may show those that they are handed on to.
    explicit = _parameters(name)[:-1]
    assert [parameter.name for parameter in shown.params][: len(explicit)] == explicit
    assert len(shown.docstring(raw=True)) > 50
    result = script.infer(4, 0)
    returned = _returned(name)
    if returned != "None":
        assert result, returned
        named = {each.name.replace("NoneType", "None") for each in result}
        assert named <= set(returned.replace("[", " ").split()), returned


@pytest.fixture(scope="module")
def read_by_griffe() -> Any:
    """The package as griffe, and so mkdocstrings, reads it."""
    griffe = pytest.importorskip("griffe")
    return griffe.load(
        "openapi_client", search_paths=[ROOT], allow_inspection=False, docstring_parser="google"
    )


@pytest.mark.parametrize("name", _METHODS)
def test_griffe(name: str, read_by_griffe: Any) -> None:
    """A page made with griffe has the method's parameters, the type of its result, and its text."""
    method = read_by_griffe["KeysByokV1Api"].all_members[name]
    assert [parameter.name for parameter in method.parameters][1:] == _parameters(name)
    assert _plain(str(method.returns)) == _returned(name)
    assert len(method.docstring.value) > 50


@pytest.fixture(scope="module")
def sphinx_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page that Sphinx makes of the API by its docstrings; a warning is an error."""
    pytest.importorskip("sphinx")
    folder = tmp_path_factory.mktemp("sphinx")
    (folder / "conf.py").write_text(
        'project = "mine"\nextensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon"]\n'
        "text_sectionchars = '*=-~'\n",
        encoding="utf-8",
    )
    (folder / "index.rst").write_text(
        "API\n===\n\n.. autoclass:: openapi_client.KeysByokV1Api\n"
        "   :members:\n   :inherited-members:\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "text", ".", "out"],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=child_environment(),
    )
    assert done.returncode == 0, done.stderr
    return " ".join((folder / "out" / "index.txt").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("name", _METHODS)
def test_sphinx(name: str, sphinx_text: str) -> None:
    """A page made with Sphinx has the method's parameters, the type of its result, and its text."""
    _, found, rest = sphinx_text.partition(f" {name}(")
    assert found
    shown, found, rest = rest.partition(") -> ")
    assert found
    for parameter in signature(getattr(KeysByokV1Api, name)).parameters:
        assert parameter in ("self", "id") or parameter in shown
    wanted = _returned(name).partition("[")[0].split()[0]
    assert rest.split(" ")[0].partition("[")[0].rpartition(".")[2] == wanted
