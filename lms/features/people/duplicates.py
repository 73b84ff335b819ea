"""Looking for records that are probably one person, and what a merge would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from lms.database import db, transaction
from lms.deeds import merging
from lms.features.people.queries import within
from lms.models import (
    Activity,
    Affiliation,
    Attempt,
    Certificate,
    Enrolment,
    Person,
    PersonAddress,
    PersonMerge,
    Release,
)
from lms.rules.access import Reach
from lms.rules.duplicates import Known, Sign, pairs

MOST = 200  # pairs on the page


@dataclass(frozen=True, slots=True)
class Found:
    first: Any  # ref, name, state, agency
    second: Any
    signs: frozenset[Sign]


def found(reach: Reach) -> list[Found]:
    """Probable pairs; both records are within reach."""
    query = within(
        select(
            Person.id,
            Person.ref,
            Person.given_name,
            Person.family_name,
            Person.own_script_name,
            Person.agency,
            Person.affiliation_id,
            Affiliation.name.label("state"),
        ).join(Affiliation, Affiliation.id == Person.affiliation_id),
        reach,
    )
    rows = {row.id: row for row in db.session.execute(query)}
    held: dict[int, set[str]] = {}
    addresses = within(
        select(PersonAddress.person_id, PersonAddress.address).join(
            Person, Person.id == PersonAddress.person_id
        ),
        reach,
    )
    for person_id, address in db.session.execute(addresses):
        held.setdefault(person_id, set()).add(address)
    known = (
        Known(
            id=row.id,
            affiliation_id=row.affiliation_id,
            given_name=row.given_name,
            family_name=row.family_name,
            own_script_name=row.own_script_name,
            agency=row.agency,
            addresses=frozenset(held.get(row.id, ())),
        )
        for row in rows.values()
    )
    return [Found(rows[one.first], rows[one.second], one.signs) for one in pairs(known)[:MOST]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to each place of both records, in the words of the page."""

    kept: Person
    gone: Person
    places: Sequence[tuple[Any, str]]  # row, what happens: kept, moves, ends, stays
    addresses: Sequence[str]


def preview(kept: Person, gone: Person) -> Preview:
    planned = merging.plan(db.session, kept.id, gone.id)
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.state,
            Activity.slug,
            Release.title,
            select(func.count(Attempt.id))
            .where(Attempt.enrolment_id == Enrolment.id)
            .scalar_subquery()
            .label("attempts"),
            select(func.count(Certificate.id))
            .where(Certificate.enrolment_id == Enrolment.id)
            .scalar_subquery()
            .label("certificates"),
        )
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Release, Release.id == Enrolment.release_id)
        .where(Enrolment.person_id.in_((kept.id, gone.id)))
        .order_by(Activity.slug, Enrolment.id)
    ).all()

    def fate(key: int) -> str:
        if key in planned.ends:
            return "ends"
        if key in planned.stays:
            return "stays"
        return "moves" if key in planned.moves else "kept"

    own = select(PersonAddress.address).filter_by(person_id=gone.id)
    return Preview(kept, gone, [(row, fate(row.id)) for row in rows], db.session.scalars(own).all())


def merges(person_id: int) -> Sequence[tuple[PersonMerge, str]]:
    """Merges into this record that are not undone, with the other record's name."""
    rows = db.session.execute(
        select(PersonMerge, Person)
        .join(Person, Person.id == PersonMerge.gone_id)
        .where(PersonMerge.kept_id == person_id, PersonMerge.undone_at.is_(None))
        .order_by(PersonMerge.id.desc())
    )
    return [(row[0], row[1].name) for row in rows]


def merge(kept: str, gone: str, reason: str, *, now: datetime, actor: int) -> None:
    with transaction() as session:
        ids = [session.scalar(select(Person.id).filter_by(ref=ref)) for ref in (kept, gone)]
        if None in ids:
            raise NotFound
        merging.merge(session, ids[0], ids[1], reason=reason, now=now, actor=actor)


def undo(ref: str, *, now: datetime, actor: int) -> str:
    """Undo the merge; gives the reference of the record that was kept."""
    with transaction() as session:
        row = session.scalar(select(PersonMerge).filter_by(ref=ref))
        if row is None:
            raise NotFound
        merging.undo(session, row.id, now=now, actor=actor)
        return session.get_one(Person, row.kept_id).ref
