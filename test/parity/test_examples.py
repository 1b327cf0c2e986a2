"""The generated documentation's own examples, with their bodies filled in, run unchanged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from openapi_client import Configuration
from openapi_client.testing import ByokEmulator

_EXAMPLE = re.compile(r"^> .*?(\w+)\(.*?\n```python\n(.*?)```", re.MULTILINE | re.DOTALL)
# By the first word of the operation: the status that it ends with.
_OPERATIONS = {"create": 201, "delete": 204, "get": 200, "list": 200, "update": 200}


@pytest.fixture(scope="module")
def examples(theirs: Any) -> dict[str, str]:
    """Each operation's example, by the first word of the operation's name."""
    page = Path(theirs.__file__).parents[1] / "docs" / "KeysByokV1Api.md"
    text = page.read_text(encoding="utf-8").replace(theirs.__name__, "openapi_client")
    found = {name.partition("_")[0]: code for name, code in _EXAMPLE.findall(text)}
    assert sorted(found) == sorted(_OPERATIONS)
    return found


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A service that takes the token alone; examples lead to it, for they name no host."""
    with ByokEmulator(access_token="the.token") as emulator:
        monkeypatch.setattr(Configuration, "host", emulator.url)
        monkeypatch.setenv("USERNAME", "somebody")
        monkeypatch.setenv("PASSWORD", "nobody's")
        monkeypatch.setenv("ACCESS_TOKEN", "the.token")
        yield emulator


@pytest.mark.parametrize("operation", _OPERATIONS)
def test_an_example_of_the_documentation_runs(
    operation: str,
    examples: dict[str, str],
    service: ByokEmulator,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a user copies from the generated documentation works, all three credentials set."""
    service.seed(1)
    code = examples[operation].replace("cck-12345", str(service.keys[0]["id"]))
    # No first page has a token; the example's is refused by the service, as it should be.
    code = code.replace("'page_token_example'", "None")
    program = compile(f"import os\n{code}", f"{operation}.py", "exec")
    exec(program, {"__name__": "__main__"})
    printed = capsys.readouterr().out
    assert "Exception when calling" not in printed
    assert (operation == "delete") == (not printed)
    assert [request.status for request in service.requests] == [_OPERATIONS[operation]]
    if operation in {"create", "update"}:
        assert "Key for billing cluster" in {key.get("display_name") for key in service.keys}
