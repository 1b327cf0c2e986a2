"""The table of routes, which other tests compare with the API's description."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import openapi_client.testing
from openapi_client.testing._service.routes import ROUTES, match

HANDS_OUT_THE_CLIENT = {"emulator.py", "pytest_plugin.py"}


def test_the_table_holds_the_operations_of_the_contract() -> None:
    """An operation would be served elsewhere, or not at all."""
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
    """The table would name routes that are not served."""
    for route in ROUTES:
        found = match(route.template.replace("{id}", "cck-a"))
        assert found is not None
        assert found.methods[route.method] is route
        assert found.template == route.template


def test_only_the_standard_library_is_needed() -> None:
    """The emulator would share code, and so mistakes, with the client it is to test."""
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
