"""The waiting list of an activity: who is where, and who moves up when a seat becomes free."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.deeds import eligibility, places, telling
from lms.deeds.audit import AnySession
from lms.models import Activity, Affiliation, Approval, Enrolment, Person
from lms.rules.activities import Route, last_join
from lms.rules.approvals import Decision, Side, missing
from lms.rules.enrolments import Move, State, Who
from lms.rules.messages import Kind
from lms.rules.seats import Seats, may_take
from lms.rules.waiting import Waiting, because, queue


def in_order(session: AnySession, activity_id: int) -> list[Waiting]:
    """The waiting list in the order in which places would be given now."""
    seats = places.seats_of(session, activity_id)
    return _queued(
        _waiting(session, activity_id), seats, places.held_by_affiliation(session, activity_id)
    )


def positions(session: AnySession, activity_id: int) -> dict[int, int]:
    """Place → position on the waiting list, from 1."""
    return {one.place: n for n, one in enumerate(in_order(session, activity_id), 1)}


def decisions(session: AnySession, place_ids: Sequence[int]) -> dict[int, dict[Side, Decision]]:
    """Place → the latest decision of each side."""
    found: dict[int, dict[Side, Decision]] = {}
    rows = session.execute(
        select(Approval.enrolment_id, Approval.side, Approval.decision)
        .where(Approval.enrolment_id.in_(place_ids))
        .order_by(Approval.id)
    )
    for place, side, decision in rows:
        found.setdefault(place, {})[side] = decision
    return found


def promote(session: AnySession, activity: Activity, *, now: datetime, cause: str) -> int:
    """Give free seats to those who wait, by rule; gives how many moved up.

    The caller has locked the activity. Nobody moves up after the last day to join, without an
    approval that the activity asks for, or while a condition is not met; those stay on the list.
    `cause` is a sentence that begins the reason of each step.
    """
    if now >= last_join(activity.route, activity.dates) or activity.archived_at is not None:
        return 0
    waiting = _waiting(session, activity.id)
    if not waiting:
        return 0
    given = decisions(session, [one.place for one in waiting])
    waiting = [
        one for one in waiting if not missing(activity.approval_order, given.get(one.place, {}))
    ]
    moved = 0
    while waiting:
        seats = places.seats_of(session, activity.id)
        held = places.held_by_affiliation(session, activity.id)
        line = _queued(waiting, seats, held)
        free = [one for one in line if may_take(seats, one.affiliation)]
        first = next((one for one in free if _is_eligible(session, activity, one)), None)
        if first is None:
            break
        waiting.remove(first)
        reason = _reason(session, cause, first, seats, held.get(first.affiliation, 0))
        place = session.get_one(Enrolment, first.place, with_for_update={"of": Enrolment})
        give_seat(session, activity, place, now=now, actor=None, who=Who.SYSTEM, reason=reason)
        moved += 1
    return moved


def give_seat(
    session: AnySession,
    activity: Activity,
    place: Enrolment,
    *,
    now: datetime,
    actor: int | None,
    who: Who,
    reason: str = "",
) -> bool:
    """Take a seat for a place that waits for one, and offer or give it; False when none is free."""
    if not places.take_seat(session, activity.id, place.affiliation_id):
        return False
    waited = place.state is State.WAIT_LISTED
    if activity.asks_consent:
        place.offered_until = answer_by(activity, now)
        step, kind = Move.OFFER, Kind.OFFERED
    else:
        place.began_at = now
        place.release_id = places.newest_release(session, activity.course_id)
        step = Move.PROMOTE if waited else Move.APPROVE
        kind = Kind.MOVED_UP if waited else Kind.ACCEPTED
    number = places.move(session, place, step, now=now, actor=actor, who=who, reason=reason)
    telling.officer(session, activity, place, kind, number, now=now)
    return True


def answer_by(activity: Activity, now: datetime) -> datetime:
    """Until when an offer made now can be answered: its hours, but not past the last join."""
    last = last_join(activity.route, activity.dates)
    return min(now + timedelta(hours=activity.offer_hours), last)


def _waiting(session: AnySession, activity_id: int) -> list[Waiting]:
    rows = session.execute(
        select(
            Enrolment.id,
            Enrolment.affiliation_id,
            Enrolment.rank,
            Enrolment.waiting_since,
            Enrolment.began_at,
        ).filter_by(activity_id=activity_id, state=State.WAIT_LISTED)
    )
    return [Waiting(id_, state, rank, since or began) for id_, state, rank, since, began in rows]


def _queued(waiting: Sequence[Waiting], seats: Seats, held: Mapping[int, int]) -> list[Waiting]:
    maximum = {key: share.maximum for key, share in seats.shares.items()}
    return queue(waiting, held, maximum)


def _is_eligible(session: AnySession, activity: Activity, one: Waiting) -> bool:
    person = session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.id == one.place)
    ).one()
    if activity.route is Route.OPEN:
        return person.suspended_at is None
    return not eligibility.check(session, activity, [person])[person.id]


def _reason(session: AnySession, cause: str, one: Waiting, seats: Seats, held: int) -> str:
    share = seats.shares.get(one.affiliation)
    return because(
        cause,
        state=session.get_one(Affiliation, one.affiliation).name,
        held=held,
        maximum=share.maximum if share else None,
        rank=one.rank,
        since=one.since,
    )
