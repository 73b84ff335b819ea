"""Texts that wait for a trainer, and one of them with all that marking needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.models import (
    Answer,
    Attempt,
    Course,
    Enrolment,
    Essay,
    Person,
    Question,
    Release,
    Unit,
)
from lms.rules import questions as values
from lms.rules.quizrules import QuizRules


@dataclass(frozen=True, slots=True)
class MarkedCourse:
    id: int
    slug: str
    title: str
    hides_names: bool


def course(slug: str) -> MarkedCourse | None:
    row = db.session.execute(
        select(Course, Release.title)
        .join(Release, Release.course_id == Course.id)
        .where(Course.slug == slug)
        .order_by(Release.number.desc())
        .limit(1)
    ).one_or_none()
    return row and MarkedCourse(row.Course.id, slug, row.title, row.Course.hides_names)


def of_course(course_id: int) -> Select[Any]:
    """Every text of the course, the earliest handed in first."""
    return (
        select(Essay)
        .join(Attempt, Attempt.id == Essay.attempt_id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Release, Release.id == Unit.release_id)
        .where(Release.course_id == course_id)
        .order_by(Attempt.handed_in_at, Attempt.id, Essay.id)
    )


@dataclass(slots=True)
class Group:
    """Waiting texts of one question, or of one attempt."""

    ref: str  # of a text in it
    title: str
    note: str
    waiting: int
    taken: int  # of them are being marked by others
    since: datetime


def groups(made: MarkedCourse, *, viewer_id: int, now: datetime) -> tuple[list[Group], list[Group]]:
    """(by question, by officer): what waits, the longest wait first."""
    rows = db.session.execute(
        of_course(made.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Essay.marked_at.is_(None))
        .add_columns(Attempt, Unit.title, Unit.key, Person)
    ).all()
    headings = _headings(made.id, {row.Essay.question_id for row in rows})
    by_question: dict[Any, Group] = {}
    by_attempt: dict[int, Group] = {}
    for row in rows:
        essay, attempt = row.Essay, row.Attempt
        taken = essay.claimed_by not in (None, viewer_id) and essay.claimed_until > now
        heading = headings.get(essay.question_id, essay.question_id)
        number = len(by_attempt) + (attempt.id not in by_attempt)
        officer = f"{number}" if made.hides_names else row.Person.name
        for held, key, title, note in (
            (by_question, (row.key, essay.question_id), heading, row.title),
            (by_attempt, attempt.id, officer, row.title),
        ):
            group = held.setdefault(key, Group(essay.ref, title, note, 0, 0, attempt.handed_in_at))
            group.waiting += 1
            group.taken += taken
    return list(by_question.values()), list(by_attempt.values())


def _headings(course_id: int, question_ids: set[str]) -> dict[str, str]:
    """The heading of each question as HTML, of the newest release that has it."""
    rows = db.session.execute(
        select(Question.question_id, Question.html)
        .join(Unit, Unit.id == Question.unit_id)
        .join(Release, Release.id == Unit.release_id)
        .where(Release.course_id == course_id, Question.question_id.in_(question_ids))
        .order_by(Release.number)
    )
    return {row.question_id: row.html["heading"] for row in rows}


def marked(course_id: int) -> int:
    """How many texts of the course are marked."""
    found = of_course(course_id).where(Essay.marked_at.is_not(None)).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


@dataclass(frozen=True, slots=True)
class ToMark:
    essay: Essay
    officer: str
    quiz: str
    number: int
    handed_in_at: datetime
    question: values.Question
    html: dict[str, Any]
    text: str
    language: str
    marker: str  # who has marked it, or is marking it


def text(course_id: int, ref: str) -> ToMark | None:
    """One text of the course with its question and rubric."""
    row = db.session.execute(
        of_course(course_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Essay.ref == ref)
        .add_columns(Attempt, Unit, Person, Release.language)
        .options(undefer(Unit.facts))
    ).one_or_none()
    if row is None:
        return None
    essay, attempt, unit = row.Essay, row.Attempt, row.Unit
    pool, _tag = QuizRules.from_dict(unit.facts["rules"]).pool_of(unit.key)
    home = select(Unit.id).filter_by(release_id=unit.release_id, key=pool).scalar_subquery()
    question = db.session.scalars(
        select(Question).filter_by(unit_id=home, question_id=essay.question_id)
    ).one()
    answer = db.session.scalar(
        select(Answer).filter_by(attempt_id=attempt.id, question_id=essay.question_id)
    )
    marker_id = essay.marked_by or essay.claimed_by
    marker = db.session.get(Person, marker_id) if marker_id else None
    return ToMark(
        essay=essay,
        officer=row.Person.name,
        quiz=unit.title,
        number=attempt.number,
        handed_in_at=attempt.handed_in_at,
        question=values.Question.from_dict(question.body),
        html=question.html,
        text=values.Answer.from_dict(answer.value).text if answer else "",
        language=row.language,
        marker=marker.name if marker else "",
    )


def drafts(course_id: int, viewer_id: int, now: datetime) -> list[tuple[str, str]]:
    """(reference, heading) of the texts that the viewer is marking."""
    rows = db.session.scalars(
        of_course(course_id).where(
            Essay.marked_at.is_(None), Essay.claimed_by == viewer_id, Essay.claimed_until > now
        )
    ).all()
    headings = _headings(course_id, {row.question_id for row in rows})
    return [(row.ref, headings.get(row.question_id, row.question_id)) for row in rows]
