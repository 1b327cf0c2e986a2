"""The checklist of a release finds what is not in order."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def checks() -> Any:
    """The script, as a module."""
    path = _ROOT / ".ci" / "release_checks.py"
    specification = importlib.util.spec_from_file_location("release_checks", path)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that is fit for a release."""
    (tmp_path / "openapi_client").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "openapi_client" / "_version.py").write_text('__version__ = "1.2.0"\n')
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 1.2.0\n\n- A.\n")
    (tmp_path / "docs" / "wrapping.md").write_text("confluent-byok-client>=1.2,<2\n")
    for command in ("init -q", "add -A", "-c user.name=a -c user.email=a@b commit -qm first"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    return tmp_path


def _faults(checks: Any, project: Path) -> list[str]:
    return [*checks.faults_of_files(project), *checks.faults_of_the_tree(project)]


def test_all_in_order(checks: Any, project: Path) -> None:
    """A project that is fit for a release passes."""
    assert _faults(checks, project) == []


def test_changelog_behind(checks: Any, project: Path) -> None:
    """A release whose changes stand under Unreleased, or nowhere, is stopped."""
    changelog = project / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## Unreleased\n\n- B.\n\n## 1.1.0\n\n- A.\n")
    assert len(_faults(checks, project)) == 3  # Section, content, and a change in the tree.


def test_version_of_no_release(checks: Any, project: Path) -> None:
    """A version that is no number of a release is stopped."""
    (project / "openapi_client" / "_version.py").write_text('__version__ = "1.2.0.dev1"\n')
    assert "no x.y.z" in _faults(checks, project)[0]


def test_tag_that_is_there(checks: Any, project: Path) -> None:
    """A version is not released twice."""
    subprocess.run(["git", "tag", "v1.2.0"], cwd=project, check=True)
    assert "v1.2.0" in _faults(checks, project)[0]


def test_lock_file(checks: Any, project: Path) -> None:
    """A lock file, which names a registry, is not released."""
    (project / "uv.lock").touch()
    subprocess.run(["git", "add", "-fA"], cwd=project, check=True)
    assert any("uv.lock" in fault for fault in _faults(checks, project))


def test_environments_are_there(checks: Any) -> None:
    """Every environment of the list is one of tox's, or an interpreter."""
    tox = (_ROOT / "tox.ini").read_text(encoding="utf-8")
    named = {name for names in checks._ENVIRONMENTS for name in names.split(",")}
    assert {name for name in named if f"[testenv:{name}]" not in tox and "py3" not in name} == set()


def test_git_is_needed(checks: Any, project: Path) -> None:
    """Outside of a checkout nothing is said to be in order."""
    shutil.rmtree(project / ".git")
    with pytest.raises(subprocess.CalledProcessError):
        _faults(checks, project)
