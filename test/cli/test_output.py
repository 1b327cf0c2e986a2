"""Tables keep to their width, CSV is CSV, and nothing commands a terminal."""

import csv
import json
from io import StringIO

from hypothesis import example, given
from hypothesis import strategies as st

from cli.running import AWS
from openapi_client.cli.console import Console
from openapi_client.cli.keys import KEYS
from openapi_client.cli.output import Record, Writer, cell_value, csv_line
from openapi_client.cli.progress import bar, clock_time
from openapi_client.cli.registering import REPORT
from openapi_client.cli.table import Column, table
from openapi_client.cli.text import cut, printable, text_width

_CELLS = st.text() | st.sampled_from(
    ["=1", "'=1", "'", "-", "+1", "@x", "\t=", "a\nb", 'q"', "鍵" * 30]
)
_COLUMNS = (Column("id", 4), Column("name", 5), Column("identifier", 6, keeps_end=True))
_ROWS = st.lists(st.fixed_dictionaries({column.name: _CELLS for column in _COLUMNS}))


@given(_ROWS, st.integers(19, 200))
def test_table_keeps_to_its_width(rows: list[dict[str, str]], width: int) -> None:
    """No line is wider than the terminal, whatever the names are, and each row is one line."""
    text = table(_COLUMNS, rows, width=width)
    lines = text.split("\n")[:-1]
    assert len(lines) == len(rows) + 1
    assert all(line.isprintable() for line in lines)
    assert all(text_width(line) <= width for line in lines)


@given(_ROWS)
def test_table_without_a_width_cuts_nothing(rows: list[dict[str, str]]) -> None:
    """In a file, or in a pipe, everything is there."""
    lines = table(_COLUMNS, rows).split("\n")[1:-1]
    for row, line in zip(rows, lines, strict=True):
        assert all(printable(cell).strip() in line for cell in row.values())


@given(_ROWS)
def test_color_changes_nothing_else(rows: list[dict[str, str]]) -> None:
    """A table in color has the same text in the same columns."""
    plain = table(_COLUMNS, rows)
    colored = table(_COLUMNS, rows, has_color=True)
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m"):
        colored = colored.replace(code, "")
    assert colored == plain


def test_cut_text_keeps_what_says_most() -> None:
    """Of an identifier the end is kept, of a name the beginning, and a mark says so."""
    row = {"id": "cck-1", "name": "production cluster", "identifier": "arn:aws:kms:key/1234"}
    line = table(_COLUMNS, [row], width=24).split("\n")[1]
    assert line.startswith("cck-1  produ")
    assert "…" in line
    assert line.endswith("y/1234")


@given(st.text(max_size=8), st.integers(-2, 9), st.booleans())
def test_cutting_ends(text: str, width: int, keeps_end: bool) -> None:
    """Any text can be cut to any width, also to one that has room for the mark alone, or none."""
    kept = cut(text, width, keeps_end=keeps_end)
    assert kept == text or len(kept) <= len(text) + 1
    assert text_width(kept) <= max(width, 1) or kept == text


def test_marks_take_no_room() -> None:
    """Accents that stand above a letter, and letters that take two columns, do not shift a row."""
    rows = [{"id": "e\u0301" * 4, "name": "x"}, {"id": "鍵鍵", "name": "y"}]
    lines = table(_COLUMNS, rows).split("\n")[1:3]
    assert [text_width(line.rstrip("xy")) for line in lines] == [6, 6]


def test_line_numbers_of_a_report_are_whole() -> None:
    """On the narrowest terminal the line of a file of thousands can be told."""
    row = {"line": "1234", "result": "registered", "identifier": AWS}
    assert table(REPORT.table, [row], width=10).split("\n")[1].startswith("1234  registered  ")


def test_terminal_that_is_too_narrow_gets_the_least() -> None:
    """Below its least width a table does not shrink to nothing."""
    row = {"id": "cck-1", "name": "production", "identifier": "arn:aws:kms"}
    assert table(_COLUMNS, [row], width=5) == table(_COLUMNS, [row], width=19)


@given(st.lists(_CELLS, min_size=1))
@example(["=cmd|' /C calc'!A0", "'=x", "plain", "a,b", 'say "hi"'])
def test_csv_is_read_back(cells: list[str]) -> None:
    """A CSV reader gets the cells back, and a spreadsheet sees no formula."""
    line = csv_line(cells)
    [read] = csv.reader(StringIO(line, newline=""), strict=True)
    assert [cell_value(cell) for cell in read] == [printable(cell) for cell in cells]
    assert not [cell for cell in read if cell.startswith(("=", "+", "-", "@"))]
    assert line.rstrip("\n").isprintable()


@given(st.text())
def test_what_is_printed_is_printable(text: str) -> None:
    """No text from the service reaches a terminal as a command."""
    assert printable(text).isprintable()
    assert text.isprintable() == (printable(text) == text)


@given(st.lists(st.text(min_size=1)), st.sampled_from(["json", "jsonl", "csv", "id", "table"]))
def test_every_form_holds_every_record(ids: list[str], form: str) -> None:
    """All records are written, in their order, in whichever form."""
    out = StringIO()
    writer = Writer(Console(StringIO(), out, StringIO(), {}), form, KEYS)
    for id in ids:
        writer.add(Record(id, {"id": id}, {"id": id}))
    writer.close()
    text = out.getvalue()
    lines = text.split("\n")[:-1]
    if form == "json":
        assert [each["id"] for each in json.loads(text)] == ids
    elif form == "jsonl":
        assert [json.loads(line)["id"] for line in lines] == ids
    elif form == "csv":
        read = csv.DictReader(StringIO(text, newline=""))
        assert [cell_value(row["id"]) for row in read] == [printable(id) for id in ids]
    elif form == "id":
        assert lines == [printable(id) for id in ids]
    else:
        assert len(lines) == (len(ids) + 1 if ids else 0)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_bar_has_one_length(done: int, total: int) -> None:
    """The bar does not jump about, also where more keys come than were counted."""
    picture, numbers = bar(done, total).split()
    assert len(picture) == 22
    assert numbers == f"{done}/{total}"


def test_time_is_told_as_on_a_clock() -> None:
    """Minutes and seconds, and hours where there are any."""
    assert [clock_time(seconds) for seconds in (0, 61, 3600, 432_000)] == [
        "0:00",
        "1:01",
        "1:00:00",
        "120:00:00",
    ]
