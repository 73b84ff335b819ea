"""What people see of themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms.database import db
from lms.deeds.people import addresses, hash_of
from lms.models import (
    AddressToken,
    Affiliation,
    ChangeRequest,
    Person,
    PersonAddress,
)


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def own_addresses(person_id: int) -> Sequence[PersonAddress]:
    return addresses(db.session, person_id)


def requests(person_id: int) -> Sequence[ChangeRequest]:
    """Newest first, with what waits."""
    query = select(ChangeRequest).filter_by(person_id=person_id)
    return db.session.scalars(query.order_by(ChangeRequest.id.desc())).all()


def states(without: int) -> list[tuple[str, str]]:
    """(code, name) of the others that one can serve."""
    query = select(Affiliation.code, Affiliation.name).where(Affiliation.id != without)
    return [(code, name) for code, name in db.session.execute(query.order_by(Affiliation.name))]


def open_link(token: str, now: datetime) -> AddressToken | None:
    return db.session.scalar(
        select(AddressToken).where(
            AddressToken.token_hash == hash_of(token),
            AddressToken.used_at.is_(None),
            AddressToken.ended_at.is_(None),
            AddressToken.expires_at > now,
        )
    )
