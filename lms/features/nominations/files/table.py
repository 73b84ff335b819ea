"""A file as rows of text, and how far a file may go."""

from dataclasses import dataclass
from enum import StrEnum

from lms.rules.refusal import Refusal, marked

LARGEST = 20_000_000  # bytes of a file
MOST_ROWS = 10_000  # beside the headings
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # characters, as in spreadsheets


class Kind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows; every row has a cell for every heading. Empty lines are left out."""

    kind: Kind
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # (number in the file, as a spreadsheet counts)
    encoding: str = ""  # of a CSV file
    delimiter: str = ""  # of a CSV file


def made_table(
    kind: Kind, lines: list[tuple[int, list[str]]], *, encoding: str = "", delimiter: str = ""
) -> Table:
    """The table of these lines, the first with something in it being the headings.

    Raises Refusal when there is no row, or too much.
    """
    filled = [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]
    if len(filled) < 2:
        raise Refusal(
            marked(
                "This file has no rows. Write the names of the columns first, then the officers."
            )
        )
    if len(filled) - 1 > MOST_ROWS:
        raise Refusal(
            marked("This file has more than {most} rows. Divide it into several files."),
            most=MOST_ROWS,
        )
    headings = _without_empty_end(filled[0][1])
    if len(headings) > MOST_COLUMNS:
        raise Refusal(
            marked("This file has more than {most} columns. Delete those that are not needed."),
            most=MOST_COLUMNS,
        )
    rows = []
    for number, cells in filled[1:]:
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise Refusal(
                marked("A cell of row {row} is too long. Shorten it, and upload the file again."),
                row=number,
            )
        rows.append((number, fitted(cells, len(headings), number)))
    return Table(kind, tuple(headings), tuple(rows), encoding, delimiter)


def fitted(cells: list[str], width: int, number: int) -> tuple[str, ...]:
    """The cells of a row, as many as there are headings. Raises Refusal when there are more."""
    kept = _without_empty_end(cells)
    if len(kept) > width:
        raise Refusal(
            marked(
                "Row {row} has more cells than the first row. Put text that holds the separator "
                "into quotation marks."
            ),
            row=number,
        )
    return (*kept, *[""] * (width - len(kept)))


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells
