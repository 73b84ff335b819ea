"""What a coordinator sees of activities: lists, nominations, officers, the waiting list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from lms.database import db
from lms.deeds import eligibility, waiting
from lms.deeds.waiting import decisions
from lms.models import (
    Activity,
    Affiliation,
    Approval,
    Course,
    Enrolment,
    EnrolmentStep,
    Gender,
    Person,
    PersonAddress,
    Release,
)
from lms.rules.activities import Phase, phase
from lms.rules.approvals import Decision, Side, deciding
from lms.rules.eligibility import Finding
from lms.rules.enrolments import HOLDS_A_SEAT, State

ROWS_A_PAGE = 50


def _title() -> object:
    """The title of the newest release of the activity's course."""
    return (
        select(Release.title)
        .where(Release.course_id == Activity.course_id)
        .order_by(Release.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def _count(*states: State) -> object:
    return (
        select(func.count(Enrolment.id))
        .where(Enrolment.activity_id == Activity.id, Enrolment.state.in_(states))
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class ActivityLine:
    activity: Activity
    course: str
    undecided: int
    waiting: int

    def phase(self, now: datetime) -> Phase:
        return phase(self.activity.route, self.activity.dates, now)


def lines(page: int) -> tuple[list[ActivityLine], int]:
    """One page of the activities, those that end last first; and how many there are in all."""
    total = db.session.scalar(select(func.count(Activity.id))) or 0
    rows = db.session.execute(
        select(Activity, _title(), _count(State.SUBMITTED), _count(State.WAIT_LISTED))  # type: ignore[call-overload]
        .order_by(Activity.archived_at.is_not(None), Activity.ends_at.desc(), Activity.slug)
        .limit(ROWS_A_PAGE)
        .offset((page - 1) * ROWS_A_PAGE)
    )
    return [ActivityLine(*row) for row in rows], total


def courses() -> dict[str, str]:
    """Slug → title of the courses that an activity can be of."""
    rows = db.session.execute(
        select(Course.slug, Release.title)
        .join(Release, Release.course_id == Course.id)
        .where(Course.archived_at.is_(None))
        .order_by(Release.title, Release.number)
    )
    return {row[0]: row[1] for row in rows}


def activity(slug: str) -> tuple[Activity, str] | None:
    """The activity and the title of its course."""
    row = db.session.execute(
        select(Activity, _title()).where(Activity.slug == slug)  # type: ignore[call-overload]
    ).one_or_none()
    return (row[0], row[1]) if row else None


def affiliations() -> dict[int, tuple[str, str]]:
    """Key → (code, name) of all, by name."""
    rows = db.session.execute(
        select(Affiliation.id, Affiliation.code, Affiliation.name).order_by(Affiliation.name)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


@dataclass(slots=True)
class StateLine:
    """The officers of one State in an activity."""

    name: str
    nominated: int = 0  # all that were handed in
    undecided: int = 0
    held: int = 0
    waiting: int = 0
    women: int = 0  # of those nominated
    stated: int = 0  # of those nominated, whose gender is known

    @property
    def women_percent(self) -> int | None:
        """Of those whose gender is known; None without any."""
        return round(100 * self.women / self.stated) if self.stated else None


def by_state(activity_id: int) -> dict[int, StateLine]:
    """Affiliation → its numbers, by name; without drafts, and without those who were replaced."""
    rows = db.session.execute(
        select(Affiliation.id, Affiliation.name, Enrolment.state, Person.gender, func.count())
        .join(Affiliation, Affiliation.id == Enrolment.affiliation_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.activity_id == activity_id,
            Enrolment.state.not_in((State.DRAFT, State.SUBSTITUTED)),
        )
        .group_by(Affiliation.id, Affiliation.name, Enrolment.state, Person.gender)
        .order_by(Affiliation.name)
    )
    found: dict[int, StateLine] = {}
    for key, name, state, gender, count in rows:
        line = found.setdefault(key, StateLine(name))
        line.nominated += count
        line.undecided += count * (state is State.SUBMITTED)
        line.held += count * (state in HOLDS_A_SEAT)
        line.waiting += count * (state is State.WAIT_LISTED)
        line.women += count * (gender is Gender.WOMAN)
        line.stated += count * (gender is not Gender.NOT_STATED)
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    place: Enrolment
    person: Person
    state: str
    given: dict[Side, Decision]
    findings: Sequence[Finding]
    position: int | None
    next_sides: tuple[Side, ...]
    dropped_out: bool


UNDECIDED = (State.DRAFT, State.SUBMITTED, State.WAIT_LISTED)


def candidates(
    activity: Activity, *, code: str, states: Sequence[State], page: int
) -> tuple[list[Candidate], int]:
    """One page of officers in these states, by State and its order of preference; and the total."""
    query = _officers(activity.id).where(Enrolment.state.in_(states))
    if code:
        query = query.where(Affiliation.code == code)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(
        query.add_columns(Person, Affiliation.name)
        .order_by(Affiliation.name, Enrolment.rank.is_(None), Enrolment.rank, Enrolment.id)
        .limit(ROWS_A_PAGE)
        .offset((page - 1) * ROWS_A_PAGE)
    ).all()
    given = decisions(db.session, [row[0].id for row in rows])
    findings = eligibility.check(db.session, activity, [row[1] for row in rows])
    positions = waiting.positions(db.session, activity.id)
    dropped = dropped_out(activity, [row[0].id for row in rows])
    return [
        Candidate(
            place,
            person,
            state,
            given.get(place.id, {}),
            findings[person.id] if place.state in UNDECIDED else (),
            positions.get(place.id),
            deciding(activity.approval_order, given.get(place.id, {})),
            place.id in dropped,
        )
        for place, person, state in rows
    ], total


def dropped_out(activity: Activity, place_ids: Sequence[int]) -> set[int]:
    """Those of these places that were taken, and given up after the activity had begun."""
    return set(
        db.session.scalars(
            select(EnrolmentStep.enrolment_id).where(
                EnrolmentStep.enrolment_id.in_(place_ids),
                EnrolmentStep.from_state == State.ENROLLED,
                EnrolmentStep.to_state == State.WITHDRAWN,
                EnrolmentStep.at >= activity.begins_at,
            )
        )
    )


def _officers(activity_id: int) -> Select[tuple[Enrolment]]:
    return (
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Affiliation, Affiliation.id == Enrolment.affiliation_id)
        .where(Enrolment.activity_id == activity_id)
    )


def one(slug: str, ref: str) -> tuple[Activity, Enrolment, Person, str] | None:
    """The place of this reference in this activity, with officer and State."""
    row = db.session.execute(
        select(Activity, Enrolment, Person, Affiliation.name)
        .join(Enrolment, Enrolment.activity_id == Activity.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Affiliation, Affiliation.id == Enrolment.affiliation_id)
        .where(Activity.slug == slug, Enrolment.ref == ref)
    ).one_or_none()
    return row and (row[0], row[1], row[2], row[3])


@dataclass(frozen=True, slots=True)
class StepLine:
    to_state: State
    at: datetime
    actor: str  # "": the system
    reason: str
    officer: str


def steps(place_id: int) -> list[StepLine]:
    """All steps of one place in their order."""
    return _steps(EnrolmentStep.enrolment_id == place_id, newest=False)


def moved_up(activity_id: int) -> list[StepLine]:
    """The latest steps from the waiting list to a place, the newest first, each with its reason."""
    return _steps(
        and_(
            Enrolment.activity_id == activity_id,
            EnrolmentStep.from_state == State.WAIT_LISTED,
            EnrolmentStep.to_state.in_((State.OFFERED, State.ENROLLED)),
        ),
        newest=True,
    )


def _steps(which: object, *, newest: bool) -> list[StepLine]:
    actor = aliased(Person)
    order = EnrolmentStep.id.desc() if newest else EnrolmentStep.id
    rows = db.session.execute(
        select(EnrolmentStep, actor, Person)
        .join(Enrolment, Enrolment.id == EnrolmentStep.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(actor, actor.id == EnrolmentStep.actor_id)
        .where(which)  # type: ignore[arg-type]
        .order_by(order)
        .limit(ROWS_A_PAGE)
    )
    return [
        StepLine(step.to_state, step.at, who.name if who else "", step.reason, person.name)
        for step, who, person in rows
    ]


def approvals(place_id: int) -> list[tuple[Approval, str]]:
    """What each side decided about a place, with who did."""
    rows = db.session.execute(
        select(Approval, Person)
        .join(Person, Person.id == Approval.actor_id)
        .where(Approval.enrolment_id == place_id)
        .order_by(Approval.id)
    )
    return [(row[0], row[1].name) for row in rows]


def person_ref(address: str) -> str | None:
    """The reference of the person with this address."""
    return db.session.scalar(
        select(Person.ref)
        .join(PersonAddress, PersonAddress.person_id == Person.id)
        .where(PersonAddress.address == address.lower(), Person.merged_into.is_(None))
    )
