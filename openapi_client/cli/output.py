"""What a command writes to stdout: records, in the form that was asked for."""

import csv
import json
from collections.abc import Sequence
from io import StringIO
from typing import Any, NamedTuple

from .console import Console
from .table import Column, table
from .text import printable

_FORMULA = ("=", "+", "-", "@")


class Record(NamedTuple):
    """One thing to write."""

    id: str
    document: dict[str, Any]
    """All of it, for JSON."""
    cells: dict[str, str]
    """What stands in tables and CSV, by the name of the column."""


class Layout(NamedTuple):
    """What stands in which columns."""

    table: Sequence[Column]
    csv: Sequence[str]


class Writer:
    """Writes records one by one: lines at once, what has to be whole at the end.

    Args:
        console: Where they are written.
        form: One of ``table``, ``json`` (an array), ``jsonl``, ``csv`` and ``id``.
        layout: The columns of the table and of CSV.
    """

    def __init__(self, console: Console, form: str, layout: Layout) -> None:
        self._console = console
        self._form = form
        self._layout = layout
        self._kept: list[Record] = []
        if form == "csv":
            self._console.write(csv_line(layout.csv))

    def add(self, record: Record) -> None:
        """Write a record, now or at the end."""
        if self._form == "jsonl":
            self._console.write(f"{json.dumps(record.document)}\n")
        elif self._form == "csv":
            self._console.write(csv_line([record.cells.get(name, "") for name in self._layout.csv]))
        elif self._form == "id":
            if record.id:  # A key that could not be registered has none.
                self._console.write(f"{printable(record.id)}\n")
        else:
            self._kept.append(record)

    def close(self) -> None:
        """Write what was kept."""
        if self._form == "json":
            documents = [record.document for record in self._kept]
            self._console.write(f"{json.dumps(documents, indent=2)}\n")
        elif self._form == "table" and self._kept:
            self._console.write(
                table(
                    self._layout.table,
                    [record.cells for record in self._kept],
                    width=self._console.columns(self._console.stdout),
                    has_color=self._console.has_color,
                )
            )
        self._console.flush()


def write_one(console: Console, form: str, layout: Layout, record: Record) -> None:
    """Write a single record: as JSON it is an object, and no array."""
    if form == "json":
        console.write(f"{json.dumps(record.document, indent=2)}\n")
        console.flush()
        return
    writer = Writer(console, form, layout)
    writer.add(record)
    writer.close()


def csv_line(cells: Sequence[str]) -> str:
    """A line of CSV (RFC 4180) whose cells no spreadsheet takes for a formula.

    A cell that begins with ``=``, ``+``, ``-`` or ``@``, or with apostrophes before one of these,
    gets one apostrophe more; ``cell_value`` takes it away again.
    """
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow([_safe(printable(cell)) for cell in cells])
    return line.getvalue()


def cell_value(cell: str) -> str:
    """The value of a cell that ``csv_line`` may have made safe."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").startswith(_FORMULA) else cell


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell
