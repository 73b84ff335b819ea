"""Looking people and their tokens up."""

from sqlalchemy import select

from lms.database import db
from lms.deeds.people import find_to_sign_in
from lms.models import Affiliation, Course, Person, Programme
from lms.rules.refusal import Refusal


def person_at(address: str) -> Person | None:
    """Whom an address or a sign-in name stands for."""
    return find_to_sign_in(db.session, address)


def reach_of_course(slug: str | None) -> str:
    """`course:ID`. Raises Refusal when it is not there."""
    found = db.session.scalar(select(Course.id).filter_by(slug=slug)) if slug else None
    if found is None:
        raise Refusal("A trainer needs a course: add --course and its slug.")
    return f"course:{found}"


def reach_of_programme(slug: str) -> str:
    """`programme:ID`. Raises Refusal when it is not there."""
    found = db.session.scalar(select(Programme.id).filter_by(slug=slug))
    if found is None:
        raise Refusal("There is no programme {programme}.", programme=slug)
    return f"programme:{found}"


def reach_of_affiliation(code: str | None, person_id: int) -> str:
    """`affiliation:ID`, by default the person's own. Raises Refusal when it is not there."""
    if code is None:
        return f"affiliation:{db.session.get_one(Person, person_id).affiliation_id}"
    found = db.session.scalar(select(Affiliation.id).filter_by(code=code.upper()))
    if found is None:
        raise Refusal("There is no affiliation {code}. Write a code such as AT.", code=code)
    return f"affiliation:{found}"
