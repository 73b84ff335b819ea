"""How long an attempt lasts: the limit, the person's extra time, and what staff gave on top."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import undefer

from lms.deeds import audit
from lms.deeds.audit import AnySession
from lms.models import ActivityTime, Attempt, AttemptGrant, Enrolment, Unit
from lms.rules.attempts import deadline
from lms.rules.quizrules import QuizRules


def minutes_of_activity(session: AnySession, activity_id: int, unit_key: str) -> int:
    """Minutes that every attempt at the quiz gets in this activity from now on."""
    given = session.scalar(
        select(func.sum(ActivityTime.minutes)).where(
            ActivityTime.activity_id == activity_id, ActivityTime.unit_key.in_(("", unit_key))
        )
    )
    return given or 0


def grant_minutes(
    session: AnySession,
    attempts: Iterable[Attempt],
    minutes: int,
    *,
    actor_id: int,
    reason: str,
    now: datetime,
) -> int:
    """Give the open attempts that have a time limit more minutes; gives how many got them.

    Their rows are locked by the caller. One grant row and one audit row for each.
    """
    given = 0
    for attempt in attempts:
        rules = _rules(session, attempt)
        if attempt.handed_in_at is not None or rules.time_limit is None:
            continue
        before = attempt.deadline
        attempt.extra_minutes += minutes
        retime(attempt, rules)
        session.add(
            AttemptGrant(
                enrolment_id=attempt.enrolment_id,
                unit_key=attempt.unit_key,
                attempt_id=attempt.id,
                minutes=minutes,
                actor_id=actor_id,
                at=now,
                reason=reason,
            )
        )
        audit.record(
            session,
            now=now,
            deed="gave more time",
            actor=actor_id,
            object=f"attempt:{attempt.id}",
            before={"deadline": before.isoformat() if before else ""},
            after={"deadline": attempt.deadline.isoformat() if attempt.deadline else ""},
            why=reason,
        )
        given += 1
    return given


def retime(attempt: Attempt, rules: QuizRules) -> None:
    """Work the deadline of an attempt out again, from what its row and its quiz say."""
    attempt.deadline = deadline(
        attempt.started_at,
        rules.time_limit,
        attempt.factor,
        timedelta(minutes=attempt.extra_minutes),
        closes=attempt.enrolment.activity.ends_at,
    )


def retime_person(session: AnySession, person_id: int) -> None:
    """Apply the person's extra time to the attempts that they have open; their rows are locked."""
    for attempt in session.scalars(
        select(Attempt)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.person_id == person_id, Attempt.handed_in_at.is_(None))
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
    ):
        attempt.factor = attempt.enrolment.person.extra_time
        retime(attempt, _rules(session, attempt))


def attempts_granted(session: AnySession, enrolment_id: int, unit_key: str) -> int:
    """How many attempts staff gave on top of those that the quiz allows."""
    return session.scalar(select(granted(enrolment_id, unit_key))) or 0


def granted(enrolment_id: int, unit_key: str) -> ScalarSelect[int]:
    """The same as part of another query."""
    return (
        select(func.count(AttemptGrant.id))
        .where(
            AttemptGrant.enrolment_id == enrolment_id,
            AttemptGrant.unit_key == unit_key,
            AttemptGrant.attempt_id.is_(None),
        )
        .scalar_subquery()
    )


def _rules(session: AnySession, attempt: Attempt) -> QuizRules:
    unit = session.scalars(
        select(Unit).filter_by(id=attempt.unit_id).options(undefer(Unit.facts))
    ).one()
    return QuizRules.from_dict(unit.facts["rules"])
