"""Who holds which role, and whom it can be given to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.database import db
from lms.models import Affiliation, Course, Person, PersonAddress, Programme, RoleGrant
from lms.rules.access import Role

ROWS_A_PAGE = 25
FOUND_AT_MOST = 20
Giver = aliased(Person)


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant as it is shown."""

    row: RoleGrant
    person: Person
    affiliation: str
    giver: Person | None  # none: a command

    def waits(self) -> bool:
        return self.row.needs_second and self.row.confirmed_at is None


def _grants() -> Select[tuple[RoleGrant, Person, str, Person]]:
    return (
        select(RoleGrant, Person, Affiliation.name, Giver)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Affiliation, Affiliation.id == Person.affiliation_id)
        .outerjoin(Giver, Giver.id == RoleGrant.granted_by)
    )


def waiting(now: datetime) -> list[Grant]:
    """Those that a second administrator has yet to confirm, the oldest first."""
    query = _grants().where(
        RoleGrant.ended_at.is_(None),
        RoleGrant.needs_second.is_(True),
        RoleGrant.confirmed_at.is_(None),
        or_(RoleGrant.until.is_(None), RoleGrant.until > now),
    )
    return [Grant(*row) for row in db.session.execute(query.order_by(RoleGrant.id))]


def in_force(now: datetime, role: Role | None, words: str, page: int) -> tuple[list[Grant], int]:
    """One page of those that count now, by family name; and how many there are."""
    where = [RoleGrant.in_force(now)]
    if role is not None:
        where.append(RoleGrant.role == role)
    if words:
        where.append(named(words))
    total = db.session.scalar(
        select(func.count(RoleGrant.id))
        .join(Person, Person.id == RoleGrant.person_id)
        .where(*where)
    )
    query = (
        _grants()
        .where(*where)
        .order_by(Person.family_name, Person.given_name, RoleGrant.id)
        .limit(ROWS_A_PAGE)
        .offset((page - 1) * ROWS_A_PAGE)
    )
    return [Grant(*row) for row in db.session.execute(query)], total or 0


def grant(ref: str) -> Grant | None:
    """One that has not ended."""
    query = _grants().where(RoleGrant.ref == ref, RoleGrant.ended_at.is_(None))
    row = db.session.execute(query).one_or_none()
    return Grant(*row) if row else None


def named(words: str) -> ColumnElement[bool]:
    """People with all these words in their names, or with this very address."""
    in_name = and_(
        *(
            or_(
                Person.given_name.icontains(word, autoescape=True),
                Person.family_name.icontains(word, autoescape=True),
                Person.own_script_name.icontains(word, autoescape=True),
            )
            for word in words.split()
        )
    )
    has_address = exists().where(
        PersonAddress.person_id == Person.id, PersonAddress.address == words.lower()
    )
    return or_(in_name, has_address)


def found(words: str) -> Sequence[Row[tuple[Person, str]]]:
    """The first people who may be given a role, with their affiliation."""
    query = (
        select(Person, Affiliation.name)
        .join(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(named(words), Person.suspended_at.is_(None), Person.merged_into.is_(None))
        .order_by(Person.family_name, Person.given_name, Person.id)
        .limit(FOUND_AT_MOST)
    )
    return db.session.execute(query).all()


def person(ref: str) -> Row[tuple[Person, str]] | None:
    """Somebody who may be given a role, with the affiliation."""
    query = (
        select(Person, Affiliation.name)
        .join(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(Person.ref == ref, Person.suspended_at.is_(None), Person.merged_into.is_(None))
    )
    return db.session.execute(query).one_or_none()


def courses() -> list[tuple[str, str]]:
    query = select(Course.slug).where(Course.archived_at.is_(None)).order_by(Course.slug)
    return [(slug, slug) for slug in db.session.scalars(query)]


def affiliations() -> list[tuple[str, str]]:
    query = select(Affiliation.code, Affiliation.name).order_by(Affiliation.name)
    return [(code, name) for code, name in db.session.execute(query)]


def programmes() -> list[tuple[str, str]]:
    query = select(Programme.slug, Programme.title).order_by(Programme.title)
    return [(slug, title) for slug, title in db.session.execute(query)]


def reach_words() -> dict[str, str]:
    """What stands for `course:3`, `affiliation:7` and `programme:2`."""
    words = {
        f"course:{id}": slug for id, slug in db.session.execute(select(Course.id, Course.slug))
    }
    names = db.session.execute(select(Affiliation.id, Affiliation.name))
    titles = db.session.execute(select(Programme.id, Programme.title))
    words |= {f"programme:{id}": title for id, title in titles}
    return words | {f"affiliation:{id}": name for id, name in names}
