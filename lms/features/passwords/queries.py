"""Whose link this is, and what is known of them."""

from datetime import datetime

from sqlalchemy import select

from lms.database import db
from lms.deeds.people import hash_of
from lms.models import Affiliation, LoginToken, Person, PersonAddress, TokenPurpose
from lms.rules.passwords import words_of


def person_of(token: str, now: datetime) -> Person | None:
    """The person who may choose a password with this link now."""
    return db.session.scalar(
        select(Person)
        .join(LoginToken, LoginToken.person_id == Person.id)
        .where(
            LoginToken.token_hash == hash_of(token),
            LoginToken.purpose == TokenPurpose.RECOVERY,
            LoginToken.used_at.is_(None),
            LoginToken.ended_at.is_(None),
            LoginToken.expires_at > now,
            Person.suspended_at.is_(None),
            Person.merged_into.is_(None),
        )
    )


def password_hash(person_id: int) -> str | None:
    return db.session.scalar(select(Person.password_hash).filter_by(id=person_id))


def own_words(person_id: int) -> list[str]:
    """What a stranger knows of the person, and would try first."""
    person = db.session.get_one(Person, person_id)
    home = db.session.get_one(Affiliation, person.affiliation_id)
    addresses = db.session.scalars(
        select(PersonAddress.address).filter_by(person_id=person_id)
    ).all()
    return words_of(person.name, person.own_script_name, person.agency, home.name, *addresses)
