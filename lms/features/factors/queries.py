"""What a person has for a second factor."""

from sqlalchemy import func, select

from lms.database import db
from lms.models import Person, RecoveryCode, SecondFactor


def in_use(person_id: int) -> SecondFactor | None:
    return db.session.scalar(
        select(SecondFactor).where(
            SecondFactor.person_id == person_id,
            SecondFactor.ended_at.is_(None),
            SecondFactor.confirmed_at.is_not(None),
        )
    )


def being_set_up(person_id: int) -> SecondFactor | None:
    return db.session.scalar(
        select(SecondFactor).where(
            SecondFactor.person_id == person_id,
            SecondFactor.ended_at.is_(None),
            SecondFactor.confirmed_at.is_(None),
        )
    )


def codes_left(factor_id: int) -> int:
    counting = select(func.count(RecoveryCode.id)).filter_by(factor_id=factor_id, used_at=None)
    return db.session.scalar(counting) or 0


def password_hash(person_id: int) -> str | None:
    return db.session.scalar(select(Person.password_hash).filter_by(id=person_id))
