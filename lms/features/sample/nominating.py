"""Two activities by nomination, with officers of several States: for the desk and the coordinator.

Made by the very deeds that people do, so every step, seat, approval and message is there.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo

from sqlalchemy import func, select

from lms.database import transaction
from lms.deeds import audit, nominations, places
from lms.deeds.audit import AnySession
from lms.features.sample import queries
from lms.features.sample.officers import DOMAIN
from lms.models import (
    Activity,
    Affiliation,
    Enrolment,
    Person,
    PersonAddress,
    Quota,
    RoleGrant,
    Route,
)
from lms.rules.access import Role
from lms.rules.approvals import Decision, Order, Side, Why
from lms.rules.enrolments import Who
from lms.rules.refusal import Refusal

STATES = 5  # beside the focal point's own
EACH = 5  # officers whom a State nominates
# what the coordinator says to a State's officers, in its order of preference; none: not decided
WORDS: tuple[Sequence[Decision | None], ...] = (
    (Decision.APPROVED, Decision.APPROVED, Decision.APPROVED, Decision.RESERVED, None),
    (Decision.APPROVED, Decision.APPROVED, Decision.APPROVED, Decision.REJECTED, None),
)


def nominate(*, focal_point: int, coordinator: int, now: datetime, zone: tzinfo) -> int:
    """Open both activities and nominate; gives how many nominations were made.

    One takes nominations now, one has been decided: its places are taken and a list waits. Does
    nothing without invented officers or a course.
    """
    with transaction() as session:
        courses = sorted(queries.course_ids(session).items())
        states = _states(session, focal_point)
        if not courses or len(states) < 2:
            return 0
        made = 0
        for number, (slug, course_id) in enumerate(courses[-2:]):
            decided = number == 0
            activity = _activity(session, slug, course_id, decided=decided, now=now, zone=zone)
            for state in states:
                session.add(
                    Quota(
                        activity_id=activity.id,
                        affiliation_id=state,
                        guaranteed=1,
                        maximum=3,
                        seats_held=0,
                    )
                )
            session.flush()
            activity = places.locked(session, activity.id)
            for turn, state in enumerate(states):
                by = focal_point if turn == 0 else _focal_point(session, state, now)
                made += _nominate(
                    session, activity, state, by, turn, coordinator, now, decided=decided
                )
        audit.record(session, now=now, deed="made sample data", after={"nominations": made})
        return made


def _activity(
    session: AnySession, slug: str, course_id: int, *, decided: bool, now: datetime, zone: tzinfo
) -> Activity:
    """Decided: it begins in two weeks; else nominations are open for two weeks more."""
    today = datetime.combine(now.astimezone(zone).date(), time(), zone)
    begins = today + timedelta(days=14 if decided else 42)
    closes = today + timedelta(days=1 if decided else 14, hours=-1)
    name, again = f"{slug}-{begins:%Y-%m}", 1
    taken = set(session.scalars(select(Activity.slug).where(Activity.slug.startswith(name))))
    while name in taken:
        again += 1
        name = f"{slug}-{begins:%Y-%m}-{again}"
    activity = Activity(
        course_id=course_id,
        slug=name,
        route=Route.NOMINATION,
        approval_order=Order.EITHER,
        begins_at=begins,
        ends_at=begins + timedelta(days=47),
        nomination_opens_at=today - timedelta(days=21),
        nomination_closes_at=closes,
        decision_at=closes + timedelta(days=3),
        release_at=closes + timedelta(days=5),
        substitute_until=begins - timedelta(days=3),
        capacity=12 if decided else 24,
        seats_held=0,
        common_pool=True,
        funding_project="UB 1100 (sample)",
        donors="Sample donor",
        created_at=today - timedelta(days=28),
    )
    session.add(activity)
    session.flush()
    return activity


def _states(session: AnySession, focal_point: int) -> list[int]:
    """The focal point's own State, then those with most invented officers."""
    own = session.get_one(Person, focal_point).affiliation_id
    rows = session.scalars(
        select(Affiliation.id)
        .join(Person, Person.affiliation_id == Affiliation.id)
        .join(PersonAddress, PersonAddress.person_id == Person.id)
        .where(PersonAddress.address.endswith(f"@{DOMAIN}"), Affiliation.id != own)
        .group_by(Affiliation.id, Affiliation.name)
        .order_by(func.count().desc(), Affiliation.name)
        .limit(STATES)
    )
    return [own, *rows]


def _officers(session: AnySession, activity: Activity, state: int) -> Sequence[Person]:
    """Invented officers of the State who never had a place in this course."""
    had = (
        select(Enrolment.person_id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(Activity.course_id == activity.course_id)
    )
    return session.scalars(
        select(Person)
        .join(PersonAddress, PersonAddress.person_id == Person.id)
        .where(
            Person.affiliation_id == state,
            PersonAddress.address.endswith(f"@{DOMAIN}"),
            Person.id.not_in(had),
        )
        .order_by(Person.id)
    ).all()


def _focal_point(session: AnySession, state: int, now: datetime) -> int:
    """The last invented officer of the State, as its focal point."""
    reach = f"affiliation:{state}"
    known = session.scalar(
        select(RoleGrant.person_id).filter_by(role=Role.FOCAL_POINT, reach=reach, ended_at=None)
    )
    if known is not None:
        return known
    last = session.scalars(
        select(Person.id)
        .join(PersonAddress, PersonAddress.person_id == Person.id)
        .where(Person.affiliation_id == state, PersonAddress.address.endswith(f"@{DOMAIN}"))
        .order_by(Person.id.desc())
        .limit(1)
    ).one()
    session.add(
        RoleGrant(
            person_id=last,
            role=Role.FOCAL_POINT,
            reach=reach,
            granted_at=now,
            reason="sample data",
        )
    )
    session.flush()
    return last


def _nominate(
    session: AnySession,
    activity: Activity,
    state: int,
    by: int,
    turn: int,
    coordinator: int,
    now: datetime,
    *,
    decided: bool,
) -> int:
    made = []
    for person in _officers(session, activity, state):
        if len(made) == EACH or person.id == by:
            break
        at = now - timedelta(days=5, hours=-turn, minutes=-7 * len(made))
        place = nominations.begin(session, activity, person, who=Who.STATE, actor=by, now=at)
        try:
            nominations.submit(session, activity, place, who=Who.STATE, actor=by, now=at)
        except Refusal:
            continue  # a draft, until the condition is waived
        made.append(place)
    if not decided:
        return len(made)
    for place, word in zip(made, WORDS[turn % 2], strict=False):
        if word is not None:
            nominations.decide(
                session,
                activity,
                place,
                Side.SPMU,
                word,
                actor=coordinator,
                now=now - timedelta(days=1),
                why=Why.PROFILE if word is Decision.REJECTED else None,
            )
    return len(made)
