"""Text as it fits on a terminal, and does it no harm."""

from unicodedata import category, east_asian_width

_ELLIPSIS = "…"


def printable(text: str) -> str:
    r"""The text with escapes (``\x1b``) for what a terminal might obey or not show.

    Names come from the service: control characters, marks that turn the direction of writing, and
    the like could hide what a line says, or command the terminal.
    """
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def text_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_character_width, text))


def cut(text: str, width: int, *, keeps_end: bool = False) -> str:
    """The text, or as much of its beginning or of its end as fits, and a mark."""
    if text_width(text) <= max(width, 0):
        return text
    kept = text[-width:] if keeps_end else text[:width]
    while kept and text_width(kept) >= width:
        kept = kept[1:] if keeps_end else kept[:-1]
    return f"{_ELLIPSIS}{kept}" if keeps_end else f"{kept}{_ELLIPSIS}"


def _character_width(character: str) -> int:
    if category(character) in {"Mn", "Me"}:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
