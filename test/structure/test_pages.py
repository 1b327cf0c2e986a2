"""The reference pages say what `docs/openapi.yaml` and the package say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import openapi_client
from openapi_client import models
from structure.description import OPERATIONS, SCHEMAS
from structure.source import ROOT

_DOCS = ROOT / "docs"
_FLEETS = ["fleets.md", "fleets-done.svg", "fleets-load.svg"]
_RENDERED = [
    "KeysByokV1Api.md",
    "settings.md",
    "openapi-3.0.yaml",
    *_FLEETS,
    *(f"{name}.md" for name in SCHEMAS),
]
_ROW = re.compile(r"^\*\*(\w+)\*\* \|", re.MULTILINE)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages as they should be."""
    folder = tmp_path_factory.mktemp("pages")
    subprocess.run([sys.executable, "-m", "docs.render", folder], cwd=ROOT, check=True)
    return folder


@pytest.mark.parametrize("page", _RENDERED)
def test_page_is_up_to_date(page: str, rendered: Path) -> None:
    """Every rendered page is up to date; `python -m docs.render` makes it so."""
    committed = (_DOCS / page).read_text(encoding="utf-8")
    assert committed == (rendered / page).read_text(encoding="utf-8")


def test_no_page_is_left_over(rendered: Path) -> None:
    """Each page of the reference is of a model or of the operations that there are."""
    assert {path.name for path in rendered.iterdir()} == set(_RENDERED)
    in_form = {path.stem for path in _DOCS.glob("*.md") if path.stem[0].isupper()}
    assert in_form == {"KeysByokV1Api", *dir(models)}


@pytest.mark.parametrize("model", dir(models))
def test_page_lists_the_fields(model: str) -> None:
    """The page of a model lists the fields that it has, and no others."""
    listed = _ROW.findall((_DOCS / f"{model}.md").read_text(encoding="utf-8"))
    kind = getattr(openapi_client, model)
    root = ["actual_instance"] if hasattr(kind, "actual_instance") else None
    assert listed == (root or [*kind.model_fields])


def test_readme_leads_to_every_page() -> None:
    """The README leads to every operation and every model."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [f"(docs/{model}.md)" for model in SCHEMAS]
    anchors = [f"(docs/KeysByokV1Api.md#{each.python_name})" for each in OPERATIONS]
    assert not [link for link in [*pages, *anchors] if link not in readme]
