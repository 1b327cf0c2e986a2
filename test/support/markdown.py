"""A Markdown document as its reader has it: code to copy, links to follow, anchors to land on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin

# The anchors are the ones that GitHub makes.
_PARSER = MarkdownIt("commonmark").enable("table").use(anchors_plugin, max_level=6)
_HTML_ANCHOR = re.compile(r"""\b(?:id|name)=["']([^"']+)["']""")


@dataclass(frozen=True)
class CodeBlock:
    """A fenced block of code; `line` is where its first line stands in the document, from 1."""

    path: Path
    line: int
    language: str
    text: str


class Document:
    """A parsed Markdown file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _tokens(self) -> list[Token]:
        tokens = _PARSER.parse(self.path.read_text(encoding="utf-8"))
        return [part for token in tokens for part in (token, *(token.children or ()))]

    def code_blocks(self, language: str) -> Iterator[CodeBlock]:
        """Yield the fenced blocks whose info string begins with `language`."""
        for token in self._tokens:
            if token.type == "fence" and token.map and token.info.split()[:1] == [language]:
                yield CodeBlock(self.path, token.map[0] + 2, language, token.content)

    def command(self, heading: str) -> str:
        """Return the first shell command below the heading `heading`."""
        titles = zip(self._tokens, self._tokens[1:], strict=False)
        above = next(
            opening.map[0]
            for opening, title in titles
            if opening.type == "heading_open" and title.content == heading and opening.map
        )
        return next(block.text for block in self.code_blocks("sh") if block.line > above)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What may follow `#` in a link to this document; the empty anchor is its top."""
        headings = (token.attrGet("id") for token in self._tokens if token.type == "heading_open")
        html = (token.content for token in self._tokens if token.type.startswith("html_"))
        written = (anchor for text in html for anchor in _HTML_ANCHOR.findall(text))
        return frozenset({"", *map(str, headings), *written})

    def links(self) -> Iterator[str]:
        """Yield the target of every link and image."""
        for token in self._tokens:
            target = token.attrGet("href") or token.attrGet("src")
            if token.type in {"link_open", "image"} and target is not None:
                yield str(target)
