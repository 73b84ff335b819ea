"""What a trainer sees of the courses they look after."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.database import db
from lms.models import Course, CourseFile, Enrolment, Release
from lms.rules.access import Reach, Scope


@dataclass(frozen=True, slots=True)
class CourseLine:
    slug: str
    title: str
    release_id: int
    number: int
    releases: int
    published_at: datetime
    places: int
    archived: bool


def course_lines(reach: Reach) -> list[CourseLine]:
    """The courses within reach, by title, each with its newest release."""
    newest = (
        select(Release.course_id, func.max(Release.number).label("number"))
        .group_by(Release.course_id)
        .subquery()
    )
    places = (
        select(func.count(Enrolment.id))
        .join(Release, Release.id == Enrolment.release_id)
        .where(Release.course_id == Course.id)
        .correlate(Course)
        .scalar_subquery()
    )
    query = (
        select(Course, Release, newest.c.number, places)
        .join(newest, newest.c.course_id == Course.id)
        .join(Release, (Release.course_id == Course.id) & (Release.number == newest.c.number))
        .order_by(Release.title)
    )
    if reach.scope is not Scope.ALL:
        query = query.where(Course.id.in_(reach.ids))
    return [
        CourseLine(
            slug=course.slug,
            title=release.title,
            release_id=release.id,
            number=release.number,
            releases=number,
            published_at=release.published_at,
            places=held,
            archived=course.archived_at is not None,
        )
        for course, release, number, held in db.session.execute(query)
    ]


def releases(slug: str) -> list[Release]:
    """Every release of the course, the newest first."""
    return list(
        db.session.scalars(
            select(Release)
            .join(Course, Course.id == Release.course_id)
            .where(Course.slug == slug)
            .order_by(Release.number.desc())
        )
    )


def course_id(slug: str) -> int | None:
    return db.session.scalar(select(Course.id).filter_by(slug=slug))


def files(release_id: int) -> dict[str, str]:
    """Path → SHA-256 of the files of a release."""
    rows = db.session.execute(
        select(CourseFile.path, CourseFile.sha256).filter_by(release_id=release_id)
    )
    return {row.path: row.sha256 for row in rows}
