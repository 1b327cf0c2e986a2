"""What is published is whole, and holds nothing that merely lay about."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_FOLDERS = (".ci", "docs", "openapi_client", "test")
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache", ".hypothesis", ".coverage*")

Build = Callable[[Path], Path]


def _run(*command: str | Path, cwd: Path = _ROOT) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _files(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def _project(folder: Path) -> set[str]:
    """The files that belong to the project, in a checkout or in what was unpacked."""
    top = {path.name for path in folder.iterdir() if path.is_file()} - {"PKG-INFO", ".git"}
    return top | {f"{name}/{file}" for name in _FOLDERS for file in _files(folder / name)}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, as a clone has it."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in _FOLDERS:
        shutil.copytree(_ROOT / name, copy / name, ignore=_IGNORED)
    for path in _ROOT.iterdir():
        # A worktree has a file of that name, and a run that was killed leaves others.
        if path.is_file() and path.name != ".git" and not path.name.startswith(".coverage"):
            shutil.copy(path, copy)
    return copy


@pytest.fixture(scope="module")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    out = tmp_path_factory.mktemp("dist")
    _run("build", "--no-isolation", "--outdir", out, checkout)
    return out


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    target = tmp_path_factory.mktemp("sdist")
    [archive] = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    [folder] = target.iterdir()
    return folder


def _in_wheel(folder: Path) -> set[str]:
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_metadata_can_be_published(built: Path) -> None:
    """The metadata of both distributions passes twine's strict check."""
    _run("twine", "check", "--strict", *built.iterdir())


def test_wheel_is_in_order(built: Path) -> None:
    """The contents of the wheel are in order for check-wheel-contents."""
    [wheel] = built.glob("*.whl")
    _run("check_wheel_contents", wheel)


def test_wheel_holds_the_package_alone(checkout: Path, built: Path) -> None:
    """The wheel holds the package with its type information, and nothing else."""
    package = {f"openapi_client/{name}" for name in _files(checkout / "openapi_client")}
    assert _in_wheel(built) == package
    assert "openapi_client/py.typed" in package


def test_building_leaves_the_checkout_as_it_was(checkout: Path, built: Path) -> None:
    """Building leaves nothing behind in the checkout."""
    assert built.is_dir()
    assert _files(checkout) == _project(checkout)
    assert {path.name for path in checkout.iterdir() if path.is_dir()} == set(_FOLDERS)


def test_nothing_stale_is_picked_up(checkout: Path, tmp_path: Path) -> None:
    """Stale files in a checkout get into neither distribution."""
    copy = shutil.copytree(checkout, tmp_path / "checkout")
    for stale in ("build/lib/openapi_client", "confluent_byok_client.egg-info", "dist", ".venv"):
        (copy / stale).mkdir(parents=True)
        (copy / stale / "stale_module.py").touch()
    (copy / "openapi_client" / "stale_module.pyc").touch()
    _run("build", "--no-isolation", "--outdir", tmp_path / "dist", copy)
    assert not [name for name in _in_wheel(tmp_path / "dist") if "stale_module" in name]
    [archive] = (tmp_path / "dist").glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        assert not [name for name in tar.getnames() if "stale_module" in name]


def test_source_distribution_is_the_whole_project(checkout: Path, unpacked: Path) -> None:
    """The source distribution holds the whole project, its tests and pages included."""
    assert _project(unpacked) == _project(checkout)
    assert {"CHANGELOG.md", "tox.ini", "toxfile.py", ".ci/run", "test/conftest.py"} <= _project(
        unpacked
    )
    assert os.access(unpacked / ".ci" / "run", os.X_OK)


def test_tests_run_from_the_source_distribution(unpacked: Path) -> None:
    """All tests can be collected from the source distribution, and those of units pass."""
    _run("pytest", "-q", "--quick", "--collect-only", cwd=unpacked)
    _run("pytest", "-q", "--quick", "-n", "2", "test/unit", cwd=unpacked)
