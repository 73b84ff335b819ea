"""The steps from a nomination to a place, for the State, SPMU and the officer alike.

Every function takes the activity with its row locked (places.locked), so what it reads of seats
and decisions holds until the transaction ends.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from lms.deeds import eligibility, places, telling, waiting
from lms.deeds.audit import AnySession
from lms.models import Activity, Approval, Attempt, Enrolment, Person
from lms.models.learning import OPEN_STATES
from lms.rules.activities import Route, refuse_late, refuse_nomination, refuse_substitution
from lms.rules.approvals import (
    WHY_WORDS,
    Decision,
    Given,
    Side,
    Why,
    missing,
    refuse_decision,
    reserved,
)
from lms.rules.eligibility import Finding
from lms.rules.enrolments import HOLDS_A_SEAT, OPEN, Move, State, Who, after
from lms.rules.messages import Kind
from lms.rules.refusal import Refusal
from lms.rules.seats import Seats, invited

RANKED = (State.DRAFT, State.SUBMITTED, State.WAIT_LISTED)


class NotEligible(Refusal):
    """Conditions that are not met; the sentence is the first one's."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        values: dict[str, object] = {**findings[0].values}
        super().__init__(findings[0].sentence, until=None, **values)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every nomination to an activity stands on, the same while its row is locked."""

    seats: Seats  # for who is invited; what is held moves on
    release_id: int
    ranks: dict[int, int] = field(default_factory=dict)  # affiliation → the last one given


def ground_of(session: AnySession, activity: Activity) -> Ground:
    return Ground(
        places.seats_of(session, activity.id), places.newest_release(session, activity.course_id)
    )


def begin(
    session: AnySession,
    activity: Activity,
    person: Person,
    *,
    who: Who,
    actor: int,
    now: datetime,
    key: str | None = None,
    motivation: str = "",
    rank: int | None = None,
    ground: Ground | None = None,
) -> Enrolment:
    """A draft for this officer, by the State or by the officer. Raises Refusal.

    Without a rank a nomination comes last in the State's order of preference. `ground` was read
    in this transaction, for many nominations at once.
    """
    if activity.route is not (Route.NOMINATION if who is Who.STATE else Route.APPLY):
        raise Refusal(
            "This activity takes no nominations. Officers ask for a place themselves."
            if who is Who.STATE
            else "You cannot ask for this place yourself. Write to your focal point."
        )
    if who is Who.STATE and actor == person.id:
        raise Refusal("Nobody nominates themselves. Ask another focal point of your State.")
    refuse_nomination(activity.route, activity.dates, now)
    refuse_taken(session, activity, person)
    ground = ground or ground_of(session, activity)
    if not invited(ground.seats, person.affiliation_id):
        raise Refusal("Your State does not take part in this activity. Write to the coordinator.")
    place = places.new_place(session, activity, person, now=now, release_id=ground.release_id)
    place.motivation = motivation
    if who is Who.STATE:
        place.nominated_by, place.nomination_key = actor, key
        state = person.affiliation_id
        last = ground.ranks.get(state) or _last_rank(session, activity, state)
        place.rank = rank or last + 1
        ground.ranks[state] = max(place.rank, last)
    step = Move.NOMINATE if who is Who.STATE else Move.APPLY
    places.move(session, place, step, now=now, actor=actor, who=who)
    return place


def refuse_taken(session: AnySession, activity: Activity, person: Person) -> None:
    """Raises Refusal when the officer has a place here, or had one and began a quiz in it."""
    same = (Enrolment.person_id == person.id, Enrolment.activity_id == activity.id)
    open_ = select(Enrolment.id).where(*same, Enrolment.state.in_(OPEN_STATES))
    tried = select(Attempt.id).join(Enrolment, Enrolment.id == Attempt.enrolment_id).where(*same)
    has_place, has_tried = session.execute(select(open_.exists(), tried.exists())).one()
    if has_place:
        raise Refusal("This officer already has a place or a nomination in this activity.")
    if has_tried:  # a new place would begin attempts anew
        raise Refusal("The officer took a quiz in this activity and left it. Ask the coordinator.")


def submit(
    session: AnySession,
    activity: Activity,
    place: Enrolment,
    *,
    who: Who,
    actor: int,
    now: datetime,
    tell: bool = True,
    checked: bool = False,
) -> None:
    """Hand the draft in; the State's own nomination carries its approval, unless four eyes are set.

    `checked` says that the conditions were looked at for this officer in this transaction.

    Raises NotEligible for conditions that nobody has waived, and Refusal outside the time for
    nominations.
    """
    refuse_nomination(activity.route, activity.dates, now)
    person = session.get_one(Person, place.person_id)
    findings = () if checked else eligibility.check(session, activity, [person])[person.id]
    if findings:
        raise NotEligible(findings)
    number = places.move(session, place, Move.SUBMIT, now=now, actor=actor, who=who)
    if tell and who is Who.STATE:
        telling.officer(session, activity, place, Kind.NOMINATED, number, now=now)
    given: dict[Side, Decision] = {}  # nobody decides about a draft
    if who is Who.STATE and not activity.second_focal_point:
        _note(session, place, Side.STATE, Decision.APPROVED, actor=actor, now=now)
        given[Side.STATE] = Decision.APPROVED
    settle(session, activity, place, now=now, actor=actor, who=Who.SYSTEM, given=given)


def decide(
    session: AnySession,
    activity: Activity,
    place: Enrolment,
    side: Side,
    decision: Decision,
    *,
    actor: int,
    now: datetime,
    why: Why | None = None,
    text: str = "",
) -> None:
    """Say yes, yes as a reserve, or no, for one side. Raises Refusal with what stands against it.

    A decision that was made already changes nothing, so it can be sent again. A reserve that gets
    a yes is given a free place out of turn, and its step says so; without one it goes on waiting.
    """
    given = waiting.decisions(session, [place.id]).get(place.id, {})
    if given.get(side) is decision and place.state in (*OPEN, State.COMPLETED, State.REJECTED):
        return
    after(place.state, Move.REJECT)  # both are decided from the same states
    refuse_decision(
        activity.approval_order,
        side,
        given,
        actor=actor,
        person=place.person_id,
        nominated_by=place.nominated_by,
        decision=decision,
    )
    who = Who.STATE if side is Side.STATE else Who.SPMU
    if decision is Decision.REJECTED:
        _reject(session, activity, place, side, actor=actor, now=now, why=why, text=text)
        return
    if side is Side.STATE and decision is Decision.RESERVED:
        raise Refusal("The State ranks its officers. Only the coordinator keeps a reserve.")
    if place.state is State.WAIT_LISTED and decision is Decision.RESERVED:
        return
    refuse_late(activity.route, activity.dates, now)
    _note(session, place, side, decision, actor=actor, now=now, text=text)
    if place.state is State.SUBMITTED:
        settle(session, activity, place, now=now, actor=actor, who=who, reason=text)
    else:
        reason = f"Chosen from the waiting list. {text}".strip()
        waiting.give_seat(session, activity, place, now=now, actor=actor, who=who, reason=reason)


def settle(
    session: AnySession,
    activity: Activity,
    place: Enrolment,
    *,
    now: datetime,
    actor: int | None,
    who: Who,
    reason: str = "",
    given: Given | None = None,
) -> None:
    """When no approval is missing any more: a seat, or the waiting list.

    `given` is what each side said, where the caller knows it.
    """
    if given is None:
        session.flush()
        given = waiting.decisions(session, [place.id]).get(place.id, {})
    if missing(activity.approval_order, given):
        return
    if not reserved(given) and waiting.give_seat(
        session, activity, place, now=now, actor=actor, who=who, reason=reason
    ):
        return
    place.waiting_since = now
    number = places.move(
        session, place, Move.WAIT_LIST, now=now, actor=actor, who=who, reason=reason
    )
    position = waiting.positions(session, activity.id)[place.id]
    telling.officer(session, activity, place, Kind.RESERVE, number, now=now, position=position)


def accept(session: AnySession, activity: Activity, place: Enrolment, *, now: datetime) -> None:
    """The officer's own yes to an offer. Raises Refusal when it has run out."""
    if place.offered_until is not None and now >= place.offered_until:
        raise Refusal("The time to answer ended at {until}.", until=place.offered_until)
    place.began_at = now
    place.release_id = places.newest_release(session, activity.course_id)
    number = places.move(
        session, place, Move.ACCEPT, now=now, actor=place.person_id, who=Who.OFFICER
    )
    telling.officer(session, activity, place, Kind.ACCEPTED, number, now=now)


def leave(
    session: AnySession,
    activity: Activity,
    place: Enrolment,
    step: Move,
    *,
    actor: int | None,
    who: Who,
    now: datetime,
    reason: str = "",
    cause: str = "Place freed by a withdrawal.",
) -> None:
    """Withdraw, decline, or not appear; the seat is free at once, and the next one moves up."""
    held = place.state in HOLDS_A_SEAT
    number = places.move(session, place, step, now=now, actor=actor, who=who, reason=reason)
    if who is Who.SYSTEM:
        telling.officer(session, activity, place, Kind.OFFER_EXPIRED, number, now=now)
    elif who is not Who.OFFICER and step is Move.WITHDRAW:
        telling.officer(session, activity, place, Kind.WITHDRAWN, number, now=now, reason=reason)
    if held:
        waiting.promote(session, activity, now=now, cause=cause)


def substitute(
    session: AnySession,
    activity: Activity,
    place: Enrolment,
    person: Person,
    *,
    actor: int,
    now: datetime,
    reason: str,
    key: str | None = None,
) -> Enrolment:
    """Another officer of the same State takes over the nomination, and the seat if it holds one.

    Raises Refusal after the last day for it, and NotEligible for the new officer.
    """
    refuse_substitution(activity.dates, now)
    if actor == person.id:
        raise Refusal("Nobody nominates themselves. Ask another focal point of your State.")
    if person.affiliation_id != place.affiliation_id:
        raise Refusal("The place belongs to the State. Choose one of its officers.")
    refuse_taken(session, activity, person)
    findings = eligibility.check(session, activity, [person])[person.id]
    if findings:
        raise NotEligible(findings)
    held = place.state in HOLDS_A_SEAT
    number = places.move(
        session, place, Move.SUBSTITUTE, now=now, actor=actor, who=Who.STATE, reason=reason
    )
    telling.officer(session, activity, place, Kind.SUBSTITUTED, number, now=now, reason=reason)
    new = places.new_place(session, activity, person, now=now)
    new.nominated_by, new.nomination_key, new.rank = actor, key, place.rank
    new.takes_over_id = place.id
    places.move(session, new, Move.NOMINATE, now=now, actor=actor, who=Who.STATE, reason=reason)
    number = places.move(session, new, Move.SUBMIT, now=now, actor=actor, who=Who.STATE)
    telling.officer(session, activity, new, Kind.NOMINATED, number, now=now)
    if held:
        why = "Takes over the place of another officer of the State."
        taken = waiting.give_seat(
            session, activity, new, now=now, actor=actor, who=Who.SYSTEM, reason=why
        )
        assert taken, "the seat was freed a moment ago, under the activity's lock"
        return new
    if not activity.second_focal_point:
        _note(session, new, Side.STATE, Decision.APPROVED, actor=actor, now=now)
    settle(session, activity, new, now=now, actor=actor, who=Who.SYSTEM)
    return new


def rank(
    session: AnySession, activity: Activity, affiliation_ids: Collection[int], refs: Sequence[str]
) -> None:
    """Number the State's open nominations in this order, from 1; those not named follow."""
    rows = session.scalars(
        select(Enrolment)
        .where(
            Enrolment.activity_id == activity.id,
            Enrolment.affiliation_id.in_(affiliation_ids),
            Enrolment.state.in_(RANKED),
        )
        .order_by(Enrolment.rank.is_(None), Enrolment.rank, Enrolment.id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    ).all()
    if set(refs) - {row.ref for row in rows} or len(set(refs)) != len(refs):
        raise Refusal("The list has changed. Look at it again, then set the order.")
    wanted = {ref: n for n, ref in enumerate(refs)}
    for number, row in enumerate(sorted(rows, key=lambda row: wanted.get(row.ref, len(refs))), 1):
        row.rank = number


def _reject(
    session: AnySession,
    activity: Activity,
    place: Enrolment,
    side: Side,
    *,
    actor: int,
    now: datetime,
    why: Why | None,
    text: str,
) -> None:
    if why is None:
        raise Refusal("Choose a reason. The officer reads it.")
    if why is Why.OTHER and not text:
        raise Refusal("Write the reason in a sentence. The officer reads it.")
    who = Who.STATE if side is Side.STATE else Who.SPMU
    _note(session, place, side, Decision.REJECTED, actor=actor, now=now, why=why, text=text)
    reason = text if why is Why.OTHER else f"{WHY_WORDS[why]} {text}".strip()
    number = places.move(session, place, Move.REJECT, now=now, actor=actor, who=who, reason=reason)
    telling.officer(session, activity, place, Kind.REJECTED, number, now=now, reason=reason)


def _note(
    session: AnySession,
    place: Enrolment,
    side: Side,
    decision: Decision,
    *,
    actor: int,
    now: datetime,
    why: Why | None = None,
    text: str = "",
) -> None:
    session.add(
        Approval(
            enrolment_id=place.id,
            side=side,
            decision=decision,
            actor_id=actor,
            at=now,
            reason_code=why.value if why else "",
            reason=text,
        )
    )


def _last_rank(session: AnySession, activity: Activity, affiliation_id: int) -> int:
    last = session.scalar(
        select(func.max(Enrolment.rank)).where(
            Enrolment.activity_id == activity.id,
            Enrolment.affiliation_id == affiliation_id,
            Enrolment.state.in_(OPEN_STATES),
        )
    )
    return last or 0
