"""Those that are measured: what each does for a figure, written as its users would write it.

Each module has `works(url)`, which returns by the name of a figure what is to be called. `iterate`
returns how many keys it saw; what a client cannot do is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Works = Mapping[str, Callable[[], object]]

API_KEY, API_SECRET = "key-id", "key-secret"
MODULES = {
    "raw": "bench.contestants.raw",
    "ours": "bench.contestants.ours",
    "openapi-generator": "bench.contestants.openapi_generator",
    "openapi-python-client": "bench.contestants.openapi_python_client",
    "httpx": "bench.contestants.hand_written_httpx",
}
"""The module of each contestant, by its name; the first is what the others are compared with."""
THREADS = 32
"""How many connections each may keep: what the figure with threads needs."""
