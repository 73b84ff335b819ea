"""Looking people up; each question is narrowed to what the one who asks may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select

from lms.database import db
from lms.deeds import people
from lms.models import (
    Activity,
    Affiliation,
    AffiliationDomain,
    ChangeKind,
    ChangeRequest,
    Course,
    Enrolment,
    LoginToken,
    Person,
    PersonAddress,
    Registration,
    Release,
    RoleGrant,
    SignIn,
)
from lms.rules.access import Reach, Role, Scope
from lms.rules.enrolments import State

ROWS_A_PAGE = 25
ACCOUNTS = ("active", "invited", "not_invited", "suspended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    who: str = ""
    state: str = ""  # code of an affiliation
    role: str = ""
    account: str = ""  # of ACCOUNTS

    @property
    def chosen(self) -> dict[str, str]:
        names = ("who", "state", "role", "account")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def within(query: Select[Any], reach: Reach) -> Select[Any]:
    """Narrow a query over people to those within reach; merged and erased records are gone."""
    query = query.where(Person.merged_into.is_(None), Person.erased_at.is_(None))
    match reach.scope:
        case Scope.ALL:
            return query
        case Scope.AFFILIATION:
            return query.where(Person.affiliation_id.in_(reach.ids))
        case _:
            return query.where(False)


def account(now: datetime) -> ColumnElement[str]:
    """Which of ACCOUNTS a person has."""
    invited = exists().where(
        LoginToken.person_id == Person.id,
        LoginToken.used_at.is_(None),
        LoginToken.ended_at.is_(None),
        LoginToken.expires_at > now,
    )
    return case(
        (Person.suspended_at.is_not(None), "suspended"),
        (Person.joined_at.is_not(None), "active"),
        (invited, "invited"),
        else_="not_invited",
    )


def listed(reach: Reach, filters: Filters, now: datetime) -> Select[Any]:
    last = select(func.max(SignIn.last_seen)).where(SignIn.person_id == Person.id)
    query = (
        select(
            Person,
            Affiliation.name.label("state"),
            account(now).label("account"),
            last.scalar_subquery().label("last_seen"),
        )
        .join(Affiliation, Affiliation.id == Person.affiliation_id)
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    query = within(query, reach)
    for word in filters.who.split()[:5]:
        query = query.where(_says(word))
    if filters.state:
        query = query.where(Affiliation.code == filters.state)
    if filters.account:
        query = query.where(account(now) == filters.account)
    if filters.role:
        open_grant = exists().where(
            RoleGrant.person_id == Person.id,
            RoleGrant.role == filters.role,
            RoleGrant.in_force(now),
        )
        query = query.where(~_has_a_role(now) if filters.role == Role.OFFICER else open_grant)
    return query


def _has_a_role(now: datetime) -> ColumnElement[bool]:
    return exists().where(RoleGrant.person_id == Person.id, RoleGrant.in_force(now))


def _says(word: str) -> ColumnElement[bool]:
    """Whether a name, the service or an address holds the word, however it is written."""
    fields = (Person.given_name, Person.family_name, Person.own_script_name, Person.agency)
    forms = {word, word.lower(), word.title(), word.upper()}  # SQLite knows the case of ASCII only
    named = [field.icontains(form, autoescape=True) for field in fields for form in forms]
    has = exists().where(
        PersonAddress.person_id == Person.id,
        PersonAddress.address.icontains(word.lower(), autoescape=True),
    )
    return or_(*named, has)


def count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def page_of(query: Select[Any], page: int) -> Sequence[Any]:
    return db.session.execute(query.limit(ROWS_A_PAGE).offset((page - 1) * ROWS_A_PAGE)).all()


def roles_of(ids: Sequence[int], now: datetime) -> dict[int, list[Role]]:
    """The roles that they hold beside that of an officer."""
    rows = db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role)
        .where(RoleGrant.person_id.in_(ids), RoleGrant.in_force(now))
        .distinct()
    )
    made: dict[int, list[Role]] = {}
    for person_id, role in rows:
        made.setdefault(person_id, []).append(role)
    return {person_id: sorted(roles) for person_id, roles in made.items()}


def homes(reach: Reach) -> list[tuple[str, str]]:
    """(code, name) of the affiliations within reach."""
    query = select(Affiliation.code, Affiliation.name).order_by(Affiliation.name)
    if reach.scope is not Scope.ALL:
        query = query.where(Affiliation.id.in_(reach.ids))
    return [(code, name) for code, name in db.session.execute(query)]


def affiliation_id(code: str) -> int:
    return db.session.scalars(select(Affiliation.id).filter_by(code=code)).one()


def one(ref: str, reach: Reach) -> Person | None:
    return db.session.scalar(within(select(Person).filter_by(ref=ref), reach))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that a person's page shows."""

    person: Person
    state: str
    account: str
    addresses: Sequence[PersonAddress]
    vouched_by: str
    last_seen: datetime | None
    roles: list[Role]
    places: Sequence[Any]
    changes: Sequence[ChangeRequest]


def record(person: Person, reach: Reach, now: datetime) -> Record:
    state, kind, last = db.session.execute(
        select(
            Affiliation.name,
            account(now),
            select(func.max(SignIn.last_seen))
            .where(SignIn.person_id == Person.id)
            .scalar_subquery(),
        )
        .select_from(Person)
        .join(Affiliation, Affiliation.id == Person.affiliation_id)
        .where(Person.id == person.id)
    ).one()
    voucher = db.session.get(Person, person.vouched_by) if person.vouched_by else None
    return Record(
        person=person,
        state=state,
        account=kind,
        addresses=people.addresses(db.session, person.id),
        vouched_by=voucher.name if voucher else "",
        last_seen=last,
        roles=roles_of([person.id], now).get(person.id, []),
        places=places(person.id, reach),
        changes=changes(person.id),
    )


def places(person_id: int, reach: Reach) -> Sequence[Any]:
    """(title of the course, slug of the activity, state, the State then), newest first.

    Never a score; and a State sees no place that was taken for another one before.
    """
    query = (
        select(Release.title, Activity.slug, Enrolment.state, Affiliation.name)
        .select_from(Enrolment)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Course, Course.id == Activity.course_id)
        .join(Release, Release.id == Enrolment.release_id)
        .join(Affiliation, Affiliation.id == Enrolment.affiliation_id)
        .where(Enrolment.person_id == person_id, Enrolment.state != State.DRAFT)
        .order_by(Enrolment.began_at.desc(), Enrolment.id.desc())
    )
    if reach.scope is not Scope.ALL:
        query = query.where(Enrolment.affiliation_id.in_(reach.ids))
    return db.session.execute(query).all()


def changes(person_id: int) -> Sequence[ChangeRequest]:
    query = select(ChangeRequest).filter_by(person_id=person_id)
    return db.session.scalars(query.order_by(ChangeRequest.id.desc())).all()


def waiting_registrations(reach: Reach) -> Sequence[Registration]:
    query = select(Registration).filter_by(decided_at=None).order_by(Registration.made_at)
    return db.session.scalars(_of_affiliations(query, reach)).all()


def registration(ref: str, reach: Reach) -> Registration | None:
    query = select(Registration).filter_by(ref=ref, decided_at=None)
    return db.session.scalar(_of_affiliations(query, reach))


def _of_affiliations(query: Select[Any], reach: Reach) -> Select[Any]:
    if reach.scope is Scope.ALL:
        return query
    return query.where(Registration.affiliation_id.in_(reach.ids))


def waiting_changes(reach: Reach) -> Sequence[ChangeRequest]:
    """Names for focal points and administrators, States for administrators alone."""
    query = select(ChangeRequest).join(Person, Person.id == ChangeRequest.person_id)
    query = _decidable(within(query.where(ChangeRequest.decided_at.is_(None)), reach), reach)
    return db.session.scalars(query.order_by(ChangeRequest.made_at)).all()


def change(ref: str, reach: Reach) -> ChangeRequest | None:
    query = select(ChangeRequest).join(Person, Person.id == ChangeRequest.person_id)
    query = within(query.where(ChangeRequest.ref == ref), reach)
    return db.session.scalar(_decidable(query, reach))


def _decidable(query: Select[Any], reach: Reach) -> Select[Any]:
    if reach.scope is Scope.ALL:
        return query
    return query.where(ChangeRequest.kind == ChangeKind.NAME)


def domains(affiliation_id: int) -> list[str]:
    query = select(AffiliationDomain.domain).filter_by(affiliation_id=affiliation_id)
    return list(db.session.scalars(query.order_by(AffiliationDomain.domain)))
