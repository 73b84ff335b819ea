"""A lost second factor is taken out of use."""

from datetime import datetime

from sqlalchemy import select, update

from lms.deeds import audit, sessions
from lms.deeds.audit import AnySession
from lms.deeds.messages import tell
from lms.models import Person, SecondFactor
from lms.rules.messages import Kind
from lms.rules.refusal import Refusal


def reset(
    session: AnySession, person_id: int, *, now: datetime, actor: int | None, reason: str
) -> None:
    """End the person's app and with it the recovery codes; `actor` is None for a command.

    The person is signed out, told, and sets up another app after the next sign-in where the role
    asks for one. Raises Refusal when there is no app.
    """
    session.execute(select(Person.id).filter_by(id=person_id).with_for_update())
    ended = session.scalars(
        update(SecondFactor)
        .where(SecondFactor.person_id == person_id, SecondFactor.ended_at.is_(None))
        .values(ended_at=now)
        .returning(SecondFactor.id)
    ).all()
    if not ended:
        raise Refusal("This person uses no app for codes.")
    sessions.end_all(session, person_id, now=now)
    tell(
        session,
        person_id=person_id,
        kind=Kind.FACTOR_CHANGED,
        event=f"second_factor:{max(ended)}:reset",
        now=now,
        facts={"changed_at": now.isoformat()},
        link="/account/factor",
    )
    audit.record(
        session,
        now=now,
        deed="reset a second factor",
        actor=actor,
        object=f"person:{person_id}",
        why=reason,
    )
