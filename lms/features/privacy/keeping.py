"""What has been kept long enough, by category, and how it goes.

Each category is one function: it finds a batch of keys that are due and says what happens to them.
A dry run counts all of them and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, update

from lms.database import db, transaction
from lms.deeds import audit, erasing
from lms.deeds.messages import tell
from lms.deeds.people import end_tokens
from lms.deeds.sessions import end_all
from lms.models import (
    Activity,
    AddressToken,
    Approval,
    Attempt,
    AttemptVisit,
    Delivery,
    Enrolment,
    EnrolmentStep,
    LoginToken,
    Message,
    Person,
    Registration,
    RetentionRun,
    RoleGrant,
    SignIn,
    SignInFailure,
)
from lms.rules.enrolments import State
from lms.rules.messages import Kind
from lms.rules.retention import Category, earliest

AT_ONCE = 500  # rows in one transaction
NOT_SELECTED = (State.REJECTED, State.WITHDRAWN, State.SUBSTITUTED)
UNUSED = "not used for a long time"
Session = Any


@dataclass(frozen=True, slots=True)
class Rule:
    """Keys of rows that ended before an instant, and what becomes of them. `done` gives nothing."""

    due: Callable[[datetime], Select[Any]]
    done: Callable[[Session, Sequence[int], datetime], None]


def rules(months: Mapping[Category, int]) -> list[tuple[Category, Rule]]:
    """Every rule with its category; the erasing of whole accounts is apart (actions.py)."""
    return [
        (Category.SIGN_INS, Rule(_old_sign_ins, _drop(SignIn))),
        (Category.SIGN_INS, Rule(_old_failures, _drop(SignInFailure))),
        (Category.SIGN_INS, Rule(_old(LoginToken, LoginToken.expires_at), _drop(LoginToken))),
        (Category.SIGN_INS, Rule(_old(AddressToken, AddressToken.expires_at), _drop(AddressToken))),
        (Category.SIGN_INS, Rule(_old_visits, _forget_visits)),
        (Category.MESSAGES, Rule(_old_messages, _drop(Message))),
        (Category.REGISTRATIONS, Rule(_declined, _forget_registrations)),
        (Category.REJECTED, Rule(_not_selected, _forget_reasons)),
        (Category.ANSWERS, Rule(_old_answers, erasing.erase_answers)),
        (Category.SUSPEND, Rule(_unused, _suspend(months))),
    ]


def how_many(rule: Rule, before: datetime) -> int:
    return db.session.scalar(select(func.count()).select_from(rule.due(before).subquery())) or 0


def carry_out(rule: Rule, before: datetime, *, now: datetime) -> int:
    """Do it for all that is due, in small transactions; gives for how many rows."""
    done = 0
    while True:
        with transaction() as session:
            found = session.scalars(rule.due(before).limit(AT_ONCE)).all()
            if found:
                rule.done(session, found, now)
        done += len(found)
        if len(found) < AT_ONCE:
            return done


def write_down(counts: dict[str, int], *, now: datetime, actor: int | None = None) -> None:
    with transaction() as session:
        session.add(RetentionRun(at=now, counts=counts))
        if any(counts.values()):
            audit.record(session, now=now, deed="kept no longer", actor=actor, after=dict(counts))


def last_run() -> datetime | None:
    return db.session.scalar(select(func.max(RetentionRun.at)))


def unused_since(before: datetime) -> Select[Any]:
    """People who did not sign in since; without open places and without a role but officer."""
    seen = select(SignIn.id).where(SignIn.person_id == Person.id, SignIn.last_seen >= before)
    working = select(RoleGrant.id).where(
        RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)
    )
    places = select(Enrolment.id).where(
        Enrolment.person_id == Person.id,
        or_(Enrolment.state.in_(erasing.WAITING_OR_LEARNING), Enrolment.began_at >= before),
    )
    return (
        select(Person.id)
        .where(
            Person.created_at < before,
            Person.erased_at.is_(None),
            Person.merged_into.is_(None),
            ~seen.exists(),
            ~working.exists(),
            ~places.exists(),
        )
        .order_by(Person.id)
    )


def periods_of(
    months: Mapping[Category, int], now: datetime
) -> list[tuple[Category, Rule, datetime]]:
    """The rules that hold, with the instant before which things are due."""
    return [
        (category, rule, before)
        for category, rule in rules(months)
        if (before := earliest(now, months[category])) is not None
    ]


def _old(table: Any, ended: Any) -> Callable[[datetime], Select[Any]]:
    return lambda before: select(table.id).where(ended < before).order_by(table.id)


def _drop(table: Any) -> Callable[[Session, Sequence[int], datetime], None]:
    def done(session: Session, ids: Sequence[int], now: datetime) -> None:
        session.execute(delete(table).where(table.id.in_(ids)))

    return done


def _old_sign_ins(before: datetime) -> Select[Any]:
    return select(SignIn.id).where(SignIn.last_seen < before).order_by(SignIn.id)


def _old_failures(before: datetime) -> Select[Any]:
    return select(SignInFailure.id).where(SignInFailure.at < before).order_by(SignInFailure.id)


def _old_visits(before: datetime) -> Select[Any]:
    return (
        select(AttemptVisit.id)
        .where(AttemptVisit.at < before, AttemptVisit.network + AttemptVisit.browser != "")
        .order_by(AttemptVisit.id)
    )


def _forget_visits(session: Session, ids: Sequence[int], now: datetime) -> None:
    session.execute(
        update(AttemptVisit).where(AttemptVisit.id.in_(ids)).values(network="", browser="")
    )


def _old_messages(before: datetime) -> Select[Any]:
    return (
        select(Message.id)
        .where(Message.made_at < before, Message.state != Delivery.QUEUED)
        .order_by(Message.id)
    )


def _declined(before: datetime) -> Select[Any]:
    return (
        select(Registration.id)
        .where(
            Registration.decided_at < before,
            Registration.granted.is_(False),
            ~Registration.address.startswith("erased-"),
        )
        .order_by(Registration.id)
    )


def _forget_registrations(session: Session, ids: Sequence[int], now: datetime) -> None:
    for row in session.scalars(select(Registration).where(Registration.id.in_(ids))):
        row.address, row.particulars, row.reason = f"erased-{row.id}", {}, ""


def _not_selected(before: datetime) -> Select[Any]:
    steps = select(EnrolmentStep.id).where(
        EnrolmentStep.enrolment_id == Enrolment.id, EnrolmentStep.reason != ""
    )
    approvals = select(Approval.id).where(
        Approval.enrolment_id == Enrolment.id, Approval.reason != ""
    )
    return (
        select(Enrolment.id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(
            Enrolment.state.in_(NOT_SELECTED),
            Activity.ends_at < before,
            or_(Enrolment.motivation != "", steps.exists(), approvals.exists()),
        )
        .order_by(Enrolment.id)
    )


def _forget_reasons(session: Session, ids: Sequence[int], now: datetime) -> None:
    session.execute(update(Enrolment).where(Enrolment.id.in_(ids)).values(motivation=""))
    for table in (EnrolmentStep, Approval):
        session.execute(update(table).where(table.enrolment_id.in_(ids)).values(reason=""))


def _old_answers(before: datetime) -> Select[Any]:
    return (
        select(Attempt.id)
        .where(Attempt.handed_in_at < before, Attempt.answers_erased_at.is_(None))
        .order_by(Attempt.id)
    )


def _unused(before: datetime) -> Select[Any]:
    return unused_since(before).where(Person.suspended_at.is_(None))


def _suspend(
    months: Mapping[Category, int],
) -> Callable[[Session, Sequence[int], datetime], None]:
    left = months[Category.ERASE] - months[Category.SUSPEND]

    def done(session: Session, ids: Sequence[int], now: datetime) -> None:
        session.execute(
            update(Person).where(Person.id.in_(ids)).values(suspended_at=now, suspended_why=UNUSED)
        )
        for one in ids:
            end_all(session, one, now=now)
            end_tokens(session, one, now=now)
            if left > 0:
                tell(
                    session,
                    person_id=one,
                    kind=Kind.ACCOUNT_UNUSED,
                    event=f"person:{one}:unused:{now.date()}",
                    now=now,
                    facts={"unused": str(months[Category.SUSPEND]), "left": str(left)},
                )

    return done


def to_be_erased(months: Mapping[Category, int], now: datetime) -> Select[Any] | None:
    """Accounts that were closed for want of use and stayed so; None when they are kept for ever.

    Whoever was told at the closing has had the time between the two periods to answer.
    """
    before = earliest(now, months[Category.ERASE])
    warned = earliest(now, months[Category.ERASE] - months[Category.SUSPEND])
    if before is None or warned is None:
        return None
    return unused_since(before).where(Person.suspended_at < warned)
