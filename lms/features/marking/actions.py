"""Taking a text, keeping a draft of its mark, and marking it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import undefer

from lms.database import transaction
from lms.deeds import attempts, audit, grading, messages
from lms.features.marking import queries
from lms.models import Answer, Attempt, Course, Enrolment, Essay, Unit
from lms.rules import questions as values
from lms.rules.messages import Kind
from lms.rules.quizrules import QuizRules
from lms.rules.refusal import Refusal

CLAIM = timedelta(minutes=30)  # from the last draft on


class By(StrEnum):
    """What the next text has in common with this one."""

    QUESTION = "question"
    PERSON = "person"


def claim(actor_id: int, course_id: int, ref: str, by: By, *, now: datetime) -> str | None:
    """Take this text, or the next one of the same question or attempt; gives its reference.

    None when none is left to take: all are marked, or others are marking them. Two who ask at
    the same moment get two texts: the update finds only a free one.
    """
    with transaction() as session:
        first = session.scalars(queries.of_course(course_id).where(Essay.ref == ref)).one_or_none()
        if first is None:
            return None
        query = queries.of_course(course_id).where(Essay.marked_at.is_(None))
        if by is By.QUESTION:
            key = select(Attempt.unit_key).filter_by(id=first.attempt_id).scalar_subquery()
            query = query.where(Essay.question_id == first.question_id, Attempt.unit_key == key)
        else:
            query = query.where(Essay.attempt_id == first.attempt_id)
        found = session.scalars(query.with_only_columns(Essay.id)).all()
        for essay_id in sorted(found, key=lambda one: one != first.id):
            taken = session.scalar(
                update(Essay)
                .where(Essay.id == essay_id, Essay.marked_at.is_(None), _free(actor_id, now))
                .values(claimed_by=actor_id, claimed_until=now + CLAIM)
                .returning(Essay.ref)
            )
            if taken is not None:
                return taken
        return None


def _free(actor_id: int, now: datetime) -> ColumnElement[bool]:
    return or_(Essay.claimed_by.is_(None), Essay.claimed_by == actor_id, Essay.claimed_until <= now)


def let_go(actor_id: int, course_id: int, ref: str) -> None:
    """Give a text back; its draft stays for whoever takes it next."""
    with transaction() as session:
        ids = queries.of_course(course_id).where(Essay.ref == ref).with_only_columns(Essay.id)
        session.execute(
            update(Essay)
            .where(Essay.id.in_(ids.order_by(None)), Essay.claimed_by == actor_id)
            .values(claimed_by=None, claimed_until=None)
        )


def keep(
    actor_id: int,
    course_id: int,
    ref: str,
    *,
    points: Fraction | None,
    steps: Sequence[int],
    comment: str,
    now: datetime,
) -> None:
    """Keep a draft, and the text for another half an hour.

    Raises Refusal when the text is marked or somebody else has taken it.
    """
    with transaction() as session:
        essay = _held(session, actor_id, course_id, ref, now)
        essay.points, essay.steps, essay.comment = points, list(steps), comment
        essay.drafted_at, essay.claimed_until = now, now + CLAIM


def mark(
    actor_id: int,
    course_id: int,
    ref: str,
    *,
    points: Fraction,
    steps: Sequence[int],
    comment: str,
    now: datetime,
) -> None:
    """Give the points; with the last text of the attempt comes its grade, and what follows.

    Raises Refusal as `keep` does. points are within 0 and those of the question.
    """
    with transaction() as session:
        place = _place(session, course_id, ref)
        essay = _held(session, actor_id, course_id, ref, now)
        essay.points, essay.steps, essay.comment = points, list(steps), comment
        essay.marked_by, essay.marked_at = actor_id, now
        essay.claimed_by = essay.claimed_until = None
        session.flush()
        audit.record(
            session,
            now=now,
            deed="marked a text",
            actor=actor_id,
            object=f"essay:{essay.id}",
            after={"points": str(points)},
        )
        attempt = session.get_one(Attempt, essay.attempt_id)
        unit = session.scalars(
            select(Unit).filter_by(id=attempt.unit_id).options(undefer(Unit.facts))
        ).one()
        quiz = QuizRules.from_dict(unit.facts["rules"])
        pool = {one.id: one for one in attempts.pool(session, unit, quiz)}
        given = {
            answer.question_id: values.Answer.from_dict(answer.value)
            for answer in session.scalars(select(Answer).filter_by(attempt_id=attempt.id))
        }
        made = grading.worth(session, attempt, quiz, [pool[one] for one in attempt.drawn], given)
        if made.waiting:
            return
        grading.add_grade(
            session, attempt, made.earned, made.possible, made.passed, now, marked_by=actor_id
        )
        session.flush()
        grading.finish_late(session, place, unit, quiz, actor=actor_id, why="", now=now)
        messages.tell(
            session,
            person_id=place.person_id,
            kind=Kind.ESSAY_MARKED,
            event=f"marked:{attempt.id}",
            now=now,
            facts={"quiz": unit.title},
            link=f"/attempts/{attempt.ref}/result",
        )


def _place(session: Any, course_id: int, ref: str) -> Enrolment:
    """The place of the text's officer, its row locked before anything else is."""
    found = queries.of_course(course_id).where(Essay.ref == ref)
    place_id = session.scalars(found.with_only_columns(Attempt.enrolment_id)).one()
    return session.scalars(
        select(Enrolment).filter_by(id=place_id).with_for_update(of=Enrolment)
    ).one()


def _held(session: Any, actor_id: int, course_id: int, ref: str, now: datetime) -> Essay:
    essay = session.scalars(
        queries.of_course(course_id).where(Essay.ref == ref).with_for_update(of=Essay)
    ).one()
    if essay.marked_at is not None:
        raise Refusal("This text has been marked already. Take another one from the list.")
    others = essay.claimed_by not in (None, actor_id)
    if others and essay.claimed_until is not None and essay.claimed_until > now:
        raise Refusal("Another trainer is marking this text. Take another one from the list.")
    essay.claimed_by, essay.claimed_until = actor_id, now + CLAIM
    return essay


def hide_names(actor_id: int, course_id: int, hides: bool, *, now: datetime) -> None:
    """Whether markers see whose text they read."""
    with transaction() as session:
        course = session.scalars(select(Course).filter_by(id=course_id).with_for_update()).one()
        before, course.hides_names = course.hides_names, hides
        audit.record(
            session,
            now=now,
            deed="changed the names in marking",
            actor=actor_id,
            object=f"course:{course_id}",
            before={"hidden": before},
            after={"hidden": hides},
        )
