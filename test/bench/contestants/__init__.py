"""Those that are measured: what each does for a figure, written as its users would write it.

Each module has `works(url)`, which returns by the name of a figure what is to be called. `iterate`
returns how many keys it saw; what a client cannot do is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

Works = Mapping[str, Callable[[], object]]

API_KEY, API_SECRET = "key-id", "key-secret"
FUNCTIONS = {
    "raw": "raw:works",
    "ours": "ours:works",
    "openapi-generator": "openapi_generator:works",
    "openapi-python-client": "openapi_python_client:works",
    "httpx": "hand_written_httpx:works",
    "raw, in stages": "stages:raw",
    "ours, in stages": "stages:ours",
    "openapi-generator, in stages": "stages:openapi_generator",
}
"""The module and the function of each contestant, by its name."""
CLIENTS = ("raw", "ours", "openapi-generator", "openapi-python-client", "httpx")
"""Those that are compared with each other, and first of them, what with."""
THREADS = 32
"""How many connections each may keep: what the figure with threads needs."""


def works_of(contestant: str, url: str) -> Works:
    """What a contestant does, ready to be called."""
    module, _, function = FUNCTIONS[contestant].partition(":")
    works: Works = getattr(import_module(f".{module}", __name__), function)(url)
    return works
