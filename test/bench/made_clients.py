"""Makes the clients to compare with, anew for each run; nothing of them is ever kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

from parity.generator import generate

from .contestants import openapi_generator, openapi_python_client

_DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.yaml"
_NEEDS = {
    "openapi-generator": "openapi_generator_cli",
    "openapi-python-client": "openapi_python_client",
    "httpx": "httpx",
}


def available(name: str) -> bool:
    """Whether this environment has what a contestant takes."""
    return name not in _NEEDS or find_spec(_NEEDS[name]) is not None


def make(names: Collection[str], folder: Path) -> None:
    """Generate the clients that are among `names` into `folder`, to import from there."""
    if "openapi-generator" in names:
        generate(folder, package=openapi_generator.PACKAGE)
    if "openapi-python-client" in names:
        _openapi_python_client(folder / openapi_python_client.PACKAGE)


def _openapi_python_client(folder: Path) -> None:
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", str(_DESCRIPTION), "--output-path", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode or not (folder / "__init__.py").exists():
        raise RuntimeError(f"openapi-python-client failed:\n{done.stdout}\n{done.stderr}")
