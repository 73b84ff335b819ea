"""Attempts as the analysis takes them, pairs of tests, and what evaluations say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds.kept import Kept, kept_of
from lms.models import (
    Activity,
    Attempt,
    Course,
    Enrolment,
    Grade,
    Question,
    Release,
    SurveyResponse,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.rules import questions as values
from lms.rules.analysis import Reply, Tried
from lms.rules.grading import Outcome, Verdict
from lms.rules.quizrules import QuizRules


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz of the newest release, and its units in all releases."""

    key: str
    title: str
    kind: UnitKind
    pass_mark: int | None
    pool: str  # the key of the quiz that holds its questions
    keys: tuple[str, ...]  # this key and those that it had before


@dataclass(frozen=True, slots=True)
class ResultsCourse:
    id: int
    slug: str
    title: str
    objectives: dict[str, str]
    releases: tuple[int, ...]  # numbers, the newest first
    quizzes: tuple[Quiz, ...]

    def quiz(self, key: str) -> Quiz | None:
        return next((one for one in self.quizzes if one.key == key), None)


def course(slug: str) -> ResultsCourse | None:
    """The course by its newest release; None when there is none."""
    rows = db.session.execute(
        select(Course.id, Release)
        .join(Release, Release.course_id == Course.id)
        .where(Course.slug == slug)
        .order_by(Release.number.desc())
    ).all()
    if not rows:
        return None
    newest = rows[0].Release
    units = db.session.scalars(
        select(Unit)
        .where(Unit.release_id == newest.id, Unit.kind != UnitKind.LESSON)
        .order_by(Unit.position)
        .options(undefer(Unit.facts))
    )
    quizzes = []
    for unit in units:
        rules = QuizRules.from_dict(unit.facts["rules"])
        quizzes.append(
            Quiz(
                key=unit.key,
                title=unit.title,
                kind=unit.kind,
                pass_mark=rules.pass_mark,
                pool=rules.pool_of(unit.key)[0],
                keys=(unit.key, *unit.facts.get("formerly", ())),
            )
        )
    return ResultsCourse(
        id=rows[0].id,
        slug=slug,
        title=newest.title,
        objectives=newest.facts["objectives"],
        releases=tuple(row.Release.number for row in rows),
        quizzes=tuple(quizzes),
    )


@dataclass(frozen=True, slots=True)
class Item:
    """A question as its newest asked release has it."""

    question: values.Question
    html: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """The attempts that an analysis is made of, and the questions that they were asked."""

    tried: tuple[Tried, ...]
    items: Mapping[str, Item]
    languages: tuple[str, ...]  # of all attempts at the quiz, whatever was chosen


def sample(
    made: ResultsCourse, quiz: Quiz, *, release: int | None, language: str, first_only: bool
) -> Sample:
    """Graded attempts at the quiz: one query's worth for the page and for the file alike."""
    every = (
        select(Attempt.id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Release, Release.id == Unit.release_id)
        .where(
            Release.course_id == made.id,
            Unit.key.in_(quiz.keys),
            Attempt.handed_in_at.is_not(None),
            Attempt.answers_erased_at.is_(None),
        )
    )
    languages = tuple(
        db.session.scalars(
            select(Attempt.language)
            .where(Attempt.id.in_(every))
            .distinct()
            .order_by(Attempt.language)
        )
    )
    if release is not None:
        every = every.where(Release.number == release)
    if language:
        every = every.where(Attempt.language == language)
    if first_only:
        every = every.where(Attempt.number == 1)
    kept = kept_of(db.session, every)
    tried = []
    asked: set[str] = set()
    for attempt, unit, passed in db.session.execute(
        select(Attempt, Unit, Grade.passed)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Grade, (Grade.attempt_id == Attempt.id) & is_latest_grade())
        .where(Attempt.id.in_(every))
        .order_by(Attempt.id)
        .options(undefer(Unit.facts))
    ):
        tried.append(_tried(kept, attempt, unit, passed))
        asked.update(attempt.drawn)
    return Sample(tuple(tried), _items(made, quiz, asked, release), languages)


def _tried(kept: Kept, attempt: Attempt, unit: Unit, passed: bool | None) -> Tried:
    outcomes = dict(kept.worth(attempt, unit).outcomes)
    given = kept.given.get(attempt.id, {})
    seconds = _seconds(attempt.started_at, kept.saved.get(attempt.id, {}))
    return Tried(
        replies={
            id: _reply(outcome, given.get(id), seconds.get(id)) for id, outcome in outcomes.items()
        },
        passed=passed,
    )


def _reply(outcome: Outcome, answer: values.Answer | None, seconds: float | None) -> Reply:
    return Reply(
        share=outcome.share,
        possible=outcome.possible,
        omitted=outcome.verdict is Verdict.OMITTED,
        chosen=answer.chosen if answer else frozenset(),
        seconds=seconds,
    )


def _seconds(start: datetime, saved: Mapping[str, datetime]) -> dict[str, float]:
    """From the save before, or the start, to the save of each answer."""
    made, before = {}, start
    for id, at in sorted(saved.items(), key=lambda pair: pair[1]):
        made[id] = (at - before).total_seconds()
        before = at
    return made


def _items(
    made: ResultsCourse, quiz: Quiz, asked: set[str], release: int | None
) -> dict[str, Item]:
    """The questions in the order of the file; where versions differ, as the newest has them."""
    pool = made.quiz(quiz.pool) or quiz
    rows: Select[Any] = (
        select(Question, Release.number)
        .join(Unit, Unit.id == Question.unit_id)
        .join(Release, Release.id == Unit.release_id)
        .where(Release.course_id == made.id, Unit.key.in_({*quiz.keys, *pool.keys}))
        .order_by(Release.number.desc(), Question.position)
    )
    if release is not None:
        rows = rows.where(Release.number == release)
    found: dict[str, Item] = {}
    for row in db.session.execute(rows):
        question = row.Question
        if question.question_id in asked and question.question_id not in found:
            read = values.Question.from_dict(question.body)
            found[question.question_id] = Item(read, question.html)
    return found


def pairs(made: ResultsCourse, post: Quiz) -> dict[str, list[tuple[float, float]]]:
    """(before, after) in per cent of officers who took a pre-test and this quiz, by objective.

    "" is the whole. The first attempt at each counts; of objectives, those that both tests ask.
    """
    pre = {key for one in made.quizzes if one.kind is UnitKind.PRE_TEST for key in one.keys}
    every = (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Release, Release.id == Enrolment.release_id)
        .where(
            Release.course_id == made.id,
            Attempt.unit_key.in_(pre | set(post.keys)),
            Attempt.number == 1,
            Attempt.handed_in_at.is_not(None),
            Attempt.answers_erased_at.is_(None),
        )
    )
    kept = kept_of(db.session, every)
    tests: dict[int, dict[bool, dict[str, float]]] = defaultdict(dict)
    for attempt, unit in db.session.execute(
        select(Attempt, Unit)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Grade, (Grade.attempt_id == Attempt.id) & is_latest_grade())
        .where(Attempt.id.in_(every))
        .options(undefer(Unit.facts))
    ):
        after = attempt.unit_key in post.keys
        tests[attempt.enrolment_id][after] = _by_objective(kept, attempt, unit)
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for both in tests.values():
        if len(both) == 2:
            for objective, before in both[False].items():
                if objective in both[True]:
                    found[objective].append((before, both[True][objective]))
    return dict(sorted(found.items()))


def _by_objective(kept: Kept, attempt: Attempt, unit: Unit) -> dict[str, float]:
    _rules, pool = kept.quiz(unit)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for id, outcome in kept.worth(attempt, unit).outcomes:
        for objective in {"", pool[id].objective}:
            sums[objective][0] += float(outcome.points)
            sums[objective][1] += float(outcome.possible)
    return {name: 100 * got / of for name, (got, of) in sums.items() if of}


@dataclass(frozen=True, slots=True)
class Said:
    """One question of an evaluation, and the answers to it by activity."""

    question: values.Question
    html: dict[str, Any]
    answers: Mapping[str, Sequence[values.Answer]]  # by the activity's slug


def survey(made: ResultsCourse, quiz: Quiz) -> list[Said]:
    """What all evaluations say; nothing in it leads to a person."""
    responses = db.session.execute(
        select(SurveyResponse.answers, Activity.slug)
        .join(Activity, Activity.id == SurveyResponse.activity_id)
        .where(Activity.course_id == made.id, SurveyResponse.unit_key.in_(quiz.keys))
        .order_by(SurveyResponse.key)
    ).all()
    asked = {id for row in responses for id in row.answers}
    made_of = []
    for id, item in _items(made, quiz, asked, None).items():
        answers: dict[str, list[values.Answer]] = defaultdict(list)
        for row in responses:
            if id in row.answers:
                answers[row.slug].append(values.Answer.from_dict(row.answers[id]))
        made_of.append(Said(item.question, item.html, answers))
    return made_of
