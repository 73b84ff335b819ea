"""Reading the audit log: who did what to whom, and when it was last checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select

from lms.database import db
from lms.models import (
    Activity,
    Affiliation,
    Attempt,
    AuditCheck,
    AuditEntry,
    AuditHead,
    Certificate,
    Course,
    Enrolment,
    Erasure,
    Essay,
    Message,
    Person,
    Registration,
    Regrade,
)
from lms.rules.references import grouped, typed_reference

ROWS_A_PAGE = 50
MOST_PEOPLE = 50  # that a typed name stands for
# What an object of the log is, and the word for it that people may read.
TABLES: dict[str, tuple[Any, Any]] = {
    "person": (Person, Person.ref),
    "enrolment": (Enrolment, Enrolment.ref),
    "attempt": (Attempt, Attempt.ref),
    "message": (Message, Message.ref),
    "certificate": (Certificate, Certificate.code),
    "course": (Course, Course.slug),
    "activity": (Activity, Activity.slug),
    "affiliation": (Affiliation, Affiliation.code),
    "erasure": (Erasure, Erasure.ref),
    "essay": (Essay, Essay.ref),
    "registration": (Registration, Registration.ref),
    "regrade": (Regrade, Regrade.ref),
}


@dataclass(frozen=True, slots=True)
class Filters:
    who: str = ""  # a name, a reference, or a word of the object
    deed: str = ""
    first: date | None = None  # days in Vienna
    last: date | None = None

    @property
    def chosen(self) -> dict[str, str]:
        """Under their names in the address, without those not set."""
        made = {
            "who": self.who,
            "deed": self.deed,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
        }
        return {name: value for name, value in made.items() if value}


def entries(filters: Filters, *, own: int | None, zone: ZoneInfo) -> Select[Any]:
    """The entries that fit, as (AuditEntry, given name, family name of who did it).

    own: only what this person did; None for all.
    """
    query = select(AuditEntry, Person.given_name, Person.family_name).outerjoin(
        Person, Person.id == AuditEntry.actor_id
    )
    if own is not None:
        query = query.where(AuditEntry.actor_id == own)
    if filters.deed:
        query = query.where(AuditEntry.deed == filters.deed)
    if filters.first:
        query = query.where(AuditEntry.at >= datetime.combine(filters.first, time(), zone))
    if filters.last:
        day_after = filters.last + timedelta(days=1)
        query = query.where(AuditEntry.at < datetime.combine(day_after, time(), zone))
    if filters.who:
        query = query.where(_about(filters.who))
    return query


def _about(typed: str) -> Any:
    """Who did it or whom it was done to: by reference, by name, or by the object's own word."""
    reference = typed_reference(typed)
    if reference:
        found = [
            f"{kind}:{key}"
            for kind in ("person", "enrolment", "attempt", "message")
            for key in db.session.scalars(select(TABLES[kind][0].id).filter_by(ref=reference))
        ]
        actors = [int(one.partition(":")[2]) for one in found if one.startswith("person:")]
        return or_(AuditEntry.object.in_(found), AuditEntry.actor_id.in_(actors))
    full = Person.given_name + " " + Person.family_name
    people = db.session.scalars(
        select(Person.id)
        .where(full.icontains(typed, autoescape=True))
        .order_by(Person.id)
        .limit(MOST_PEOPLE)
    ).all()
    return or_(
        AuditEntry.actor_id.in_(people),
        AuditEntry.object.in_([f"person:{key}" for key in people]),
        AuditEntry.object.icontains(typed, autoescape=True),
    )


def how_many(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def newest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(AuditEntry.seq.desc())


def page_of(query: Select[Any], page: int) -> Sequence[Any]:
    return db.session.execute(
        newest_first(query).limit(ROWS_A_PAGE).offset((page - 1) * ROWS_A_PAGE)
    ).all()


def deeds(own: int | None) -> Sequence[str]:
    """The words for deeds that stand in the log."""
    query = select(AuditEntry.deed).distinct().order_by(AuditEntry.deed)
    if own is not None:
        query = query.where(AuditEntry.actor_id == own)
    return db.session.scalars(query).all()


def words_for(objects: Iterable[str]) -> dict[str, str]:
    """For each object such as person:12 the words that people know it by.

    A key that means nothing outside stays as it is. One question for each kind of object.
    """
    wanted: dict[str, set[int]] = {}
    for one in objects:
        kind, _, key = one.partition(":")
        if kind in TABLES and key.isdigit():
            wanted.setdefault(kind, set()).add(int(key))
    made = {}
    for kind, keys in wanted.items():
        table, word = TABLES[kind]
        extra = (Person.given_name, Person.family_name) if kind == "person" else ()
        for key, text, *name in db.session.execute(
            select(table.id, word, *extra).where(table.id.in_(keys))
        ):
            shown = grouped(text) if kind == "certificate" else text
            made[f"{kind}:{key}"] = " ".join([*name, shown]) if name else shown
    return made


def last_check() -> AuditCheck | None:
    return db.session.scalar(select(AuditCheck).order_by(AuditCheck.at.desc()).limit(1))


def head() -> tuple[int, str]:
    """Number and hash of the last entry."""
    row = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    return row.seq, row.hash
