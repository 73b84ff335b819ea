"""Opening an activity."""

from datetime import datetime

from sqlalchemy import func, select

from lms.database import transaction
from lms.deeds import audit
from lms.models import Activity, Course, Release, Route
from lms.rules.refusal import Refusal


def open_activity(
    course_slug: str,
    *,
    begins_at: datetime,
    ends_at: datetime,
    capacity: int | None,
    now: datetime,
) -> str:
    """An activity that every officer may join; gives its slug, `<course>-<year>-<month>`.

    A second one of the same month gets a number at the end. Raises Refusal for a course that is
    not there or not published, and for an end before the beginning.
    """
    if begins_at >= ends_at:
        raise Refusal("The last day must come after the first day.")
    if capacity is not None and capacity < 1:
        raise Refusal("An activity needs at least one place.")
    with transaction() as session:
        course = session.scalar(select(Course).filter_by(slug=course_slug).with_for_update())
        if course is None or not session.scalar(
            select(func.count(Release.id)).filter_by(course_id=course.id)
        ):
            raise Refusal(
                "There is no published course {course_slug}. Load it first.",
                course_slug=course_slug,
            )
        base = slug = f"{course_slug}-{begins_at:%Y-%m}"
        taken = set(session.scalars(select(Activity.slug).filter_by(course_id=course.id)))
        number = 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        session.add(
            Activity(
                course_id=course.id,
                slug=slug,
                route=Route.OPEN,
                begins_at=begins_at,
                ends_at=ends_at,
                capacity=capacity,
                seats_held=0,
                created_at=now,
            )
        )
        audit.record(
            session,
            now=now,
            deed="opened an activity",
            object=f"activity:{slug}",
            after={"capacity": capacity, "from": begins_at.isoformat(), "to": ends_at.isoformat()},
        )
        return slug
