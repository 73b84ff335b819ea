"""Tries at a secret: counted before they are looked at, so that parallel ones pass no limit."""

from datetime import datetime

from sqlalchemy import delete, func, select

from lms.deeds.audit import AnySession
from lms.models import SignInFailure
from lms.rules.throttling import KEPT, WINDOW, may_try_at


def count(session: AnySession, *, account: str, network: str, now: datetime) -> datetime | None:
    """Count one try; None when it may be looked at.

    Otherwise gives the instant from which one may try again, and counts nothing. `account` and
    `network` are HMACs, see web/throttle.py.
    """
    if session.get_bind().dialect.name == "postgresql":  # SQLite writes one after the other
        session.execute(select(func.pg_advisory_xact_lock(int(account[:15], 16))))
    session.execute(delete(SignInFailure).where(SignInFailure.at <= now - KEPT))
    rows = session.execute(
        select(SignInFailure.account, SignInFailure.network, SignInFailure.at).where(
            (SignInFailure.account == account) | (SignInFailure.network == network),
            SignInFailure.at > now - WINDOW,
        )
    ).all()
    at = may_try_at(
        [row.at for row in rows if row.account == account and row.network == network],
        [row.at for row in rows if row.network == network],
        [row.at for row in rows if row.account == account],
        now=now,
    )
    if at > now:
        return at
    session.add(SignInFailure(account=account, network=network, at=now))
    session.flush()
    return None


def forget(session: AnySession, *, account: str) -> None:
    """The secret was right: the failures of this account count no longer."""
    session.execute(delete(SignInFailure).where(SignInFailure.account == account))


def since(session: AnySession, *, account: str, after: datetime) -> int:
    """How many tries of this account count now that came after the instant."""
    return (
        session.scalar(
            select(func.count(SignInFailure.id)).where(
                SignInFailure.account == account, SignInFailure.at > after
            )
        )
        or 0
    )
