"""Opening an activity, setting it up, and closing it for good."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select

from lms.database import transaction
from lms.deeds import audit, places, waiting
from lms.deeds.audit import AnySession
from lms.features.activities.plan import Plan, Wanted
from lms.models import Activity, Course, Enrolment, Quota, Release
from lms.rules.activities import Dates, mistakes
from lms.rules.eligibility import Conditions
from lms.rules.refusal import Refusal
from lms.rules.seats import Blocked, Seats, Share, blocked


class Unfit(Refusal):
    """Numbers or dates that do not fit what is there; `dates` by field, `seats` by affiliation."""

    def __init__(self, dates: list[tuple[str, str]], seats: list[Blocked]) -> None:
        self.dates, self.seats = dates, seats
        sentence = dates[0][1] if dates else seats[0].sentence
        super().__init__(sentence, number=seats[0].number if seats else 0)


def open_activity(
    course_slug: str,
    *,
    begins_at: datetime,
    ends_at: datetime,
    capacity: int | None,
    now: datetime,
) -> str:
    """An activity that every officer may join; gives its slug. Raises Refusal as new_activity."""
    if capacity is not None and capacity < 1:
        raise Refusal("An activity needs at least one place.")
    plan = Plan(dates=Dates(begins=begins_at, ends=ends_at), capacity=capacity)
    return new_activity(None, course_slug, plan, now=now)


def new_activity(actor: int | None, course_slug: str, plan: Plan, *, now: datetime) -> str:
    """An activity of the course; gives its slug, `<course>-<year>-<month>`.

    A second one of the same month gets a number at the end. Raises Refusal for a course that is
    not there or not published, and Unfit for dates and numbers that do not fit each other.
    """
    with transaction() as session:
        course = session.scalar(select(Course).filter_by(slug=course_slug).with_for_update())
        if course is None or not session.scalar(
            select(func.count(Release.id)).filter_by(course_id=course.id)
        ):
            raise Refusal(
                "There is no published course {course_slug}. Load it first.",
                course_slug=course_slug,
            )
        _refuse_unfit(plan, Seats(plan.capacity, 0, _shares(plan, {}), False, plan.common_pool))
        base = slug = f"{course_slug}-{plan.dates.begins:%Y-%m}"
        taken = set(session.scalars(select(Activity.slug).filter_by(course_id=course.id)))
        number = 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        activity = Activity(
            course_id=course.id, slug=slug, seats_held=0, created_at=now, **_columns(plan)
        )
        session.add(activity)
        session.flush()
        _write_shares(session, activity.id, plan, {})
        audit.record(
            session,
            now=now,
            deed="opened an activity",
            actor=actor,
            object=f"activity:{slug}",
            after=_told(plan),
        )
        return slug


def set_up(actor: int, slug: str, plan: Plan, *, now: datetime) -> None:
    """Change an activity. Nobody loses a place: what cannot be lowered raises Unfit.

    New seats go to the waiting list by rule, and to nobody without the approvals asked for.
    """
    with transaction() as session:
        activity = places.locked(session, _id_of(session, slug))
        if activity.archived_at is not None:
            raise Refusal("This activity is archived, so it does not change any more.")
        before = _told(plan_of(session, activity))
        if plan.route is not activity.route and session.scalar(
            select(exists().where(Enrolment.activity_id == activity.id))
        ):
            raise Refusal("Officers are here already, so the way to a place stays as it is.")
        held = places.held_by_affiliation(session, activity.id)
        released = activity.released_at is not None and not _kept_again(plan, now)
        seats = Seats(
            plan.capacity, activity.seats_held, _shares(plan, held), released, plan.common_pool
        )
        _refuse_unfit(plan, seats)
        for name, value in _columns(plan).items():
            setattr(activity, name, value)
        if not released:
            activity.released_at = None
        _write_shares(session, activity.id, plan, held)
        session.flush()
        audit.record(
            session,
            now=now,
            deed="set up an activity",
            actor=actor,
            object=f"activity:{slug}",
            before=before,
            after=_told(plan),
        )
        waiting.promote(session, activity, now=now, cause="The numbers of places were changed.")


def archive(actor: int, slug: str, *, now: datetime) -> None:
    """Put an activity that is over away. Raises Refusal before its end."""
    with transaction() as session:
        activity = places.locked(session, _id_of(session, slug))
        if now < activity.ends_at:
            raise Refusal("An activity is archived after its last day.")
        if activity.archived_at is None:
            activity.archived_at = now
            audit.record(
                session,
                now=now,
                deed="archived an activity",
                actor=actor,
                object=f"activity:{slug}",
            )


def release_unused(activity_id: int, *, now: datetime) -> bool:
    """Give the seats that States kept and did not use to all; False when it was done before."""
    with transaction() as session:
        activity = places.locked(session, activity_id)
        due = activity.release_at is not None and activity.release_at <= now
        if not due or activity.released_at is not None:
            return False
        activity.released_at = now
        session.flush()
        audit.record(
            session,
            now=now,
            deed="released unused places",
            object=f"activity:{activity.slug}",
        )
        waiting.promote(session, activity, now=now, cause="Unused places were released.")
        return True


def plan_of(session: AnySession, activity: Activity) -> Plan:
    """The activity as it is."""
    rows = session.scalars(select(Quota).filter_by(activity_id=activity.id))
    return Plan(
        dates=activity.dates,
        route=activity.route,
        title=activity.title,
        capacity=activity.capacity,
        shares={
            row.affiliation_id: Wanted(guaranteed=row.guaranteed, maximum=row.maximum)
            for row in rows
        },
        common_pool=activity.common_pool,
        order=activity.approval_order,
        second_focal_point=activity.second_focal_point,
        asks_consent=activity.asks_consent,
        offer_hours=activity.offer_hours,
        conditions=Conditions.from_dict(activity.conditions),
        language=activity.language,
        funding_project=activity.funding_project,
        donors=activity.donors,
        women_target=activity.women_target,
    )


def _id_of(session: AnySession, slug: str) -> int:
    return session.scalars(select(Activity.id).filter_by(slug=slug)).one()


def _kept_again(plan: Plan, now: datetime) -> bool:
    """Whether places are kept once more: the release was put off."""
    return plan.dates.release is None or plan.dates.release > now


def _shares(plan: Plan, held: dict[int, int]) -> dict[int, Share]:
    """The shares of the plan, with what is held."""
    return {
        affiliation: Share(one.guaranteed, one.maximum, held.get(affiliation, 0))
        for affiliation, one in plan.shares.items()
    }


def _refuse_unfit(plan: Plan, seats: Seats) -> None:
    wrong_dates, wrong_seats = mistakes(plan.dates), blocked(seats)
    if wrong_dates or wrong_seats:
        raise Unfit(wrong_dates, wrong_seats)


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "route": plan.route,
        "title": plan.title,
        "capacity": plan.capacity,
        "begins_at": plan.dates.begins,
        "ends_at": plan.dates.ends,
        "nomination_opens_at": plan.dates.opens,
        "nomination_closes_at": plan.dates.closes,
        "decision_at": plan.dates.decides,
        "join_until": plan.dates.join_until,
        "release_at": plan.dates.release,
        "substitute_until": plan.dates.substitute_until,
        "access_until": plan.dates.access_until,
        "approval_order": plan.order,
        "second_focal_point": plan.second_focal_point,
        "asks_consent": plan.asks_consent,
        "offer_hours": plan.offer_hours,
        "common_pool": plan.common_pool,
        "conditions": plan.conditions.as_dict(),
        "language": plan.language,
        "funding_project": plan.funding_project,
        "donors": plan.donors,
        "women_target": plan.women_target,
    }


def _write_shares(session: AnySession, activity_id: int, plan: Plan, held: dict[int, int]) -> None:
    """Make the quotas those of the plan; each knows what its affiliation holds."""
    there = {
        row.affiliation_id: row
        for row in session.scalars(select(Quota).filter_by(activity_id=activity_id))
    }
    gone = there.keys() - plan.shares.keys()
    session.execute(
        delete(Quota).where(Quota.activity_id == activity_id, Quota.affiliation_id.in_(gone))
    )
    for affiliation, wanted in plan.shares.items():
        row = there.get(affiliation)
        if row is None:
            row = Quota(activity_id=activity_id, affiliation_id=affiliation)
            session.add(row)
        row.guaranteed, row.maximum = wanted.guaranteed, wanted.maximum
        row.seats_held = held.get(affiliation, 0)


def _told(plan: Plan) -> dict[str, Any]:
    """For the audit log: every value as text or number."""
    columns = _columns(plan)
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in columns.items()
    }
    shares = {str(key): [one.guaranteed, one.maximum] for key, one in plan.shares.items()}
    return {**plain, "shares": shares}
