"""One held instance of a course, its seats, and what each affiliation has of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.affiliations import Affiliation
from lms.models.base import Base, Key
from lms.models.courses import Course
from lms.rules.activities import Dates, Route
from lms.rules.approvals import Order


class Activity(Base):
    """Seats held are the places whose state holds one; see rules/seats.py for who may take one."""

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("seats_held <= capacity", name="seats_within_capacity"),
        CheckConstraint("seats_held >= 0 AND capacity >= 0", name="seats_not_negative"),
        CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
        CheckConstraint(
            "nomination_opens_at < nomination_closes_at", name="nominations_open_before_they_close"
        ),
        CheckConstraint("offer_hours > 0", name="offers_last"),
        CheckConstraint("women_target BETWEEN 0 AND 100", name="women_target_in_per_cent"),
    )

    id: Mapped[Key]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    slug: Mapped[str] = mapped_column(String(100))  # <course>-<year>-<month>
    title: Mapped[str] = mapped_column(String(200), default="")  # "": the dates are its name
    route: Mapped[Route]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # no place is taken and no work is accepted from here on
    capacity: Mapped[int | None]  # absent: without limit
    seats_held: Mapped[int] = mapped_column(default=0)  # moved by one conditional UPDATE
    created_at: Mapped[datetime]

    nomination_opens_at: Mapped[datetime | None]
    nomination_closes_at: Mapped[datetime | None]
    decision_at: Mapped[datetime | None]
    join_until: Mapped[datetime | None]  # the late policy: rules/activities.py, last_join
    release_at: Mapped[datetime | None]  # unused kept seats go to all
    released_at: Mapped[datetime | None]  # the job did it
    substitute_until: Mapped[datetime | None]  # absent: until the first day
    access_until: Mapped[datetime | None]  # reading after the end; absent: without limit
    archived_at: Mapped[datetime | None]

    approval_order: Mapped[Order] = mapped_column(default=Order.NONE)
    second_focal_point: Mapped[bool] = mapped_column(default=False)  # the State's own four eyes
    asks_consent: Mapped[bool] = mapped_column(default=False)  # the officer answers an offer
    offer_hours: Mapped[int] = mapped_column(default=48)
    common_pool: Mapped[bool] = mapped_column(default=True)  # also for those without a quota
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)  # eligibility.Conditions

    language: Mapped[str] = mapped_column(String(20), default="en")  # that people work in
    funding_project: Mapped[str] = mapped_column(String(120), default="")
    donors: Mapped[str] = mapped_column(String(400), default="")
    women_target: Mapped[int] = mapped_column(default=30)  # per cent of those nominated

    course: Mapped[Course] = relationship()

    @property
    def dates(self) -> Dates:
        return Dates(
            begins=self.begins_at,
            ends=self.ends_at,
            opens=self.nomination_opens_at,
            closes=self.nomination_closes_at,
            decides=self.decision_at,
            join_until=self.join_until,
            release=self.release_at,
            substitute_until=self.substitute_until,
            access_until=self.access_until,
            archived=self.archived_at,
        )


class Quota(Base):
    """What one affiliation has in an activity. Without a row it has a share of the common pool."""

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("activity_id", "affiliation_id"),
        CheckConstraint("seats_held <= maximum", name="seats_within_maximum"),
        CheckConstraint("guaranteed <= maximum", name="guaranteed_within_maximum"),
        CheckConstraint("seats_held >= 0 AND guaranteed >= 0", name="seats_not_negative"),
    )

    id: Mapped[Key]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    affiliation_id: Mapped[int] = mapped_column(ForeignKey("affiliation.id"), index=True)
    guaranteed: Mapped[int] = mapped_column(default=0)  # kept until the release
    maximum: Mapped[int | None]  # absent: as many as there are; 0: nobody
    seats_held: Mapped[int] = mapped_column(default=0)  # moved with the activity's

    affiliation: Mapped[Affiliation] = relationship()
