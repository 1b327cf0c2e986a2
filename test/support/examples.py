"""Runs an example from the documentation as it stands, with the emulator for its service."""

import ast
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .markdown import CodeBlock

_SERVICE = "https://api.confluent.cloud"
_KEY = "{'kind': 'AwsKey', 'key_arn': 'arn:aws:kms:us-west-2:111122223333:key/example'}"


class _Redirected(ast.NodeTransformer):
    """Replaces what a reader would: the host and the placeholders.

    The parsed program is changed rather than its text, so a traceback shows the document's lines.
    """

    def __init__(self, url: str, placeholders: Mapping[str, str | None]) -> None:
        self._url = url
        self._literals = {_SERVICE: url, **placeholders}

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        """Swap a literal that is the service's address or a placeholder."""
        if isinstance(node.value, str) and node.value in self._literals:
            return ast.Constant(self._literals[node.value])
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Give a configuration without a host, and a request without a key, what it lacks."""
        self.generic_visit(node)
        name = ast.unparse(node.func).rpartition(".")[2]
        if name == "Configuration" and all(keyword.arg != "host" for keyword in node.keywords):
            node.keywords.append(ast.keyword("host", ast.Constant(self._url)))
        if name == "CreateByokV1KeyRequest" and not node.args and not node.keywords:
            node.keywords.append(ast.keyword("key", ast.parse(_KEY, mode="eval").body))
        return node


def run_example(
    block: CodeBlock, url: str, placeholders: Mapping[str, str | None] | None = None
) -> None:
    """Run `block` as a program of its own against the emulator at `url`.

    Args:
        block: the Python code to run.
        url: where the emulator listens.
        placeholders: what stands in the example for a value that only its reader knows.

    Raises:
        Exception: whatever the example raises.
    """
    tree = ast.increment_lineno(ast.parse(block.text), block.line - 1)
    tree = ast.fix_missing_locations(_Redirected(url, placeholders or {}).visit(tree))
    exec(compile(tree, block.path, "exec"), {"__name__": "__main__"})


def defines_tests(block: CodeBlock) -> bool:
    """Tell whether `block` is a test module: to run it as a program would only define its tests."""
    return any(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for node in ast.parse(block.text).body
    )


def run_tests(block: CodeBlock, folder: Path) -> None:
    """Run the tests of `block` as its reader would: a module in a project of its own, `folder`.

    Raises:
        AssertionError: a test failed, or none was found; the text is what pytest said.
    """
    module = folder / "test_example.py"
    module.write_text(block.text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", module.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
