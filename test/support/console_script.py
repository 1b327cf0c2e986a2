"""The program `confluent-byok` as an installation has it, made of what pyproject.toml declares."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from support.unmeasured import unmeasured_environment

_ROOT = Path(__file__).parents[2]
_DECLARED = re.compile(r'^\[project\.scripts\]\nconfluent-byok = "([\w.]+):(\w+)"$', re.MULTILINE)


def install_program(folder: Path, name: str, text: str) -> None:
    """Write a program that can be called by its name where `folder` is in the path."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)


def install_console_script(folder: Path) -> None:
    """Write the console script into a folder, as pip would."""
    declared = _DECLARED.search((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared
    module, function = declared.groups()
    text = (
        f"#!{sys.executable}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n"
    )
    install_program(folder, "confluent-byok", text)


def environment_with(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a shell that finds the programs in a folder.

    Their coverage is not measured: that would take as long as what they do, which is covered
    without them.
    """
    paths = {
        "PATH": os.pathsep.join([str(folder), os.environ["PATH"]]),
        # For a package that is tested where it lies, and not installed.
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")])),
    }
    return {**unmeasured_environment(), **paths, **settings}
