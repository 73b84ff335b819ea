"""Which column of a file says what: names in any order, in any language of the interface.

Known are our own template and exports, and the names of Moodle's "upload users". The names stand
in lms/data/headings.csv.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from lms.features.nominations.files.folding import folded
from lms.rules.refusal import Refusal, marked

FILE = Path(__file__).parents[3] / "data" / "headings.csv"
STATUS, MESSAGE = "status", "message"  # our own remarks, written behind the columns of a file


class Column(StrEnum):
    PERSON = "person"  # reference
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    OWN_SCRIPT_NAME = "own_script_name"
    GENDER = "gender"
    STATE = "state"
    EMAIL = "email"
    AGENCY = "agency"
    AGENCY_TYPE = "agency_type"
    RANK_BAND = "rank_band"
    FUNCTION = "function"
    LANGUAGES = "languages"
    TIME_ZONE = "time_zone"
    LANGUAGE = "language"
    ORDER = "order"  # the State's order of preference, from 1
    MOTIVATION = "motivation"


NEEDED = (Column.GIVEN_NAME, Column.FAMILY_NAME)
OWN = (STATUS, MESSAGE, "place", "place_status")  # what our exports add
SECRETS = ("password", "passwort", "kennwort", "motdepasse", "contrasena", "пароль")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands in a row, from 0, and which headings nobody reads."""

    at: Mapping[Column, int]
    unread: tuple[str, ...]
    has_passwords: bool


def find(headings: Sequence[str]) -> Columns:
    """The columns of these headings. Raises Refusal when a name column is missing or doubled."""
    at: dict[Column, int] = {}
    unread: list[str] = []
    secret = False
    for place, heading in enumerate(headings):
        name = folded(heading)
        column = names().get(name)
        if column is None:
            secret = secret or name in SECRETS
            if name and name not in map(folded, OWN):
                unread.append(heading.strip())
        elif column in at:
            raise Refusal(
                marked("The columns “{one}” and “{two}” say the same. Delete one of them."),
                one=headings[at[column]].strip(),
                two=heading.strip(),
            )
        else:
            at[column] = place
    missing = [column.value for column in NEEDED if column not in at]
    if missing:
        raise Refusal(
            marked("The first row must name the columns. This is missing: {missing}."),
            missing=", ".join(missing),
        )
    return Columns(at, tuple(unread), secret)


@cache
def names() -> Mapping[str, Column]:
    """Folded name → column."""
    found: dict[str, Column] = {}
    with FILE.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            column = Column(row["column"])
            for name in (row["column"], *row["names"].split(";")):
                assert found.setdefault(folded(name), column) is column, name
    return found
