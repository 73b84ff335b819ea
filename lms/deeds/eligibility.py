"""What the conditions of an activity say of officers, from all that is remembered of them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from lms.deeds.audit import AnySession
from lms.models import Activity, Certificate, Course, Enrolment, Person, Release, Waiver
from lms.rules.eligibility import Conditions, Finding, Officer, findings
from lms.rules.enrolments import State

SELF_PACED = "self_paced"  # a format that clashes with nothing


def check(
    session: AnySession,
    activity: Activity,
    people: Collection[Person],
    *,
    except_place: int | None = None,
) -> dict[int, tuple[Finding, ...]]:
    """Person id → the conditions that this officer does not meet; five queries for any number.

    Waivers count by place. The place of that key is left out of the clash of dates.
    """
    ids = [person.id for person in people]
    completed: dict[int, dict[str, datetime]] = {one: {} for one in ids}
    other: dict[int, list[tuple[str, datetime, datetime]]] = {one: [] for one in ids}
    for person, slug, at in session.execute(
        select(Enrolment.person_id, Course.slug, func.max(Enrolment.completed_at))
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Course, Course.id == Activity.course_id)
        .where(Enrolment.person_id.in_(ids), Enrolment.state == State.COMPLETED)
        .group_by(Enrolment.person_id, Course.slug)
    ):
        assert at is not None, "a completed place has its instant"
        completed[person][slug] = at
    for person, slug, begins, ends in session.execute(
        select(Enrolment.person_id, Activity.slug, Activity.begins_at, Activity.ends_at)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Release, Release.id == Enrolment.release_id)
        .where(
            Enrolment.person_id.in_(ids),
            Enrolment.state.in_((State.OFFERED, State.ENROLLED)),
            Enrolment.activity_id != activity.id,
            Release.format != SELF_PACED,
        )
    ):
        other[person].append((slug, begins, ends))
    certified = {
        person: (until, endless)
        for person, until, endless in session.execute(
            select(
                Enrolment.person_id,
                func.max(Certificate.expires_on),
                func.count() > func.count(Certificate.expires_on),
            )
            .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
            .join(Activity, Activity.id == Enrolment.activity_id)
            .where(
                Enrolment.person_id.in_(ids),
                Activity.course_id == activity.course_id,
                Certificate.revoked_at.is_(None),
                Certificate.replaced_by.is_(None),
            )
            .group_by(Enrolment.person_id)
        )
    }
    live = session.scalar(select(_is_live(activity.course_id)))
    waived: dict[int, set[object]] = {}
    for person, condition in session.execute(
        select(Enrolment.person_id, Waiver.condition)
        .join(Enrolment, Enrolment.id == Waiver.enrolment_id)
        .where(Enrolment.person_id.in_(ids), Enrolment.activity_id == activity.id)
    ):
        waived.setdefault(person, set()).add(condition)
    conditions = Conditions.from_dict(activity.conditions)
    return {
        person.id: findings(
            conditions,
            Officer(
                languages=person.languages,
                function=person.function,
                completed=completed[person.id],
                other=other[person.id],
                certified=person.id in certified,
                certified_until=None
                if certified.get(person.id, (None, True))[1]
                else certified[person.id][0],
                suspended=person.suspended_at is not None,
            ),
            begins=activity.begins_at,
            ends=activity.ends_at,
            live=bool(live),
            waived=waived.get(person.id, set()),  # type: ignore[arg-type]
        )
        for person in people
    }


def _is_live(course_id: int) -> ColumnElement[bool]:
    newest = (
        select(Release.format)
        .filter_by(course_id=course_id)
        .order_by(Release.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return newest != SELF_PACED
