"""Questions with their keys, in every version, and the attempts that asked them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds import grading
from lms.deeds.audit import AnySession
from lms.models import (
    Attempt,
    Course,
    Person,
    Question,
    Regrade,
    Regraded,
    RegradeState,
    Release,
    Unit,
    UnitKind,
)
from lms.rules import questions as values
from lms.rules.quizrules import QuizRules


@dataclass(frozen=True, slots=True)
class Version:
    """A question as one release has it."""

    number: int  # of the release
    unit_id: int  # of the quiz that holds it
    question: values.Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the newest release, and what it was in the others, the newest first."""

    course_id: int
    course_slug: str
    course_title: str
    unit_key: str
    unit_title: str
    language: str
    html: dict[str, Any]
    tags: tuple[str, ...]
    versions: tuple[Version, ...]

    @property
    def question(self) -> values.Question:
        return self.versions[0].question


def course(slug: str) -> tuple[int, str] | None:
    """(id, title of the newest release); None when there is none."""
    row = db.session.execute(
        select(Course.id, Release.title)
        .join(Release, Release.course_id == Course.id)
        .where(Course.slug == slug)
        .order_by(Release.number.desc())
        .limit(1)
    ).one_or_none()
    return row and (row.id, row.title)


@dataclass(frozen=True, slots=True)
class QuizQuestions:
    key: str
    title: str
    kind: UnitKind
    lines: tuple[tuple[values.Question, dict[str, Any]], ...]


def quizzes(course_id: int) -> list[QuizQuestions]:
    """The quizzes of the newest release that hold questions, in the order of the course."""
    rows = db.session.execute(
        select(Unit, Question)
        .join(Question, Question.unit_id == Unit.id)
        .where(Unit.release_id == _newest(course_id))
        .order_by(Unit.position, Question.position)
    ).all()
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.Unit.id].append(row)
    return [
        QuizQuestions(
            key=held[0].Unit.key,
            title=held[0].Unit.title,
            kind=held[0].Unit.kind,
            lines=tuple(
                (values.Question.from_dict(row.Question.body), row.Question.html) for row in held
            ),
        )
        for held in found.values()
    ]


def _newest(course_id: int) -> Any:
    return (
        select(Release.id)
        .filter_by(course_id=course_id)
        .order_by(Release.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def asked(course_id: int, question_id: str, quiz: str = "") -> Asked | None:
    """The question; `quiz` is the key of its quiz, needed only where two have such a question."""
    query = (
        select(Unit, Question, Release, Course.slug)
        .join(Question, Question.unit_id == Unit.id)
        .join(Release, Release.id == Unit.release_id)
        .join(Course, Course.id == Release.course_id)
        .where(
            Unit.release_id == _newest(course_id),
            Unit.kind != UnitKind.SURVEY,
            Question.question_id == question_id,
        )
        .order_by(Unit.position)
        .options(undefer(Unit.facts))
        .limit(1)
    )
    if quiz:
        query = query.where(Unit.key == quiz)
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    unit, held, release, slug = row
    earlier = db.session.execute(
        select(Release.number, Unit.id, Question.body)
        .join(Unit, Unit.release_id == Release.id)
        .join(Question, Question.unit_id == Unit.id)
        .where(
            Release.course_id == course_id,
            Unit.key.in_([unit.key, *unit.facts.get("formerly", ())]),
            Question.question_id == question_id,
        )
        .order_by(Release.number.desc())
    )
    return Asked(
        course_id=course_id,
        course_slug=slug,
        course_title=release.title,
        unit_key=unit.key,
        unit_title=unit.title,
        language=release.language,
        html=held.html,
        tags=tuple(held.tags),
        versions=tuple(
            Version(one.number, one.id, values.Question.from_dict(one.body)) for one in earlier
        ),
    )


def drawing_units(session: AnySession, unit_ids: Sequence[int]) -> list[int]:
    """The quizzes, of the same releases, whose attempts ask questions of these quizzes."""
    homes = {
        (row.release_id, row.key): row.id
        for row in session.execute(
            select(Unit.release_id, Unit.key, Unit.id).where(Unit.id.in_(unit_ids))
        )
    }
    units = session.scalars(
        select(Unit)
        .where(
            Unit.release_id.in_({release_id for release_id, _ in homes}),
            Unit.kind.not_in((UnitKind.LESSON, UnitKind.SURVEY)),
        )
        .options(undefer(Unit.facts))
    )
    return [
        unit.id
        for unit in units
        if (unit.release_id, QuizRules.from_dict(unit.facts["rules"]).pool_of(unit.key)[0]) in homes
    ]


def handed_in(session: AnySession, unit_ids: Sequence[int], question_id: str) -> list[int]:
    """The attempts that asked the question and are handed in, the earliest first.

    One whose answers are erased keeps its result: nothing is left to work it out from.
    """
    rows = session.execute(
        select(Attempt.id, Attempt.drawn)
        .where(
            Attempt.unit_id.in_(drawing_units(session, unit_ids)),
            Attempt.handed_in_at.is_not(None),
            Attempt.answers_erased_at.is_(None),
        )
        .order_by(Attempt.id)
    )
    return [row.id for row in rows if question_id in row.drawn]


def left(session: AnySession, regrade: Regrade) -> list[int]:
    """The attempts that a regrade has not reached yet."""
    reached = set(session.scalars(select(Regraded.attempt_id).filter_by(regrade_id=regrade.id)))
    every = handed_in(session, regrade.unit_ids, regrade.question_id)
    return [one for one in every if one not in reached]


@dataclass(frozen=True, slots=True)
class Decided:
    """A regrade as its page and the lists show it."""

    row: Regrade
    asked_by: str
    confirmed_by: str
    outcomes: dict[str, int]


def decided(course_id: int, *, ref: str = "", question_id: str = "") -> list[Decided]:
    """The regrades of a course, or one by its reference, or those of a question; newest first."""
    other = select(Person.id, Person.given_name, Person.family_name).subquery()
    query = (
        select(Regrade, Person, other.c.given_name, other.c.family_name)
        .join(Person, Person.id == Regrade.asked_by)
        .outerjoin(other, other.c.id == Regrade.confirmed_by)
        .where(Regrade.course_id == course_id)
        .order_by(Regrade.id.desc())
    )
    if ref:
        query = query.where(Regrade.ref == ref)
    if question_id:
        query = query.where(Regrade.question_id == question_id)
    rows = db.session.execute(query).all()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for regrade_id, outcome, n in db.session.execute(
        select(Regraded.regrade_id, Regraded.outcome, func.count())
        .where(Regraded.regrade_id.in_([row.Regrade.id for row in rows]))
        .group_by(Regraded.regrade_id, Regraded.outcome)
    ):
        counts[regrade_id][outcome.value] = n
    return [
        Decided(
            row=row.Regrade,
            asked_by=row.Person.name,
            confirmed_by=f"{row.given_name} {row.family_name}" if row.given_name else "",
            outcomes=counts[row.Regrade.id],
        )
        for row in rows
    ]


def running() -> list[int]:
    return list(
        db.session.scalars(
            select(Regrade.id).filter_by(state=RegradeState.RUNNING).order_by(Regrade.id)
        )
    )


def is_waiting(course_id: int) -> bool:
    """Whether a regrade of the course waits for a second person."""
    return bool(
        db.session.scalar(
            select(exists().where(Regrade.course_id == course_id, Regrade.state == "waiting"))
        )
    )


correction = grading.correction
