"""Taking and freeing a seat, and moving a place from state to state.

Locks are taken in one order, so nobody waits in a circle: person, activity, place, quota, audit.
"""

import secrets
from datetime import datetime

from sqlalchemy import func, select, update

from lms.deeds import audit
from lms.deeds.audit import AnySession
from lms.models import Activity, Enrolment, EnrolmentStep, Person, Quota, Release
from lms.rules.enrolments import HOLDS_A_SEAT, Move, State, Who, after
from lms.rules.references import new_reference
from lms.rules.seats import Seats, Share, may_take


def locked(session: AnySession, activity_id: int) -> Activity:
    """The activity as it is now, its row locked: whoever moves its seats waits here."""
    return session.scalars(
        select(Activity)
        .filter_by(id=activity_id)
        .with_for_update(of=Activity, key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def seats_of(session: AnySession, activity_id: int) -> Seats:
    """The seats of the activity as they are now; to count on them, lock the activity first."""
    capacity, held, released, pool = session.execute(
        select(
            Activity.capacity, Activity.seats_held, Activity.released_at, Activity.common_pool
        ).filter_by(id=activity_id)
    ).one()
    shares = {
        affiliation: Share(guaranteed, maximum, taken)
        for affiliation, guaranteed, maximum, taken in session.execute(
            select(
                Quota.affiliation_id, Quota.guaranteed, Quota.maximum, Quota.seats_held
            ).filter_by(activity_id=activity_id)
        )
    }
    return Seats(capacity, held, shares, released is not None, pool)


def held_by_affiliation(session: AnySession, activity_id: int) -> dict[int, int]:
    """Affiliation → seats that its officers hold, with and without a quota."""
    rows = session.execute(
        select(Enrolment.affiliation_id, func.count())
        .where(Enrolment.activity_id == activity_id, Enrolment.state.in_(HOLDS_A_SEAT))
        .group_by(Enrolment.affiliation_id)
    )
    return {row[0]: row[1] for row in rows}


def take_seat(session: AnySession, activity_id: int, affiliation_id: int) -> bool:
    """Hold one more seat for an officer of the affiliation; False when none is free for it.

    Everybody who takes one stands in line at the activity's row. The updates ask once more, and
    the checks of both tables a third time: no race over-fills.
    """
    locked(session, activity_id)
    if not may_take(seats_of(session, activity_id), affiliation_id):
        return False
    taken = session.scalar(
        update(Activity)
        .where(
            Activity.id == activity_id,
            Activity.capacity.is_(None) | (Activity.seats_held < Activity.capacity),
        )
        .values(seats_held=Activity.seats_held + 1)
        .returning(Activity.id)
    )
    if taken is None:
        return False
    _move_quota(session, activity_id, affiliation_id, 1)
    return True


def free_seat(session: AnySession, activity_id: int, affiliation_id: int) -> None:
    session.execute(
        update(Activity)
        .where(Activity.id == activity_id)
        .values(seats_held=Activity.seats_held - 1)
    )
    _move_quota(session, activity_id, affiliation_id, -1)


def _move_quota(session: AnySession, activity_id: int, affiliation_id: int, by: int) -> None:
    session.execute(
        update(Quota)
        .where(Quota.activity_id == activity_id, Quota.affiliation_id == affiliation_id)
        .values(seats_held=Quota.seats_held + by)
    )


def new_place(
    session: AnySession,
    activity: Activity,
    person: Person,
    *,
    now: datetime,
    ref: str = "",
    release_id: int | None = None,
) -> Enrolment:
    """A place without a state yet; the caller makes its first move.

    Without a release it is on the newest one of the course.
    """
    place = Enrolment(
        ref=ref or new_reference(secrets.token_bytes(10)),
        activity_id=activity.id,
        person_id=person.id,
        affiliation_id=person.affiliation_id,
        release_id=release_id or newest_release(session, activity.course_id),
        began_at=now,
    )
    session.add(place)
    return place


def newest_release(session: AnySession, course_id: int) -> int:
    """The key of the course's newest release; an activity is of a course that has one."""
    return session.scalars(
        select(Release.id).filter_by(course_id=course_id).order_by(Release.number.desc()).limit(1)
    ).one()


def move(
    session: AnySession,
    place: Enrolment,
    step: Move,
    *,
    now: datetime,
    actor: int | None,
    who: Who,
    reason: str = "",
) -> int:
    """Move the place by the one table, with step and audit row; gives the step's number.

    Raises Refusal when the table does not allow the move.

    A place that is new has no state yet. Its row is locked by the caller, or new. A move to a
    state that holds a seat comes after take_seat(); one that holds none any more frees it here.
    """
    before = place.state
    place.state = after(before, step, who)
    if place.state is State.COMPLETED:
        place.completed_at = now
    if place.state is not State.OFFERED:
        place.offered_until = None
    if before in HOLDS_A_SEAT and place.state not in HOLDS_A_SEAT:
        free_seat(session, place.activity_id, place.affiliation_id)
    session.flush()
    number = 1 if before is None else _last_step(session, place) + 1
    session.add(
        EnrolmentStep(
            enrolment_id=place.id,
            number=number,
            from_state=before,
            to_state=place.state,
            actor_id=actor,
            at=now,
            reason=reason,
        )
    )
    audit.record(
        session,
        now=now,
        deed="moved a place",
        actor=actor,
        object=f"enrolment:{place.id}",
        before={"state": before.value} if before else {},
        after={"state": place.state.value},
        why=reason,
    )
    return number


def _last_step(session: AnySession, place: Enrolment) -> int:
    query = select(func.max(EnrolmentStep.number)).filter_by(enrolment_id=place.id)
    return session.scalar(query) or 0


def locked_place(session: AnySession, ref: str) -> tuple[Activity, Enrolment]:
    """The place of this reference and its activity, both rows locked.

    Raises NoResultFound for no such place.
    """
    found = session.execute(select(Enrolment.id, Enrolment.activity_id).filter_by(ref=ref)).one()
    activity = locked(session, found.activity_id)
    place = session.scalars(
        select(Enrolment)
        .filter_by(id=found.id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    ).one()
    return activity, place


def was_done_by(session: AnySession, place: Enrolment, actor: int, *, to: State) -> bool:
    """Whether the last step of the place is this person's own, to this state.

    So what is sent again after a lost answer is found done, and not refused.
    """
    last = session.execute(
        select(EnrolmentStep.actor_id, EnrolmentStep.to_state)
        .filter_by(enrolment_id=place.id)
        .order_by(EnrolmentStep.number.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and (last.actor_id, last.to_state) == (actor, to)
