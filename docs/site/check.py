"""Checks a built site: nothing comes from another host, and the search knows what it should.

python -m docs.site.check FOLDER
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_LOADED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b(?![^>]*\brel=["']?canonical)[^>]*\bhref=["']?((?:https?:)?//[^"'\s>]+)""",
    re.IGNORECASE,
)
_STYLE = re.compile(r"""url\(["']?((?:https?:)?//[^"')]+)""", re.IGNORECASE)
_SOUGHT = ("outcome_unknown", "ensure_byok_v1_key", "from_env", "max_idle_for_post")


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with the site in a folder, a line each."""
    for path in sorted(folder.rglob("*.html")):
        for found in _LOADED.findall(path.read_text(encoding="utf-8")):
            yield f"{path.name} loads {''.join(found)}"
    for path in sorted(folder.rglob("*.css")):
        for url in _STYLE.findall(path.read_text(encoding="utf-8")):
            yield f"{path.name} loads {url}"
    index = json.loads((folder / "search" / "search_index.json").read_text(encoding="utf-8"))
    texts = [f"{document['title']} {document['text']}" for document in index["docs"]]
    for word in _SOUGHT:
        if not any(word in text for text in texts):
            yield f"the search does not know {word}"


if __name__ == "__main__":
    sys.exit("\n".join(faults(Path(sys.argv[1]))) or None)
