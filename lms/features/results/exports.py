"""The analysis as CSV: a row for each question and, below it, one for each of its options."""

import csv
import io
from collections.abc import Mapping

from lms.features.results.queries import Item
from lms.rules.analysis import QuizFigures
from lms.rules.cells import guarded

BOM = "\ufeff"  # tells spreadsheets that this is UTF-8
COLUMNS = (  # keys for machines: they keep their names in every language
    "question",
    "objective",
    "type",
    "option",
    "right",
    "attempts",
    "correct",
    "agreement",
    "upper_less_lower",
    "empty",
    "median_seconds",
    "chosen_lower_third",
    "chosen_middle_third",
    "chosen_upper_third",
    "remarks",
)


def csv_of(made: QuizFigures | None, items: Mapping[str, Item], *, with_keys: bool) -> str:
    """Shares from 0 to 1 with four decimals; empty where too few were asked. Only the header
    below thirty attempts; without `with_keys` no options."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    text.write(BOM)
    writer.writerow(COLUMNS)
    for one in made.items if made else ():
        question = items[one.id].question
        head = [guarded(one.id), guarded(question.objective), question.type.value]
        writer.writerow(
            [
                *head,
                "",
                "",
                one.n,
                *map(_number, (one.facility, one.correlation, one.index, one.omitted)),
                _number(one.seconds),
                *("", "", ""),
                " ".join(flag.value for flag in one.flags),
            ]
        )
        for option in one.options if with_keys else ():
            share = [option.share, None, None, None]
            thirds = map(_number, option.thirds)
            row = [guarded(option.text), "yes" if option.right else "no", one.n]
            writer.writerow([*head, *row, *map(_number, share), "", *thirds, ""])
    return text.getvalue()


def _number(value: float | None) -> float | str:
    return "" if value is None else round(value, 4)
