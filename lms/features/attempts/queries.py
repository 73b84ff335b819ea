"""Attempts as those who look after them may see them: who, where, how long; no answers, no keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds.timing import granted
from lms.models import (
    Activity,
    Affiliation,
    Attempt,
    AttemptGrant,
    AttemptVisit,
    Course,
    Ending,
    Enrolment,
    Grade,
    LateAnswer,
    Person,
    Release,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.rules.quizrules import QuizRules

PER_PAGE = 25


def course_id(slug: str) -> int | None:
    return db.session.scalar(select(Course.id).filter_by(slug=slug))


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt in the list."""

    ref: str
    number: int
    officer: str
    state: str
    quiz: str
    activity: str
    started_at: datetime
    deadline: datetime | None
    handed_in_at: datetime | None
    ending: Ending | None
    extra_minutes: int
    late: int  # answers that came too late and are not accepted


def _late() -> Any:
    return (
        select(func.count(LateAnswer.id))
        .where(LateAnswer.attempt_id == Attempt.id, LateAnswer.accepted_at.is_(None))
        .correlate(Attempt)
        .scalar_subquery()
    )


def attempts(course: int, *, activity: str, only_open: bool, page: int) -> list[AttemptLine]:
    """The attempts at quizzes of the course, open ones first, then the newest; one page of them.

    Evaluations are left out: who writes one, and when, is nobody's business.
    """
    rows = db.session.execute(
        _of_course(
            select(
                Attempt, Person, Affiliation.name, Unit.title, Activity.slug, _late().label("late")
            ),
            course,
            activity,
            only_open,
        )
        .order_by(Attempt.handed_in_at.is_not(None), Attempt.started_at.desc(), Attempt.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return [
        AttemptLine(
            ref=one.ref,
            number=one.number,
            officer=person.name,
            state=state,
            quiz=title,
            activity=slug,
            started_at=one.started_at,
            deadline=one.deadline,
            handed_in_at=one.handed_in_at,
            ending=one.ending,
            extra_minutes=one.extra_minutes,
            late=late,
        )
        for one, person, state, title, slug, late in rows
    ]


def how_many(course: int, *, activity: str, only_open: bool) -> int:
    return (
        db.session.scalar(_of_course(select(func.count(Attempt.id)), course, activity, only_open))
        or 0
    )


def _of_course(query: Any, course: int, activity: str, only_open: bool) -> Any:
    query = (
        query.select_from(Attempt)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Affiliation, Affiliation.id == Enrolment.affiliation_id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .where(Activity.course_id == course, Unit.kind != UnitKind.SURVEY)
    )
    if activity:
        query = query.where(Activity.slug == activity)
    if only_open:
        query = query.where(Attempt.handed_in_at.is_(None))
    return query


def choices(course: int) -> tuple[list[str], list[tuple[str, str]]]:
    """(slugs of the activities, newest first; (key, title) of the quizzes with a time limit)."""
    activities = db.session.scalars(
        select(Activity.slug)
        .where(Activity.course_id == course)
        .order_by(Activity.begins_at.desc(), Activity.slug)
    ).all()
    newest = select(func.max(Release.id)).where(Release.course_id == course).scalar_subquery()
    units = db.session.scalars(
        select(Unit)
        .where(Unit.release_id == newest, Unit.kind != UnitKind.LESSON)
        .order_by(Unit.position)
        .options(undefer(Unit.facts))
    )
    timed = [
        (one.key, one.title)
        for one in units
        if QuizRules.from_dict(one.facts["rules"]).time_limit is not None
    ]
    return list(activities), timed


@dataclass(frozen=True, slots=True)
class Looked:
    """One attempt, as its page shows it."""

    attempt: Attempt
    officer: str
    state: str
    quiz: str
    activity: str
    rules: QuizRules
    taken: int  # attempts of the place at this quiz
    granted: int  # of them given on top
    passed: bool


def one(course: int, ref: str) -> Looked | None:
    """The attempt when it is one of this course and of no evaluation."""
    others = Attempt.__table__.alias("others")
    taken = (
        select(func.count(others.c.id))
        .where(others.c.enrolment_id == Attempt.enrolment_id, others.c.unit_key == Attempt.unit_key)
        .correlate(Attempt)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(Attempt, Person, Affiliation.name, Unit, Activity.slug, taken, Grade.passed)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Affiliation, Affiliation.id == Enrolment.affiliation_id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .outerjoin(Grade, and_(Grade.attempt_id == Attempt.id, is_latest_grade()))
        .where(Attempt.ref == ref, Activity.course_id == course, Unit.kind != UnitKind.SURVEY)
        .options(undefer(Unit.facts))
    ).one_or_none()
    if row is None:
        return None
    attempt, person, state, unit, activity, many, passed = row
    given = db.session.scalar(select(granted(attempt.enrolment_id, attempt.unit_key)))
    return Looked(
        attempt=attempt,
        officer=person.name,
        state=state,
        quiz=unit.title,
        activity=activity,
        rules=QuizRules.from_dict(unit.facts["rules"]),
        taken=many,
        granted=given or 0,
        passed=bool(passed),
    )


def late_answers(attempt_id: int) -> list[LateAnswer]:
    return list(
        db.session.scalars(
            select(LateAnswer).filter_by(attempt_id=attempt_id).order_by(LateAnswer.received_at)
        )
    )


def visits(attempt_id: int) -> list[AttemptVisit]:
    return list(
        db.session.scalars(
            select(AttemptVisit).filter_by(attempt_id=attempt_id).order_by(AttemptVisit.number)
        )
    )


def history(attempt: Attempt) -> list[Any]:
    """(grant, name of who gave it): minutes of this attempt and attempts at its quiz."""
    return list(
        db.session.execute(
            select(AttemptGrant, Person.given_name, Person.family_name)
            .join(Person, Person.id == AttemptGrant.actor_id)
            .where(
                or_(
                    AttemptGrant.attempt_id == attempt.id,
                    and_(
                        AttemptGrant.attempt_id.is_(None),
                        AttemptGrant.enrolment_id == attempt.enrolment_id,
                        AttemptGrant.unit_key == attempt.unit_key,
                    ),
                )
            )
            .order_by(AttemptGrant.id)
        )
    )


def person(ref: str) -> Person | None:
    return db.session.scalar(select(Person).filter_by(ref=ref))
