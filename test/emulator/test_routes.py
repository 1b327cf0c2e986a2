"""The table of routes, which other tests compare with the API's description."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import openapi_client.testing
from openapi_client.testing._service.operations import ROUTES, ROUTES_BY_TEMPLATE, match

HANDS_OUT_THE_CLIENT = {"emulator.py", "pytest_plugin.py"}


def test_the_table_holds_the_operations_of_the_contract() -> None:
    """The emulator serves the described operations, each at its place."""
    found = {route.operation_id: (route.method, route.template, route.success) for route in ROUTES}

    assert found == {
        "listByokV1Keys": ("GET", "/byok/v1/keys", 200),
        "createByokV1Key": ("POST", "/byok/v1/keys", 201),
        "getByokV1Key": ("GET", "/byok/v1/keys/{id}", 200),
        "updateByokV1Key": ("PATCH", "/byok/v1/keys/{id}", 200),
        "deleteByokV1Key": ("DELETE", "/byok/v1/keys/{id}", 204),
        "exchangeStsV1OauthToken": ("POST", "/sts/v1/oauth2/token", 200),
    }


def test_every_route_is_found_by_its_path() -> None:
    """Every route is found by its path."""
    for route in ROUTES:
        key_id = "cck-a" if "{id}" in route.template else ""
        assert match(route.template.replace("{id}", "cck-a")) == (route.template, key_id)
        assert ROUTES_BY_TEMPLATE[route.template][route.method] is route


def test_only_the_standard_library_is_needed() -> None:
    """The emulator needs the standard library alone, and shares no code with the client."""
    assert openapi_client.testing.__file__ is not None
    folder = Path(openapi_client.testing.__file__).parent
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = {(node.module or "").partition(".")[0]}
            else:
                assert not isinstance(node, ast.ImportFrom) or (
                    node.level <= len(file.relative_to(folder).parts)
                    or file.name in HANDS_OUT_THE_CLIENT
                ), file.name
                continue
            allowed = sys.stdlib_module_names | (
                {"pytest"} if file.name == "pytest_plugin.py" else set()
            )
            assert names <= allowed, file.name
