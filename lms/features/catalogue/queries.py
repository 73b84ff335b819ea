"""Courses as the catalogue shows them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from lms.database import db
from lms.models import (
    Activity,
    Affiliation,
    Course,
    Enrolment,
    Programme,
    Quota,
    Release,
    Route,
)
from lms.rules.activities import Dates, Phase, closes, last_join, phase
from lms.rules.enrolments import State
from lms.rules.searching import fold
from lms.rules.seats import free

PUBLIC, SIGNED_IN = ("TLP:CLEAR",), ("TLP:CLEAR", "TLP:GREEN")
HELD = (State.ENROLLED, State.COMPLETED, State.FAILED, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Card:
    """A course in the list."""

    course_id: int
    slug: str
    title: str
    summary: str
    subject: str
    level: str
    format: str
    minutes: int
    languages: tuple[str, ...]
    audience: tuple[str, ...]
    modules: int
    programme: str
    programme_title: str
    archived: bool
    search_text: str
    language: str


def newest() -> object:
    """The number of a course's newest release, to compare with."""
    inner = Release.__table__.alias("newer")
    return (
        select(func.max(inner.c.number))
        .where(inner.c.course_id == Release.course_id)
        .correlate(Release)
        .scalar_subquery()
    )


def cards(*, signed_in: bool) -> list[Card]:
    """The courses that this reader may know of, by title; without a release it is a draft."""
    rows = db.session.execute(
        select(Course, Release, Release.search_text, Programme)
        .join(Release, Release.course_id == Course.id)
        .outerjoin(Programme, Programme.id == Course.programme_id)
        .where(
            Release.number == newest(),
            Release.handling.in_(SIGNED_IN if signed_in else PUBLIC),
        )
        .order_by(Release.title)
    ).all()
    return [
        Card(
            course_id=course.id,
            slug=course.slug,
            title=release.title,
            summary=release.summary,
            subject=release.subject,
            level=release.level,
            format=release.format,
            minutes=release.minutes,
            languages=tuple(tag for tag, share in release.facts["languages"].items() if share),
            audience=tuple(release.facts["audience"]),
            modules=len(release.facts["modules"]),
            programme=programme.slug if programme else "",
            programme_title=programme.title if programme else "",
            archived=course.archived_at is not None,
            search_text=search,
            language=release.language,
        )
        for course, release, search, programme in rows
    ]


def own_states(person_id: int) -> dict[int, tuple[State, datetime | None]]:
    """Course id → state of the person's newest place in it, and when it was completed."""
    rows = db.session.execute(
        select(Activity.course_id, Enrolment.state, Enrolment.completed_at)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(Enrolment.person_id == person_id, Enrolment.state.in_(HELD))
        .order_by(Enrolment.began_at)
    ).all()
    return {course: (state, completed) for course, state, completed in rows}


def open_now(now: datetime) -> set[int]:
    """The courses with an open activity that has a free place now."""
    return set(
        db.session.scalars(
            select(Activity.course_id).where(
                Activity.route == Route.OPEN,
                Activity.begins_at <= now,
                Activity.ends_at > now,
                Activity.archived_at.is_(None),
                Activity.capacity.is_(None) | (Activity.seats_held < Activity.capacity),
            )
        )
    )


def opens_later(now: datetime) -> dict[int, datetime]:
    """Course id → the beginning of its next activity that has not begun."""
    rows = db.session.execute(
        select(Activity.course_id, func.min(Activity.begins_at))
        .where(Activity.begins_at > now)
        .group_by(Activity.course_id)
    )
    return {row[0]: row[1] for row in rows}


def matching(cards: Sequence[Card], words: str) -> list[Card]:
    """The cards in whose titles, outcomes or glossary every word occurs."""
    wanted = fold(words).split()
    return [card for card in cards if all(word in card.search_text for word in wanted)]


def nearest(cards: Sequence[Card], words: str) -> list[Card]:
    """For an empty result: the cards that share most letters-of-three with the words, at most 3."""
    wanted = threes(fold(words))
    if not wanted:
        return []
    scored = Counter({card.slug: len(wanted & threes(card.search_text)) for card in cards})
    best = [slug for slug, score in scored.most_common(3) if score * 2 >= len(wanted)]
    return [card for card in cards if card.slug in best]


def threes(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(len(text) - 2)}


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity on the course page, as officers of one affiliation see it."""

    slug: str
    route: Route
    begins_at: datetime
    ends_at: datetime
    capacity: int | None
    seats_held: int
    dates: Dates
    invited: bool  # the affiliation takes part; for the signed-out: anybody may
    own: tuple[int, int | None] | None  # seats held by the affiliation, and the most it can hold
    asked: tuple[str, State] | None  # what the person asked for or was offered: reference, state

    @property
    def left(self) -> int | None:
        return free(self.capacity, self.seats_held)

    def state(self, now: datetime) -> str:
        """future, open, full or over."""
        if now < self.begins_at:
            return "future"
        if now >= last_join(self.route, self.dates) or self.dates.archived is not None:
            return "over"
        return "full" if self.left == 0 else "open"

    def asks(self, now: datetime) -> bool:
        """Whether officers can be nominated, or ask for a place, now."""
        return phase(self.route, self.dates, now) is Phase.OPEN or (
            phase(self.route, self.dates, now) is Phase.RUNNING
            and now < closes(self.route, self.dates)
        )


ASKED = (State.SUBMITTED, State.WAIT_LISTED, State.OFFERED)


def activities(
    course_id: int, person_id: int | None, affiliation_id: int | None
) -> list[ActivityLine]:
    rows = db.session.execute(
        select(Activity, Quota, Enrolment.ref, Enrolment.state)
        .outerjoin(
            Enrolment,
            and_(
                Enrolment.activity_id == Activity.id,
                Enrolment.person_id == person_id,
                Enrolment.state.in_(ASKED),
            ),
        )
        .outerjoin(
            Quota,
            and_(Quota.activity_id == Activity.id, Quota.affiliation_id == affiliation_id),
        )
        .where(Activity.course_id == course_id)
        .order_by(Activity.begins_at.desc())
    ).all()
    return [
        ActivityLine(
            slug=row.slug,
            route=row.route,
            begins_at=row.begins_at,
            ends_at=row.ends_at,
            capacity=row.capacity,
            seats_held=row.seats_held,
            dates=row.dates,
            invited=affiliation_id is None
            or (row.common_pool if quota is None else quota.maximum != 0),
            own=(quota.seats_held, quota.maximum) if quota else None,
            asked=(ref, state) if ref else None,
        )
        for row, quota, ref, state in rows
    ]


def taking_part(activity_slugs: Sequence[str]) -> list[Affiliation]:
    """The affiliations whose officers hold places: names alone, States before Partners."""
    return list(
        db.session.scalars(
            select(Affiliation)
            .where(
                Affiliation.id.in_(
                    select(Enrolment.affiliation_id)
                    .join(Activity, Activity.id == Enrolment.activity_id)
                    .where(
                        Activity.slug.in_(activity_slugs),
                        Enrolment.state.in_((State.ENROLLED, State.COMPLETED)),
                    )
                )
            )
            .order_by(Affiliation.name)
        )
    )


def shown_release(slug: str) -> tuple[Course, Release] | None:
    """The course with its newest release."""
    row = db.session.execute(
        select(Course, Release)
        .join(Release, and_(Release.course_id == Course.id, Release.number == newest()))
        .where(Course.slug == slug)
    ).one_or_none()
    return (row[0], row[1]) if row else None
