"""Officers as files that can be uploaded again unchanged, and the template for new ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask_babel import gettext as _

from lms.database import transaction
from lms.deeds import audit
from lms.features.nominations.files import writing
from lms.features.nominations.files.columns import Column
from lms.features.nominations.files.table import Kind
from lms.features.nominations.files.writing import TYPES
from lms.features.nominations.queries import Nominee
from lms.models import Affiliation, Person
from lms.rules.particulars import AGENCY_TYPES, RANK_BANDS, Gender

COLUMNS = tuple(one.value for one in Column if one not in (Column.ORDER, Column.MOTIVATION))
NOMINATED = (*COLUMNS, Column.ORDER.value, Column.MOTIVATION.value, "place", "place_status")
IN_A_TEMPLATE = (
    Column.GIVEN_NAME,
    Column.FAMILY_NAME,
    Column.OWN_SCRIPT_NAME,
    Column.GENDER,
    Column.STATE,
    Column.EMAIL,
    Column.AGENCY,
    Column.AGENCY_TYPE,
    Column.RANK_BAND,
    Column.FUNCTION,
    Column.LANGUAGES,
    Column.LANGUAGE,
    Column.ORDER,
    Column.MOTIVATION,
)
MOST_CHOICES = 250  # signs of a list in a workbook

__all__ = ["TYPES", "Rows", "known", "nominated", "note", "template"]


@dataclass(frozen=True, slots=True)
class Rows:
    headings: Sequence[str]
    rows: Sequence[Sequence[writing.Cell]]

    def file(self, kind: Kind) -> bytes:
        return writing.write(kind, self.headings, self.rows)


def known(people: Iterable[tuple[Person, str]], state: Affiliation) -> Rows:
    return Rows(COLUMNS, [_person(person, address, state) for person, address in people])


def nominated(listed: Iterable[Nominee], state: Affiliation) -> Rows:
    rows = [
        (
            *_person(one.person, one.address, state),
            one.place.rank,
            one.place.motivation,
            one.place.ref,
            one.place.state.value,
        )
        for one in listed
    ]
    return Rows(NOMINATED, rows)


def _person(person: Person, address: str, state: Affiliation) -> tuple[writing.Cell, ...]:
    said: dict[str, writing.Cell] = {
        "person": person.ref,
        "gender": person.gender.value,
        "state": state.code,
        "email": address,
        "languages": "; ".join(person.languages),
    }
    return tuple(said[name] if name in said else getattr(person, name) for name in COLUMNS)


def template(state: Affiliation, agencies: Sequence[str]) -> bytes:
    """A workbook with the names of the columns, and in them what can be chosen."""
    choices: dict[str, Sequence[str]] = {
        Column.GENDER: [one.value for one in Gender],
        Column.STATE: [state.code],
        Column.AGENCY_TYPE: AGENCY_TYPES,
        Column.RANK_BAND: RANK_BANDS,
    }
    short: list[str] = []
    for agency in agencies:
        if "," not in agency and len(",".join((*short, agency))) <= MOST_CHOICES:
            short.append(agency)
    if short:
        choices[Column.AGENCY] = short
    notes = (
        _("Write one officer in each row. Only the two names are needed."),
        _("Names in Latin letters, as in the passport. The own script has its own column."),
        _("Languages by name or code, divided by semicolons: en; ru."),
        _("Order: 1 is the officer whom your State prefers most."),
        _("Nothing is saved before you have seen what the file would do."),
        f"{state.name}: {state.code}",
    )
    return writing.xlsx([one.value for one in IN_A_TEMPLATE], [], choices=choices, notes=notes)


def note(actor: int, *, what: str, rows: int, data: bytes, why: str, now: datetime) -> None:
    """Every file with names is remembered: who took it, of what, how much, and its hash."""
    with transaction() as session:
        audit.record(
            session,
            now=now,
            deed="exported officers",
            actor=actor,
            object=what,
            after={"rows": rows, "sha256": sha256(data).hexdigest()},
            why=why,
        )
