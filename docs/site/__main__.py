"""Gathers what the web site is built from: the pages of `docs`, and those beside and made of code.

    python -m docs.site FOLDER

Run it from the root of the repository; `tox -e site` does, and then builds the site. The pages in
`docs` stay plain Markdown whose links work in a repository's viewer, so links are rewritten here:
to the pages of the root (`README.md` is `overview.md`), and to the example programs, which become
pages. The reference of public names is a list of directives that mkdocstrings fills in.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from os.path import relpath
from pathlib import Path

from .reference import reference_pages

_ROOT = Path(__file__).parents[2]
_DOCS = _ROOT / "docs"
_BESIDE = {
    "README.md": "overview.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "reporting.md",
    "LICENSE": "license.txt",
}
_LINK = re.compile(r"\]\(([^)#\s]+)")
_PARTS = re.compile(r"(^```.*?^```|`[^`\n]*`)", re.MULTILINE | re.DOTALL)
"""Code, which stays as it is."""


def places() -> dict[Path, str]:
    """Where each file of the repository that the site shows stands in the site."""
    found = {_ROOT / name: place for name, place in _BESIDE.items()}
    for path in sorted(_DOCS.rglob("*")):
        place = path.relative_to(_DOCS)
        if path.suffix in {".md", ".svg", ".yaml", ".json", ".css"}:
            found[path] = place.as_posix()
        elif path.parent.name == "examples" and path.suffix == ".py":
            found[path] = place.with_suffix(".md").as_posix()
    return found


def page(path: Path, where: Mapping[Path, str]) -> str:
    """The Markdown of one page, with its links as they are in the site."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return f"# {path.name}\n\n```python\n{text}```\n"
    prose_and_code = _PARTS.split(text)
    prose_and_code[::2] = [_adapted(prose, path, where) for prose in prose_and_code[::2]]
    # In a table, Python-Markdown would show the backslash of a `|` in code.
    return "".join(
        part if part.startswith("```") else part.replace(r"\|", "|") if part[:1] == "`" else part
        for part in prose_and_code
    )


def _adapted(prose: str, path: Path, where: Mapping[Path, str]) -> str:
    def link(found: re.Match[str]) -> str:
        target = where.get((path.parent / found[1]).resolve())
        here = Path(where[path]).parent
        return found[0] if target is None else f"]({Path(relpath(target, here)).as_posix()}"

    # Python-Markdown would take `[optional] [readonly]` for a link.
    return _LINK.sub(link, prose.replace("] [", "]&nbsp;["))


def gathered() -> Iterator[tuple[str, str]]:
    """Each page by its place in the site."""
    where = places()
    for path, place in where.items():
        yield (
            place,
            page(path, where) if place.endswith(".md") else path.read_text(encoding="utf-8"),
        )
    yield from reference_pages()


def main(folder: Path) -> None:
    """Write the sources of the site into a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    for place, text in gathered():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
