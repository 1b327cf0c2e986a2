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
_FIRST = {"KeysByokV1Api", "ApiClient", "OpenApiException", "ApiException"}
_OPTIONS = {
    # The jobs are methods that it inherits.
    "openapi_client.KeysByokV1Api": "\n    options:\n      inherited_members: true",
}
_ABOVE = {
    "exceptions": "[Failures, and what to do](../failures.md) has the tree, and advice on each.",
    "models": "[Models](../models.md) has what all share, such as `to_dict` and `from_json`.",
    "client": "[Settings and environment](../settings.md) lists the settings in tables.",
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
        paths = [f"openapi_client.{name}" for name in names]
        yield f"reference/{page}.md", _page(title, paths, _ABOVE.get(page, ""))
    for page, (title, paths) in _MODULES.items():
        yield f"reference/{page}.md", _page(title, paths)


def _names() -> list[str]:
    """Every public class, where the package shows it; those that programs begin with come first."""
    values: dict[str, Any] = {name: getattr(openapi_client, name) for name in dir(openapi_client)}
    names = [name for name, value in values.items() if isinstance(value, type)]
    return sorted(names, key=lambda name: (name not in _FIRST, name))


def _module(name: str) -> str:
    module: str = getattr(openapi_client, name).__module__
    return module.removeprefix("openapi_client.")


def _page(title: str, paths: list[str], above: str = "") -> str:
    directives = [f"::: {path}{_OPTIONS.get(path, '')}" for path in paths]
    return "\n\n".join(filter(None, [f"# {title}", above, *directives])) + "\n"
