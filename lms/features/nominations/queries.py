"""What a focal point sees: the own State's officers, places and numbers, and nobody else's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager

from lms.database import db
from lms.deeds import waiting
from lms.models import (
    Activity,
    Affiliation,
    Approval,
    Enrolment,
    EnrolmentStep,
    Person,
    PersonAddress,
    Quota,
    Release,
    WomenShareReason,
)
from lms.models.learning import OPEN_STATES
from lms.rules.activities import Phase, Route, phase, refuse_nomination
from lms.rules.approvals import Decision, Side, deciding
from lms.rules.enrolments import HOLDS_A_SEAT, State
from lms.rules.particulars import Gender
from lms.rules.refusal import Refusal
from lms.rules.searching import fold

SHOWN_AFTER = timedelta(days=120)  # the end of an activity, on the first page
MOST_FOUND = 20  # officers of one search
WARNED_BEFORE = timedelta(days=7)  # unused places go to others
RANKED = (State.DRAFT, State.SUBMITTED, State.WAIT_LISTED)
NOMINATING = (Route.NOMINATION, Route.APPLY)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Own officers of an activity."""

    nominated: int = 0  # drafts and those that wait for a decision
    selected: int = 0  # with a place, or offered one
    reserve: int = 0
    completed: int = 0
    women: int = 0
    counted: int = 0  # of which so many are women

    @property
    def women_share(self) -> int | None:
        """Per cent, rounded; None of nobody."""
        return round(100 * self.women / self.counted) if self.counted else None


@dataclass(frozen=True, slots=True)
class Desk:
    """One activity as one State sees it."""

    activity: Activity
    course: str
    quota: Quota | None
    numbers: Numbers
    now: datetime

    @property
    def phase(self) -> Phase:
        return phase(self.activity.route, self.activity.dates, self.now)

    @property
    def is_open(self) -> bool:
        """Whether the State can nominate now; late ones can come while the activity runs."""
        if self.activity.route is not Route.NOMINATION:
            return False
        try:
            refuse_nomination(self.activity.route, self.activity.dates, self.now)
        except Refusal:
            return False
        return True

    @property
    def held(self) -> int:
        return self.quota.seats_held if self.quota else self.numbers.selected

    @property
    def most(self) -> int | None:
        """Places that the State can have at most; None without limit."""
        return self.quota.maximum if self.quota else None

    @property
    def free(self) -> int | None:
        """Places left within the State's own limit; nothing is said of the others."""
        return None if self.most is None else max(self.most - self.held, 0)

    @property
    def kept(self) -> int:
        """Places kept for the State that it does not use yet."""
        if self.quota is None or self.activity.released_at is not None:
            return 0
        return max(self.quota.guaranteed - self.quota.seats_held, 0)

    @property
    def released_soon(self) -> bool:
        release = self.activity.release_at
        if not self.kept or release is None:
            return False
        return self.now < release <= self.now + WARNED_BEFORE

    @property
    def lacks_women(self) -> bool:
        share = self.numbers.women_share
        return share is not None and share < self.activity.women_target


@dataclass(frozen=True, slots=True)
class Nominee:
    """One officer of the State in an activity."""

    place: Enrolment
    person: Person
    position: int | None  # on the waiting list
    decides: Side | None  # whose decision is next
    can_approve: bool  # by this focal point
    address: str = ""


def titles() -> Mapping[int, str]:
    """Course → title of its newest release."""
    newest = select(func.max(Release.id)).group_by(Release.course_id)
    rows = db.session.execute(
        select(Release.course_id, Release.title).where(Release.id.in_(newest))
    )
    return dict(rows.all())


def _invited(affiliation_ids: Collection[int]) -> ColumnElement[bool]:
    return and_(
        Activity.route.in_(NOMINATING),
        or_(
            Quota.maximum.is_(None) & Quota.id.is_not(None),
            Quota.maximum > 0,
            Quota.id.is_(None) & Activity.common_pool,
        ),
    )


def desks(affiliation_id: int, now: datetime) -> list[Desk]:
    """The activities in which the State takes part, the next deadline first."""
    query = (
        select(Activity, Quota)
        .outerjoin(
            Quota, (Quota.activity_id == Activity.id) & (Quota.affiliation_id == affiliation_id)
        )
        .where(
            _invited({affiliation_id}),
            Activity.archived_at.is_(None),
            Activity.ends_at > now - SHOWN_AFTER,
        )
        .order_by(Activity.begins_at, Activity.id)
    )
    rows = db.session.execute(query).all()
    counted = numbers(affiliation_id, [activity.id for activity, _ in rows])
    named = titles()
    return [
        Desk(one, named.get(one.course_id, ""), quota, counted.get(one.id, Numbers()), now)
        for one, quota in rows
    ]


def desk(slug: str, affiliation_id: int, now: datetime) -> Desk | None:
    """The activity, when the State takes part in it."""
    row = db.session.execute(
        select(Activity, Quota)
        .outerjoin(
            Quota, (Quota.activity_id == Activity.id) & (Quota.affiliation_id == affiliation_id)
        )
        .where(Activity.slug == slug, _invited({affiliation_id}))
    ).one_or_none()
    if row is None:
        return None
    activity, quota = row
    counted = numbers(affiliation_id, [activity.id]).get(activity.id, Numbers())
    return Desk(activity, titles().get(activity.course_id, ""), quota, counted, now)


def numbers(affiliation_id: int, activity_ids: Sequence[int]) -> dict[int, Numbers]:
    """Activity → numbers of the State; one query for all."""

    def of(*states: State) -> ColumnElement[int]:
        return func.sum(case((Enrolment.state.in_(states), 1), else_=0))

    open_ = Enrolment.state.in_(OPEN_STATES)
    woman = and_(Person.gender == Gender.WOMAN, open_)
    rows = db.session.execute(
        select(
            Enrolment.activity_id,
            of(State.DRAFT, State.SUBMITTED),
            of(*HOLDS_A_SEAT),
            of(State.WAIT_LISTED),
            of(State.COMPLETED),
            func.sum(case((woman, 1), else_=0)),
            func.sum(case((open_, 1), else_=0)),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.affiliation_id == affiliation_id, Enrolment.activity_id.in_(activity_ids))
        .group_by(Enrolment.activity_id)
    )
    return {row[0]: Numbers(*row[1:]) for row in rows}


def nominees(activity: Activity, affiliation_id: int, viewer: int) -> list[Nominee]:
    """The State's officers in its order of preference; those whose place has ended last."""
    rows = db.session.execute(
        select(Enrolment, PersonAddress.address)
        .join(Enrolment.person)
        .outerjoin(
            PersonAddress,
            (PersonAddress.person_id == Person.id) & PersonAddress.is_primary,
        )
        .options(contains_eager(Enrolment.person))
        .where(Enrolment.activity_id == activity.id, Enrolment.affiliation_id == affiliation_id)
        .order_by(
            Enrolment.state.not_in(OPEN_STATES),
            Enrolment.rank.is_(None),
            Enrolment.rank,
            Enrolment.id,
        )
    ).all()
    given = waiting.decisions(db.session, [place.id for place, _ in rows])
    waits = any(place.state is State.WAIT_LISTED for place, _ in rows)
    positions = waiting.positions(db.session, activity.id) if waits else {}
    made = []
    for place, address in rows:
        sides = ()
        if place.state is State.SUBMITTED:
            sides = deciding(activity.approval_order, given.get(place.id, {}))
        approves = Side.STATE in sides and viewer not in (place.person_id, place.nominated_by)
        made.append(
            Nominee(
                place,
                place.person,
                positions.get(place.id),
                sides[0] if sides else None,
                approves,
                address or "",
            )
        )
    return made


def nominee(ref: str, affiliation_ids: Collection[int], viewer: int) -> Nominee | None:
    """One officer's place by its reference; None when it is another State's, or nobody's."""
    place = db.session.scalar(
        select(Enrolment)
        .join(Enrolment.activity)
        .where(
            Enrolment.ref == ref,
            Enrolment.affiliation_id.in_(affiliation_ids),
            Activity.route != Route.OPEN,
        )
    )
    if place is None:
        return None
    listed = nominees(place.activity, place.affiliation_id, viewer)
    return next(one for one in listed if one.place.id == place.id)


def steps(place_id: int) -> Sequence[EnrolmentStep]:
    return db.session.scalars(
        select(EnrolmentStep).filter_by(enrolment_id=place_id).order_by(EnrolmentStep.number)
    ).all()


def rejection(place_id: int) -> Approval | None:
    """The decision that ended the nomination."""
    return db.session.scalar(
        select(Approval)
        .filter_by(enrolment_id=place_id, decision=Decision.REJECTED)
        .order_by(Approval.id.desc())
        .limit(1)
    )


def officers(affiliation_id: int, activity_id: int, viewer: int, asked: str) -> list[Person]:
    """Officers of the State whose name or service holds these words, without a place here.

    The viewer is not among them: nobody nominates themselves.
    """
    words = fold(asked).split()
    if not words:
        return []
    taken = select(Enrolment.person_id).where(
        Enrolment.activity_id == activity_id, Enrolment.state.in_(OPEN_STATES)
    )
    query = (
        select(Person)
        .where(
            Person.affiliation_id == affiliation_id,
            Person.merged_into.is_(None),
            Person.suspended_at.is_(None),
            Person.id != viewer,
            Person.id.not_in(taken),
        )
        .order_by(Person.family_name, Person.given_name, Person.id)
        .execution_options(yield_per=500)
    )
    found: list[Person] = []
    for person in db.session.scalars(query):
        text = fold(f"{person.name} {person.own_script_name} {person.agency}")
        if all(word in text for word in words):
            found.append(person)
            if len(found) == MOST_FOUND:
                break
    return found


def is_nominated_by(person_id: int, key: str) -> bool:
    """Whether a form with this key has made a nomination."""
    made = select(Enrolment.id).filter_by(nominated_by=person_id, nomination_key=key)
    return db.session.scalar(made) is not None


def officer(ref: str, affiliation_ids: Collection[int]) -> Person | None:
    return db.session.scalar(
        select(Person).where(
            Person.ref == ref,
            Person.affiliation_id.in_(affiliation_ids),
            Person.merged_into.is_(None),
        )
    )


def all_officers(affiliation_id: int) -> list[tuple[Person, str]]:
    """Every officer of the State with the primary address, by name."""
    rows = db.session.execute(
        select(Person, PersonAddress.address)
        .outerjoin(PersonAddress, (PersonAddress.person_id == Person.id) & PersonAddress.is_primary)
        .where(Person.affiliation_id == affiliation_id, Person.merged_into.is_(None))
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    return [(person, address or "") for person, address in rows]


def agencies(affiliation_id: int) -> list[str]:
    """The services that officers of the State are known to serve in."""
    return list(
        db.session.scalars(
            select(Person.agency)
            .where(Person.affiliation_id == affiliation_id, Person.agency != "")
            .distinct()
            .order_by(Person.agency)
            .limit(200)
        )
    )


def affiliation(affiliation_id: int) -> Affiliation:
    return db.session.get_one(Affiliation, affiliation_id)


def women_reason(activity_id: int, affiliation_id: int) -> WomenShareReason | None:
    return db.session.scalar(
        select(WomenShareReason)
        .filter_by(activity_id=activity_id, affiliation_id=affiliation_id)
        .order_by(WomenShareReason.id.desc())
        .limit(1)
    )
