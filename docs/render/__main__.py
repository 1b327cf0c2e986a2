"""Renders the reference pages from `docs/openapi.yaml` and the package, and that of fleets.

    python -m docs.render [FOLDER]

Run it from the root of the repository whenever one of them has changed: a test compares the pages
in `docs` with what it renders. It takes PyYAML. All other pages are written by hand.
"""

import sys
from pathlib import Path

from .api_page import api_page
from .description import Description
from .fleets_page import fleets_pages
from .model_page import model_page
from .openapi30 import openapi30
from .settings_page import settings_page

_HERE = Path(__file__).parent
_DOCS = _HERE.parent


def main(folder: Path) -> None:
    """Write the pages into a folder."""
    description = Description(_DOCS / "openapi.yaml")
    pages = {"KeysByokV1Api.md": api_page(description), "settings.md": settings_page()}
    pages |= {f"{name}.md": model_page(description, name) for name in description.schemas}
    pages["openapi-3.0.yaml"] = openapi30(_DOCS / "openapi.yaml")
    pages |= fleets_pages(_DOCS / "data" / "fleets.json", _HERE / "fleets_template.txt")
    for name, page in pages.items():
        (folder / name).write_text(page, encoding="utf-8")


main(Path(sys.argv[1]) if len(sys.argv) > 1 else _DOCS)
