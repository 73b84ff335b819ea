"""Handing an attempt in: grading it, or sending an evaluation without its sender."""

import secrets
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import undefer

from lms.deeds import audit, finishing, grading
from lms.deeds.audit import AnySession
from lms.deeds.messages import tell
from lms.models import (
    Answer,
    Attempt,
    Ending,
    Enrolment,
    Question,
    SurveyReceipt,
    SurveyResponse,
    Unit,
    UnitKind,
)
from lms.rules import questions as values
from lms.rules.grading import missing_answers
from lms.rules.messages import Kind
from lms.rules.quizrules import QuizRules
from lms.rules.refusal import Refusal


def pool(session: AnySession, unit: Unit, rules: QuizRules) -> list[values.Question]:
    """The questions that attempts at this quiz are drawn from, in the order of the file."""
    key, tag = rules.pool_of(unit.key)
    rows = session.execute(
        select(Question.body, Question.tags)
        .join(Unit, Unit.id == Question.unit_id)
        .where(Unit.release_id == unit.release_id, Unit.key == key)
        .order_by(Question.position)
    )
    return [values.Question.from_dict(row.body) for row in rows if not tag or tag in row.tags]


def locked(session: AnySession, attempt_id: int) -> Attempt:
    """The attempt, its row locked and read anew: answers on their way come before or after."""
    return session.scalars(
        select(Attempt)
        .filter_by(id=attempt_id)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    ).one()


def hand_in(
    session: AnySession,
    attempt: Attempt,
    place: Enrolment,
    *,
    ending: Ending,
    now: datetime,
    actor_id: int | None = None,
    why: str = "",
) -> None:
    """Close the open attempt, grade what was saved, finish the unit, send the receipt.

    The rows of the place and of the attempt are locked. An evaluation is sent by its button alone;
    ended otherwise it leaves nothing. Raises Refusal when a question of an evaluation that must be
    answered is not.
    """
    unit = session.scalars(
        select(Unit).filter_by(id=attempt.unit_id).options(undefer(Unit.facts))
    ).one()
    rules = QuizRules.from_dict(unit.facts["rules"])
    asked = {one.id: one for one in pool(session, unit, rules)}
    drawn = [asked[question_id] for question_id in attempt.drawn]
    given = {
        row.question_id: values.Answer.from_dict(row.value)
        for row in session.scalars(select(Answer).filter_by(attempt_id=attempt.id))
    }
    if unit.kind is UnitKind.SURVEY:
        if ending is Ending.BUTTON:
            send(session, place, unit, drawn, given, now)
        session.execute(delete(Answer).where(Answer.attempt_id == attempt.id))  # sent or not
        attempt.handed_in_at, attempt.ending = now, ending
        session.flush()
        if ending is Ending.BUTTON:
            finishing.finish_unit(session, place, unit, now=now)
        return
    attempt.handed_in_at, attempt.ending = now, ending
    remedies = grading.in_force(session, unit, rules, drawn)  # locks before the audit log does
    audit.record(
        session,
        now=now,
        deed="handed in an attempt",
        actor=place.person_id if ending is Ending.BUTTON else actor_id,
        object=f"attempt:{attempt.id}",
        after={"ending": ending.value},
        why=why,
    )
    session.flush()
    tell(
        session,
        person_id=place.person_id,
        kind=Kind.QUIZ_HANDED_IN,
        event=f"attempt:{attempt.ref}",
        now=now,
        facts={
            "quiz": unit.title,
            "attempt": str(attempt.number),
            "handed_in_at": now.isoformat(),
            "answers": str(sum(not given[one.id].blank for one in drawn if one.id in given)),
            "questions": str(len(drawn)),
        },
        link=f"/attempts/{attempt.ref}/result",
    )
    grading.mark(session, attempt, place, unit, rules, drawn, given, remedies, now=now)


def close_pre_tests(session: AnySession, place: Enrolment, now: datetime) -> None:
    """Hand in the pre-tests that are open: reading has begun. The place's row is locked."""
    running = session.scalars(
        select(Attempt.id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .where(
            Attempt.enrolment_id == place.id,
            Attempt.handed_in_at.is_(None),
            Unit.kind == UnitKind.PRE_TEST,
        )
    ).all()
    for attempt_id in running:
        attempt = locked(session, attempt_id)
        if attempt.handed_in_at is None:
            hand_in(session, attempt, place, ending=Ending.CLOSE, now=now)


def send(
    session: AnySession,
    place: Enrolment,
    unit: Unit,
    drawn: list[values.Question],
    given: dict[str, values.Answer],
    now: datetime,
) -> None:
    """Keep the answers apart from the place, and the receipt apart from the answers.

    The caller deletes the drafts in the same transaction. No audit row is written: its instant
    and order would lead from the person to the answers.
    """
    if missing_answers(drawn, given):
        raise Refusal("Some questions must be answered. They are marked in the list.")
    session.add(
        SurveyResponse(
            key=secrets.token_hex(16),
            activity_id=place.activity_id,
            release_id=unit.release_id,
            unit_key=unit.key,
            month=now.astimezone(session.info["time_zone"]).strftime("%Y-%m"),
            answers={
                question.id: given[question.id].as_dict()
                for question in sorted(drawn, key=lambda one: one.id)  # not as they were drawn
                if question.id in given and not given[question.id].blank
            },
        )
    )
    session.flush()
    _shuffle(session, place.activity_id, unit.key)
    session.add(SurveyReceipt(enrolment_id=place.id, unit_key=unit.key))


def _shuffle(session: AnySession, activity_id: int, unit_key: str) -> None:
    """Write the responses of the activity anew in the order of their random keys.

    PostgreSQL keeps with each row which transaction wrote it and where: both would lead to the
    receipt that was written beside it.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    columns = list(SurveyResponse.__table__.columns)
    kept = [
        dict(row._mapping)
        for row in session.execute(
            select(*columns)
            .where(SurveyResponse.activity_id == activity_id, SurveyResponse.unit_key == unit_key)
            .order_by(SurveyResponse.key)
        )
    ]
    session.execute(
        delete(SurveyResponse).where(
            SurveyResponse.activity_id == activity_id, SurveyResponse.unit_key == unit_key
        )
    )
    session.execute(insert(SurveyResponse), kept)
