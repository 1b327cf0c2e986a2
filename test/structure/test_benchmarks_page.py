"""docs/benchmarks.md says what was measured."""

from pathlib import Path

import pytest

from bench import page
from structure.source import ROOT

_RENDERED = page.render(page.read())


@pytest.mark.parametrize("path", _RENDERED, ids=str)
def test_page_is_rendered_from_the_data(path: Path) -> None:
    """The figures and plots that a reader sees are those of the data beside them."""
    assert (ROOT / "docs" / path).read_text(encoding="utf-8") == _RENDERED[path]
