"""SPMU's steps with one place: select, keep in reserve, reject, invite, waive, withdraw."""

from datetime import datetime

from sqlalchemy import select

from lms.database import transaction
from lms.deeds import audit, nominations, places, telling, waiting
from lms.deeds.audit import AnySession
from lms.models import Activity, Enrolment, Person, Waiver
from lms.rules.activities import Route, refuse_late
from lms.rules.approvals import Decision, Side, Why
from lms.rules.eligibility import WAIVED_BY, Condition
from lms.rules.enrolments import Move, State, Who
from lms.rules.messages import Kind
from lms.rules.refusal import Refusal

NOT_HERE = "This officer is not in this activity. Look at the list again."


def decide(
    actor: int,
    slug: str,
    ref: str,
    decision: Decision,
    *,
    why: Why | None = None,
    text: str = "",
    now: datetime,
) -> State:
    """Select, keep in reserve or reject one nomination; gives the state that follows.

    Raises Refusal; what was decided so already stays as it is.
    """
    with transaction() as session:
        activity, place = _place_in(session, slug, ref)
        nominations.decide(
            session,
            activity,
            place,
            Side.SPMU,
            decision,
            actor=actor,
            now=now,
            why=why,
            text=text,
        )
        return place.state


def withdraw(actor: int, slug: str, ref: str, *, reason: str, now: datetime) -> None:
    """Take a place or nomination back for SPMU. Raises Refusal."""
    _leave(actor, slug, ref, Move.WITHDRAW, State.WITHDRAWN, reason=reason, now=now)


def note_no_show(actor: int, slug: str, ref: str, *, reason: str, now: datetime) -> None:
    """Note that the officer did not come. Raises Refusal before the first day."""
    _leave(actor, slug, ref, Move.NO_SHOW, State.NO_SHOW, reason=reason, now=now)


def invite(actor: int, slug: str, person_ref: str, *, now: datetime) -> str:
    """Offer a place to any officer; gives its reference. Raises Refusal.

    Only in activities by invitation. Sent twice, the same offer is found.
    """
    with transaction() as session:
        activity = places.locked(
            session, session.scalars(select(Activity.id).filter_by(slug=slug)).one()
        )
        person = session.scalar(select(Person).filter_by(ref=person_ref))
        if person is None:
            raise Refusal("There is nobody with this reference.")
        open_ = select(Enrolment).filter_by(
            activity_id=activity.id, person_id=person.id, state=State.OFFERED
        )
        offered = session.scalar(open_)
        if offered is not None and places.was_done_by(session, offered, actor, to=State.OFFERED):
            return offered.ref
        if activity.route is not Route.INVITATION:
            raise Refusal("Only activities by invitation have invitations.")
        if person.id == actor:
            raise Refusal("Nobody decides about their own place. Ask a colleague.")
        refuse_late(activity.route, activity.dates, now)
        nominations.refuse_taken(session, activity, person)
        if not places.take_seat(session, activity.id, person.affiliation_id):
            raise Refusal("No place is free for this State. Raise its number, or the capacity.")
        place = places.new_place(session, activity, person, now=now)
        place.offered_until = waiting.answer_by(activity, now)
        number = places.move(session, place, Move.INVITE, now=now, actor=actor, who=Who.SPMU)
        telling.officer(session, activity, place, Kind.OFFERED, number, now=now)
        return place.ref


def waive(
    actor: int, slug: str, ref: str, condition: Condition, *, reason: str, now: datetime
) -> None:
    """Let one condition go for one officer; a second time changes nothing. Raises Refusal."""
    if WAIVED_BY[condition] is not Side.SPMU:
        raise Refusal("Nobody can waive this condition.")
    if not reason:
        raise Refusal("Write why the condition is waived.")
    with transaction() as session:
        _activity, place = _place_in(session, slug, ref)
        if place.person_id == actor:
            raise Refusal("Nobody decides about their own place. Ask a colleague.")
        known = select(Waiver.id).filter_by(enrolment_id=place.id, condition=condition)
        if session.scalar(known) is not None:
            return
        session.add(
            Waiver(
                enrolment_id=place.id, condition=condition, actor_id=actor, at=now, reason=reason
            )
        )
        session.flush()
        audit.record(
            session,
            now=now,
            deed="waived a condition",
            actor=actor,
            object=f"enrolment:{place.id}",
            after={"condition": condition.value},
            why=reason,
        )


def expire_offer(place_id: int, *, now: datetime) -> bool:
    """End an offer that nobody answered in time; False when it has been answered meanwhile."""
    with transaction() as session:
        ref = session.scalars(select(Enrolment.ref).filter_by(id=place_id)).one()
        activity, place = places.locked_place(session, ref)
        if place.offered_until is None or now < place.offered_until:
            return False
        nominations.leave(
            session,
            activity,
            place,
            Move.WITHDRAW,
            actor=None,
            who=Who.SYSTEM,
            now=now,
            reason="No answer in time.",
            cause="Place freed by an offer that was not answered in time.",
        )
        return True


def _leave(
    actor: int, slug: str, ref: str, step: Move, to: State, *, reason: str, now: datetime
) -> None:
    if not reason:
        raise Refusal("Write a reason. The officer reads it.")
    with transaction() as session:
        activity, place = _place_in(session, slug, ref)
        if places.was_done_by(session, place, actor, to=to):
            return
        if place.person_id == actor:
            raise Refusal("Nobody decides about their own place. Ask a colleague.")
        if step is Move.NO_SHOW and now < activity.begins_at:
            raise Refusal("The activity has not begun. Withdraw the officer.")
        nominations.leave(
            session, activity, place, step, actor=actor, who=Who.SPMU, now=now, reason=reason
        )


def _place_in(session: AnySession, slug: str, ref: str) -> tuple[Activity, Enrolment]:
    known = (
        select(Enrolment.id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(Activity.slug == slug, Enrolment.ref == ref)
    )
    if session.scalar(known) is None:
        raise Refusal(NOT_HERE)
    return places.locked_place(session, ref)
