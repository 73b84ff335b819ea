"""What changes when roles are given, confirmed and ended."""

from datetime import datetime

from sqlalchemy import or_, select, update

from lms.database import transaction
from lms.deeds import audit, roles
from lms.deeds.audit import AnySession
from lms.models import Affiliation, Course, Person, Programme, RoleGrant
from lms.rules.access import GRANTS, Role, Scope
from lms.rules.messages import Kind
from lms.rules.refusal import Refusal


def propose(
    person_ref: str,
    role: Role,
    *,
    course: str,
    affiliation: str,
    programme: str = "",
    until: datetime | None,
    reason: str,
    actor: int,
    now: datetime,
) -> str:
    """Give the role; it counts when a second administrator has confirmed it. Gives its reference.

    Raises Refusal for oneself, a day that is over, a reach that the role does not have, and a
    role that the person holds already.
    """
    with transaction() as session:
        person = session.scalar(
            select(Person)
            .where(
                Person.ref == person_ref,
                Person.suspended_at.is_(None),
                Person.merged_into.is_(None),
            )
            .with_for_update()
        )
        if person is None:
            raise Refusal("This person cannot be given a role now.")
        if person.id == actor:
            raise Refusal("Nobody gives a role to themselves. Ask another administrator.")
        if until is not None and until <= now:
            raise Refusal("The last day is over. Choose a later one.")
        reach = _reach(session, role, course=course, affiliation=affiliation, programme=programme)
        made = roles.open_grant(
            session,
            person_id=person.id,
            role=role,
            reach=reach,
            now=now,
            granted_by=actor,
            reason=reason,
            until=until,
            needs_second=True,
        )
        if made is None:
            raise Refusal("This person has the role already, or it waits to be confirmed.")
        audit.record(
            session,
            now=now,
            deed="proposed a role",
            actor=actor,
            object=f"person:{person.id}",
            after=roles.said(made),
            why=reason,
        )
        return made.ref


def _reach(
    session: AnySession, role: Role, *, course: str, affiliation: str, programme: str
) -> str:
    """`all`, `course:ID`, `affiliation:ID` or `programme:ID`, as the role has it."""
    if programme:
        found = session.scalar(select(Programme.id).filter_by(slug=programme))
        if role is not Role.COORDINATOR or course or affiliation or found is None:
            raise Refusal("Choose a programme for a coordinator alone.")
        return f"programme:{found}"
    scopes = set(GRANTS[role].values())
    if (course and Scope.COURSES not in scopes) or (
        affiliation and Scope.AFFILIATION not in scopes
    ):
        raise Refusal("Choose a course for a trainer alone, and a State for a focal point alone.")
    if Scope.COURSES in scopes:
        found = session.scalar(select(Course.id).filter_by(slug=course))
        if found is None:
            raise Refusal("A trainer needs a course. Choose one.")
        return f"course:{found}"
    if Scope.AFFILIATION in scopes:
        found = session.scalar(select(Affiliation.id).filter_by(code=affiliation))
        if found is None:
            raise Refusal("A focal point needs a State or an organization. Choose one.")
        return f"affiliation:{found}"
    return "all"


def confirm(ref: str, *, actor: int, now: datetime) -> None:
    """As a second administrator: from now on the role counts, and the person is told.

    Raises Refusal for who has given it or receives it, and when it does not wait any more.
    """
    with transaction() as session:
        done = session.scalar(
            update(RoleGrant)
            .where(
                RoleGrant.ref == ref,
                RoleGrant.ended_at.is_(None),
                RoleGrant.needs_second.is_(True),
                RoleGrant.confirmed_at.is_(None),
                RoleGrant.granted_by != actor,
                RoleGrant.person_id != actor,
                or_(RoleGrant.until.is_(None), RoleGrant.until > now),
            )
            .values(confirmed_at=now, confirmed_by=actor)
            .returning(RoleGrant.id)
        )
        if done is None:
            raise Refusal(
                "You cannot confirm this: you have given the role yourself, it is your own, or it"
                " does not wait any more."
            )
        grant = session.get_one(RoleGrant, done)
        if session.get_one(Person, grant.person_id).suspended_at is not None:
            raise Refusal("This person cannot be given a role now.")
        roles.told(session, grant, Kind.ROLE_GRANTED, now)
        audit.record(
            session,
            now=now,
            deed="granted a role",
            actor=actor,
            object=f"person:{grant.person_id}",
            after=roles.said(grant),
            why=grant.reason,
        )


def end(ref: str, *, actor: int, reason: str, now: datetime) -> None:
    """End a grant at once, or refuse one that waits; raises Refusal as `end_grant` does."""
    with transaction() as session:
        roles.end_grant(session, RoleGrant.ref == ref, now=now, actor=actor, reason=reason)
