"""Wishes to be forgotten, and what was not kept longer than it may be."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Key, Reference
from lms.models.people import Person

_OPEN = text("ended_at IS NULL")


class Erasure(Base):
    """A person asks for erasure; one administrator accepts, another confirms, and it is done."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("first_by <> second_by", name="two_administrators"),
        CheckConstraint("erased_at IS NULL OR ended_at IS NOT NULL", name="erased_is_ended"),
        Index(
            "uq_erasure_open",
            "person_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    first_at: Mapped[datetime | None]  # accepted
    first_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: the job
    ended_at: Mapped[datetime | None]  # taken back, declined or done
    answer: Mapped[str] = mapped_column(String(400), default="")  # why it was declined
    erased_at: Mapped[datetime | None]
    files: Mapped[list[str]] = mapped_column(default=list)  # in the data folder, still to go

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class RetentionRun(Base):
    """A day on which the periods were carried out, and how many rows each concerned."""

    __tablename__ = "retention_run"

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    counts: Mapped[dict[str, Any]]
