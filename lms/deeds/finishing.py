"""Finishing a unit, and settling the place when nothing is missing any more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms.deeds import certificates, places
from lms.deeds.audit import AnySession
from lms.models import Enrolment, Release, SurveyReceipt, Unit, UnitCompletion
from lms.models.outlines import completion_rules, module_outlines, unit_outlines
from lms.rules.completion import Missing, missing
from lms.rules.enrolments import Move, State, Who
from lms.rules.outline import required_keys
from lms.rules.progress import open_units
from lms.rules.refusal import Refusal


def open_place(session: AnySession, enrolment_id: int, now: datetime) -> Enrolment:
    """The place, its row locked, while work on it counts.

    Completed places stay open for reading and practice until the activity ends. Raises Refusal
    when the place or the activity has ended.
    """
    place = held_place(session, enrolment_id)
    if now >= place.activity.ends_at:
        raise Refusal("This activity is over, so nothing more is counted. Your results are kept.")
    return place


def held_place(session: AnySession, enrolment_id: int) -> Enrolment:
    """The place, its row locked. Raises Refusal when it was given back or taken away."""
    place = session.scalars(
        select(Enrolment).filter_by(id=enrolment_id).with_for_update(of=Enrolment)
    ).one()
    if place.state not in (State.ENROLLED, State.COMPLETED):
        raise Refusal(
            "Your place in this activity has ended. Ask for a new one on the course page."
        )
    return place


def finish_unit(session: AnySession, place: Enrolment, unit: Unit, *, now: datetime) -> bool:
    """Note that the unit is finished, then settle; False when it was finished before."""
    done = select(UnitCompletion.id).filter_by(enrolment_id=place.id, unit_key=unit.key)
    if session.scalar(done) is not None:
        return False
    session.add(UnitCompletion(enrolment_id=place.id, unit_key=unit.key, unit_id=unit.id, at=now))
    session.flush()
    settle(session, place, now=now)
    return True


def settle(session: AnySession, place: Enrolment, *, now: datetime) -> None:
    """Complete the place, with its certificate, when the course's own rules are fulfilled."""
    if place.state is not State.ENROLLED or missing_of(session, place):
        return
    places.move(session, place, Move.COMPLETE, now=now, actor=None, who=Who.SYSTEM)
    certificates.issue(session, place, now=now)


def missing_of(session: AnySession, place: Enrolment) -> tuple[Missing, ...]:
    """What the course still asks of the place; () when its own rules are fulfilled."""
    facts = session.get_one(Release, place.release_id).facts
    sent = select(SurveyReceipt.id).filter_by(enrolment_id=place.id).limit(1)
    return missing(
        completion_rules(facts),
        unit_outlines(units_of(session, place.release_id), facts),
        done_keys(session, place.id),
        evaluation_sent=session.scalar(sent) is not None,
    )


def done_keys(session: AnySession, enrolment_id: int) -> set[str]:
    """The keys of the units that the place has finished."""
    return set(
        session.scalars(select(UnitCompletion.unit_key).filter_by(enrolment_id=enrolment_id))
    )


def units_of(session: AnySession, release_id: int) -> Sequence[Unit]:
    """The units of the release in their order."""
    return session.scalars(
        select(Unit).filter_by(release_id=release_id).order_by(Unit.position)
    ).all()


def refuse_when_locked(session: AnySession, place: Enrolment, unit: Unit) -> None:
    """Raises Refusal when something comes before the unit, or it has closed."""
    facts = session.get_one(Release, place.release_id).facts
    units = unit_outlines(units_of(session, place.release_id), facts)
    done = done_keys(session, place.id)
    required = required_keys(completion_rules(facts), units)
    lock = open_units(module_outlines(facts), units, required, done)[unit.key]
    if lock is not None and lock.closed:
        raise Refusal("This test closed when you finished the first lesson.")
    if lock is not None:
        raise Refusal("This is not open yet. Finish what comes before it first.")
