"""What staff do with attempts; each deed with a reason, in the audit."""

from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from lms.database import transaction
from lms.deeds import attempts, audit, late, timing
from lms.deeds.messages import tell
from lms.models import (
    Activity,
    ActivityTime,
    Attempt,
    AttemptGrant,
    Ending,
    Enrolment,
    Grade,
    Person,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.rules.attempts import EXTRA_TIME, attempts_left
from lms.rules.messages import Kind
from lms.rules.quizrules import QuizRules
from lms.rules.refusal import Refusal

STALE = "Time was given since you opened this page. Look at it again, then decide."


def give_all(
    actor_id: int,
    course_id: int,
    *,
    minutes: int,
    activity: str,
    unit_key: str,
    later: bool,
    seen: int,
    reason: str,
    now: datetime,
) -> int:
    """Give minutes to all open attempts with a limit; gives how many got them.

    activity and unit_key narrow it down; "" is all. later needs an activity and also gives them to
    attempts that begin there from now on. seen is how many grants the course had when the page was
    made: pressed twice, time is given once. Raises Refusal when it does not fit.
    """
    with transaction() as session:
        chosen = (
            select(Attempt)
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .join(Activity, Activity.id == Enrolment.activity_id)
            .join(Unit, Unit.id == Attempt.unit_id)
            .where(
                Activity.course_id == course_id,
                Attempt.handed_in_at.is_(None),
                Unit.kind != UnitKind.SURVEY,
            )
            .order_by(Attempt.id)
            .with_for_update(of=Attempt)
        )
        if activity:
            chosen = chosen.where(Activity.slug == activity)
        if unit_key:
            chosen = chosen.where(Attempt.unit_key == unit_key)
        running = session.scalars(chosen).all()
        if seen_now(session, course_id) != seen:
            raise Refusal(STALE)
        given = timing.grant_minutes(
            session, running, minutes, actor_id=actor_id, reason=reason, now=now
        )
        if later:
            held = session.scalars(
                select(Activity).filter_by(slug=activity, course_id=course_id)
            ).one_or_none()
            if held is None:
                raise Refusal("Choose an activity: more time for later attempts is given in one.")
            session.add(
                ActivityTime(
                    activity_id=held.id,
                    unit_key=unit_key,
                    minutes=minutes,
                    actor_id=actor_id,
                    at=now,
                    reason=reason,
                )
            )
        elif not given:
            raise Refusal("No attempt with a time limit is open there, so nobody got more time.")
        audit.record(
            session,
            now=now,
            deed="gave more time to all",
            actor=actor_id,
            object=f"course:{course_id}",
            after={
                "minutes": minutes,
                "attempts": given,
                "activity": activity,
                "quiz": unit_key,
                "later": later,
            },
            why=reason,
        )
        return given


def seen_now(session: audit.AnySession, course_id: int) -> int:
    """What `give_all` compares: how often time was given in the course."""
    of_course = Activity.course_id == course_id
    now = select(func.count(AttemptGrant.id)).select_from(AttemptGrant)
    now = now.join(Enrolment, Enrolment.id == AttemptGrant.enrolment_id)
    now = now.join(Activity, Activity.id == Enrolment.activity_id).where(of_course)
    later = select(func.count(ActivityTime.id)).select_from(ActivityTime)
    later = later.join(Activity, Activity.id == ActivityTime.activity_id).where(of_course)
    return session.scalar(select(now.scalar_subquery() + later.scalar_subquery())) or 0


def give_minutes(
    actor_id: int, attempt_id: int, *, minutes: int, seen: int, reason: str, now: datetime
) -> None:
    """Give one open attempt more time. seen are the minutes that the page knew of."""
    with transaction() as session:
        attempt = attempts.locked(session, attempt_id)
        if attempt.extra_minutes != seen:
            raise Refusal(STALE)
        if not timing.grant_minutes(
            session, [attempt], minutes, actor_id=actor_id, reason=reason, now=now
        ):
            raise Refusal("This attempt is over or has no time limit, so it cannot get more time.")


def hand_in(actor_id: int, attempt_id: int, *, reason: str, now: datetime) -> None:
    """Hand an open attempt in for its officer. A second time changes nothing."""
    with transaction() as session:
        place = _place(session, attempt_id)
        attempt = attempts.locked(session, attempt_id)
        if attempt.handed_in_at is None:
            attempts.hand_in(
                session,
                attempt,
                place,
                ending=Ending.STAFF,
                now=now,
                actor_id=actor_id,
                why=reason,
            )


def give_attempt(actor_id: int, attempt_id: int, *, reason: str, now: datetime) -> None:
    """Give the officer of this attempt one more at its quiz.

    Raises Refusal while one is left or open, or when the quiz is passed.
    """
    with transaction() as session:
        place = _place(session, attempt_id)
        attempt = session.get_one(Attempt, attempt_id)
        unit = session.scalars(
            select(Unit).filter_by(id=attempt.unit_id).options(undefer(Unit.facts))
        ).one()
        tries = session.scalars(
            select(Attempt).filter_by(enrolment_id=place.id, unit_key=attempt.unit_key)
        ).all()
        passed = session.scalar(
            select(Grade.id)
            .where(
                Grade.attempt_id.in_([one.id for one in tries]),
                Grade.passed.is_(True),
                is_latest_grade(),
            )
            .limit(1)
        )
        if passed is not None:
            raise Refusal("This officer has passed the quiz already.")
        rules = QuizRules.from_dict(unit.facts["rules"])
        left = attempts_left(
            len(tries),
            allowed=rules.attempts,
            granted=timing.attempts_granted(session, place.id, attempt.unit_key),
        )
        if left is None or left > 0 or any(one.handed_in_at is None for one in tries):
            raise Refusal("An attempt is left already, so no other one was given.")
        session.add(
            AttemptGrant(
                enrolment_id=place.id,
                unit_key=attempt.unit_key,
                actor_id=actor_id,
                at=now,
                reason=reason,
            )
        )
        audit.record(
            session,
            now=now,
            deed="gave another attempt",
            actor=actor_id,
            object=f"enrolment:{place.id}",
            after={"quiz": attempt.unit_key},
            why=reason,
        )
        tell(
            session,
            person_id=place.person_id,
            kind=Kind.ATTEMPT_GIVEN,
            event=f"attempt:{attempt.ref}:another",
            now=now,
            facts={"quiz": unit.title},
            link="/learning",
        )


def accept_late(actor_id: int, attempt_id: int, *, reason: str, now: datetime) -> None:
    """Let the answers that came too late count. See `deeds/late.py`."""
    with transaction() as session:
        place = _place(session, attempt_id)
        attempt = attempts.locked(session, attempt_id)
        late.accept(session, attempt, place, actor_id=actor_id, reason=reason, now=now)


def set_extra_time(
    actor_id: int, person_id: int, factor: Fraction, *, reason: str, now: datetime
) -> None:
    """Set what the person's time limits are multiplied by, for open attempts as well."""
    if factor not in EXTRA_TIME:
        raise ValueError(factor)
    with transaction() as session:
        person = session.scalars(select(Person).filter_by(id=person_id).with_for_update()).one()
        before = person.extra_time
        if before == factor:
            return
        person.extra_time = factor
        session.flush()
        timing.retime_person(session, person_id)
        audit.record(
            session,
            now=now,
            deed="set extra time",
            actor=actor_id,
            object=f"person:{person_id}",
            before={"extra_time": str(before)},
            after={"extra_time": str(factor)},
            why=reason,
        )


def _place(session: audit.AnySession, attempt_id: int) -> Enrolment:
    """The place of the attempt, its row locked before the attempt's, as everywhere."""
    place_id = session.scalars(select(Attempt.enrolment_id).filter_by(id=attempt_id)).one()
    return session.scalars(
        select(Enrolment).filter_by(id=place_id).with_for_update(of=Enrolment)
    ).one()
