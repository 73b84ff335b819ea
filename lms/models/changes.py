"""What about a person is changed by decision: name, State, and two records that are one person."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Key, Reference
from lms.models.people import Person

_OPEN = text("decided_at IS NULL")


class ChangeKind(StrEnum):
    NAME = "name"
    AFFILIATION = "affiliation"


class ChangeRequest(Base):
    """A wish to change a name or a State, with what was and what is wanted; kept as history."""

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="decided_one_way"),
        Index(
            "uq_change_request_open",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ChangeKind]
    before: Mapped[dict[str, Any]]
    wanted: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(400), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    first_at: Mapped[datetime | None]  # a State needs two administrators: the first one's yes
    first_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(400), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class PersonMerge(Base):
    """Two records found to be one person, with all that is needed to take them apart again."""

    __tablename__ = "person_merge"
    __table_args__ = (
        CheckConstraint("kept_id <> gone_id", name="two_persons"),
        Index(
            "uq_person_merge_gone",
            "gone_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    moved: Mapped[dict[str, Any]]  # deeds/merging.py
    merged_at: Mapped[datetime]
    merged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
