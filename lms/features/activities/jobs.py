"""What becomes due in activities: unused places, offers without an answer, words before and
after it: of places that are given back soon, of nominations that wait too long."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from lms.database import db, transaction
from lms.deeds import messages, telling
from lms.features.activities import actions, reminding, selection
from lms.models import Activity, Affiliation, Enrolment, Message, Quota, RoleGrant
from lms.rules.access import Role
from lms.rules.enrolments import State
from lms.rules.messages import Kind

TOLD_BEFORE = timedelta(days=7)
AT_ONCE = 500  # in one run; the next run takes the rest


def release_unused_places(now: datetime) -> int:
    due = db.session.scalars(
        select(Activity.id)
        .where(
            Activity.release_at <= now,
            Activity.released_at.is_(None),
            Activity.archived_at.is_(None),
        )
        .order_by(Activity.id)
        .limit(AT_ONCE)
    ).all()
    return sum(actions.release_unused(one, now=now) for one in due)


def expire_offers(now: datetime) -> int:
    due = db.session.scalars(
        select(Enrolment.id)
        .where(Enrolment.state == State.OFFERED, Enrolment.offered_until <= now)
        .order_by(Enrolment.offered_until, Enrolment.id)
        .limit(AT_ONCE)
    ).all()
    return sum(selection.expire_offer(one, now=now) for one in due)


def warn_of_release(now: datetime) -> int:
    """Tell focal points, once and a week before, how many places of their State are not used."""
    due = db.session.scalars(
        select(Activity.id).where(
            Activity.release_at > now,
            Activity.release_at <= now + TOLD_BEFORE,
            Activity.released_at.is_(None),
            Activity.archived_at.is_(None),
        )
    ).all()
    return sum(_warn(one, now) for one in due)


def _warn(activity_id: int, now: datetime) -> int:
    activity = db.session.get_one(Activity, activity_id)
    assert activity.release_at is not None
    event = f"activity:{activity.id}:release:{activity.release_at.isoformat()}"
    unused = db.session.execute(
        select(Affiliation.id, Affiliation.name, Quota.guaranteed - Quota.seats_held)
        .join(Affiliation, Affiliation.id == Quota.affiliation_id)
        .where(Quota.activity_id == activity_id, Quota.guaranteed > Quota.seats_held)
    ).all()
    told = 0
    for affiliation, name, places in unused:
        people = db.session.scalars(
            select(RoleGrant.person_id).where(
                RoleGrant.role == Role.FOCAL_POINT,
                RoleGrant.reach == f"affiliation:{affiliation}",
                RoleGrant.in_force(now),
                ~exists().where(Message.person_id == RoleGrant.person_id, Message.event == event),
            )
        ).all()
        if not people:
            continue
        with transaction() as session:
            one = session.get_one(Activity, activity_id)
            for person in people:
                messages.tell(
                    session,
                    person_id=person,
                    kind=Kind.SEATS_RELEASED_SOON,
                    event=event,
                    now=now,
                    facts={
                        "course": telling.title(session, one),
                        "places": str(places),
                        "affiliation": name,
                        "release_at": one.release_at.isoformat() if one.release_at else "",
                    },
                    link=f"/state/activities/{one.slug}",
                )
        told += len(people)
    return told


def remind_of_decisions(now: datetime) -> int:
    """Remind who does not decide about nominations, then tell those who can see to it."""
    return sum(_remind(one, now) for one in reminding.activities(now))


def _remind(activity_id: int, now: datetime) -> int:
    if not _untold(activity_id, now):
        return 0
    with transaction() as session:
        course = telling.title(session, session.get_one(Activity, activity_id))
        new = _untold(activity_id, now)  # read again: somebody may have decided just now
        for one in new:
            messages.tell(
                session,
                person_id=one.person,
                kind=one.kind,
                event=one.event,
                now=now,
                facts={**one.facts, "course": course},
                link=one.link,
            )
    return len(new)


def _untold(activity_id: int, now: datetime) -> list[reminding.Reminder]:
    due = list(reminding.reminders(db.session.get_one(Activity, activity_id), now))
    told = db.session.execute(
        select(Message.event, Message.person_id).where(Message.event.in_({x.event for x in due}))
    )
    known = {(event, person) for event, person in told}
    return [one for one in due if (one.event, one.person) not in known]
