"""The measurements as data for the documentation, and as tables on the terminal."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import openapi_client

from . import figures
from .counts import calls_of_a_get
from .figures import Session
from .measuring import Measured

Data = dict[str, Any]
"""What the documentation is made from; JSON."""

_PACKAGES = (
    "urllib3",
    "pydantic",
    "pydantic-core",
    "openapi-generator-cli",
    "openapi-python-client",
    "httpx",
    "attrs",
)


def measured(session: Session, names: Iterable[str]) -> Data:
    """Measure the named figures, and print each as soon as it is there."""
    data: Data = {"machine": _machine(), "versions": _versions(), "figures": {}}
    print(f"{'':43}{'CPU':>10}{'CPU ratio':>22}{'wall ratio':>22}")
    for name in names:
        if name == figures.MEMORY:
            data[name] = session.memory()
            for client, count in data[name].items():
                print(f"{name:18}{client:24}{count / 2**20:7.2f} MiB over one page", flush=True)
            continue
        found = _figure(session, name)
        for client, result in found.items():
            print(_line(name, client, result), flush=True)
        as_data = {client: result and result.to_dict() for client, result in found.items()}
        if name == figures.STAGES:
            data[name] = as_data
            data["counts"] = _counts(session.url)
        else:
            data["figures"][name] = as_data
    return data


def _figure(session: Session, name: str) -> Mapping[str, Measured | None]:
    if name == figures.STAGES:
        return session.stages()
    return session.programs(name) if name in figures.PROGRAMS else session.calls(name)


def _counts(url: str) -> dict[str, int | None]:
    counted = calls_of_a_get(url)
    return {
        "functions": len(counted.functions),
        "headers": counted.headers_built,
        "frames": counted.frames_before_urllib3,
    }


def _line(figure: str, name: str, found: Measured | None) -> str:
    if found is None:
        return f"{figure:18}{name:26}{'–':>9}"
    cpu, wall = found.cpu_ratio, found.wall_ratio
    return (
        f"{figure:18}{name:26}{found.cpu.median * 1e6:9.1f} µs"
        f"{cpu.median:8.2f} ({cpu.low:.2f}–{cpu.high:.2f})"
        f"{wall.median:8.2f} ({wall.low:.2f}–{wall.high:.2f})"
    )


def _machine() -> dict[str, str]:
    """What the measurements depend on, and nothing that tells whose machine it is."""
    names = [
        line.partition(":")[2].strip()
        for line in _lines(Path("/proc/cpuinfo"))
        if line.startswith("model name")
    ]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": str(len(names) or "unknown"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "compiler": platform.python_compiler(),
    }


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _versions() -> dict[str, str]:
    found = {"openapi_client": openapi_client.__version__}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            print(f"not installed: {package}", file=sys.stderr)
    return found
