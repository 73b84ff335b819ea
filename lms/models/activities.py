"""One held instance of a course, with its seats."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Key
from lms.models.courses import Course


class Route(StrEnum):
    OPEN = "open"
    APPLY = "apply"
    NOMINATION = "nomination"
    INVITATION = "invitation"


class Activity(Base):
    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("seats_held <= capacity", name="seats_within_capacity"),
        CheckConstraint("seats_held >= 0 AND capacity >= 0", name="seats_not_negative"),
        CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
    )

    id: Mapped[Key]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    slug: Mapped[str] = mapped_column(String(100))  # <course>-<year>-<month>
    route: Mapped[Route]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # no place is taken and no work is accepted from here on
    capacity: Mapped[int | None]  # absent: without limit
    seats_held: Mapped[int] = mapped_column(default=0)  # moved by one conditional UPDATE
    created_at: Mapped[datetime]

    course: Mapped[Course] = relationship()
