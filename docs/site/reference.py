"""The reference of public names, each a directive for mkdocstrings."""

from collections.abc import Iterator
from typing import Any

import openapi_client
from openapi_client import testing

_GROUPS = {
    "client": ("Client and settings", ("api_client", "configuration", "retry", "api_response")),
    "operations": ("Operations and jobs", ("api.", "jobs.")),
    "exceptions": ("Exceptions", ("exceptions",)),
    "models": ("Models", ("models.",)),
    "values": ("Documented values", ("values",)),
    "auth": ("Workload identity", ("auth.",)),
    "answers": ("Attempts and headers", ("_core.",)),
}
_EARLIER = {"ODD_SHAPES", "OddShape"}
"""Names that stand for others."""
_MODULES = {
    "key_access": ("Access to keys", ["openapi_client.key_access"]),
    "transport": ("The door of the transport", ["openapi_client.rest"]),
    "testing": (
        "The emulator",
        [
            *(f"openapi_client.testing.{name}" for name in testing.__all__ if name not in _EARLIER),
            "openapi_client.testing.pytest_plugin",
        ],
    ),
}


def reference_pages() -> Iterator[tuple[str, str]]:
    """Each page of the reference, by its place in the site; every public name is on one."""
    for page, (title, modules) in _GROUPS.items():
        names = [name for name in _names() if _module(name).startswith(modules)]
        yield f"reference/{page}.md", _page(title, [f"openapi_client.{name}" for name in names])
    for page, (title, paths) in _MODULES.items():
        yield f"reference/{page}.md", _page(title, paths)


def _names() -> list[str]:
    """Every public class, where the package shows it."""
    values: dict[str, Any] = {name: getattr(openapi_client, name) for name in dir(openapi_client)}
    return [name for name, value in values.items() if isinstance(value, type)]


def _module(name: str) -> str:
    module: str = getattr(openapi_client, name).__module__
    return module.removeprefix("openapi_client.")


def _page(title: str, paths: list[str]) -> str:
    return "\n\n".join([f"# {title}", *(f"::: {path}" for path in paths)]) + "\n"
