"""Opening a grant of a role."""

from datetime import datetime

from sqlalchemy import select, update

from lms.deeds.audit import AnySession
from lms.models import RoleGrant
from lms.rules.access import Role


def open_grant(
    session: AnySession,
    *,
    person_id: int,
    role: Role,
    reach: str,
    now: datetime,
    granted_by: int | None,
    reason: str,
    until: datetime | None = None,
    needs_second: bool = False,
) -> RoleGrant | None:
    """The new grant; None when the same one is open already. One that is over ends first."""
    same = (
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.reach == reach,
        RoleGrant.ended_at.is_(None),
    )
    session.execute(
        update(RoleGrant).where(*same, RoleGrant.until <= now).values(ended_at=RoleGrant.until)
    )
    if session.scalar(select(RoleGrant.id).where(*same)) is not None:
        return None
    made = RoleGrant(
        person_id=person_id,
        role=role,
        reach=reach,
        granted_at=now,
        granted_by=granted_by,
        reason=reason,
        until=until,
        needs_second=needs_second,
    )
    session.add(made)
    session.flush()
    return made
