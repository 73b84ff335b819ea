"""Passwords as they are kept, and choosing another.

Argon2id with 19 MiB, two passes, one lane: about 25 ms of one core (OWASP's minimum).
"""

from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from lms.deeds import audit, people, sessions
from lms.deeds.audit import AnySession
from lms.deeds.messages import tell
from lms.models import Person
from lms.rules.messages import Kind
from lms.rules.passwords import normalized

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODYS = hasher.hash("verified when there is no account, so that the answer takes as long")


def hashed(password: str) -> str:
    return hasher.hash(normalized(password))


def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long where there is no hash."""
    try:
        hasher.verify(password_hash or NOBODYS, normalized(password))
    except (Argon2Error, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    return hasher.check_needs_rehash(password_hash)


def choose(
    session: AnySession, person: Person, password: str, *, now: datetime, keep: int | None = None
) -> None:
    """Set the password that a person has chosen, with its audit row; who had one is told.

    All sessions end, but the one with the key `keep`; older links and codes die. Ask
    rules/passwords.py first whether it is good enough.
    """
    is_first = person.password_hash is None
    person.password_hash, person.password_at = hashed(password), now
    person.joined_at = person.joined_at or now
    sessions.end_all(session, person.id, now=now, keep=keep)
    people.end_tokens(session, person.id, now=now)
    if not is_first:
        tell(
            session,
            person_id=person.id,
            kind=Kind.PASSWORD_CHANGED,
            event=f"person:{person.id}:password:{now.isoformat()}",
            now=now,
            facts={"changed_at": now.isoformat()},
            link="/account",
        )
    audit.record(session, now=now, deed="set a password", actor=person.id)
