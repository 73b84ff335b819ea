"""The report as CSV (RFC 4180), written piece by piece."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from lms.rules.cells import guarded
from lms.rules.figures import tenths

BOM = "\ufeff"  # tells spreadsheets that this is UTF-8
ROWS_A_PIECE = 500
COLUMNS = (  # keys for machines: they keep their names in every language
    "place",
    "given_name",
    "family_name",
    "state_code",
    "state",
    "version",
    "status",
    "lessons_completed",
    "lessons",
    "began",
    "completed",
)
SCORE = "final_quiz_percent"


def csv_pieces(rows: Iterable[Row[Any]], *, zone: ZoneInfo, scores: bool) -> Iterator[str]:
    """The file of these rows: text in quotes, numbers bare, days in `zone` as 2026-12-04."""
    piece = io.StringIO()
    writer = csv.writer(piece, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    piece.write(BOM)
    writer.writerow((*COLUMNS, SCORE) if scores else COLUMNS)
    for number, row in enumerate(rows, 1):
        cells = [
            guarded(row.ref),
            guarded(row.given_name),
            guarded(row.family_name),
            guarded(row.state_code),
            guarded(row.state),
            row.version,
            row.status,
            row.done,
            row.of,
            _day(row.began_at, zone),
            _day(row.completed_at, zone),
        ]
        if scores:
            cells.append(None if row.score is None else tenths(row.score))
        writer.writerow(cells)
        if number % ROWS_A_PIECE == 0:
            yield _taken(piece)
    yield _taken(piece)


def _day(instant: datetime | None, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).date().isoformat() if instant else ""


def _taken(piece: io.StringIO) -> str:
    text = piece.getvalue()
    piece.seek(0)
    piece.truncate()
    return text
