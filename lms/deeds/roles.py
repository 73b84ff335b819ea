"""Opening a grant of a role, and ending it."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select, update

from lms.deeds import audit
from lms.deeds.audit import AnySession
from lms.deeds.messages import tell
from lms.models import RoleGrant
from lms.rules.access import Role
from lms.rules.messages import Kind
from lms.rules.refusal import Refusal, marked

WORDS = {  # in messages, as the pages have them
    Role.FOCAL_POINT: marked("Focal point"),
    Role.TRAINER: marked("Trainer"),
    Role.COORDINATOR: marked("Coordinator"),
    Role.ADMINISTRATOR: marked("Administrator"),
    Role.AUDITOR: marked("Auditor"),
}


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


def said(grant: RoleGrant) -> dict[str, str]:
    """What the audit log keeps of a grant."""
    until = {"until": grant.until.astimezone(UTC).isoformat()} if grant.until else {}
    return {"role": grant.role.value, "reach": grant.reach, **until}


def told(session: AnySession, grant: RoleGrant, kind: Kind, now: datetime) -> None:
    tell(
        session,
        person_id=grant.person_id,
        kind=kind,
        event=f"role_grant:{grant.id}:{kind.value}",
        now=now,
        facts={"role_word": WORDS[grant.role]},
        link="/home",
    )


def end_grant(
    session: AnySession,
    *which: ColumnElement[bool],
    now: datetime,
    actor: int | None,
    reason: str,
) -> None:
    """End the one open grant that `which` names, or refuse it while it waits.

    Raises Refusal when there is none, and for the last administrator: somebody must remain.
    """
    administrators = session.scalars(
        select(RoleGrant)
        .where(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.in_force(now))
        .order_by(RoleGrant.id)
        .with_for_update()
    ).all()
    grant = session.scalar(
        select(RoleGrant)
        .where(*which, RoleGrant.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if grant is None:
        raise Refusal("This role has ended already.")
    others = [one for one in administrators if one.person_id != grant.person_id]
    if grant in administrators and not others:
        raise Refusal("This is the last administrator. Give the role to somebody else first.")
    was_in_force = not grant.needs_second or grant.confirmed_at is not None
    grant.ended_at, grant.ended_by, grant.end_reason = now, actor, reason
    if was_in_force:
        told(session, grant, Kind.ROLE_ENDED, now)
    audit.record(
        session,
        now=now,
        deed="ended a role" if was_in_force else "refused a role",
        actor=actor,
        object=f"person:{grant.person_id}",
        before=said(grant),
        why=reason,
    )
