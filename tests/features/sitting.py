"""Officers who sit a quiz in one line: start, answer, hand in."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds.attempts import pool
from lms.features.learning import actions as learning
from lms.features.quizzes import actions as quizzes
from lms.models import Activity, Answer, Attempt, Ending, Enrolment, Grade, Unit
from lms.rules import questions as values
from lms.rules.quizrules import QuizRules
from tests.factories import NOON, make_person, saved
from tests.features.courses import LESSONS, attempt_at, make_place, right_answer, wrong_answer


def placed(activity: Activity, name: str = "Nino Beridze") -> Enrolment:
    """A new officer's place with every lesson finished."""
    return finish_lessons(make_place(make_person(name), activity))


def finish_lessons(place: Enrolment) -> Enrolment:
    for key in LESSONS:
        db.session.remove()
        unit = select(Unit.id).filter_by(release_id=place.release_id, key=key)
        learning.finish_lesson(place.id, db.session.scalars(unit).one(), now=NOON)
    return place


def sit(
    place: Enrolment,
    key: str,
    *,
    wrong: Collection[str] = (),
    answers: Mapping[str, values.Answer] | None = None,
    now: datetime = NOON,
    hands_in: bool = True,
) -> Attempt:
    """An attempt, all right but the questions named; an answer given here counts instead."""
    db.session.remove()
    ref = quizzes.start(place.person_id, place.ref, key, now=now)
    attempt = attempt_at(f"/attempts/{ref}/")
    rows = []
    for number, question in enumerate(questions_of(attempt)):
        given = (answers or {}).get(question.id)
        if given is None:
            given = wrong_answer(question) if question.id in wrong else right_answer(question)
        if given.blank:
            continue
        rows.append(
            Answer(
                attempt_id=attempt.id,
                question_id=question.id,
                value=given.as_dict(),
                sequence=1,
                saved_at=now + timedelta(seconds=10 * (number + 1)),
            )
        )
    saved(*rows)
    if hands_in:
        hand_in(attempt, now=now + timedelta(minutes=5))
    return attempt


def hand_in(attempt: Attempt, *, now: datetime = NOON) -> None:
    db.session.remove()
    quizzes.hand_in(attempt.id, ending=Ending.BUTTON, now=now)


def questions_of(attempt: Attempt) -> list[values.Question]:
    """The questions drawn, in their order."""
    unit = db.session.scalars(
        select(Unit).filter_by(id=attempt.unit_id).options(undefer(Unit.facts))
    ).one()
    rules = QuizRules.from_dict(unit.facts["rules"])
    by_id = {one.id: one for one in pool(db.session, unit, rules)}
    return [by_id[question_id] for question_id in attempt.drawn]


def grades(attempt: Attempt) -> list[Any]:
    """(earned, possible, passed) of each marking of the attempt, the first one first."""
    db.session.remove()
    rows = db.session.scalars(select(Grade).filter_by(attempt_id=attempt.id).order_by(Grade.number))
    return [(row.earned, row.possible, row.passed) for row in rows]
