"""Public names are loaded lazily where the source of the package is there, and else at once."""

import compileall
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import openapi_client
from openapi_client import jobs, models
from openapi_client._core.lazy_exports import export_lazily
from support.unmeasured import unmeasured_environment


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
    assert "dumps" not in vars(module)
    assert module.dumps is json.dumps


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


@pytest.mark.parametrize("package", [openapi_client, jobs, models])
def test_import_block_gives_the_same_objects(
    package: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is the same class, whether it was loaded at once or when it was first used."""
    file = package.__file__
    assert file is not None
    module = _module(monkeypatch, None, file)
    module.__package__ = package.__name__
    exec(compile(Path(file).read_text(encoding="utf-8"), file, "exec"), vars(module))
    for name in dir(package):
        assert vars(module)[name] is getattr(package, name)


_PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
import openapi_client
from openapi_client import api, jobs, models

packages = openapi_client, jobs, models
assert all(package.__file__.startswith(sys.argv[1]) for package in packages)
print(json.dumps([dir(package) for package in packages]))
with openapi_client.ApiClient(openapi_client.Configuration()) as client:
    assert openapi_client.KeysByokV1Api is api.KeysByokV1Api
    assert api.KeysByokV1Api(client).list_byok_v1_keys.__name__
assert models.ObjectMeta is openapi_client.ObjectMeta
"""


@pytest.fixture(scope="module", params=["folder", "zip"])
def without_source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the package lies with its compiled files alone."""
    home = tmp_path_factory.mktemp("compiled")
    package = home / "openapi_client"
    shutil.copytree(
        Path(openapi_client.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    assert compileall.compile_dir(package, quiet=1, legacy=True)
    for source in package.rglob("*.py"):
        source.unlink()
    if request.param == "folder":
        return str(home)
    return shutil.make_archive(str(home), "zip", home)


def test_compiled_package_offers_the_same_names(without_source: str) -> None:
    """A program that ships compiled files alone, unpacked or in a zip, finds every public name."""
    # Coverage would look for the source of what runs here.
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, without_source],
        env=unmeasured_environment(),
        cwd=Path(without_source).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    for package, names in zip((openapi_client, jobs, models), json.loads(done.stdout), strict=True):
        assert set(dir(package)) <= set(names)


def test_models_are_among_the_names_of_the_operations() -> None:
    """A model can be imported from the module of the operations, as in a generated client."""
    from openapi_client.api import keys_byok_v1_api as operations
    from openapi_client.api.keys_byok_v1_api import ByokV1KeyList

    assert ByokV1KeyList is models.ByokV1KeyList
    assert operations.CreateByokV1KeyRequest is models.CreateByokV1KeyRequest
    assert not hasattr(operations, "ByokV1Nothing")
