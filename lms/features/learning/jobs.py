"""Places of an activity that is over end, too."""

from datetime import datetime

from sqlalchemy import exists, select

from lms.database import db
from lms.features.learning import actions
from lms.models import Activity, Attempt, Enrolment, Grade, Unit, UnitKind
from lms.rules.enrolments import State

AT_ONCE = 500  # places in one run; the next run takes the rest


def end_places(now: datetime) -> int:
    """End the places that were not completed in time; gives how many.

    Attempts are handed in first: a place with an open one waits for the next run, and one with an
    answer to be marked waits for the trainer.
    """
    open_attempt = exists().where(
        Attempt.enrolment_id == Enrolment.id, Attempt.handed_in_at.is_(None)
    )
    waiting = exists().where(  # for a trainer's marking
        Attempt.enrolment_id == Enrolment.id,
        Unit.id == Attempt.unit_id,
        Unit.kind != UnitKind.SURVEY,
        ~exists().where(Grade.attempt_id == Attempt.id),
    )
    due = db.session.scalars(
        select(Enrolment.id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(Enrolment.state == State.ENROLLED, Activity.ends_at <= now, ~open_attempt, ~waiting)
        .order_by(Enrolment.id)
        .limit(AT_ONCE)
    ).all()
    for place_id in due:
        actions.end_place(place_id, now=now)
    return len(due)
