"""What an officer sees of their own learning."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds.timing import granted
from lms.models import (
    Activity,
    Attempt,
    Certificate,
    Course,
    CourseFile,
    Enrolment,
    Grade,
    Release,
    Unit,
    UnitCompletion,
    UnitKind,
    is_latest_grade,
)
from lms.rules.enrolments import State
from lms.web.outlines import PLACE_STATES, closed_to_readers


def unit_text(unit_id: int) -> Unit:
    """The unit with its HTML and facts."""
    return db.session.scalars(
        select(Unit).filter_by(id=unit_id).options(undefer(Unit.html), undefer(Unit.facts))
    ).one()


def glossary(release_id: int) -> list[list[str]]:
    """[term, anchor, HTML] of the release."""
    return db.session.scalars(select(Release.glossary).filter_by(id=release_id)).one()


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One of the officer's courses on the dashboard."""

    slug: str
    title: str
    state: State
    done: int
    of: int
    last_at: datetime | None
    completed_at: datetime | None
    ends_at: datetime
    certificate: str | None

    def status(self, now: datetime) -> str:
        if self.state is State.COMPLETED:
            return "completed"
        if self.state is not State.ENROLLED:
            return self.state.value
        if now >= self.ends_at:
            return "overdue"
        return "in_progress" if self.last_at else "not_started"


def place_lines(person_id: int) -> list[PlaceLine]:
    """The officer's places, those to go on with first."""
    lessons = (
        select(func.count(Unit.id))
        .where(Unit.release_id == Enrolment.release_id, Unit.kind == UnitKind.LESSON)
        .scalar_subquery()
    )
    done = (
        select(func.count(UnitCompletion.id))
        .join(
            Unit,
            and_(Unit.release_id == Enrolment.release_id, Unit.key == UnitCompletion.unit_key),
        )
        .where(UnitCompletion.enrolment_id == Enrolment.id, Unit.kind == UnitKind.LESSON)
        .scalar_subquery()
    )
    code = (
        select(func.max(Certificate.code))
        .where(
            Certificate.enrolment_id == Enrolment.id,
            Certificate.revoked_at.is_(None),
            Certificate.replaced_by.is_(None),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Enrolment, Course.slug, Release.title, Activity.ends_at, done, lessons, code)
        .join(Release, Release.id == Enrolment.release_id)
        .join(Course, Course.id == Release.course_id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state.in_((*PLACE_STATES, State.FAILED, State.EXPIRED)),
        )
        .order_by(
            Enrolment.completed_at.is_not(None),
            func.coalesce(Enrolment.last_at, Enrolment.began_at).desc(),
        )
    ).all()
    return [
        PlaceLine(
            slug=slug,
            title=title,
            state=place.state,
            done=finished,
            of=of,
            last_at=place.last_at,
            completed_at=place.completed_at,
            ends_at=ends_at,
            certificate=certificate,
        )
        for place, slug, title, ends_at, finished, of, certificate in rows
    ]


@dataclass(frozen=True, slots=True)
class Tries:
    """What an officer has done at one quiz."""

    handed_in: tuple[datetime, ...]
    open_ref: str | None
    best_percent: float | None
    passed: bool
    last_ref: str | None  # of the last one handed in
    granted: int  # attempts that staff gave on top


def tries(enrolment_id: int, unit_key: str) -> Tries:
    """The attempts of the place at the quiz, over all releases."""
    rows = db.session.execute(
        select(
            Attempt.ref,
            Attempt.handed_in_at,
            Grade.percent,
            Grade.passed,
            granted(enrolment_id, unit_key).label("granted"),
        )
        .outerjoin(Grade, and_(Grade.attempt_id == Attempt.id, is_latest_grade()))
        .where(Attempt.enrolment_id == enrolment_id, Attempt.unit_key == unit_key)
        .order_by(Attempt.number)
    ).all()
    closed = [row for row in rows if row.handed_in_at]
    return Tries(
        handed_in=tuple(row.handed_in_at for row in closed),
        open_ref=next((row.ref for row in rows if not row.handed_in_at), None),
        best_percent=max((row.percent for row in closed if row.percent is not None), default=None),
        passed=any(row.passed for row in closed),
        last_ref=closed[-1].ref if closed else None,
        granted=rows[0].granted if rows else 0,
    )


def course_file(slug: str, person_id: int, sha_start: str, name: str, *, anybody: bool) -> Any:
    """(path, sha256) of a media file of a release that the person may read; None otherwise."""
    query = (
        select(CourseFile.path, CourseFile.sha256)
        .join(Release, Release.id == CourseFile.release_id)
        .join(Course, Course.id == Release.course_id)
        .where(
            Course.slug == slug,
            CourseFile.sha256.startswith(sha_start, autoescape=True),
            CourseFile.path.startswith("media/"),
            CourseFile.path.endswith(f"/{name}", autoescape=True),
        )
        .limit(1)
    )
    if not anybody:
        query = query.join(
            Enrolment,
            and_(
                Enrolment.release_id == Release.id,
                Enrolment.person_id == person_id,
                Enrolment.state.in_(PLACE_STATES),
                Enrolment.activity_id.not_in(closed_to_readers()),
            ),
        )
    return db.session.execute(query).one_or_none()


def course_id(slug: str) -> int | None:
    return db.session.scalar(select(Course.id).filter_by(slug=slug))
