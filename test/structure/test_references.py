"""What the code and the guides refer to can be read by those who read them."""

import re
from pathlib import Path

import pytest

from support.markdown import Document

_ROOT = Path(__file__).parents[2]
_SERVICE = Document(_ROOT / "docs" / "service.md")
_CODE = sorted(_ROOT.glob("openapi_client/**/*.py"))
_PAGES = [
    path
    for folder, kinds in ((_ROOT, "md"), (_ROOT / "docs", "md py yaml"))
    for kind in kinds.split()
    for path in (folder.glob("*.md") if folder == _ROOT else folder.rglob(f"*.{kind}"))
]

_INTERNAL = re.compile(r"\b(?:contract|design)(?:\.md)?,?\s+(?:sections?\s+)?\d", re.IGNORECASE)
_ANCHOR = re.compile(r"service\.md#([\w-]*)")


def _name(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _text(path: Path) -> str:
    """The text without its line breaks, over which a reference may be spread."""
    return " ".join(path.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("path", [*_CODE, *_PAGES], ids=_name)
def test_nothing_cites_what_no_reader_has(path: Path) -> None:
    """A docstring sends its reader to a section of a document that was never published."""
    assert _INTERNAL.findall(_text(path)) == []


@pytest.mark.parametrize("path", [*_CODE, *_PAGES], ids=_name)
def test_references_to_the_service_arrive(path: Path) -> None:
    """A reader looks for a fact about the service where a comment says, and it is not there."""
    astray = set(_ANCHOR.findall(_text(path))) - _SERVICE.anchors
    assert astray == set()


def test_references_are_found() -> None:
    """The tests above pass because they see nothing."""
    assert _INTERNAL.search("as told (contract, section 4.3)")
    assert _INTERNAL.search("as contract sections 1 to 4 tell")
    assert any(_ANCHOR.search(_text(path)) for path in _PAGES)
