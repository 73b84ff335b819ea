"""What changes while an officer answers: start, save, hand in."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import undefer

from lms.database import transaction
from lms.deeds import answers, attempts, audit, finishing, grading, timing
from lms.models import (
    Attempt,
    Ending,
    Enrolment,
    Person,
    Release,
    SurveyReceipt,
    Unit,
    UnitKind,
)
from lms.rules.attempts import accepts_saves, deadline, next_attempt
from lms.rules.drawing import draw_questions
from lms.rules.quizrules import QuizRules
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal

SEED = 16  # random bytes


def start(
    person_id: int,
    place_ref: str,
    unit_key: str,
    *,
    now: datetime,
    sender: answers.Sender | None = None,
) -> str | None:
    """Open an attempt and draw its questions, or find the one that is open; gives its reference.

    None when the person has no such place or the course no such quiz. Two clicks make one
    attempt: the place's row is locked. Raises Refusal when the quiz is not open, is passed, or no
    attempt is left or must still wait.
    """
    with transaction() as session:
        place_id = session.scalar(
            select(Enrolment.id).filter_by(ref=place_ref, person_id=person_id)
        )
        if place_id is None:
            return None
        place = finishing.open_place(session, place_id, now)
        unit = session.scalar(
            select(Unit)
            .where(
                Unit.release_id == place.release_id,
                Unit.key == unit_key,
                Unit.kind != UnitKind.LESSON,
            )
            .options(undefer(Unit.facts))
        )
        if unit is None:
            return None
        earlier = session.scalars(
            select(Attempt)
            .filter_by(enrolment_id=place.id, unit_key=unit.key)
            .order_by(Attempt.number)
        ).all()
        running = next((one for one in earlier if one.handed_in_at is None), None)
        if running is not None:
            running = attempts.locked(session, running.id)
            if accepts_saves(running.deadline, now, grace()):
                return running.ref
            _end(session, running, place, Ending.TIME, now)
        rules = QuizRules.from_dict(unit.facts["rules"])
        finishing.refuse_when_locked(session, place, unit)
        _refuse_when_done(session, place, unit, rules, earlier)
        number = next_attempt(
            [one.handed_in_at for one in earlier if one.handed_in_at],
            allowed=rules.attempts,
            wait=rules.wait,
            now=now,
            granted=timing.attempts_granted(session, place.id, unit.key),
        )
        attempt = _open(session, place, unit, rules, number, earlier, now)
        if sender is not None:
            answers.hold(session, attempt, sender, now)
        return attempt.ref


def _refuse_when_done(
    session: audit.AnySession,
    place: Enrolment,
    unit: Unit,
    rules: QuizRules,
    earlier: Sequence[Attempt],
) -> None:
    if unit.kind is UnitKind.SURVEY:
        sent = select(SurveyReceipt.id).filter_by(enrolment_id=place.id, unit_key=unit.key)
        if session.scalar(sent) is not None:
            raise Refusal("You have sent your answers already. They can be sent once.")
    result = grading.stands(session, place.id, unit.key, rules) if earlier else None
    if result is not None and result.passed:
        raise Refusal("You have passed this quiz already. Your result counts.")


def _open(
    session: audit.AnySession,
    place: Enrolment,
    unit: Unit,
    rules: QuizRules,
    number: int,
    earlier: Sequence[Attempt],
    now: datetime,
) -> Attempt:
    pool = attempts.pool(session, unit, rules)
    if not pool:
        raise Refusal("This quiz has no questions. Tell the course's contact.")
    seed = secrets.token_bytes(SEED)
    factor = session.scalars(select(Person.extra_time).filter_by(id=place.person_id)).one()
    minutes = 0
    if rules.time_limit is not None:
        minutes = timing.minutes_of_activity(session, place.activity_id, unit.key)
    attempt = Attempt(
        ref=new_reference(secrets.token_bytes(10)),
        enrolment_id=place.id,
        unit_id=unit.id,
        unit_key=unit.key,
        number=number,
        seed=seed,
        drawn=list(
            draw_questions(
                pool,
                seed=seed,
                draw=rules.draw,
                draw_by=rules.draw_by,
                shuffle=rules.shuffle_questions,
                avoid=earlier[-1].drawn if earlier else (),
            )
        ),
        language=session.get_one(Release, place.release_id).language,
        started_at=now,
        deadline=deadline(
            now,
            rules.time_limit,
            factor,
            timedelta(minutes=minutes),
            closes=place.activity.ends_at,
        ),
        factor=factor,
        extra_minutes=minutes,
    )
    session.add(attempt)
    session.flush()
    return attempt


def save(
    attempt_id: int, sent: answers.Sent, *, now: datetime, sender: answers.Sender | None = None
) -> answers.Saved:
    """Keep the answer; when this returns it is in the database. See `deeds/answers.py`."""
    with transaction() as session:
        return answers.save(session, attempt_id, sent, now=now, grace=grace(), sender=sender)


def go_on_here(attempt_id: int, sender: answers.Sender, *, now: datetime) -> None:
    """Answer the attempt from this session from now on."""
    with transaction() as session:
        attempt = attempts.locked(session, attempt_id)
        if attempt.handed_in_at is None:
            attempt.held_by = None
            answers.hold(session, attempt, sender, now)


def hand_in(attempt_id: int, *, ending: Ending, now: datetime) -> None:
    """Close the attempt and grade it, or send the evaluation; a second time changes nothing.

    Raises Refusal when the place has ended, or a question of an evaluation that must be answered
    is not.
    """
    with transaction() as session:
        place_id = session.scalars(select(Attempt.enrolment_id).filter_by(id=attempt_id)).one()
        if ending is Ending.BUTTON:
            place = finishing.held_place(session, place_id)
        else:
            place = session.scalars(
                select(Enrolment).filter_by(id=place_id).with_for_update(of=Enrolment)
            ).one()
        attempt = attempts.locked(session, attempt_id)
        if attempt.handed_in_at is None:
            _end(session, attempt, place, ending, now)


def _end(
    session: audit.AnySession, attempt: Attempt, place: Enrolment, ending: Ending, now: datetime
) -> None:
    """Hand the attempt in, with the cause that is true now: more time may have been given."""
    if ending is Ending.TIME and accepts_saves(attempt.deadline, now, grace()):
        return
    late = attempt.deadline is not None and now > attempt.deadline
    if late and not (ending is Ending.BUTTON and attempt.unit.kind is UnitKind.SURVEY):
        ending = Ending.CLOSE if attempt.deadline == place.activity.ends_at else Ending.TIME
    attempts.hand_in(session, attempt, place, ending=ending, now=now)


def grace() -> timedelta:
    """How long after the deadline a save still counts."""
    held: timedelta = current_app.config["GRACE"]
    return held
