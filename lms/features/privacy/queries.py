"""Wishes to be forgotten."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from lms.database import db
from lms.deeds import erasing
from lms.models import Erasure, Person


def copy_of(person_id: int) -> dict[str, Any]:
    return erasing.copy_of(db.session, person_id)


def open_places(person_id: int) -> int:
    return erasing.open_places(db.session, person_id)


def open_wish(person_id: int) -> Erasure | None:
    return db.session.scalar(select(Erasure).filter_by(person_id=person_id, ended_at=None))


def last_wish(person_id: int) -> Erasure | None:
    return db.session.scalar(
        select(Erasure).filter_by(person_id=person_id).order_by(Erasure.asked_at.desc()).limit(1)
    )


def open_wishes() -> Sequence[Any]:
    """(Erasure, Person), the oldest first."""
    return db.session.execute(
        select(Erasure, Person)
        .join(Person, Person.id == Erasure.person_id)
        .where(Erasure.ended_at.is_(None))
        .order_by(Erasure.asked_at)
    ).all()


def known(ref: str) -> Erasure | None:
    return db.session.scalar(select(Erasure).filter_by(ref=ref))
