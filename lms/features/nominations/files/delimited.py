"""CSV: rows of a text file, whatever stands between the cells and at the end of a line."""

import csv
import io
from collections.abc import Iterator

from lms.features.nominations.files import encodings
from lms.features.nominations.files.encodings import Encoding
from lms.features.nominations.files.table import LONGEST_CELL, MOST_ROWS, Kind, Table, made_table
from lms.rules.refusal import Refusal, marked

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
SEPARATOR_LINE = "sep="  # Excel's own first line


def read(data: bytes, *, encoding: Encoding | None = None, delimiter: str | None = None) -> Table:
    """The table of a CSV file; what is not said is found. Raises Refusal."""
    encoding = encoding or encodings.detect(data)
    text = encodings.decode(data, encoding)
    named, skipped = None, 0
    if text[:4].lower() == SEPARATOR_LINE and text[4:5] in DELIMITERS:
        named, skipped = text[4], 1
        text = text[5:].lstrip("\r").removeprefix("\n")
    delimiter = delimiter or named or found_delimiter(text)
    lines = list(_lines(text, delimiter, skipped))
    return made_table(Kind.CSV, lines, encoding=encoding, delimiter=delimiter)


def found_delimiter(text: str) -> str:
    """The one of comma, semicolon and tab that stands most often in the headings, unquoted."""
    counts = dict.fromkeys(DELIMITERS, 0)
    quoted = False
    for sign in text.lstrip():
        if sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign in counts:
            counts[sign] += 1
        elif sign in "\r\n":
            break
    return max(counts, key=lambda sign: counts[sign])


def _lines(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """(row as a spreadsheet counts it, cells); a cell may hold line breaks."""
    csv.field_size_limit(4 * LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    filled = 0
    try:
        for number, cells in enumerate(reader, 1 + skipped):
            filled += any(cells)
            yield number, cells
            if filled > MOST_ROWS + 1:
                return  # made_table says that there are too many
    except csv.Error:
        raise Refusal(
            marked(
                "The file cannot be read near line {line}. Check the quotation marks there, or "
                "save the file as XLSX."
            ),
            line=reader.line_num,
        ) from None
