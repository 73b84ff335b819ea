"""What an officer is told of a step of their place."""

from datetime import datetime

from sqlalchemy import select

from lms.deeds import messages
from lms.deeds.audit import AnySession
from lms.models import Activity, Affiliation, Enrolment, Release
from lms.rules.messages import KINDS, Kind


def officer(
    session: AnySession,
    activity: Activity,
    place: Enrolment,
    kind: Kind,
    step: int,
    *,
    now: datetime,
    reason: str = "",
    position: int = 0,
) -> None:
    """Tell the officer of this step (its number), with the facts that the kind of message has."""
    known = {
        "course": title(session, activity),
        "begins_at": activity.begins_at.isoformat(),
        "until_at": place.offered_until.isoformat() if place.offered_until else "",
        "position": str(position),
        "reason": reason,
        "affiliation": session.get_one(Affiliation, place.affiliation_id).name,
    }
    messages.tell(
        session,
        person_id=place.person_id,
        kind=kind,
        event=f"enrolment:{place.id}:{step}",
        now=now,
        facts={name: known[name] for name in KINDS[kind].facts},
        link=f"/learning/places/{place.ref}",
    )


def title(session: AnySession, activity: Activity) -> str:
    """The course as its newest release calls it, with the activity's own name where it has one."""
    name = session.scalars(
        select(Release.title)
        .filter_by(course_id=activity.course_id)
        .order_by(Release.number.desc())
        .limit(1)
    ).one()
    return f"{name}, {activity.title}" if activity.title else name
