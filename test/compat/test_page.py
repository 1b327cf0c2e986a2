"""docs/compatibility.md tells of the tools that these tests try, in the versions they try."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

from .conftest import ROOT

_ROW = re.compile(r"^\| (?!Tool |---)([^|]+) \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
_PAGE = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
_VERSIONS = {name: version for name, version, _ in _ROW.findall(_PAGE)}
_DISTRIBUTIONS = {"opentelemetry": "opentelemetry-instrumentation-urllib3"}
# Neither is a tool that somebody uses for its own sake.
_PARTS = {"distributed", "httpx", "opentelemetry-sdk"}
# What no Python package brings, and what every test run has.
_ELSEWHERE = {"hypothesis", "nginx", "prism", "squid", "tinyproxy"}


def _pins() -> dict[str, str]:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini", encoding="utf-8")
    environments = ("testenv:compat", "testenv:compat-niquests")
    lines = "\n".join(tox[name]["deps"] for name in environments)
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", lines, re.MULTILINE))


def test_versions_are_those_that_are_tried() -> None:
    """A version in the table is the one that the tox environment installs."""
    told = {
        _DISTRIBUTIONS.get(name.lower(), name.lower()): version
        for name, version in _VERSIONS.items()
        if name.lower() not in _ELSEWHERE
    }
    pins = {name: version for name, version in _pins().items() if name not in _PARTS}
    assert told == pins


def test_each_tool_has_a_test() -> None:
    """A tool in the table is named by a test that uses it."""
    here = [path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
    tests = "\n".join(path.read_text(encoding="utf-8") for path in here).lower()
    assert len(_VERSIONS) > 30
    untried = [name for name in _VERSIONS if name.lower().replace("-", "_") not in tests]
    assert [name for name in untried if name.lower() not in tests] == []
