"""From rows to a file that spreadsheets open and our own reading takes back unchanged.

In CSV a text that could be read as a formula gets an apostrophe in front (rules/cells.py), which
reading takes off again. In XLSX every text is a text cell, and nothing is a formula.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import xlsxwriter

from lms.features.nominations.files.table import Kind
from lms.rules.cells import guarded

Cell = str | int | None
BOM = "\ufeff"  # tells spreadsheets that this is UTF-8
TYPES = {
    Kind.CSV: "text/csv; charset=utf-8; header=present",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same rows give the same bytes
WIDTH = 22  # of a column, in signs
ROWS_OF_A_TEMPLATE = 1_000  # that offer lists to choose from


def write(
    kind: Kind, headings: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ","
) -> bytes:
    if kind is Kind.XLSX:
        return xlsx(headings, rows)
    return as_csv(headings, rows, delimiter)


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> bytes:
    """UTF-8 with its mark, texts in quotes, CRLF (RFC 4180)."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(
        out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n", delimiter=delimiter
    )
    for row in (headings, *rows):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()


def xlsx(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    choices: Mapping[str, Sequence[str]] | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """A workbook with one table. choices: what the cells under a heading offer; notes: a second
    sheet of sentences."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"created": MADE})
    bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("Officers")
    sheet.set_column(0, max(len(headings) - 1, 0), WIDTH, plain)
    sheet.freeze_panes(1, 0)
    last = 0
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, bold)
    for last, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(last, place, cell)
            elif cell:
                sheet.write_string(last, place, cell, plain)
    sheet.autofilter(0, 0, last, max(len(headings) - 1, 0))
    for heading, offered in (choices or {}).items():
        place = list(headings).index(heading)
        rule = {
            "validate": "list",
            "source": list(offered),
            "error_type": "warning",  # our reading understands other words, too
        }
        sheet.data_validation(1, place, ROWS_OF_A_TEMPLATE, place, rule)
    if notes:
        second = book.add_worksheet("How to fill it in")
        second.set_column(0, 0, 100)
        for place, note in enumerate(notes):
            second.write_string(place, 0, note)
    book.close()
    return out.getvalue()
