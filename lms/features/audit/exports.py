"""The audit log as CSV: people stand in it by reference, as in the log."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from lms.rules.cells import guarded

BOM = "\ufeff"
ROWS_A_PIECE = 500
COLUMNS = ("number", "at", "who", "action", "object", "before", "after", "reason", "hash")


def csv_pieces(rows: Iterable[Any]) -> Iterator[str]:
    """Instants in UTC as ISO 8601; before and after as JSON; `who` and `object` are the keys."""
    piece = io.StringIO()
    writer = csv.writer(piece, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    piece.write(BOM)
    writer.writerow(COLUMNS)
    for number, (entry, *_name) in enumerate(rows, 1):
        writer.writerow(
            [
                entry.seq,
                entry.at.isoformat(),
                "" if entry.actor_id is None else f"person:{entry.actor_id}",
                guarded(entry.deed),
                guarded(entry.object),
                json.dumps(entry.before, ensure_ascii=False) if entry.before else "",
                json.dumps(entry.after, ensure_ascii=False) if entry.after else "",
                guarded(entry.why),
                entry.hash,
            ]
        )
        if number % ROWS_A_PIECE == 0:
            yield _taken(piece)
    yield _taken(piece)


def _taken(piece: io.StringIO) -> str:
    text = piece.getvalue()
    piece.seek(0)
    piece.truncate()
    return text
