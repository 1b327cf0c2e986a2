"""Renders the reference pages from `docs/openapi.yaml` and the package's signatures.

    python -m docs.render [FOLDER]

Run it from the root of the repository whenever one of them has changed: a test compares the pages
in `docs` with what it renders. It takes PyYAML. All other pages are written by hand.
"""

import sys
from pathlib import Path

from .api_page import api_page
from .description import Description
from .model_page import model_page
from .settings_page import settings_page

_DOCS = Path(__file__).parents[1]


def main(folder: Path) -> None:
    """Write the pages into a folder."""
    description = Description(_DOCS / "openapi.yaml")
    pages = {"KeysByokV1Api": api_page(description)}
    pages["settings"] = settings_page()
    pages |= {name: model_page(description, name) for name in description.schemas}
    for name, page in pages.items():
        (folder / f"{name}.md").write_text(page, encoding="utf-8")


main(Path(sys.argv[1]) if len(sys.argv) > 1 else _DOCS)
