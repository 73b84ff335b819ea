"""What changes when sessions are ended, and when somebody has lost the second factor."""

from datetime import datetime

from sqlalchemy import select, update

from lms.database import transaction
from lms.deeds import audit, sessions
from lms.deeds.messages import tell
from lms.models import Person, SecondFactor, SignIn
from lms.rules.messages import Kind
from lms.rules.refusal import Refusal


def end_one(person_id: int, ref: str, now: datetime) -> None:
    """Raises Refusal when the person has no such session, or it has ended."""
    with transaction() as session:
        ended = session.scalar(
            update(SignIn)
            .where(SignIn.ref == ref, SignIn.person_id == person_id, SignIn.ended_at.is_(None))
            .values(ended_at=now)
            .returning(SignIn.id)
        )
        if ended is None:
            raise Refusal("This session has ended already.")
        audit.record(session, now=now, deed="ended a session", actor=person_id)


def end_others(person_id: int, keep: int, now: datetime) -> None:
    with transaction() as session:
        ended = sessions.end_all(session, person_id, now=now, keep=keep)
        audit.record(
            session,
            now=now,
            deed="ended other sessions",
            actor=person_id,
            after={"sessions": len(ended)},
        )


def end_all_of(person_id: int, *, actor: int, reason: str, now: datetime) -> None:
    """An administrator signs somebody out everywhere."""
    with transaction() as session:
        ended = sessions.end_all(session, person_id, now=now)
        audit.record(
            session,
            now=now,
            deed="ended all sessions",
            actor=actor,
            object=f"person:{person_id}",
            after={"sessions": len(ended)},
            why=reason,
        )


def reset_factor(person_id: int, *, actor: int, reason: str, now: datetime) -> None:
    """An administrator helps somebody who has lost the app and the recovery codes.

    The person is signed out, told, and sets up another app after the next sign-in where the role
    asks for one. Raises Refusal for oneself and when there is no app.
    """
    if actor == person_id:
        raise Refusal("Another administrator must do this for you.")
    with transaction() as session:
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
