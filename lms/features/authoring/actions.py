"""Publishing from files."""

from collections.abc import Mapping
from datetime import datetime

from lms import storage
from lms.content.values import Course
from lms.database import db, transaction
from lms.deeds import releases


def publish(
    course: Course, files: Mapping[str, bytes], *, now: datetime, note: str = ""
) -> int | None:
    """Publish the course's files as a release; gives its number, None when nothing changed.

    Raises TooMuch for a text over the limits of rendering.
    """
    if releases.is_newest(db.session, course.slug, releases.hash_of(files)):
        return None
    made = releases.make(course, files)
    with transaction() as session:
        release = releases.publish(session, made, store=storage.put, now=now, note=note)
        return release.number if release else None
