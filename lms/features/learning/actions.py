"""What changes while an officer learns."""

from datetime import datetime

from sqlalchemy import select, update

from lms.database import transaction
from lms.deeds import attempts, finishing, nominations, places
from lms.deeds.audit import AnySession
from lms.models import (
    Activity,
    Attempt,
    Course,
    Enrolment,
    Grade,
    Person,
    Release,
    Route,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.rules.activities import refuse_late
from lms.rules.enrolments import Move, State, Who
from lms.rules.refusal import Refusal
from lms.rules.seats import invited
from lms.web.outlines import PLACE_STATES


def take_place(person_id: int, course_slug: str, activity_slug: str, *, now: datetime) -> int:
    """Give the officer a place in the course's open activity, on the newest release; gives its key.

    Of those who ask for the last place at once one gets it, and the others wait for the next that
    is free. An officer who holds one or waits for it keeps it. Raises Refusal when the activity is
    not open to everybody, has not begun, or nobody can join any more.
    """
    with transaction() as session:
        # two clicks of one person wait for each other, so that the second finds the place
        person = session.scalars(
            select(Person).filter_by(id=person_id).with_for_update(key_share=True)
        ).one()
        activity = session.scalar(
            select(Activity)
            .join(Course, Course.id == Activity.course_id)
            .where(Activity.slug == activity_slug, Course.slug == course_slug)
        )
        if activity is None or activity.route is not Route.OPEN:
            raise Refusal("This activity is not open to everybody. Ask your focal point.")
        held = session.scalar(
            select(Enrolment.id).where(
                Enrolment.person_id == person_id,
                Enrolment.activity_id == activity.id,
                Enrolment.state.in_((*PLACE_STATES, State.WAIT_LISTED)),
            )
        )
        if held is not None:
            return held
        left = select(Attempt.id).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        left = left.where(Enrolment.person_id == person_id, Enrolment.activity_id == activity.id)
        if session.scalar(left.limit(1)) is not None:
            # a new place would begin its attempts anew
            raise Refusal("You took a quiz in this activity and left it. Ask the coordinator.")
        if now < activity.begins_at:
            raise Refusal("This activity has not begun. Come back on its first day.")
        if now >= activity.ends_at:
            raise Refusal("This activity is over. Look for a new one on the course page.")
        refuse_late(activity.route, activity.dates, now)
        if not invited(places.seats_of(session, activity.id), person.affiliation_id):
            raise Refusal("Your State does not take part yet. Write to your focal point.")
        taken = places.take_seat(session, activity.id, person.affiliation_id)
        place = places.new_place(session, activity, person, now=now)
        place.waiting_since = None if taken else now
        step = Move.ENROL if taken else Move.WAIT_LIST
        places.move(session, place, step, now=now, actor=person_id, who=Who.OFFICER)
        return place.id


def apply(person_id: int, activity_slug: str, *, motivation: str, now: datetime) -> str:
    """Ask for a place in an activity by application; gives its reference. Raises Refusal.

    Asked twice, the same application is found: an officer has one in an activity.
    """
    with transaction() as session:
        found = session.scalars(select(Activity.id).filter_by(slug=activity_slug)).one()
        activity = places.locked(session, found)
        asked = session.scalar(
            select(Enrolment).where(
                Enrolment.person_id == person_id,
                Enrolment.activity_id == activity.id,
                Enrolment.state.in_((State.SUBMITTED, State.WAIT_LISTED, State.ENROLLED)),
            )
        )
        if asked is not None:
            return asked.ref
        place = nominations.begin(
            session,
            activity,
            session.get_one(Person, person_id),
            who=Who.OFFICER,
            actor=person_id,
            now=now,
            motivation=motivation,
        )
        nominations.submit(session, activity, place, who=Who.OFFICER, actor=person_id, now=now)
        return place.ref


def accept(person_id: int, ref: str, *, now: datetime) -> None:
    """Say yes to an offer; said twice it is one yes. Raises Refusal."""
    with transaction() as session:
        activity, place = _own_place(session, person_id, ref)
        if not places.was_done_by(session, place, person_id, to=State.ENROLLED):
            nominations.accept(session, activity, place, now=now)


def decline(person_id: int, ref: str, *, reason: str = "", now: datetime) -> None:
    """Say no to an offer; the place goes to the next officer. Raises Refusal."""
    _give_up(person_id, ref, Move.DECLINE, reason, now)


def withdraw(person_id: int, ref: str, *, reason: str = "", now: datetime) -> None:
    """Take an application or a nomination of one's own back. Raises Refusal."""
    _give_up(person_id, ref, Move.WITHDRAW, reason, now)


def _give_up(person_id: int, ref: str, step: Move, reason: str, now: datetime) -> None:
    with transaction() as session:
        activity, place = _own_place(session, person_id, ref)
        if places.was_done_by(session, place, person_id, to=State.WITHDRAWN):
            return
        nominations.leave(
            session,
            activity,
            place,
            step,
            actor=person_id,
            who=Who.OFFICER,
            now=now,
            reason=reason,
        )


def _own_place(session: AnySession, person_id: int, ref: str) -> tuple[Activity, Enrolment]:
    own = select(Enrolment.id).filter_by(ref=ref, person_id=person_id)
    if session.scalar(own) is None:
        raise Refusal("You have no such place. Look at My learning.")
    return places.locked_place(session, ref)


def finish_lesson(enrolment_id: int, unit_id: int, *, now: datetime) -> None:
    """Mark the lesson as complete; a second time changes nothing.

    Raises Refusal when the place has ended or something else comes first.
    """
    with transaction() as session:
        place = finishing.open_place(session, enrolment_id, now)
        unit = session.scalars(
            select(Unit).filter_by(id=unit_id, release_id=place.release_id, kind=UnitKind.LESSON)
        ).one()
        finishing.refuse_when_locked(session, place, unit)
        if finishing.finish_unit(session, place, unit, now=now):
            attempts.close_pre_tests(session, place, now)


def remember_position(enrolment_id: int, unit_key: str, now: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Enrolment)
            .where(Enrolment.id == enrolment_id)
            .values(last_unit=unit_key, last_at=now)
        )


def end_place(enrolment_id: int, *, now: datetime) -> None:
    """End a place whose activity is over: not passed, or expired when no quiz was failed."""
    with transaction() as session:
        place = session.scalars(
            select(Enrolment).filter_by(id=enrolment_id).with_for_update(of=Enrolment)
        ).one()
        if place.state is not State.ENROLLED or now < place.activity.ends_at:
            return
        needed = session.get_one(Release, place.release_id).facts["completion"]["quizzes"]
        failed = session.scalar(
            select(Grade.id)
            .join(Attempt, Attempt.id == Grade.attempt_id)
            .where(
                Attempt.enrolment_id == place.id,
                Attempt.unit_key.in_(needed),
                Grade.passed.is_(False),
                is_latest_grade(),
            )
            .limit(1)
        )
        step = Move.EXPIRE if failed is None else Move.FAIL
        places.move(session, place, step, now=now, actor=None, who=Who.SYSTEM)
