"""Rows for tests, each with only what the test is about; all else has a plain value."""

import hashlib
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.database import db, transaction
from lms.models import Affiliation, Person, PersonAddress, RoleGrant, SignIn
from lms.rules.access import GRANTS, Role, Scope
from lms.rules.references import new_reference

NOON = datetime(2026, 12, 4, 12, tzinfo=UTC)
PASSWORD = "seven blue bicycles at dawn"  # of nobody outside tests
JOINING = {  # what the page of an invitation asks for, beside the name and the State
    "gender": "not_stated",
    "time_zone": "Europe/Vienna",
    "language": "en",
    "terms": "y",
    "password": PASSWORD,
    "again": PASSWORD,
}
numbers = itertools.count(1)


def saved(*rows: Any) -> Any:
    """Save the rows; gives the first. They stay readable: nothing is expired."""
    db.session.remove()
    with transaction() as session:
        session().expire_on_commit = False
        session.add_all(rows)
    return rows[0]


def state(code: str = "GE") -> Affiliation:
    return db.session.scalars(select(Affiliation).filter_by(code=code)).one()


def reference() -> str:
    return new_reference(next(numbers).to_bytes(10, "big"))


def make_person(name: str = "Nino Beridze", *, state_code: str = "GE", **values: Any) -> Person:
    given, _, family = name.partition(" ")
    home = state(state_code).id
    person = Person(
        ref=reference(),
        given_name=given,
        family_name=family or "Example",
        affiliation_id=home,
        languages=["en"],
        created_at=NOON,
        **values,
    )
    saved(person)
    address = f"person{person.id}@example.org"
    saved(PersonAddress(person_id=person.id, address=address, is_primary=True, confirmed_at=NOON))
    return person


def address_of(person: Person) -> str:
    return db.session.scalars(
        select(PersonAddress.address).filter_by(person_id=person.id, is_primary=True)
    ).one()


def make_staff(role: Role, *, courses: tuple[int, ...] = (), **values: Any) -> Person:
    """A person who may work in this role, with the reach that the role has."""
    person = make_person(**values)
    scopes = set(GRANTS[role].values())
    reaches = ["all"]
    if Scope.COURSES in scopes:
        reaches = [f"course:{course}" for course in courses]
    elif Scope.AFFILIATION in scopes:
        reaches = [f"affiliation:{person.affiliation_id}"]
    for reach in reaches:
        saved(RoleGrant(person_id=person.id, role=role, reach=reach, granted_at=NOON))
    return person


def make_sign_in(person: Any, role: str = "officer", **values: Any) -> str:
    """A session of the person, with all that was to be proved; gives the id of the cookie."""
    cookie = f"cookie-{next(numbers)}".ljust(43, "x")
    before = NOON - timedelta(minutes=1)
    when = dict.fromkeys(("started_at", "last_seen", "proved_at", "factor_at"), before)
    saved(
        SignIn(
            id_hash=hashlib.sha256(cookie.encode()).hexdigest(),
            person_id=person.id,
            role=Role(role),
            **{**when, **values},
        )
    )
    return cookie
