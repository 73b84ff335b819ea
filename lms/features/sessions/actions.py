"""What changes when sessions are ended, and when somebody has lost the second factor."""

from datetime import datetime

from sqlalchemy import update

from lms.database import transaction
from lms.deeds import audit, factors, sessions
from lms.models import SignIn
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

    Raises Refusal for oneself and when there is no app.
    """
    if actor == person_id:
        raise Refusal("Another administrator must do this for you.")
    with transaction() as session:
        factors.reset(session, person_id, now=now, actor=actor, reason=reason)
