"""Nominations that wait too long for a decision: who hears of them, and of which.

The side that can decide is reminded; as long again, and somebody behind it hears: the
coordinators of a State that is late, the administrators of late coordinators.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.database import db
from lms.deeds.waiting import decisions
from lms.models import Activity, Approval, Enrolment, EnrolmentStep, RoleGrant
from lms.rules.access import Role
from lms.rules.activities import last_join
from lms.rules.approvals import REMINDED_AFTER, Side, deciding, waits_since
from lms.rules.enrolments import State
from lms.rules.messages import Kind

EVERYWHERE = "all"
ROUNDS = {  # side that is late, round → who hears of it
    (Side.STATE, 1): (Role.FOCAL_POINT, Kind.DECISION_WAITS),
    (Side.STATE, 2): (Role.COORDINATOR, Kind.STATE_IS_LATE),
    (Side.SPMU, 1): (Role.COORDINATOR, Kind.DECISION_WAITS),
    (Side.SPMU, 2): (Role.ADMINISTRATOR, Kind.SPMU_IS_LATE),
}
LINKS = {
    Role.FOCAL_POINT: "/state/activities/{slug}",
    Role.COORDINATOR: "/activities/{slug}/nominations",
    Role.ADMINISTRATOR: "/admin/roles",  # they do not decide, but see who can
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A nomination that one side can decide now."""

    side: Side
    reach: str  # of the focal points who decide it
    since: datetime
    officer: int
    nominated_by: int | None


@dataclass(frozen=True, slots=True)
class Reminder:
    person: int
    kind: Kind
    event: str
    facts: dict[str, str]  # without the course
    link: str


def activities(now: datetime) -> Sequence[int]:
    """Those in which a nomination may have waited long enough, and can still get a place."""
    rows = db.session.scalars(
        select(Activity)
        .where(
            Activity.archived_at.is_(None),
            Activity.ends_at > now,
            select(Enrolment.id)
            .join(EnrolmentStep, EnrolmentStep.enrolment_id == Enrolment.id)
            .where(
                Enrolment.activity_id == Activity.id,
                Enrolment.state == State.SUBMITTED,
                EnrolmentStep.to_state == State.SUBMITTED,
                EnrolmentStep.at <= now - REMINDED_AFTER,
            )
            .exists(),
        )
        .order_by(Activity.id)
    ).all()
    return [one.id for one in rows if now < last_join(one.route, one.dates)]


def reminders(activity: Activity, now: datetime) -> Iterator[Reminder]:
    """All that are due in this activity, also those that were sent.

    Nominations that began to wait in the same days (REMINDED_AFTER) share a message in each
    round: when the first of them is due, the others wait too and are counted in it.
    """
    waiting = _waiting(activity)
    if not waiting:
        return
    people = _people(now)
    for (side, round_), (role, kind) in ROUNDS.items():
        for person, reaches in people[role].items():
            own = [
                one
                for one in waiting
                if one.side is side
                and (EVERYWHERE in reaches or one.reach in reaches)
                and person not in (one.officer, one.nominated_by)  # not theirs to decide
            ]
            due = [one.since for one in own if one.since <= now - round_ * REMINDED_AFTER]
            if due:
                batch = max(due).toordinal() // REMINDED_AFTER.days
                yield Reminder(
                    person=person,
                    kind=kind,
                    event=f"activity:{activity.id}:waits:{side.value}:{round_}:{batch}",
                    facts={
                        "waiting": str(len(own)),
                        "days": str(round_ * REMINDED_AFTER.days),
                    },
                    link=LINKS[role].format(slug=activity.slug),
                )


def _waiting(activity: Activity) -> list[Waiting]:
    submitted = (
        select(func.max(EnrolmentStep.at))
        .where(
            EnrolmentStep.enrolment_id == Enrolment.id,
            EnrolmentStep.to_state == State.SUBMITTED,
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
    approved = (
        select(func.max(Approval.at))
        .where(Approval.enrolment_id == Enrolment.id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Enrolment, submitted, approved).where(
            Enrolment.activity_id == activity.id, Enrolment.state == State.SUBMITTED
        )
    ).all()
    order = activity.approval_order
    given = decisions(db.session, [row[0].id for row in rows])
    return [
        Waiting(
            side,
            f"affiliation:{place.affiliation_id}",
            waits_since(order, at or place.began_at, last),
            place.person_id,
            place.nominated_by,
        )
        for place, at, last in rows
        for side in deciding(order, given.get(place.id, {}))
    ]


def _people(now: datetime) -> dict[Role, dict[int, set[str]]]:
    """Role → person → reaches of the grants in force."""
    found: dict[Role, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = db.session.execute(
        select(RoleGrant.role, RoleGrant.person_id, RoleGrant.reach).where(
            RoleGrant.role.in_(tuple(LINKS)), RoleGrant.in_force(now)
        )
    )
    for role, person, reach in rows:
        found[role][person].add(reach)
    return found
