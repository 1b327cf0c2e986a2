"""What the code and the guides refer to can be read by those who read them."""

import re
from pathlib import Path

from support.markdown import Document

_ROOT = Path(__file__).parents[2]
_SERVICE = Document(_ROOT / "docs" / "service.md")
_READ = [
    *_ROOT.glob("*.md"),
    *_ROOT.glob("openapi_client/**/*.py"),
    *(path for kind in ("md", "py", "yaml") for path in _ROOT.glob(f"docs/**/*.{kind}")),
]
# A reference may be spread over two lines.
_TEXTS = {
    path.relative_to(_ROOT).as_posix(): " ".join(path.read_text(encoding="utf-8").split())
    for path in _READ
}

_INTERNAL = re.compile(r"\b(?:contract|design)(?:\.md)?,?\s+(?:sections?\s+)?\d", re.IGNORECASE)
_ANCHOR = re.compile(r"service\.md#([\w-]*)")


def test_nothing_cites_what_no_reader_has() -> None:
    """No code and no page cites a section of a document that was never published."""
    found = {name: _INTERNAL.findall(text) for name, text in _TEXTS.items()}
    assert {name: cited for name, cited in found.items() if cited} == {}


def test_references_to_the_service_arrive() -> None:
    """Every reference to a section of `docs/service.md` leads to one that is there."""
    found = {name: set(_ANCHOR.findall(text)) for name, text in _TEXTS.items()}
    astray = {name: anchors - _SERVICE.anchors for name, anchors in found.items()}
    assert {name: anchors for name, anchors in astray.items() if anchors} == {}
    assert any(found.values())


def test_citations_are_recognized() -> None:
    """The test of citations recognizes them."""
    assert _INTERNAL.search("as told (contract, section 4.3)")
    assert _INTERNAL.search("as contract sections 1 to 4 tell")
