"""Keeping an answer: by its number while the attempt is open, apart from the rest when it is over.

The attempt's row is locked first, so answers and the hand-in never pass each other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from lms.deeds.audit import AnySession
from lms.models import (
    Answer,
    Attempt,
    AttemptVisit,
    Enrolment,
    LateAnswer,
    SignIn,
    Unit,
    UnitKind,
)
from lms.rules import questions as values
from lms.rules.attempts import HIGHEST, accepts_saves, wins
from lms.rules.enrolments import State
from lms.rules.refusal import Refusal

LIVE = timedelta(minutes=2)  # after its last save another session takes over without a question
NOTE_EVERY = timedelta(seconds=30)
WORKING = (State.ENROLLED, State.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The session that sends an answer, and what a human may later ask about it."""

    session: int  # sign_in.id
    network: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of an answer, and what its page must know of the attempt."""

    sequence: int  # the highest number that the attempt holds; the page goes on from it
    deadline: datetime | None
    kept: bool = True  # it is what is held now; False: a newer one is
    late: bool = False  # the attempt is over: kept apart, not marked unless staff accept it
    conflict: bool = False  # nothing was written: a newer answer than the form's own is held
    elsewhere: bool = False  # another session answers this attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One answer as it arrived.

    A script numbers its answers and names its page: sequence and device. A plain form has neither
    and says which number its page showed (`shown`, 0 for none): it then counts as the next one,
    unless a newer answer is there.
    """

    question_id: str
    answer: values.Answer
    flagged: bool = False
    sequence: int | None = None
    device: str = ""
    shown: int | None = None
    number: int | None = None  # the question's place, where the quiz goes forward only
    goes_on: bool = False  # forward only: the officer leaves this question for good


# Written once: in a save, building the statements would cost as much as sending them.
_attempt, _answer, _place = Attempt.__table__, Answer.__table__, Enrolment.__table__
LOCK = (
    select(
        _attempt.c.handed_in_at,
        _attempt.c.deadline,
        _attempt.c.reached,
        _attempt.c.held_by,
        _attempt.c.held_at,
        _place.c.state,
    )
    .join(_place, _place.c.id == _attempt.c.enrolment_id)
    .where(_attempt.c.id == bindparam("attempt"))
    .with_for_update(of=_attempt)
)
HELD = select(
    _answer.c.id, _answer.c.question_id, _answer.c.sequence, _answer.c.device, _answer.c.value
).where(_answer.c.attempt_id == bindparam("attempt"))
ADD = insert(Answer)
REPLACE = (
    update(Answer)
    .where(_answer.c.id == bindparam("row"))
    .values(
        {name: bindparam(name) for name in ("value", "sequence", "device", "flagged", "saved_at")}
    )
)


def save(
    session: AnySession,
    attempt_id: int,
    sent: Sent,
    *,
    now: datetime,
    grace: timedelta,
    sender: Sender | None = None,
) -> Saved:
    """Keep the answer if its number is the highest.

    Raises Refusal when the place has ended, the evaluation is over, or a quiz that goes forward
    only is not at this question.
    """
    line = session.connection()
    attempt = line.execute(LOCK, {"attempt": attempt_id}).one()
    if attempt.state not in WORKING:
        raise Refusal(
            "Your place in this activity has ended. Ask for a new one on the course page."
        )
    if attempt.handed_in_at is not None or not accepts_saves(attempt.deadline, now, grace):
        return _keep_late(session, session.get_one(Attempt, attempt_id), sent, now)
    if sent.number is not None and sent.number != attempt.reached:
        raise Refusal("This quiz goes forward only. The answer before counts.")
    held = {row.question_id: row for row in line.execute(HELD, {"attempt": attempt_id})}
    highest = max((row.sequence for row in held.values()), default=0)
    before = held.get(sent.question_id)
    value = sent.answer.as_dict()
    if sent.shown is not None and before and before.sequence > sent.shown and before.value != value:
        return Saved(sequence=highest, deadline=attempt.deadline, conflict=True)
    number = (sent.sequence or min(highest + 1, HIGHEST), sent.device)
    held_number = (before.sequence, before.device) if before else None
    if wins(number, held_number):
        written = {
            "value": value,
            "sequence": number[0],
            "device": sent.device,
            "flagged": sent.flagged,
            "saved_at": now,
        }
        if before:
            line.execute(REPLACE, {"row": before.id, **written})
        else:
            key = {"attempt_id": attempt_id, "question_id": sent.question_id}
            line.execute(ADD, {**key, **written})
    elsewhere = False
    goes_on = sent.goes_on and sent.number is not None
    if goes_on or not is_noted(attempt, sender, now):
        row = session.get_one(Attempt, attempt_id)
        if goes_on:
            row.reached = attempt.reached + 1
        elsewhere = sender is not None and not hold(session, row, sender, now)
        session.flush()
    return Saved(
        sequence=max(highest, number[0]),
        deadline=attempt.deadline,
        kept=held_number is None or number >= held_number,
        elsewhere=elsewhere,
    )


def is_noted(attempt: Any, sender: Sender | None, now: datetime) -> bool:
    """Whether it is known well enough that this session answers: written once in NOTE_EVERY."""
    if sender is None:
        return True
    return (
        attempt.held_by == sender.session
        and attempt.held_at is not None
        and now - attempt.held_at < NOTE_EVERY
    )


def _keep_late(session: AnySession, attempt: Attempt, sent: Sent, now: datetime) -> Saved:
    """Keep what came too late beside the answers; what already stands among them is no news."""
    unit = session.get_one(Unit, attempt.unit_id)
    if unit.kind is UnitKind.SURVEY:
        raise Refusal("This evaluation is over, so no answers are kept any more.")
    key = {"attempt_id": attempt.id, "question_id": sent.question_id}
    on_time = session.execute(
        select(Answer.sequence, Answer.device, Answer.value).filter_by(**key)
    ).one_or_none()
    value = sent.answer.as_dict()
    highest = session.scalar(select(func.max(Answer.sequence)).filter_by(attempt_id=attempt.id))
    answer = Saved(sequence=highest or 0, deadline=attempt.deadline, late=True)
    number = (sent.sequence or min((highest or 0) + 1, HIGHEST), sent.device)
    if on_time and (on_time.value == value or not wins(number, (on_time.sequence, on_time.device))):
        return answer
    late = session.scalar(select(LateAnswer).filter_by(**key))
    if late is None:
        late = LateAnswer(**key, value=value, sequence=number[0], device=number[1], received_at=now)
        session.add(late)
    elif late.accepted_at is None and wins(number, (late.sequence, late.device)):
        late.value, late.sequence, late.device = value, *number
        late.received_at = now
    session.flush()
    return answer


def hold(session: AnySession, attempt: Attempt, sender: Sender, now: datetime) -> bool:
    """Let the session answer the attempt if it does already or nobody does; False otherwise.

    The attempt's row is locked. A change of session, network or browser adds a visit.
    """
    if attempt.held_by != sender.session:
        if attempt.held_by is not None and is_live(session, attempt, sender, now):
            return False
        visit(session, attempt, sender, now)
        attempt.held_by = sender.session
    attempt.held_at = now
    return True


def is_live(session: AnySession, attempt: Attempt, sender: Sender, now: datetime) -> bool:
    """Whether the session that holds the attempt answers it at this moment, somewhere else.

    One that was signed out does not, nor one on the sender's own network and browser: that is the
    same device after another sign-in.
    """
    if attempt.held_at is None or now - attempt.held_at >= LIVE:
        return False
    signed_out = select(SignIn.id).where(SignIn.id == attempt.held_by, SignIn.ended_at.is_not(None))
    here = select(AttemptVisit.id).where(
        AttemptVisit.attempt_id == attempt.id,
        AttemptVisit.session == attempt.held_by,
        AttemptVisit.network == sender.network[:64],
        AttemptVisit.browser == sender.browser[:200],
    )
    return session.scalar(select(signed_out.exists() | here.exists())) is not True


def visit(session: AnySession, attempt: Attempt, sender: Sender, now: datetime) -> None:
    """Write down where the attempt is answered; nothing for evaluations."""
    if session.get_one(Unit, attempt.unit_id).kind is UnitKind.SURVEY:
        return
    last = session.scalar(select(func.max(AttemptVisit.number)).filter_by(attempt_id=attempt.id))
    session.add(
        AttemptVisit(
            attempt_id=attempt.id,
            number=(last or 0) + 1,
            session=sender.session,
            network=sender.network[:64],
            browser=sender.browser[:200],
            at=now,
        )
    )
