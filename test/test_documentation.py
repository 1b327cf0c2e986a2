"""The documentation is true: its examples run, its links and anchors lead somewhere."""

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openapi_client import ApiClient, Configuration, CreateByokV1KeyRequest, KeysByokV1Api
from openapi_client.testing import ByokEmulator, ValidationStep
from support.examples import defines_tests, run_example, run_tests
from support.markdown import CodeBlock, Document
from support.shell_examples import needs_network, run_shell_example

_ROOT = Path(__file__).parents[1]
_PAGES = sorted([*_ROOT.glob("*.md"), *_ROOT.glob("docs/**/*.md")])
_DOCUMENTS = {page: Document(page) for page in _PAGES}
_EXAMPLES = [block for document in _DOCUMENTS.values() for block in document.code_blocks("python")]
_TESTS = [block for block in _EXAMPLES if defines_tests(block)]
_PROGRAMS = [block for block in _EXAMPLES if block not in _TESTS]
_SHELL = [block for document in _DOCUMENTS.values() for block in document.code_blocks("sh")]
_OPERATIONS = _ROOT / "docs" / "KeysByokV1Api.md"


def _name(value: Path | CodeBlock) -> str:
    if isinstance(value, Path):
        return value.relative_to(_ROOT).as_posix()
    return f"{_name(value.path)}:{value.line}"


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[ByokEmulator]:
    """Serve the API, with the credentials where the examples look for them."""
    with ByokEmulator() as emulator:
        for name in ("USERNAME", "CONFLUENT_CLOUD_API_KEY"):
            monkeypatch.setenv(name, emulator.api_key)
        for name in ("PASSWORD", "CONFLUENT_CLOUD_API_SECRET"):
            monkeypatch.setenv(name, emulator.api_secret)
        monkeypatch.setenv("CONFLUENT_CLOUD_ENDPOINT", emulator.url)
        Configuration.set_default(None)
        yield emulator
        Configuration.set_default(None)  # That of an example without one is of its environment.


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Undo what an example about logging sets up: it has a process of its own for its reader."""
    root, ours = logging.getLogger(), logging.getLogger("openapi_client")
    levels, handlers = (root.level, ours.level), root.handlers[:]
    yield
    root.setLevel(levels[0])
    ours.setLevel(levels[1])
    root.handlers[:] = handlers


@pytest.fixture
def key_id(emulator: ByokEmulator) -> str:
    """Register a key, as the reader of an example about an existing key has done."""
    arn = "arn:aws:kms:eu-west-1:444455556666:key/not-the-one-of-any-example"
    request = CreateByokV1KeyRequest.from_dict({"key": {"kind": "AwsKey", "key_arn": arn}})
    assert request is not None
    with ApiClient(emulator.configuration()) as client:
        created = KeysByokV1Api(client).create_byok_v1_key(request)
    assert created.id is not None
    return created.id


@pytest.mark.parametrize("block", _PROGRAMS, ids=_name)
def test_example_runs(
    block: CodeBlock, emulator: ByokEmulator, key_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An example runs as it is, with the reader's own key for the placeholder."""
    run_example(block, emulator.url, {"id_example": key_id, "page_token_example": None})
    assert "Exception when calling" not in capsys.readouterr().out


@pytest.mark.parametrize("block", _SHELL, ids=_name)
def test_shell_example_runs(
    block: CodeBlock, emulator: ByokEmulator, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A reader who pastes commands into a shell gets no error."""
    if block.text == (_ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] + "\n":
        pytest.skip("it runs the tests, this one among them")
    if needs_network(block) and not request.config.getoption("install"):
        pytest.skip("it installs something: `tox -e docs -- --install` runs it")
    emulator.settings.validation = [ValidationStep("VALID")]
    status, output = run_shell_example(block, _ROOT, tmp_path)
    assert status == 0, output


@pytest.mark.parametrize("block", _TESTS, ids=_name)
def test_example_tests_pass(block: CodeBlock, tmp_path: Path) -> None:
    """Tests that a reader pastes into a project of their own pass."""
    run_tests(block, tmp_path)


@pytest.mark.parametrize(
    ("operation", "outcome"),
    [
        ("create_byok_v1_key", "The response of KeysByokV1Api->create_byok_v1_key"),
        ("delete_byok_v1_key", "404"),
        ("get_byok_v1_key", "404"),
        ("list_byok_v1_keys", "400"),
    ],
)
def test_operation_example_is_honest_about_placeholders(
    operation: str, outcome: str, emulator: ByokEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """An example whose placeholders are left in shows what the service answers to them."""
    examples = (block for block in _EXAMPLES if block.path == _OPERATIONS)
    example = next(block for block in examples if f"api_instance.{operation}(" in block.text)
    run_example(example, emulator.url)
    assert outcome in capsys.readouterr().out


def test_quickstart_program_runs() -> None:
    """The first command that a newcomer types runs, and shows a key."""
    script = _ROOT / "docs" / "examples" / "key_lifecycle.py"
    assert str(script.relative_to(_ROOT)) in _DOCUMENTS[_ROOT / "README.md"].command("Quickstart")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=50, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "cck-" in done.stdout


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link leads to a file or a heading that is there, or out of the project."""
    astray = [link for link in _DOCUMENTS[page].links() if not _arrives(page, link)]
    assert not astray, "\n".join(astray)


def _arrives(page: Path, link: str) -> bool:
    """Tell whether `link` ends at a file and an anchor of this project, or leaves the project."""
    if link.startswith(("https://", "mailto:")):
        return True
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.is_relative_to(_ROOT):
        return False
    if not anchor:
        return target.exists()
    return target in _DOCUMENTS and anchor in _DOCUMENTS[target].anchors


def test_examples_are_found() -> None:
    """Every example in the documentation is found, as a program, as tests or for a shell."""
    assert {"README.md", "docs/KeysByokV1Api.md"} <= {_name(block.path) for block in _PROGRAMS}
    opened = [
        f"{_name(page)}:{number + 1}"
        for page in _PAGES
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if re.match(r"\s*(```|~~~)\s*(python|sh)\b", line)
    ]
    assert sorted(map(_name, [*_PROGRAMS, *_TESTS, *_SHELL])) == sorted(opened)
