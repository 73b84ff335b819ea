"""Deciding on a remedy, and applying it to one attempt after the other."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from lms.database import transaction
from lms.deeds import attempts, audit, grading, messages
from lms.deeds.audit import AnySession
from lms.features.regrading import queries
from lms.models import (
    Answer,
    Attempt,
    Course,
    Enrolment,
    Grade,
    Regrade,
    Regraded,
    RegradeOutcome,
    RegradeState,
    Unit,
)
from lms.rules import grading as rules
from lms.rules import questions as values
from lms.rules.messages import Kind
from lms.rules.quizrules import QuizRules
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal
from lms.rules.regrading import Direction, Remedy, direction


def decide(
    actor_id: int,
    asked: queries.Asked,
    unit_ids: Sequence[int],
    remedy: Remedy,
    key: values.Question | None,
    *,
    lowers: bool,
    tells: bool,
    why: str,
    once: str,
    now: datetime,
) -> str:
    """Put a remedy in force; gives its reference. The same `once` gives the first one again.

    One that may lower results waits for a second person. The course's row is locked, so that an
    attempt handed in at this moment is either reached by the job or already graded with it.
    """
    with transaction() as session:
        session.scalars(select(Course).filter_by(id=asked.course_id).with_for_update()).one()
        known = session.scalar(select(Regrade).filter_by(once=once))
        if known is not None:
            return known.ref
        row = Regrade(
            ref=new_reference(secrets.token_bytes(10)),
            once=once,
            course_id=asked.course_id,
            unit_key=asked.unit_key,
            question_id=asked.question.id,
            unit_ids=sorted(unit_ids),
            remedy=remedy,
            key=key.as_dict() if key else None,
            lowers=lowers,
            tells=tells,
            why=why,
            state=RegradeState.WAITING if lowers else RegradeState.RUNNING,
            asked_by=actor_id,
            asked_at=now,
        )
        session.add(row)
        session.flush()
        audit.record(
            session,
            now=now,
            deed="asked for a regrade" if lowers else "began a regrade",
            actor=actor_id,
            object=f"regrade:{row.id}",
            after={"question": row.question_id, "remedy": remedy.value, "lowers": lowers},
            why=why,
        )
        return row.ref


def confirm(actor_id: int, course_id: int, ref: str, *, agrees: bool, now: datetime) -> None:
    """The second person's word on a regrade that may lower results.

    Raises Refusal for the person who asked for it, and when it waits no longer.
    """
    with transaction() as session:
        session.scalars(select(Course).filter_by(id=course_id).with_for_update()).one()
        row = session.scalars(
            select(Regrade).filter_by(ref=ref, course_id=course_id).with_for_update()
        ).one()
        if row.state is not RegradeState.WAITING:
            raise Refusal("This regrade has been decided already. Look at what it says now.")
        if row.asked_by == actor_id:
            raise Refusal(
                "You asked for this regrade, so another person confirms it: "
                "a trainer of the course or a coordinator."
            )
        row.state = RegradeState.RUNNING if agrees else RegradeState.DECLINED
        row.confirmed_by, row.confirmed_at = actor_id, now
        audit.record(
            session,
            now=now,
            deed="confirmed a regrade" if agrees else "declined a regrade",
            actor=actor_id,
            object=f"regrade:{row.id}",
            why=row.why,
        )


def apply_to(regrade_id: int, attempt_id: int, *, now: datetime) -> bool:
    """Work one attempt out again; False when that was done before, by whichever process.

    The former grades stay. A result that would fall is kept, unless the regrade may lower; then
    the remedy does not count for this attempt. What was finished or certified stays finished.
    """
    with transaction() as session:
        place_id = session.scalars(select(Attempt.enrolment_id).filter_by(id=attempt_id)).one()
        place = session.scalars(
            select(Enrolment).filter_by(id=place_id).with_for_update(of=Enrolment)
        ).one()
        row = session.get_one(Regrade, regrade_id)
        done = select(Regraded.id).filter_by(regrade_id=regrade_id, attempt_id=attempt_id)
        if row.state is not RegradeState.RUNNING or session.scalar(done) is not None:
            return False
        attempt = session.get_one(Attempt, attempt_id)
        before = grading.latest(session, attempt_id)
        entry = Regraded(
            regrade_id=regrade_id, attempt_id=attempt_id, outcome=RegradeOutcome.CHANGED, at=now
        )
        session.add(entry)
        session.flush()
        unit = session.scalars(
            select(Unit).filter_by(id=attempt.unit_id).options(undefer(Unit.facts))
        ).one()
        quiz = QuizRules.from_dict(unit.facts["rules"])
        made = _worth(session, attempt, unit, quiz)
        if made.waiting:
            return True  # the remedy counts when the text is marked
        if before is not None:
            entry.outcome = _outcome(before, made, lowers=row.lowers)
            if entry.outcome is not RegradeOutcome.CHANGED:
                return True
        grading.add_grade(
            session,
            attempt,
            made.earned,
            made.possible,
            made.passed,
            now,
            marked_by=row.asked_by,
            why=row.why,
        )
        _record(session, row, attempt, before, made, now)
        session.flush()
        grading.finish_late(session, place, unit, quiz, actor=row.asked_by, why=row.why, now=now)
        if row.tells:
            messages.tell(
                session,
                person_id=place.person_id,
                kind=Kind.RESULT_CHANGED,
                event=f"regrade:{row.id}:{attempt.id}",
                now=now,
                facts={"quiz": unit.title},
                link=f"/attempts/{attempt.ref}/result",
            )
        return True


def _outcome(before: Grade, made: rules.Grade, *, lowers: bool) -> RegradeOutcome:
    was = (before.earned, before.possible, before.passed)
    if was == (made.earned, made.possible, made.passed):
        return RegradeOutcome.SAME
    falls = direction(before, made) is Direction.LOWER
    return RegradeOutcome.KEPT if falls and not lowers else RegradeOutcome.CHANGED


def _worth(session: AnySession, attempt: Attempt, unit: Unit, quiz: QuizRules) -> rules.Grade:
    pool = {one.id: one for one in attempts.pool(session, unit, quiz)}
    given = {
        answer.question_id: values.Answer.from_dict(answer.value)
        for answer in session.scalars(select(Answer).filter_by(attempt_id=attempt.id))
    }
    return grading.worth(session, attempt, quiz, [pool[one] for one in attempt.drawn], given)


def _record(
    session: AnySession,
    row: Regrade,
    attempt: Attempt,
    before: Grade | None,
    made: rules.Grade,
    now: datetime,
) -> None:
    audit.record(
        session,
        now=now,
        deed="regraded an attempt",
        actor=row.asked_by,
        object=f"attempt:{attempt.id}",
        before={"earned": str(before.earned), "passed": before.passed} if before else {},
        after={"earned": str(made.earned), "passed": made.passed, "regrade": row.id},
        why=row.why,
    )


def end(regrade_id: int, *, now: datetime) -> bool:
    """Close a regrade that has reached every attempt; of several processes one does it."""
    with transaction() as session:
        ended = session.scalar(
            update(Regrade)
            .where(Regrade.id == regrade_id, Regrade.state == RegradeState.RUNNING)
            .values(state=RegradeState.DONE, ended_at=now)
            .returning(Regrade.id)
        )
        if ended is None:
            return False
        audit.record(session, now=now, deed="finished a regrade", object=f"regrade:{regrade_id}")
        return True
