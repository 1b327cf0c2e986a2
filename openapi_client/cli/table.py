"""Text in columns: for a terminal cut to its width, elsewhere as wide as it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from unicodedata import category, east_asian_width

from .console import printable

_GAP = "  "
_ELLIPSIS = "…"
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_COLORS = {
    "VALID": "\x1b[32m",
    "INVALID": "\x1b[31m",
    "INITIALIZING": "\x1b[33m",
    "registered": "\x1b[32m",
    "failed": "\x1b[31m",
}


class Column(NamedTuple):
    """A column of a table."""

    name: str
    """The name of its cells; in capitals it is the heading."""
    least: int
    """The width down to which it may be cut."""
    keeps_end: bool = False
    """Whether the end of a text says more than its beginning."""


def table(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, str]],
    *,
    width: int | None = None,
    has_color: bool = False,
) -> str:
    """The rows below their headings.

    Args:
        columns: The columns, from left to right.
        rows: The cells of each row by the name of their column.
        width: The width to keep to; ``None`` for any.
        has_color: Whether headings and known values may be colored.
    """
    lines = [[column.name.upper() for column in columns]]
    lines += [[printable(row.get(column.name, "")) for column in columns] for row in rows]
    widths = [max(map(text_width, cells)) for cells in zip(*lines, strict=True)]
    if width is not None:
        widths = _fitted(widths, [column.least for column in columns], width)
    drawn: list[str] = []
    for number, line in enumerate(lines):
        cells = [
            cut(text, width, keeps_end=column.keeps_end)
            for text, width, column in zip(line, widths, columns, strict=True)
        ]
        padded = [_padded(*cell) for cell in zip(cells, widths, strict=True)]
        if has_color:
            padded = [_colored(*cell, number) for cell in zip(padded, cells, strict=True)]
        drawn.append(_GAP.join(padded).rstrip())
    return "".join(f"{line}\n" for line in drawn)


def text_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_character_width, text))


def cut(text: str, width: int, *, keeps_end: bool = False) -> str:
    """The text, or as much of its beginning or of its end as fits, and a mark."""
    if text_width(text) <= width:
        return text
    kept = text[-width:] if keeps_end else text[:width]
    while text_width(kept) >= width:
        kept = kept[1:] if keeps_end else kept[:-1]
    return f"{_ELLIPSIS}{kept}" if keeps_end else f"{kept}{_ELLIPSIS}"


def _character_width(character: str) -> int:
    if category(character) in {"Mn", "Me"}:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _fitted(widths: list[int], least: list[int], width: int) -> list[int]:
    """Narrower columns: first those with the most to spare, none below its least."""
    widths = widths.copy()
    while sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        shrinkable = [i for i, each in enumerate(widths) if each > least[i]]
        if not shrinkable:
            break
        widths[max(shrinkable, key=lambda i: widths[i] - least[i])] -= 1
    return widths


def _padded(text: str, width: int) -> str:
    return text + " " * (width - text_width(text))


def _colored(padded: str, cell: str, number: int) -> str:
    color = _COLORS.get(cell) if number else _BOLD
    return f"{color}{cell}{_PLAIN}{padded[len(cell) :]}" if color and cell else padded
