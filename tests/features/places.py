"""Activities by nomination, and the steps that people take in them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.database import db
from lms.features.activities import actions, selection
from lms.features.activities.plan import Wanted
from lms.features.nominations import actions as nominations
from lms.models import Activity, Affiliation, Enrolment, EnrolmentStep, Person, Quota, Route
from lms.rules.access import Role
from lms.rules.approvals import Decision, Order
from tests.factories import NOON, make_person, make_staff, numbers, saved
from tests.features.courses import Published, fresh, make_activity


def make_nominating(made: Published, **changes: Any) -> Activity:
    """An activity by nomination: open for a week more, held from ten days on, for 20 days."""
    facts: dict[str, Any] = {
        "route": Route.NOMINATION,
        "approval_order": Order.EITHER,
        "nomination_opens_at": NOON - timedelta(days=7),
        "nomination_closes_at": NOON + timedelta(days=7),
        "begins_at": NOON + timedelta(days=10),
        "ends_at": NOON + timedelta(days=30),
    }
    return make_activity(made, **{**facts, **changes})


def make_quota(activity: Activity, code: str = "GE", **values: Any) -> Quota:
    state = db.session.scalars(select(Affiliation.id).filter_by(code=code)).one()
    facts = {"guaranteed": 0, "maximum": None, "seats_held": 0, **values}
    return saved(Quota(activity_id=activity.id, affiliation_id=state, **facts))


def focal_point(code: str = "GE") -> Person:
    return make_staff(Role.FOCAL_POINT, state_code=code)


def nominate(
    by: Person, activity: Activity, person: Person | None = None, **values: Any
) -> Enrolment:
    """A nomination of (by default) a new officer of the focal point's State."""
    if person is None:
        code = db.session.scalars(select(Affiliation.code).filter_by(id=by.affiliation_id)).one()
        person = make_person(state_code=code)
    facts: dict[str, Any] = {"key": f"key {next(numbers)}", "now": NOON, **values}
    ref = nominations.nominate(by.id, {by.affiliation_id}, activity.slug, person.ref, **facts)
    return place(ref)


def place(ref: str) -> Enrolment:
    """The place as the database has it now, detached."""
    db.session.remove()
    return fresh(Enrolment, db.session.scalars(select(Enrolment.id).filter_by(ref=ref)).one())


def steps(one: Enrolment) -> list[EnrolmentStep]:
    db.session.remove()
    return list(
        db.session.scalars(
            select(EnrolmentStep).filter_by(enrolment_id=one.id).order_by(EnrolmentStep.number)
        )
    )


def seats_held(activity: Activity) -> int:
    return fresh(Activity, activity.id).seats_held


def select_(by: Person, activity: Activity, one: Enrolment, **values: Any) -> Enrolment:
    """The coordinator's yes."""
    return decide(by, activity, one, Decision.APPROVED, **values)


def decide(
    by: Person, activity: Activity, one: Enrolment, decision: Decision, **values: Any
) -> Enrolment:
    db.session.remove()
    selection.decide(by.id, activity.slug, one.ref, decision, **{"now": NOON, **values})
    return place(one.ref)


def change(by: Person, activity: Activity, *, now: datetime = NOON, **changes: Any) -> Activity:
    """Save the activity's form with these changes."""
    db.session.remove()
    plan = actions.plan_of(db.session, db.session.get_one(Activity, activity.id))
    actions.set_up(by.id, activity.slug, replace(plan, **changes), now=now)
    return fresh(Activity, activity.id)


def share(code: str, guaranteed: int = 0, maximum: int | None = None) -> dict[int, Wanted]:
    state = db.session.scalars(select(Affiliation.id).filter_by(code=code)).one()
    return {state: Wanted(guaranteed=guaranteed, maximum=maximum)}
