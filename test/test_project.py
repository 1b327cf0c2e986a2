"""The project's own files agree with each other."""

import configparser
import json
import re
from importlib.metadata import distribution, requires, version
from pathlib import Path

import pytest

import openapi_client
from support.markdown import Document

_ROOT = Path(__file__).parents[1]
_NAME = "confluent-byok-client"


def _tox() -> configparser.ConfigParser:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(_ROOT / "tox.ini", encoding="utf-8")
    return tox


def test_ci_runs_the_command_of_the_readme() -> None:
    """CI runs the tests by the command that the README gives."""
    command = Document(_ROOT / "README.md").command("Run the tests")
    *_, last = (_ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert last == command.strip()
    # Of other versions tox would install itself a second time.
    assert re.findall(r"\S+==\S+", command) == _tox()["tox"]["requires"].split()


def test_version_is_the_same_everywhere() -> None:
    """The package, its metadata and the changelog have the same version."""
    assert openapi_client.__version__ == version(_NAME)
    changelog = (_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {openapi_client.__version__}" in changelog


def test_wheel_holds_the_whole_package() -> None:
    """An installed client has every module of the repository, and its type information."""
    origin = json.loads(distribution(_NAME).read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable"):
        pytest.skip("an editable install has no copy of the package to look at")
    source = {path for path in (_ROOT / "openapi_client").rglob("*") if path.suffix == ".py"}
    source.add(_ROOT / "openapi_client" / "py.typed")
    installed = {str(path) for path in distribution(_NAME).files or ()}
    assert {path.relative_to(_ROOT).as_posix() for path in source} <= installed


def test_lowest_versions_are_the_declared_floors() -> None:
    """The lowest versions that are tried are the declared minimums."""
    pins = set(_tox()["testenv:lowest"]["deps"].split())
    declared = [line for line in requires(_NAME) or () if "extra ==" not in line]
    floors = {re.sub(r"<[^,]*,?", "", line).rstrip(",").replace(">=", "==") for line in declared}
    assert pins == floors


def test_every_tool_is_pinned() -> None:
    """Every tool is pinned to one version."""
    text = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    groups = re.search(r"^\[dependency-groups\]\n(.*?)^\[", text, re.MULTILINE | re.DOTALL)
    assert groups
    lines = re.sub(r"include-group = \S+|^#.*$", "", groups[1], flags=re.MULTILINE)
    tools = re.findall(r'"([^"]+)"', lines)
    assert len(tools) > 20
    assert [tool for tool in tools if not re.fullmatch(r"[\w.\[\]-]+==[\w.]+", tool)] == []
    requirements = _tox()["tox"]["requires"].split()
    assert {name.partition("==")[0] for name in requirements} == {"tox", "virtualenv"}
    assert all("==" in requirement for requirement in requirements)


def test_every_interpreter_that_is_promised_is_tried() -> None:
    """Every version of Python that the package promises is among those that tox tries."""
    promised = distribution(_NAME).metadata.get_all("Classifier") or []
    minors = [each.rpartition("3.")[2] for each in promised if ":: 3." in each]
    assert f"py3{{{','.join(minors)}}}" in _tox()["tox"]["env_list"]
