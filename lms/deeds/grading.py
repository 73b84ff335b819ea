"""Giving an attempt its grade: from its answers, a trainer's marks and the remedies that count."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select

from lms.deeds import finishing, places
from lms.deeds.audit import AnySession
from lms.models import (
    Attempt,
    Course,
    Enrolment,
    Essay,
    Grade,
    Regrade,
    Regraded,
    RegradeOutcome,
    RegradeState,
    Release,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.rules import grading as rules
from lms.rules import questions as values
from lms.rules.attempts import Counted, counted
from lms.rules.enrolments import Move, State, Who
from lms.rules.questions import Type
from lms.rules.quizrules import QuizRules
from lms.rules.references import new_reference
from lms.rules.regrading import Correction, Remedy, regrade

Drawn = Sequence[values.Question]
Given = Mapping[str, values.Answer]


def mark(
    session: AnySession,
    attempt: Attempt,
    place: Enrolment,
    unit: Unit,
    quiz: QuizRules,
    drawn: Drawn,
    given: Given,
    remedies: Sequence[Regrade],
    *,
    now: datetime,
) -> rules.Grade:
    """Grade an attempt that has just been handed in, and finish its unit where that is due.

    Texts wait for a trainer, each in a row. Remedies `in_force` count from the start.
    """
    for question in drawn:
        if question.type is Type.ESSAY and not given.get(question.id, rules.BLANK).blank:
            session.add(
                Essay(
                    ref=new_reference(secrets.token_bytes(10)),
                    attempt_id=attempt.id,
                    question_id=question.id,
                    steps=[],
                )
            )
    for remedy in remedies:
        session.add(
            Regraded(
                regrade_id=remedy.id,
                attempt_id=attempt.id,
                outcome=RegradeOutcome.CHANGED,
                at=now,
            )
        )
    session.flush()
    made = worth(session, attempt, quiz, drawn, given)
    if not made.waiting:
        add_grade(session, attempt, made.earned, made.possible, made.passed, now)
    session.flush()
    finish(session, place, unit, quiz, now=now)
    return made


def in_force(session: AnySession, unit: Unit, quiz: QuizRules, drawn: Drawn) -> list[Regrade]:
    """The remedies that were decided for questions drawn from this very release of the quiz.

    The course's row is share-locked, so that a remedy is either seen here or sees the attempt.
    """
    course_id = session.scalars(
        select(Course.id)
        .join(Release, Release.course_id == Course.id)
        .where(Release.id == unit.release_id)
        .with_for_update(read=True, of=Course)
    ).one()
    found = session.scalars(
        select(Regrade)
        .where(
            Regrade.course_id == course_id,
            Regrade.question_id.in_([one.id for one in drawn]),
            Regrade.state.in_((RegradeState.RUNNING, RegradeState.DONE)),
        )
        .order_by(Regrade.id)
    )
    home = home_of(session, unit, quiz) if drawn else None
    return [one for one in found if home in one.unit_ids]


def home_of(session: AnySession, unit: Unit, quiz: QuizRules) -> int:
    """The id of the quiz that the questions are of: the quiz itself, or the one it draws from."""
    key, _tag = quiz.pool_of(unit.key)
    if key == unit.key:
        return unit.id
    return session.scalars(select(Unit.id).filter_by(release_id=unit.release_id, key=key)).one()


def worth(
    session: AnySession, attempt: Attempt, quiz: QuizRules, drawn: Drawn, given: Given
) -> rules.Grade:
    """What the attempt is worth by all that is kept of it: the only way a score comes about."""
    return regrade(
        drawn,
        given,
        quiz.pass_mark,
        corrections(session, attempt.id),
        awarded=awarded(session, attempt.id),
    )


def awarded(session: AnySession, attempt_id: int) -> dict[str, Fraction]:
    """The points of the texts that are marked, by question."""
    rows = session.scalars(
        select(Essay).where(Essay.attempt_id == attempt_id, Essay.marked_at.is_not(None))
    )
    return {row.question_id: row.points for row in rows if row.points is not None}


def corrections(session: AnySession, attempt_id: int) -> list[Correction]:
    """The remedies that count for the attempt, in the order in which they were decided."""
    rows = session.scalars(
        select(Regrade)
        .join(Regraded, Regraded.regrade_id == Regrade.id)
        .where(Regraded.attempt_id == attempt_id, Regraded.outcome != RegradeOutcome.KEPT)
        .order_by(Regrade.id)
    )
    return [correction(row) for row in rows]


def correction(row: Regrade) -> Correction:
    key = values.Question.from_dict(row.key) if row.key else None
    return Correction(question_id=row.question_id, remedy=Remedy(row.remedy), key=key)


def add_grade(
    session: AnySession,
    attempt: Attempt,
    earned: Fraction,
    possible: Fraction,
    passed: bool | None,
    now: datetime,
    *,
    marked_by: int | None = None,
    why: str = "",
) -> Grade:
    """One more marking of the attempt; the last counts."""
    last = session.scalar(select(func.max(Grade.number)).filter_by(attempt_id=attempt.id))
    made = Grade(
        attempt_id=attempt.id,
        number=(last or 0) + 1,
        earned=earned,
        possible=possible,
        percent=float(earned * 100 / possible) if possible else 0.0,
        passed=passed,
        marked_by=marked_by,
        why=why,
        at=now,
    )
    session.add(made)
    return made


def latest(session: AnySession, attempt_id: int) -> Grade | None:
    """The marking that counts; None while a text waits."""
    return session.scalar(select(Grade).where(Grade.attempt_id == attempt_id, is_latest_grade()))


def stands(
    session: AnySession, enrolment_id: int, unit_key: str, quiz: QuizRules
) -> Counted | None:
    """What all graded attempts of the place at this quiz count for by its own rule."""
    grades = session.scalars(
        select(Grade)
        .join(Attempt, Attempt.id == Grade.attempt_id)
        .where(
            Attempt.enrolment_id == enrolment_id,
            Attempt.unit_key == unit_key,
            Attempt.handed_in_at.is_not(None),
            is_latest_grade(),
        )
        .order_by(Attempt.number)
    ).all()
    return counted(grades, quiz.grade, pass_mark=quiz.pass_mark)


def finish(
    session: AnySession, place: Enrolment, unit: Unit, quiz: QuizRules, *, now: datetime
) -> None:
    """Note that the quiz is finished: a summative one when it is passed, others when handed in."""
    if unit.kind is UnitKind.SUMMATIVE:
        result = stands(session, place.id, unit.key, quiz)
        if result is None or not result.passed:
            return
    finishing.finish_unit(session, place, unit, now=now)


def finish_late(
    session: AnySession,
    place: Enrolment,
    unit: Unit,
    quiz: QuizRules,
    *,
    actor: int,
    why: str,
    now: datetime,
) -> None:
    """`finish` for a result that a trainer changed: a place that ended without a pass is opened
    again when nothing is missing any more, and then completed. The place's row is locked.
    """
    finish(session, place, unit, quiz, now=now)
    ended = place.state in (State.FAILED, State.EXPIRED)
    if ended and not finishing.missing_of(session, place):
        places.move(session, place, Move.REOPEN, now=now, actor=actor, who=Who.SPMU, reason=why)
        finishing.settle(session, place, now=now)
