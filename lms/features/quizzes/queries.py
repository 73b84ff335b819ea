"""Attempts as their officer may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds import grading
from lms.deeds.answers import Sender, is_live
from lms.deeds.timing import granted
from lms.models import (
    Activity,
    Answer,
    Attempt,
    Course,
    Ending,
    Enrolment,
    Essay,
    Grade,
    Question,
    Release,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.rules import grading as graded
from lms.rules import questions as values
from lms.rules.attempts import attempts_left, counted
from lms.rules.drawing import Shown, shown
from lms.rules.quizrules import QuizRules
from lms.rules.regrading import Correction, regrade


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of an attempt: its value, its HTML, what is offered, what was answered."""

    number: int  # from 1, in the order drawn
    question: values.Question
    html: dict[str, Any]
    shown: Shown
    answer: values.Answer
    flagged: bool
    saved_at: datetime | None
    sequence: int = 0  # of the answer; 0 while there is none

    def words(self, text: str) -> str:
        """The HTML of an option, item, side or gap entry."""
        return self.html["texts"].get(text, "")


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt with all that its pages need."""

    id: int
    ref: str
    number: int
    started_at: datetime
    deadline: datetime | None
    handed_in_at: datetime | None
    ending: Ending | None
    reached: int  # forward only: the question asked now
    held_by: int | None  # the session that answers
    seed: bytes
    drawn: tuple[str, ...]
    place_id: int
    place_ref: str
    ends_at: datetime  # of the activity
    unit_id: int
    unit_key: str
    unit_title: str
    kind: UnitKind
    rules: QuizRules
    release_id: int
    course_slug: str
    course_title: str
    language: str
    objectives: dict[str, str]

    @property
    def unit_href(self) -> str:
        return f"/courses/{self.course_slug}/{self.unit_key}"

    @property
    def is_survey(self) -> bool:
        return self.kind is UnitKind.SURVEY


def own_sitting(person_id: int, ref: str) -> Sitting | None:
    """The attempt if it is this officer's own; another officer's stays unseen."""
    row = db.session.execute(
        select(Attempt, Enrolment.ref, Unit, Release, Course.slug, Activity.ends_at)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Release, Release.id == Unit.release_id)
        .join(Course, Course.id == Release.course_id)
        .where(Attempt.ref == ref, Enrolment.person_id == person_id)
        .options(undefer(Unit.facts))
    ).one_or_none()
    if row is None:
        return None
    attempt, place_ref, unit, release, slug, ends_at = row
    return Sitting(
        id=attempt.id,
        ref=attempt.ref,
        number=attempt.number,
        started_at=attempt.started_at,
        deadline=attempt.deadline,
        handed_in_at=attempt.handed_in_at,
        ending=attempt.ending,
        reached=attempt.reached,
        held_by=attempt.held_by,
        seed=attempt.seed,
        drawn=tuple(attempt.drawn),
        place_id=attempt.enrolment_id,
        place_ref=place_ref,
        ends_at=ends_at,
        unit_id=unit.id,
        unit_key=unit.key,
        unit_title=unit.title,
        kind=unit.kind,
        rules=QuizRules.from_dict(unit.facts["rules"]),
        release_id=release.id,
        course_slug=slug,
        course_title=release.title,
        language=release.language,
        objectives=release.facts["objectives"],
    )


def asked(sitting: Sitting) -> list[Asked]:
    """Every question of the attempt with its answer so far, in the order drawn."""
    key, _tag = sitting.rules.pool_of(sitting.unit_key)
    rows = db.session.execute(
        select(Question.question_id, Question.body, Question.html, Answer)
        .join(Unit, Unit.id == Question.unit_id)
        .outerjoin(
            Answer,
            and_(Answer.attempt_id == sitting.id, Answer.question_id == Question.question_id),
        )
        .where(
            Unit.release_id == sitting.release_id,
            Unit.key == key,
            Question.question_id.in_(sitting.drawn),
        )
    ).all()
    by_id = {row.question_id: row for row in rows}
    made = []
    for number, question_id in enumerate(sitting.drawn, start=1):
        row = by_id[question_id]
        question = values.Question.from_dict(row.body)
        answer = row.Answer
        made.append(
            Asked(
                number=number,
                question=question,
                html=row.html,
                shown=shown(
                    question,
                    seed=sitting.seed,
                    shuffle_options=sitting.rules.shuffle_options,
                ),
                answer=values.Answer.from_dict(answer.value) if answer else values.Answer(),
                flagged=bool(answer and answer.flagged),
                saved_at=answer.saved_at if answer else None,
                sequence=answer.sequence if answer else 0,
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class Target:
    """The question that an answer is for, and no more: asked for at every save."""

    attempt_id: int
    number: int
    question: values.Question
    shown: Shown
    forward_only: bool
    is_survey: bool


# Written once, as in deeds/answers.py: these two are asked at every save.
OWN_ATTEMPT = (
    select(
        Attempt.id, Attempt.seed, Attempt.drawn, Unit.facts, Unit.key, Unit.kind, Unit.release_id
    )
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .join(Unit, Unit.id == Attempt.unit_id)
    .where(Attempt.ref == bindparam("ref"), Enrolment.person_id == bindparam("person"))
)
ONE_QUESTION = (
    select(Question.body)
    .join(Unit, Unit.id == Question.unit_id)
    .where(
        Unit.release_id == bindparam("release"),
        Unit.key == bindparam("key"),
        Question.question_id == bindparam("question"),
    )
)


def target(person_id: int, ref: str, number: int) -> Target | None:
    """The question of this officer's own attempt, open or over; None when there is none."""
    line = db.session.connection()
    row = line.execute(OWN_ATTEMPT, {"ref": ref, "person": person_id}).one_or_none()
    if row is None or not 1 <= number <= len(row.drawn):
        return None
    rules = QuizRules.from_dict(row.facts["rules"])
    asked_for = {
        "release": row.release_id,
        "key": rules.pool_of(row.key)[0],
        "question": row.drawn[number - 1],
    }
    question = values.Question.from_dict(line.execute(ONE_QUESTION, asked_for).scalar_one())
    return Target(
        attempt_id=row.id,
        number=number,
        question=question,
        shown=shown(question, seed=row.seed, shuffle_options=rules.shuffle_options),
        forward_only=rules.forward_only,
        is_survey=row.kind is UnitKind.SURVEY,
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """How long an attempt still runs, and who answers it: asked for every 15 seconds."""

    deadline: datetime | None
    handed_in_at: datetime | None
    held_by: int | None


def clock_of(person_id: int, ref: str) -> Clock | None:
    row = db.session.execute(
        select(Attempt.deadline, Attempt.handed_in_at, Attempt.held_by)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.ref == ref, Enrolment.person_id == person_id)
    ).one_or_none()
    return Clock(*row) if row else None


def is_elsewhere(sitting: Sitting, sender: Sender, now: datetime) -> bool:
    """Whether another session answers the attempt at this moment, as far as anybody can tell."""
    if sitting.held_by in (None, sender.session):
        return False
    return is_live(db.session, db.session.get_one(Attempt, sitting.id), sender, now)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the place stands at this quiz after its attempts."""

    handed_in: tuple[datetime, ...]
    passed: bool
    attempts_left: int | None  # None: without limit
    later_ref: str | None
    another_open: bool  # an attempt at this quiz is being answered
    grade: Grade | None  # of the attempt itself: the marking that counts


def standing(sitting: Sitting) -> Standing:
    """Over all attempts of the place at this quiz, whatever their release."""
    rows = db.session.execute(
        select(
            Attempt.ref,
            Attempt.number,
            Attempt.handed_in_at,
            Grade,
            granted(sitting.place_id, sitting.unit_key).label("granted"),
        )
        .outerjoin(Grade, and_(Grade.attempt_id == Attempt.id, is_latest_grade()))
        .where(Attempt.enrolment_id == sitting.place_id, Attempt.unit_key == sitting.unit_key)
        .order_by(Attempt.number)
    ).all()
    closed = tuple(row.handed_in_at for row in rows if row.handed_in_at)
    rules = sitting.rules
    grades = [row.Grade for row in rows if row.Grade]
    result = counted(grades, rules.grade, pass_mark=rules.pass_mark)
    return Standing(
        handed_in=closed,
        passed=bool(result and result.passed),
        attempts_left=attempts_left(
            len(closed),
            allowed=rules.attempts,
            granted=rows[0].granted if rows else 0,
        ),
        later_ref=next((row.ref for row in rows if row.number > sitting.number), None),
        another_open=any(row.handed_in_at is None for row in rows),
        grade=next((row.Grade for row in rows if row.ref == sitting.ref), None),
    )


def worth(
    sitting: Sitting,
    questions: Sequence[values.Question],
    given: Mapping[str, values.Answer],
    kept: Grade | None,
) -> tuple[graded.Grade, list[Correction]]:
    """What each answer is worth by key, trainers' marks and remedies; and those remedies.

    Marks and remedies are looked up only where the key alone does not explain the kept grade.
    """
    by_key = graded.grade(questions, given, sitting.rules.pass_mark)
    explained = kept is not None and (kept.earned, kept.possible, kept.passed) == (
        by_key.earned,
        by_key.possible,
        by_key.passed,
    )
    if explained or not (kept or by_key.waiting):
        return by_key, []
    corrections = grading.corrections(db.session, sitting.id)
    awarded = grading.awarded(db.session, sitting.id)
    made = regrade(questions, given, sitting.rules.pass_mark, corrections, awarded=awarded)
    return made, corrections


def comments(sitting: Sitting) -> dict[str, str]:
    """What trainers wrote to the texts that they have marked, by question."""
    rows = db.session.execute(
        select(Essay.question_id, Essay.comment).where(
            Essay.attempt_id == sitting.id, Essay.marked_at.is_not(None)
        )
    )
    return {row.question_id: row.comment for row in rows}


def next_unit(release_id: int, unit_id: int) -> Unit | None:
    """The unit that follows in the order of the course."""
    position = select(Unit.position).filter_by(id=unit_id).scalar_subquery()
    return db.session.scalar(
        select(Unit)
        .where(Unit.release_id == release_id, Unit.position > position)
        .order_by(Unit.position)
        .limit(1)
    )
