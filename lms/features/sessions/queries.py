"""Sessions that are open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms.database import db
from lms.models import Person, SecondFactor, SignIn
from lms.web.viewer import IDLE, LONGEST, SEEN_EVERY


def open_ones(person_id: int, now: datetime) -> Sequence[SignIn]:
    """The person's sessions that can still be used, the latest first."""
    query = (
        select(SignIn)
        .where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.started_at > now - LONGEST,
            SignIn.last_seen > now - IDLE - SEEN_EVERY,
        )
        .order_by(SignIn.last_seen.desc(), SignIn.id.desc())
    )
    return db.session.scalars(query).all()


def person(ref: str) -> Person | None:
    return db.session.scalar(select(Person).filter_by(ref=ref))


def factor(person_id: int) -> SecondFactor | None:
    return db.session.scalar(
        select(SecondFactor).where(
            SecondFactor.person_id == person_id,
            SecondFactor.ended_at.is_(None),
            SecondFactor.confirmed_at.is_not(None),
        )
    )
