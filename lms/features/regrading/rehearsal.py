"""What a remedy would change, worked out without changing anything."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds import attempts, finishing, grading
from lms.features.regrading import queries
from lms.models import (
    Affiliation,
    Answer,
    Attempt,
    Certificate,
    Enrolment,
    Essay,
    Grade,
    Person,
    Regrade,
    Regraded,
    RegradeOutcome,
    Release,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.rules import questions as values
from lms.rules.attempts import Graded, counted
from lms.rules.enrolments import State
from lms.rules.quizrules import QuizRules
from lms.rules.regrading import Correction, Direction, direction, regrade


class Follows(StrEnum):
    """What a changed result means for the officer."""

    PASSED = "passed"  # newly
    CERTIFICATE = "certificate"  # newly passed, and nothing else is missing
    LOST = "lost"  # a pass
    KEPT = "kept"  # it would have fallen
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt whose result would change."""

    officer: str
    state: str
    quiz: str
    number: int
    before: Graded
    after: Graded
    direction: Direction
    follows: Follows
    has_certificate: bool


@dataclass(frozen=True, slots=True)
class Rehearsal:
    attempts: int
    officers: int
    waiting: int  # for a trainer's marks: the remedy counts when they are given
    lines: tuple[Line, ...]

    def count(self, *follows: Follows) -> int:
        return sum(line.follows in follows for line in self.lines)

    @property
    def higher(self) -> int:
        return sum(line.direction is Direction.HIGHER for line in self.lines)

    @property
    def lower(self) -> int:
        lowered = (line for line in self.lines if line.follows is not Follows.KEPT)
        return sum(line.direction is Direction.LOWER for line in lowered)

    @property
    def changed(self) -> int:
        return sum(line.follows is not Follows.KEPT for line in self.lines)


@dataclass(slots=True)
class _Facts:
    """All that is kept of the attempts, read in a few queries."""

    given: dict[int, dict[str, values.Answer]]
    awarded: dict[int, dict[str, Fraction]]
    corrections: dict[int, list[Correction]]
    grades: dict[tuple[int, str], dict[int, Graded]]  # place and quiz: attempt → latest, in order
    proved: set[int]  # places with a certificate
    quizzes: dict[int, tuple[QuizRules, dict[str, values.Question]]]  # by unit

    def quiz(self, unit: Unit) -> tuple[QuizRules, dict[str, values.Question]]:
        """The rules and the questions of a quiz, read once."""
        if unit.id not in self.quizzes:
            rules = QuizRules.from_dict(unit.facts["rules"])
            pool = {one.id: one for one in attempts.pool(db.session, unit, rules)}
            self.quizzes[unit.id] = (rules, pool)
        return self.quizzes[unit.id]


def rehearse(unit_ids: Sequence[int], correction: Correction, *, lowers: bool) -> Rehearsal:
    """The results that the remedy would change, by officer; without `lowers` none falls.

    Raises Refusal where the key does not fit a version that was asked.
    """
    every = select(Attempt.id).where(
        Attempt.unit_id.in_(queries.drawing_units(db.session, unit_ids)),
        Attempt.handed_in_at.is_not(None),
    )
    found = db.session.execute(
        select(Attempt, Enrolment, Unit, Person, Affiliation.name)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Affiliation, Affiliation.id == Enrolment.affiliation_id)
        .where(Attempt.id.in_(every))
        .options(undefer(Unit.facts))
        .order_by(Person.family_name, Person.given_name, Attempt.id)
    )
    rows = [row for row in found if correction.question_id in row.Attempt.drawn]
    facts = _facts(every)
    lines, waiting = [], 0
    after: dict[tuple[int, str], dict[int, Graded]] = {
        place: dict(held) for place, held in facts.grades.items()
    }
    changed = []
    for row in rows:
        attempt, place = row.Attempt, (row.Enrolment.id, row.Attempt.unit_key)
        before = facts.grades[place].get(attempt.id) if place in facts.grades else None
        made = _worth(row.Unit, attempt, facts, correction)
        if before is None or made.waiting:
            waiting += made.waiting
            continue
        if _same(before, made):
            continue
        way = direction(before, made)
        kept = way is Direction.LOWER and not lowers
        if not kept:
            after[place][attempt.id] = made
        changed.append((row, before, made, way, kept))
    for row, before, made, way, kept in changed:
        place = (row.Enrolment.id, row.Attempt.unit_key)
        follows = Follows.KEPT
        if not kept:
            quiz, _pool = facts.quiz(row.Unit)
            follows = _follows(row, quiz, facts.grades[place], after[place])
        lines.append(
            Line(
                officer=row.Person.name,
                state=row.name,
                quiz=row.Unit.title,
                number=row.Attempt.number,
                before=before,
                after=made,
                direction=way,
                follows=follows,
                has_certificate=row.Enrolment.id in facts.proved,
            )
        )
    return Rehearsal(
        attempts=len(rows),
        officers=len({row.Person.id for row in rows}),
        waiting=waiting,
        lines=tuple(lines),
    )


def _same(before: Graded, made: Graded) -> bool:
    was = (before.earned, before.possible, before.passed)
    return was == (made.earned, made.possible, made.passed)


def _worth(unit: Unit, attempt: Attempt, facts: _Facts, correction: Correction) -> Any:
    quiz, pool = facts.quiz(unit)
    return regrade(
        [pool[question_id] for question_id in attempt.drawn],
        facts.given.get(attempt.id, {}),
        quiz.pass_mark,
        [*facts.corrections.get(attempt.id, ()), correction],
        awarded=facts.awarded.get(attempt.id),
    )


def _follows(
    row: Any, quiz: QuizRules, before: dict[int, Graded], after: dict[int, Graded]
) -> Follows:
    was = counted(list(before.values()), quiz.grade, pass_mark=quiz.pass_mark)
    now = counted(list(after.values()), quiz.grade, pass_mark=quiz.pass_mark)
    passed, passes = bool(was and was.passed), bool(now and now.passed)
    if passed and not passes:
        return Follows.LOST
    if passed or not passes:
        return Follows.NOTHING
    completes = row.Unit.kind is UnitKind.SUMMATIVE and _completes(row.Enrolment, row.Unit.key)
    return Follows.CERTIFICATE if completes else Follows.PASSED


def _completes(place: Enrolment, key: str) -> bool:
    """Whether the place is complete, and certified, once this quiz is passed."""
    if place.state not in (State.ENROLLED, State.FAILED, State.EXPIRED):
        return False
    release = db.session.get_one(Release, place.release_id)
    still = finishing.missing_of(db.session, place)
    return release.facts["certificate"] is not None and all(one.key == key for one in still)


def _facts(every: Select[Any]) -> _Facts:
    made = _Facts({}, {}, {}, defaultdict(dict), set(), {})
    places = select(Attempt.enrolment_id).where(Attempt.id.in_(every))
    for answer in db.session.scalars(select(Answer).where(Answer.attempt_id.in_(every))):
        read = values.Answer.from_dict(answer.value)
        made.given.setdefault(answer.attempt_id, {})[answer.question_id] = read
    for essay in db.session.scalars(
        select(Essay).where(Essay.attempt_id.in_(every), Essay.marked_at.is_not(None))
    ):
        points = essay.points or Fraction(0)
        made.awarded.setdefault(essay.attempt_id, {})[essay.question_id] = points
    for attempt_id, remedy in db.session.execute(
        select(Regraded.attempt_id, Regrade)
        .join(Regrade, Regrade.id == Regraded.regrade_id)
        .where(Regraded.attempt_id.in_(every), Regraded.outcome != RegradeOutcome.KEPT)
        .order_by(Regrade.id)
    ):
        made.corrections.setdefault(attempt_id, []).append(grading.correction(remedy))
    for attempt, grade in db.session.execute(
        select(Attempt, Grade)
        .join(Grade, (Grade.attempt_id == Attempt.id) & is_latest_grade())
        .where(Attempt.enrolment_id.in_(places))
        .order_by(Attempt.number)
    ):
        made.grades[attempt.enrolment_id, attempt.unit_key][attempt.id] = grade
    made.proved = set(
        db.session.scalars(
            select(Certificate.enrolment_id).where(
                Certificate.enrolment_id.in_(places), Certificate.revoked_at.is_(None)
            )
        )
    )
    return made
