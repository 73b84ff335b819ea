"""A link to choose another password, sent to the person."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from lms.deeds.audit import AnySession
from lms.deeds.messages import tell
from lms.deeds.people import hash_of
from lms.models import LoginToken, Person, TokenPurpose
from lms.rules.messages import Kind

LINK_LASTS = timedelta(minutes=60)
MOST_LINKS = 3  # to one person within that time, however often somebody asks


def send_link(
    session: AnySession, person: Person, token: str, *, now: datetime, address: str = ""
) -> bool:
    """Send it, unless it would help nobody or too many went out already; says whether.

    An older link that was sent like this dies; one that a focal point has given does not, so no
    stranger can void it. `address` is one of the person's, by default the primary one.
    """
    if person.password_hash is None or person.suspended_at or person.merged_into is not None:
        return False
    mine = (LoginToken.person_id == person.id, LoginToken.made_by == person.id)
    sent = session.scalar(
        select(func.count(LoginToken.id)).where(*mine, LoginToken.made_at > now - LINK_LASTS)
    )
    if (sent or 0) >= MOST_LINKS:
        return False
    session.execute(
        update(LoginToken)
        .where(*mine, LoginToken.used_at.is_(None), LoginToken.ended_at.is_(None))
        .values(ended_at=now)
    )
    made = LoginToken(
        token_hash=hash_of(token),
        purpose=TokenPurpose.RECOVERY,
        person_id=person.id,
        made_at=now,
        made_by=person.id,
        expires_at=now + LINK_LASTS,
    )
    session.add(made)
    session.flush()
    tell(
        session,
        person_id=person.id,
        kind=Kind.PASSWORD_RESET,
        event=f"login_token:{made.id}",
        now=now,
        facts={"until_at": made.expires_at.isoformat()},
        link="/reset/",
        token=token,
        address=address,
    )
    return True
