"""Makes the reference client. Nothing that comes out of here is ever kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.yaml"
# The package's own entry point, in a process whose output can be shown when it fails.
_GENERATOR = "from openapi_generator_cli import cli; cli()"
_WITH_EXAMPLES = "apiDocs=true,modelDocs=false,apiTests=false,modelTests=false"


def generate(folder: Path, *, package: str) -> Path:
    """Generate a Python client named `package` into `folder`; return the path to import it from.

    Raises RuntimeError with the generator's output when it fails, for instance without Java.
    """
    arguments = ["generate", "-g", "python", "-i", str(_DESCRIPTION), "-o", str(folder)]
    arguments += ["--package-name", package, "--global-property", _WITH_EXAMPLES]
    done = subprocess.run(
        [sys.executable, "-c", _GENERATOR, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode or not (folder / package / "__init__.py").exists():
        raise RuntimeError(f"OpenAPI Generator failed:\n{done.stdout}\n{done.stderr}")
    return folder
