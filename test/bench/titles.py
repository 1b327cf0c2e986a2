"""How the page calls what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Data = Mapping[str, Any]
"""What a run measured, as `report.measured` returns it."""
NAMES = {
    "ours": "this client",
    "openapi-generator": "OpenAPI Generator",
    "openapi-python-client": "openapi-python-client",
    "httpx": "httpx by hand",
    "raw": "raw urllib3",
}
OTHERS = ("ours", "openapi-generator", "openapi-python-client", "httpx")
CALLS = {
    "get": "get",
    "create": "create",
    "build-and-create": "create, its request built anew",
    "page": "page of 100 keys",
    "decode": "decoding 100 keys",
    "keys": "going through 100,000 keys",
}


def stage_seconds(data: Data) -> dict[str, float]:
    """The CPU seconds of each stage of a get."""
    stages = data["stages"].items()
    return {name: result["cpu"]["median"] for name, result in stages if result is not None}


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them."""
    if seconds >= 0.1:
        return f"{seconds:.2f} s" if seconds >= 1 else f"{1e3 * seconds:.0f} ms"
    return f"{1e3 * seconds:.1f} ms" if seconds >= 0.001 else f"{1e6 * seconds:.0f} µs"
