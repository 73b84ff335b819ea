"""Sessions end, or go on under another id."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from lms.deeds.audit import AnySession
from lms.models import SignIn
from lms.rules.refusal import Refusal


def end_all(
    session: AnySession, person_id: int, *, now: datetime, keep: int | None = None
) -> list[int]:
    """End what the person has open, but the session with the key `keep`; gives the keys ended."""
    ending = (
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (keep or 0))
        .values(ended_at=now)
        .returning(SignIn.id)
    )
    return list(session.scalars(ending))


def go_on(
    session: AnySession, sign_in_id: int, id_hash: str, *, now: datetime, **changes: Any
) -> SignIn:
    """End the session and begin another with a new id, as every change of privilege asks.

    The twelve hours of a session count from its first beginning. `changes` are columns. Raises
    Refusal when it has ended meanwhile: of two that go on from it one wins.
    """
    row = session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
        .returning(
            SignIn.person_id,
            SignIn.role,
            SignIn.started_at,
            SignIn.proved_at,
            SignIn.factor_at,
            SignIn.device,
            SignIn.network,
        )
    ).one_or_none()
    if row is None:
        raise Refusal("This session has ended. Sign in again.")
    begun = SignIn(**{**row._asdict(), "id_hash": id_hash, "last_seen": now, **changes})
    session.add(begun)
    session.flush()
    return begun
