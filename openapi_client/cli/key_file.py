"""The file of ``ensure --from``: the keys to register, as CSV or as JSON lines."""

import csv
import json
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from .._core.typeguards import is_object
from ..models.byok_v1_key_key import ByokV1KeyKey
from .console import Console
from .exit_codes import CommandError, ExitCode
from .keys import KEYS
from .output import cell_value

_STDIN = "the file on stdin"
_FIELDS = ("identifier", "tenant", "vault", "name")


class WantedKey(NamedTuple):
    """A key that shall be registered."""

    identifier: str
    tenant: str | None = None
    vault: str | None = None
    name: str | None = None

    def request(self) -> Mapping[str, Any]:
        """What registers it. Raises ``ValueError`` for an identifier that is none."""
        key = ByokV1KeyKey.from_identifier(
            self.identifier, tenant_id=self.tenant, key_vault_id=self.vault
        )
        return {"key": key, "display_name": self.name}


class Line(NamedTuple):
    """A line of the file."""

    number: int
    wanted: WantedKey | None
    """The key; ``None`` where the line cannot be read."""
    problem: str = ""
    """Why it cannot be read."""


def read_text(file: str, console: Console) -> str:
    """The text of a file, or of stdin for ``-``."""
    try:
        text = console.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or f"it is no UTF-8 text ({error})"
        name = _STDIN if file == "-" else file
        raise CommandError(ExitCode.USAGE, f"{name} cannot be read: {why}") from None
    return text.removeprefix("\ufeff")


def key_lines(file: str, console: Console) -> list[Line]:
    """The lines of the file; ``CommandError`` where it is no such file at all."""
    text = read_text(file, console)
    name = _STDIN if file == "-" else file
    lines = [*(_from_json(text) if text.lstrip()[:1] == "{" else _from_csv(text, name))]
    if not lines:
        raise CommandError(ExitCode.USAGE, f"{name} holds no keys: one a line, below the header")
    return lines


def _from_json(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _line(number, json.loads(line))
            except (ValueError, RecursionError) as error:
                yield Line(number, None, f"it is no JSON: {error}")


def _from_csv(text: str, file: str) -> Iterator[Line]:
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(rows, list[str]())]
        _check_header(header, file)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _from_row(rows.line_num, header, row)
    except csv.Error as error:
        raise CommandError(
            ExitCode.USAGE, f"{file} is no CSV, in line {rows.line_num}: {error}"
        ) from None


def _check_header(header: list[str], file: str) -> None:
    if "identifier" not in header:
        raise CommandError(ExitCode.USAGE, f"{file} has to begin with the line {','.join(_FIELDS)}")
    # What list writes may be read again; anything else is a slip that would be lost.
    unknown = [name for name in header if name not in KEYS.csv]
    if unknown or len({*header}) < len(header):
        wrong = f"the unknown column {unknown[0]!r}" if unknown else "a column twice"
        raise CommandError(ExitCode.USAGE, f"{file} has {wrong}; it takes {', '.join(_FIELDS)}")


def _from_row(number: int, header: list[str], row: list[str]) -> Line:
    if len(row) > len(header):
        return Line(number, None, "it has more cells than the header")
    return _line(number, dict(zip(header, map(cell_value, row), strict=False)))


def _line(number: int, fields: object) -> Line:
    if not is_object(fields):
        return Line(number, None, "it is no JSON object")
    given = {name: fields.get(name) for name in _FIELDS}
    wrong = [name for name, value in given.items() if not isinstance(value, str | None)]
    unknown = [name for name in fields if name not in KEYS.csv]
    if wrong or unknown:
        return Line(
            number, None, f"{(wrong or unknown)[0]!r} is {'no text' if wrong else 'unknown'}"
        )
    texts = {name: (value or "").strip() or None for name, value in given.items()}
    identifier = texts.pop("identifier")
    if identifier is None:
        return Line(number, None, "it has no identifier")
    return Line(number, WantedKey(identifier, **texts))
