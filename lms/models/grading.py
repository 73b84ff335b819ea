"""What trainers do to results: marks of texts, and remedies for wrong keys."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Key, Reference
from lms.rules.regrading import Remedy


class Essay(Base):
    """A text that a trainer marks. Made when the attempt is handed in; a blank one has none."""

    __tablename__ = "essay"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question_id"),
        Index("ix_essay_waiting", "marked_at", "attempt_id"),
        CheckConstraint(
            "marked_at IS NULL OR (points IS NOT NULL AND marked_by IS NOT NULL)",
            name="marked_has_points_and_a_marker",
        ),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim_has_its_end"),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]  # says nothing of the officer or the attempt
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    question_id: Mapped[str] = mapped_column(String(100))
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_until: Mapped[datetime | None]
    points: Mapped[Fraction | None]  # a draft until marked_at
    steps: Mapped[list[Any]] = mapped_column(default=list)  # of the rubric that it has, from 0
    comment: Mapped[str] = mapped_column(Text, default="")  # the officer reads it once marked
    drafted_at: Mapped[datetime | None]
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime | None]


class RegradeState(StrEnum):
    WAITING = "waiting"  # for a second person
    RUNNING = "running"
    DONE = "done"
    DECLINED = "declined"  # by the second person


class Regrade(Base):
    """One remedy for one question of some releases, decided once and then applied by a job."""

    __tablename__ = "regrade"
    __table_args__ = (
        UniqueConstraint("once"),
        Index("ix_regrade_question", "course_id", "unit_key", "question_id"),
        CheckConstraint(
            "NOT lowers OR state IN ('waiting', 'declined') OR confirmed_by IS NOT NULL",
            name="lowering_has_a_second_person",
        ),
        CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> asked_by", name="second_person_is_another"
        ),
        CheckConstraint(
            "(remedy IN ('new_key', 'accept')) = (key IS NOT NULL)", name="key_where_one_is_used"
        ),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    once: Mapped[str] = mapped_column(String(32))  # of the form: a second press finds this row
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    unit_key: Mapped[str] = mapped_column(String(200))  # of the quiz that holds the question
    question_id: Mapped[str] = mapped_column(String(100))
    unit_ids: Mapped[list[Any]]  # of that quiz, one of each release that the remedy is for
    remedy: Mapped[Remedy]
    key: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # a Question
    lowers: Mapped[bool]  # results may fall; else those that would are kept
    tells: Mapped[bool]  # officers whose result changed
    why: Mapped[str] = mapped_column(String(400))
    state: Mapped[RegradeState]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class RegradeOutcome(StrEnum):
    CHANGED = "changed"  # another grade was added
    SAME = "same"
    KEPT = "kept"  # it would have fallen, so this remedy does not count for the attempt


class Regraded(Base):
    """What a regrade did to one attempt: the remedies that count for an attempt are its rows."""

    __tablename__ = "regraded"
    __table_args__ = (UniqueConstraint("regrade_id", "attempt_id"),)

    id: Mapped[Key]
    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    outcome: Mapped[RegradeOutcome]
    at: Mapped[datetime]
