"""What each row of a file says, and what is wrong with it, before any database is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lms.features.nominations.files import words
from lms.features.nominations.files.columns import Column, Columns, find
from lms.features.nominations.files.folding import folded
from lms.features.nominations.files.table import Kind, Table
from lms.rules.cells import unguarded
from lms.rules.particulars import AGENCY_TYPES, RANK_BANDS, Particulars, check
from lms.rules.references import typed_reference
from lms.rules.refusal import marked
from lms.rules.texts import nfc

LONGEST_MOTIVATION = 400
MOST_ORDER = 10_000
SEVERAL = ";,/|"  # between languages in one cell
ABSENT = ("99", "-")  # what Moodle and people write for "not said"
PLAIN = {  # column → field of Particulars, as it is written
    Column.GIVEN_NAME: "given_name",
    Column.FAMILY_NAME: "family_name",
    Column.OWN_SCRIPT_NAME: "own_script_name",
    Column.AGENCY: "agency",
    Column.FUNCTION: "function",
    Column.TIME_ZONE: "time_zone",
    Column.EMAIL: "address",
}
COLUMN_OF = {field: column for column, field in PLAIN.items()} | {
    "agency_type": Column.AGENCY_TYPE,
    "rank_band": Column.RANK_BAND,
    "languages": Column.LANGUAGES,
    "language": Column.LANGUAGE,
    "gender": Column.GENDER,
}
AGENCY_WORDS = {folded(one): one for one in AGENCY_TYPES}
RANK_WORDS = {folded(one): one for one in RANK_BANDS}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the column as the file names it, what stands there, and what to do."""

    column: str
    value: str
    sentence: str  # to translate
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One row, understood. `fields` holds those of Particulars that the row says something of."""

    number: int  # of the row in the file
    name: str
    fields: Mapping[str, Any]
    person: str = ""  # reference
    state: str = ""  # code; "" where nothing says it
    order: int | None = None
    motivation: str = ""
    problems: tuple[Problem, ...] = ()
    twin: int | None = None  # the number of an earlier row for the same person


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file, understood."""

    columns: Columns
    lines: tuple[Line, ...]


def check_table(
    table: Table, states: words.States, *, languages: Sequence[str], home: str = ""
) -> Sheet:
    """Read every row. languages: those of the interface; home: the State of rows that name none.

    Raises Refusal for missing columns.
    """
    columns = find(table.headings)
    reader = _Reader(table.headings, columns, states, tuple(languages), home)
    clean = unguarded if table.kind is Kind.CSV else str
    rows = ((number, [tidy(clean(cell)) for cell in cells]) for number, cells in table.rows)
    return Sheet(columns, _with_twins([reader.line(*row) for row in rows]))


class _Reader:
    def __init__(
        self,
        headings: Sequence[str],
        columns: Columns,
        states: words.States,
        languages: tuple[str, ...],
        home: str,
    ) -> None:
        self.headings = headings
        self.at = columns.at
        self.states = states
        self.languages = languages
        self.home = home

    def line(self, number: int, cells: Sequence[str]) -> Line:
        said = {
            column: text
            for column, place in self.at.items()
            if (text := cells[place]) and text not in ABSENT
        }
        problems: list[Problem] = []

        def wrong(column: Column, sentence: str, **values: Any) -> None:
            heading = self.headings[self.at[column]] if column in self.at else column.value
            problems.append(Problem(tidy(heading), said.get(column, ""), sentence, values))

        fields: dict[str, Any] = {
            name: said[column] for column, name in PLAIN.items() if column in said
        }
        if "address" in fields:
            fields["address"] = fields["address"].lower()
        self._lists(said, fields, wrong)
        person, state = "", self.home
        if Column.PERSON in said:
            person = typed_reference(said[Column.PERSON]) or ""
            if not person:
                wrong(
                    Column.PERSON,
                    marked("This is no reference of an officer. Leave the cell empty."),
                )
        if Column.STATE in said:
            state = self.states.find(said[Column.STATE]) or ""
            if not state:
                wrong(
                    Column.STATE,
                    marked("Write the State's official name, or its code of two letters."),
                )
        order = self._order(said, wrong)
        motivation = said.get(Column.MOTIVATION, "")
        if len(motivation) > LONGEST_MOTIVATION:
            wrong(
                Column.MOTIVATION,
                marked("This is too long. Use at most {most} signs."),
                most=LONGEST_MOTIVATION,
            )
        for name, sentence in self._mistakes(fields):
            column = COLUMN_OF[name]
            if name == "address" and "," in fields["address"]:
                sentence = marked("Write a full stop, not a comma, in the email address.")
            wrong(column, sentence)
        return Line(
            number=number,
            name=" ".join(fields.get(one, "") for one in ("given_name", "family_name")).strip(),
            fields=fields,
            person=person,
            state=state,
            order=order,
            motivation=motivation,
            problems=tuple(problems),
        )

    def _lists(self, said: Mapping[Column, str], fields: dict[str, Any], wrong: Any) -> None:
        """What stands for a member of a closed list, in whatever words."""
        if text := said.get(Column.GENDER):
            gender = words.gender(text)
            if gender is None:
                wrong(Column.GENDER, marked("Write woman, man, other or not stated."))
            else:
                fields["gender"] = gender
        for column, name, known in (
            (Column.AGENCY_TYPE, "agency_type", AGENCY_WORDS),
            (Column.RANK_BAND, "rank_band", RANK_WORDS),
        ):
            if text := said.get(column):
                if one := known.get(folded(text)):
                    fields[name] = one
                else:
                    wrong(
                        column,
                        marked("Write one of these: {known}."),
                        known=", ".join(known.values()),
                    )
        if text := said.get(Column.LANGUAGE):
            tag = words.language(text)
            if tag in self.languages:
                fields["language"] = tag
            else:
                wrong(
                    Column.LANGUAGE,
                    marked("Write one of these: {known}."),
                    known=", ".join(self.languages),
                )
        if text := said.get(Column.LANGUAGES):
            tags = [words.language(one) for one in several(text)]
            if None in tags:
                wrong(Column.LANGUAGES, marked("Write languages by name or code, such as en; ru."))
            else:
                fields["languages"] = tuple(dict.fromkeys(tags))

    @staticmethod
    def _order(said: Mapping[Column, str], wrong: Any) -> int | None:
        text = said.get(Column.ORDER, "").removesuffix(".")
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= MOST_ORDER:
            return int(text)
        wrong(Column.ORDER, marked("Write a whole number from 1, or leave the cell empty."))
        return None

    @staticmethod
    def _mistakes(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
        names = {"given_name": "", "family_name": ""}
        return check(Particulars(**{**names, **fields}, affiliation_id=0))


def tidy(cell: str) -> str:
    """NFC, without blanks at the ends."""
    return nfc(cell).strip()


def several(text: str) -> list[str]:
    for sign in SEVERAL[1:]:
        text = text.replace(sign, SEVERAL[0])
    return [one.strip() for one in text.split(SEVERAL[0]) if one.strip()]


def _with_twins(lines: list[Line]) -> tuple[Line, ...]:
    """Each row with the number of an earlier one that is about the same person."""
    seen: dict[tuple[str, ...], int] = {}
    made = []
    for line in lines:
        twin = next((seen[key] for key in keys(line) if key in seen), None)
        for key in keys(line):
            seen.setdefault(key, line.number)
        made.append(line if twin is None else replace(line, twin=twin))
    return tuple(made)


def keys(line: Line) -> list[tuple[str, ...]]:
    """What makes two rows the same person: the reference, the address, and else name and agency."""
    found = []
    if line.person:
        found.append(("person", line.person))
    if address := line.fields.get("address"):
        found.append(("address", line.state, address))
    elif line.name and not line.person:
        found.append(name_key(line.state, line.fields))
    return found


def name_key(state: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    parts = (fields.get(one, "") for one in ("given_name", "family_name", "agency"))
    return ("name", state, *map(folded, parts))
