"""What changes when people choose another password."""

from datetime import datetime

from sqlalchemy import update

from lms.database import transaction
from lms.deeds import audit, passwords, recovery, sessions, tries
from lms.deeds.people import find_to_sign_in, hash_of
from lms.models import LoginToken, Person, TokenPurpose
from lms.rules.refusal import Refusal


def ask(typed: str, token: str, *, account: str, network: str, now: datetime) -> datetime | None:
    """Send a link when the address is that of somebody who can sign in; nothing tells whether.

    Gives the instant to wait for when somebody has asked too often, else None.
    """
    with transaction() as session:
        until = tries.count(session, account=account, network=network, now=now)
        person = None if until else find_to_sign_in(session, typed)
        address = typed if "@" in typed else ""
        if person and recovery.send_link(session, person, token, now=now, address=address):
            audit.record(
                session, now=now, deed="asked for a new password", object=f"person:{person.id}"
            )
        return until


def reset(token: str, password: str, now: datetime) -> None:
    """Use up the link and set the password; all sessions end. A second factor stays.

    Raises Refusal when the link has been used or is too old.
    """
    with transaction() as session:
        used = session.scalar(
            update(LoginToken)
            .where(
                LoginToken.token_hash == hash_of(token),
                LoginToken.purpose == TokenPurpose.RECOVERY,
                LoginToken.used_at.is_(None),
                LoginToken.ended_at.is_(None),
                LoginToken.expires_at > now,
            )
            .values(used_at=now)
            .returning(LoginToken.person_id)
        )
        person = used and session.get_one(Person, used)
        if not person or person.suspended_at or person.merged_into is not None:
            raise Refusal("This link has been used or is too old. Ask for a new one.")
        passwords.choose(session, person, password, now=now)


def change(
    sign_in_id: int, person_id: int, password: str, id_hash: str, *, account: str, now: datetime
) -> None:
    """Set another password; this session goes on under a new id, all others end."""
    with transaction() as session:
        begun = sessions.go_on(session, sign_in_id, id_hash, now=now, proved_at=now)
        person = session.get_one(Person, person_id)
        passwords.choose(session, person, password, now=now, keep=begun.id)
        tries.forget(session, account=account)


def count_try(account: str, now: datetime) -> datetime | None:
    """Count one try; gives the instant to wait for, or None when the try may be looked at."""
    with transaction() as session:
        return tries.count(session, account=account, network=account, now=now)
