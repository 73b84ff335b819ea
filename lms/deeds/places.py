"""Taking and freeing a seat, and moving a place from state to state."""

from datetime import datetime

from sqlalchemy import func, select, update

from lms.deeds import audit
from lms.deeds.audit import AnySession
from lms.models import Activity, Enrolment, EnrolmentStep
from lms.rules.enrolments import Move, State, Who, after


def take_seat(session: AnySession, activity_id: int) -> bool:
    """Hold one more seat; False when none is free. One conditional UPDATE: no race over-fills."""
    taken = session.scalar(
        update(Activity)
        .where(
            Activity.id == activity_id,
            Activity.capacity.is_(None) | (Activity.seats_held < Activity.capacity),
        )
        .values(seats_held=Activity.seats_held + 1)
        .returning(Activity.id)
    )
    return taken is not None


def free_seat(session: AnySession, activity_id: int) -> None:
    session.execute(
        update(Activity)
        .where(Activity.id == activity_id)
        .values(seats_held=Activity.seats_held - 1)
    )


def move(
    session: AnySession,
    place: Enrolment,
    step: Move,
    *,
    now: datetime,
    actor: int | None,
    who: Who,
    reason: str = "",
) -> None:
    """Move the place by the one table; writes the step and its audit row. Raises Refusal.

    A place that is new has no state yet. Its row is locked by the caller, or new.
    """
    before = place.state
    place.state = after(before, step, who)
    if place.state is State.COMPLETED:
        place.completed_at = now
    session.flush()
    last = session.scalar(select(func.max(EnrolmentStep.number)).filter_by(enrolment_id=place.id))
    session.add(
        EnrolmentStep(
            enrolment_id=place.id,
            number=(last or 0) + 1,
            from_state=before,
            to_state=place.state,
            actor_id=actor,
            at=now,
            reason=reason,
        )
    )
    audit.record(
        session,
        now=now,
        deed="moved a place",
        actor=actor,
        object=f"enrolment:{place.id}",
        before={"state": before.value} if before else {},
        after={"state": place.state.value},
        why=reason,
    )
