"""What a remedy would change, worked out without changing anything."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds import finishing
from lms.deeds.kept import kept_of
from lms.features.regrading import queries
from lms.models import (
    Affiliation,
    Attempt,
    Certificate,
    Enrolment,
    Grade,
    Person,
    Release,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.rules.attempts import Graded, counted
from lms.rules.enrolments import State
from lms.rules.quizrules import QuizRules
from lms.rules.regrading import Correction, Direction, direction


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


def rehearse(unit_ids: Sequence[int], correction: Correction, *, lowers: bool) -> Rehearsal:
    """The results that the remedy would change, by officer; without `lowers` none falls.

    Raises Refusal where the key does not fit a version that was asked.
    """
    every = select(Attempt.id).where(
        Attempt.unit_id.in_(queries.drawing_units(db.session, unit_ids)),
        Attempt.handed_in_at.is_not(None),
        Attempt.answers_erased_at.is_(None),
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
    kept, proved = kept_of(db.session, every), _certified(every)
    grades = _grades(every)
    lines, waiting = [], 0
    after: dict[tuple[int, str], dict[int, Graded]] = {
        place: dict(held) for place, held in grades.items()
    }
    changed = []
    for row in rows:
        attempt, place = row.Attempt, (row.Enrolment.id, row.Attempt.unit_key)
        before = grades.get(place, {}).get(attempt.id)
        made = kept.worth(attempt, row.Unit, correction)
        if before is None or made.waiting:
            waiting += made.waiting
            continue
        if _same(before, made):
            continue
        way = direction(before, made)
        stays = way is Direction.LOWER and not lowers
        if not stays:
            after[place][attempt.id] = made
        changed.append((row, before, made, way, stays))
    for row, before, made, way, stays in changed:
        place = (row.Enrolment.id, row.Attempt.unit_key)
        follows = Follows.KEPT
        if not stays:
            quiz, _pool = kept.quiz(row.Unit)
            follows = _follows(row, quiz, grades[place], after[place])
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
                has_certificate=row.Enrolment.id in proved,
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


def _grades(every: Select[Any]) -> dict[tuple[int, str], dict[int, Graded]]:
    """By place and quiz the latest grade of each attempt, also of those not asked the question."""
    made: dict[tuple[int, str], dict[int, Graded]] = defaultdict(dict)
    places = select(Attempt.enrolment_id).where(Attempt.id.in_(every))
    for attempt, grade in db.session.execute(
        select(Attempt, Grade)
        .join(Grade, (Grade.attempt_id == Attempt.id) & is_latest_grade())
        .where(Attempt.enrolment_id.in_(places))
        .order_by(Attempt.number)
    ):
        made[attempt.enrolment_id, attempt.unit_key][attempt.id] = grade
    return made


def _certified(every: Select[Any]) -> set[int]:
    """The places with a certificate."""
    places = select(Attempt.enrolment_id).where(Attempt.id.in_(every))
    held = select(Certificate.enrolment_id).where(
        Certificate.enrolment_id.in_(places), Certificate.revoked_at.is_(None)
    )
    return set(db.session.scalars(held))
