"""What an officer sees of applications, nominations and offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from lms.database import db
from lms.deeds import waiting
from lms.models import Activity, Course, Enrolment, EnrolmentStep, Release, Route
from lms.rules.activities import last_join
from lms.rules.approvals import WHY_WORDS, Side, deciding
from lms.rules.enrolments import State

OPEN = (State.SUBMITTED, State.WAIT_LISTED, State.OFFERED)


@dataclass(frozen=True, slots=True)
class Line:
    """A place that is not decided, or was decided against."""

    ref: str
    state: State
    course: str  # slug
    title: str
    offered_until: datetime | None
    begins_at: datetime
    ends_at: datetime


def lines(person_id: int) -> list[Line]:
    """The officer's applications and nominations that wait for somebody, offers first."""
    rows = db.session.execute(
        select(Enrolment, Course.slug, Release.title, Activity.begins_at, Activity.ends_at)
        .join(Release, Release.id == Enrolment.release_id)
        .join(Course, Course.id == Release.course_id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(Enrolment.person_id == person_id, Enrolment.state.in_(OPEN))
        .order_by(Enrolment.state != State.OFFERED, Activity.begins_at, Enrolment.id)
    )
    return [
        Line(place.ref, place.state, slug, title, place.offered_until, begins, ends)
        for place, slug, title, begins, ends in rows
    ]


@dataclass(frozen=True, slots=True)
class Application:
    """One place of the officer, and what comes next for it."""

    place: Enrolment
    activity: Activity
    course: str  # slug
    title: str
    next_sides: tuple[Side, ...]  # who decides, while it is not decided
    position: int | None  # on the waiting list, from 1
    last_join: datetime
    steps: Sequence[EnrolmentStep]


def application(person_id: int, ref: str) -> Application | None:
    """The officer's own place of this reference; None for a State's draft and for others'."""
    row = db.session.execute(
        select(Enrolment, Activity, Course.slug, Release.title)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Release, Release.id == Enrolment.release_id)
        .join(Course, Course.id == Release.course_id)
        .where(
            Enrolment.ref == ref,
            Enrolment.person_id == person_id,
            Enrolment.state != State.DRAFT,
        )
    ).one_or_none()
    if row is None:
        return None
    place, activity, slug, title = row
    given = waiting.decisions(db.session, [place.id]).get(place.id, {})
    waits = place.state is State.WAIT_LISTED
    return Application(
        place=place,
        activity=activity,
        course=slug,
        title=title,
        next_sides=deciding(activity.approval_order, given)
        if place.state is State.SUBMITTED
        else (),
        position=waiting.positions(db.session, activity.id).get(place.id) if waits else None,
        last_join=last_join(activity.route, activity.dates),
        steps=db.session.scalars(
            select(EnrolmentStep)
            .where(EnrolmentStep.enrolment_id == place.id, EnrolmentStep.to_state != State.DRAFT)
            .order_by(EnrolmentStep.number)
        ).all(),
    )


def applying(course: str, activity: str) -> tuple[Activity, str] | None:
    """The activity by application of this course, with the course's title."""
    row = db.session.execute(
        select(Activity, Release.title)
        .join(Course, Course.id == Activity.course_id)
        .join(Release, Release.course_id == Course.id)
        .where(Course.slug == course, Activity.slug == activity, Activity.route == Route.APPLY)
        .order_by(Release.number.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def ref_of(enrolment_id: int) -> str | None:
    """The reference of a place that is on the waiting list; None for one that can be opened."""
    return db.session.scalar(
        select(Enrolment.ref).filter_by(id=enrolment_id, state=State.WAIT_LISTED)
    )


def said(reason: str) -> str:
    """The reason of a step; what was chosen from the list in the reader's language."""
    for words in WHY_WORDS.values():
        if reason.startswith(words):
            return gettext(words) + reason.removeprefix(words)
    return reason
