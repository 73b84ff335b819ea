"""Two records that are one person: put together, and taken apart again.

What was learned and said moves: places (with attempts, completions and certificates), addresses,
messages and requests. What lets somebody in or gives power does not: passwords, second factors,
sessions, roles. The other record stays, closed, and points to the one that is kept.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from lms.deeds import audit, places
from lms.deeds.audit import AnySession
from lms.models import (
    OPEN_STATES,
    ChangeRequest,
    Enrolment,
    EnrolmentStep,
    Message,
    Person,
    PersonAddress,
    PersonMerge,
)
from lms.rules.enrolments import HOLDS_A_SEAT, Move, State, Who
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal, marked

UNDO_WITHIN = timedelta(days=30)
BETTER = (  # of two open places in one activity, the first of these is kept
    State.COMPLETED,
    State.ENROLLED,
    State.OFFERED,
    State.WAIT_LISTED,
    State.SUBMITTED,
    State.DRAFT,
)
WHY = marked("Two records of one person were merged; the better place is kept.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do, by keys."""

    moves: tuple[int, ...]  # places that change over
    ends: tuple[int, ...]  # open places in an activity where the other record's is better
    stays: tuple[int, ...]  # completed in both: it stays where it is, with its certificate


def plan(session: AnySession, kept_id: int, gone_id: int) -> Plan:
    query = select(Enrolment).where(Enrolment.person_id.in_((kept_id, gone_id)))
    rows = session.scalars(query.order_by(Enrolment.id)).all()
    own = {one.activity_id: one for one in rows if one.person_id == kept_id and is_open(one)}
    moves, ends, stays = [], [], []
    for one in rows:
        if one.person_id == kept_id:
            continue
        double = own.get(one.activity_id) if is_open(one) else None
        if double is None:
            moves.append(one.id)
        elif one.state is double.state is State.COMPLETED:
            stays.append(one.id)
        else:
            worse = max(double, one, key=_worth)
            ends.append(worse.id)
            moves.append(one.id)
    return Plan(tuple(moves), tuple(ends), tuple(stays))


def is_open(place: Enrolment) -> bool:
    return place.state in OPEN_STATES


def _worth(place: Enrolment) -> tuple[int, datetime]:
    return BETTER.index(place.state), place.began_at


def merge(
    session: AnySession, kept_id: int, gone_id: int, *, reason: str, now: datetime, actor: int
) -> PersonMerge:
    """Let one record remain. Raises Refusal for the same one, a merged one, or the actor's own."""
    kept, gone = _locked(session, kept_id, gone_id)
    if kept_id == gone_id:
        raise Refusal("Choose two records.")
    if actor in (kept_id, gone_id):
        raise Refusal("You cannot merge your own record. Ask a colleague.")
    if kept.merged_into is not None or gone.merged_into is not None:
        raise Refusal("One of these records has been merged already.")
    if not reason.strip():
        raise Refusal("Say why, so that others understand it later.")
    found = plan(session, kept_id, gone_id)
    moved: dict[str, Any] = {
        "ended": [_end(session, key, now=now, actor=actor) for key in found.ends],
        "enrolment": list(found.moves),
        "address": _move_addresses(session, kept_id, gone_id),
        "message": _move_messages(session, kept_id, gone_id),
        "request": _move_requests(session, kept_id, gone_id),
        "suspended_at": gone.suspended_at.isoformat() if gone.suspended_at else None,
        "suspended_why": gone.suspended_why,
    }
    session.execute(
        update(Enrolment).where(Enrolment.id.in_(found.moves)).values(person_id=kept_id)
    )
    gone.merged_into = kept_id
    gone.suspended_at = gone.suspended_at or now
    row = PersonMerge(
        ref=new_reference(secrets.token_bytes(10)),
        kept_id=kept_id,
        gone_id=gone_id,
        moved=moved,
        merged_at=now,
        merged_by=actor,
        reason=reason,
    )
    session.add(row)
    _record(session, "merged two records", row, now=now, actor=actor, why=reason)
    return row


def _locked(session: AnySession, *ids: int) -> tuple[Person, ...]:
    rows = session.scalars(
        select(Person)
        .where(Person.id.in_(ids))
        .order_by(Person.id)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    )
    known = {row.id: row for row in rows}
    return tuple(known[id] for id in ids)


def _end(session: AnySession, place_id: int, *, now: datetime, actor: int) -> dict[str, Any]:
    """Withdraw a place in favour of the better one; gives what undoing needs."""
    query = select(Enrolment.activity_id).filter_by(id=place_id)
    places.locked(session, session.scalars(query).one())
    place = session.get_one(Enrolment, place_id, with_for_update=True, populate_existing=True)
    before = {
        "id": place.id,
        "state": place.state.value,
        "offered_until": place.offered_until.isoformat() if place.offered_until else None,
    }
    number = places.move(
        session, place, Move.WITHDRAW, now=now, actor=actor, who=Who.STATE, reason=WHY
    )
    session.flush()
    return {**before, "step": number}


def _move_addresses(session: AnySession, kept_id: int, gone_id: int) -> list[list[Any]]:
    """Gives (key, whether it was the primary one) of each that moved."""
    rows = session.scalars(select(PersonAddress).filter_by(person_id=kept_id)).all()
    held, has_primary = {one.address for one in rows}, any(one.is_primary for one in rows)
    moved: list[list[Any]] = []
    for one in session.scalars(select(PersonAddress).filter_by(person_id=gone_id)).all():
        if one.address in held:
            continue
        moved.append([one.id, one.is_primary])
        one.person_id, one.is_primary = kept_id, one.is_primary and not has_primary
    session.flush()
    return moved


def _move_messages(session: AnySession, kept_id: int, gone_id: int) -> list[int]:
    told = select(Message.event).where(Message.person_id == kept_id)
    moving = (
        update(Message)
        .where(Message.person_id == gone_id, Message.event.not_in(told))
        .values(person_id=kept_id)
        .returning(Message.id)
    )
    return sorted(session.scalars(moving.execution_options(synchronize_session=False)))


def _move_requests(session: AnySession, kept_id: int, gone_id: int) -> list[int]:
    """Those that are decided; one that waits stays with its record and is decided there."""
    moving = (
        update(ChangeRequest)
        .where(ChangeRequest.person_id == gone_id, ChangeRequest.decided_at.is_not(None))
        .values(person_id=kept_id)
        .returning(ChangeRequest.id)
    )
    return sorted(session.scalars(moving.execution_options(synchronize_session=False)))


def undo(session: AnySession, merge_id: int, *, now: datetime, actor: int) -> None:
    """Take the two records apart again: each has what it had, and what came later stays.

    Raises Refusal after thirty days, a second time, when a record was erased meanwhile, and when
    an ended place's seat is taken.
    """
    row = session.get_one(PersonMerge, merge_id, with_for_update=True, populate_existing=True)
    if row.undone_at is not None:
        raise Refusal("This merge has been undone already.")
    if now >= row.merged_at + UNDO_WITHIN:
        raise Refusal("A merge can be undone for thirty days. They are over.")
    kept, gone = _locked(session, row.kept_id, row.gone_id)
    if kept.erased_at is not None or gone.erased_at is not None:
        raise Refusal("This person was erased since. What is left cannot be taken apart.")
    moved = row.moved
    for table, keys in (
        (Enrolment, moved["enrolment"]),
        (Message, moved["message"]),
        (ChangeRequest, moved["request"]),
    ):
        _give_back(session, table, keys, row)
    for ended in moved["ended"]:
        _begin_again(session, ended)
    for key, was_primary in moved["address"]:
        session.execute(
            update(PersonAddress)
            .where(PersonAddress.id == key, PersonAddress.person_id == row.kept_id)
            .values(person_id=row.gone_id, is_primary=was_primary)
        )
    gone.merged_into = None
    since = moved["suspended_at"]
    gone.suspended_at = datetime.fromisoformat(since) if since else None
    gone.suspended_why = moved["suspended_why"]
    row.undone_at, row.undone_by = now, actor
    _record(session, "undid a merge", row, now=now, actor=actor, why="")


def _give_back(session: AnySession, table: Any, keys: Sequence[int], row: PersonMerge) -> None:
    session.execute(
        update(table)
        .where(table.id.in_(keys), table.person_id == row.kept_id)
        .values(person_id=row.gone_id)
        .execution_options(synchronize_session=False)
    )


def _begin_again(session: AnySession, ended: dict[str, Any]) -> None:
    """Let a place that the merge ended be as before, unless something came after that step."""
    query = select(Enrolment.activity_id).filter_by(id=ended["id"])
    places.locked(session, session.scalars(query).one())
    place = session.get_one(Enrolment, ended["id"], with_for_update=True, populate_existing=True)
    last = session.scalar(select(func.max(EnrolmentStep.number)).filter_by(enrolment_id=place.id))
    if last != ended["step"]:
        return
    state = State(ended["state"])
    if state in HOLDS_A_SEAT and not places.take_seat(
        session, place.activity_id, place.affiliation_id
    ):
        raise Refusal("The seat of a place has gone to another officer. Add a seat first.")
    session.execute(
        delete(EnrolmentStep).where(
            EnrolmentStep.enrolment_id == place.id, EnrolmentStep.number == ended["step"]
        )
    )
    until = ended["offered_until"]
    place.state = state
    place.offered_until = datetime.fromisoformat(until) if until else None
    session.flush()


def _record(
    session: AnySession, deed: str, row: PersonMerge, *, now: datetime, actor: int, why: str
) -> None:
    session.flush()
    audit.record(
        session,
        now=now,
        deed=deed,
        actor=actor,
        object=f"person:{row.kept_id}",
        after={"merge": row.id, "other": row.gone_id},
        why=why,
    )
