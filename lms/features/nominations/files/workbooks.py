"""XLSX: the rows of a workbook's first sheet with something in it.

openpyxl reads it row by row; with defusedxml beside it, it refuses entities. Before that the
sizes inside the archive are added up: zipfile gives out no more bytes than an entry declares, so a
bomb is known by its own words. Formulas count as the value that was last shown.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from defusedxml.common import DefusedXmlException
from openpyxl import DEFUSEDXML, load_workbook

from lms.features.nominations.files.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    Kind,
    Table,
    made_table,
)
from lms.rules.refusal import Refusal, marked

assert DEFUSEDXML, "openpyxl must find defusedxml"

LARGEST_INSIDE = 200_000_000  # bytes of all parts, unpacked
LARGEST_WORDS = 50_000_000  # bytes of the part that is held in memory whole: shared texts
MOST_PARTS = 1_000
EMPTY_LINES = 1_000  # between rows with something in them; then the sheet is over
UNREADABLE = marked(
    "This file is not a workbook that can be read. Open it in your spreadsheet program and save "
    "it as XLSX or CSV."
)


def read(data: bytes) -> Table:
    """The table of the first sheet that is not empty. Raises Refusal."""
    refuse_bomb(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                lines: list[tuple[int, list[str]]] = []
                for sheet in book.worksheets:
                    lines = list(_lines(sheet))
                    if lines:
                        break
            finally:
                book.close()
    except Refusal:
        raise
    except (DefusedXmlException, Exception):  # a broken file breaks its reader in many ways
        raise Refusal(UNREADABLE) from None
    return made_table(Kind.XLSX, lines)


def refuse_bomb(data: bytes) -> None:
    """Raises Refusal for what is no archive, or would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refusal(UNREADABLE) from None
    words = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
    whole = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or whole > LARGEST_INSIDE or words > LARGEST_WORDS:
        raise Refusal(
            marked("This workbook is too large inside. Keep only the sheet with officers.")
        )


def _lines(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    filled = empty = 0
    for number, cells in enumerate(
        sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), start=1
    ):
        texts = [as_text(cell) for cell in cells]
        if not any(texts):
            empty += 1
            if empty > EMPTY_LINES:
                return
            continue
        filled, empty = filled + 1, 0
        yield number, texts
        if filled > MOST_ROWS + 1:
            return  # made_table says that there are too many


def as_text(value: Any) -> str:
    """A cell's value as it would stand in a CSV file."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)
