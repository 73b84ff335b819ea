"""Answers that came too late, accepted by a person with a reason: then they count."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from lms.deeds import attempts, audit, grading
from lms.deeds.audit import AnySession
from lms.deeds.messages import tell
from lms.models import Answer, Attempt, Enrolment, Essay, LateAnswer, Unit
from lms.rules import questions as values
from lms.rules.messages import Kind
from lms.rules.questions import Type
from lms.rules.quizrules import QuizRules
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal


def accept(
    session: AnySession,
    attempt: Attempt,
    place: Enrolment,
    *,
    actor_id: int,
    reason: str,
    now: datetime,
) -> None:
    """Put the late answers of the attempt in the places of those that counted, and mark it again.

    What they replace stays in their rows, former grades stay as they are. The rows of the place
    and of the attempt are locked. Raises Refusal when nothing waits, when a text in their place is
    marked already, or when a pass would be lost.
    """
    if attempt.handed_in_at is None:
        raise Refusal("This attempt is still open. Its answers count without being accepted.")
    waiting = session.scalars(
        select(LateAnswer)
        .filter_by(attempt_id=attempt.id, accepted_at=None)
        .order_by(LateAnswer.id)
    ).all()
    if not waiting:
        raise Refusal("No late answers of this attempt wait to be accepted.")
    unit = session.scalars(
        select(Unit).filter_by(id=attempt.unit_id).options(undefer(Unit.facts))
    ).one()
    rules = QuizRules.from_dict(unit.facts["rules"])
    pool = {one.id: one for one in attempts.pool(session, unit, rules)}
    drawn = [pool[question_id] for question_id in attempt.drawn]
    held = {
        row.question_id: row
        for row in session.scalars(select(Answer).filter_by(attempt_id=attempt.id))
    }
    essays = {
        row.question_id: row
        for row in session.scalars(select(Essay).filter_by(attempt_id=attempt.id))
    }
    for late in waiting:
        if (essay := essays.get(late.question_id)) and essay.marked_at is not None:
            raise Refusal("A text of this attempt is marked already, so it cannot be replaced.")
        answer = held.get(late.question_id)
        if answer is None:
            answer = Answer(attempt_id=attempt.id, question_id=late.question_id, flagged=False)
            held[late.question_id] = answer
            session.add(answer)
        else:
            late.replaced = answer.value
        answer.value, answer.sequence, answer.device = late.value, late.sequence, late.device
        answer.saved_at = late.received_at
        late.accepted_at, late.accepted_by, late.reason = now, actor_id, reason
        is_text = pool[late.question_id].type is Type.ESSAY
        if is_text and essay is None and not values.Answer.from_dict(late.value).blank:
            session.add(
                Essay(
                    ref=new_reference(secrets.token_bytes(10)),
                    attempt_id=attempt.id,
                    question_id=late.question_id,
                )
            )
    session.flush()
    given = {key: values.Answer.from_dict(row.value) for key, row in held.items()}
    before = grading.latest(session, attempt.id)
    made = grading.worth(session, attempt, rules, drawn, given)
    if before is not None and before.passed and not made.passed:
        raise Refusal("With these answers the officer would lose a pass, so nothing was changed.")
    if not made.waiting:
        grading.add_grade(
            session,
            attempt,
            made.earned,
            made.possible,
            made.passed,
            now,
            marked_by=actor_id,
            why=reason,
        )
    audit.record(
        session,
        now=now,
        deed="accepted late answers",
        actor=actor_id,
        object=f"attempt:{attempt.id}",
        before={"earned": str(before.earned)} if before else {},
        after={"earned": str(made.earned), "answers": len(waiting)},
        why=reason,
    )
    session.flush()
    grading.finish_late(session, place, unit, rules, actor=actor_id, why=reason, now=now)
    tell(
        session,
        person_id=place.person_id,
        kind=Kind.LATE_ACCEPTED,
        event=f"attempt:{attempt.ref}:late:{len(waiting)}",
        now=now,
        facts={"quiz": unit.title},
        link=f"/attempts/{attempt.ref}/result",
    )
