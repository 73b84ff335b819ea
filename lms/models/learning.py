"""What officers did: places, finished units, attempts, answers, grades, evaluations."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Enum,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.activities import Activity
from lms.models.base import Base, Key, Reference, values_of
from lms.models.courses import Release, Unit
from lms.models.people import Person
from lms.rules.approvals import Decision, Side
from lms.rules.eligibility import Condition
from lms.rules.enrolments import State

OPEN_STATES = (
    State.DRAFT,
    State.SUBMITTED,
    State.WAIT_LISTED,
    State.OFFERED,
    State.ENROLLED,
    State.COMPLETED,
)
_IS_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_STATES)))
_NOT_HANDED_IN = text("handed_in_at IS NULL")


class Enrolment(Base):
    """One officer's place in one activity, and the release it was taken on."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_open",
            "person_id",
            "activity_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        CheckConstraint(
            "(state = 'completed') = (completed_at IS NOT NULL)", name="completed_has_its_instant"
        ),
        CheckConstraint(
            "(state = 'offered') = (offered_until IS NOT NULL)", name="offered_has_its_instant"
        ),
        CheckConstraint("rank >= 1", name="ranks_from_one"),
        # sent again after a lost answer, a nomination is found and not made anew
        Index("uq_enrolment_nominated_by_key", "nominated_by", "nomination_key", unique=True),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    affiliation_id: Mapped[int] = mapped_column(ForeignKey("affiliation.id"), index=True)  # then
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    state: Mapped[State]
    began_at: Mapped[datetime]  # the place was taken; until then: it was asked for
    completed_at: Mapped[datetime | None]
    last_unit: Mapped[str] = mapped_column(String(200), default="")  # written when it changes
    last_at: Mapped[datetime | None]

    nominated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: the officer
    nomination_key: Mapped[str | None] = mapped_column(String(64))
    motivation: Mapped[str] = mapped_column(String(2000), default="")
    rank: Mapped[int | None]  # order of preference of the State, from 1
    waiting_since: Mapped[datetime | None]  # on the waiting list, or was
    offered_until: Mapped[datetime | None]  # while an offer waits for the officer's answer
    takes_over_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))  # whose seat

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    release: Mapped[Release] = relationship()


def _named(name: str) -> Enum:
    """A state whose check bears the column's name: PostgreSQL wants one name for each check."""
    return Enum(
        State,
        name=name,
        values_callable=values_of,
        native_enum=False,
        create_constraint=True,
        length=40,
    )


class EnrolmentStep(Base):
    """One move of a place; a replay of the steps gives its state."""

    __tablename__ = "enrolment_step"
    __table_args__ = (UniqueConstraint("enrolment_id", "number"),)

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    number: Mapped[int]  # from 1
    from_state: Mapped[State | None] = mapped_column(_named("from_state"))
    to_state: Mapped[State] = mapped_column(_named("to_state"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: the system
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(400), default="")


class Approval(Base):
    """What the State or SPMU decided about a place; the last of a side counts."""

    __tablename__ = "approval"

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    side: Mapped[Side]
    decision: Mapped[Decision]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason_code: Mapped[str] = mapped_column(String(40), default="")  # rules.approvals.Why
    reason: Mapped[str] = mapped_column(String(400), default="")


class Waiver(Base):
    """A condition that was waived for one place."""

    __tablename__ = "waiver"
    __table_args__ = (UniqueConstraint("enrolment_id", "condition"),)

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    condition: Mapped[Condition]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(400))


class UnitCompletion(Base):
    """The officer finished this unit; never taken back or re-dated by an edit."""

    __tablename__ = "unit_completion"
    __table_args__ = (UniqueConstraint("enrolment_id", "unit_key"),)

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    unit_key: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    at: Mapped[datetime]


class Ending(StrEnum):
    """Why an attempt is over. All causes lead to the same state and page."""

    BUTTON = "button"
    TIME = "time"
    CLOSE = "close"  # the activity ended, or a lesson closed the pre-test
    STAFF = "staff"


class Attempt(Base):
    """One try at a quiz, with all that makes its pages: seed and questions drawn."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "unit_key", "number"),
        Index(
            "uq_attempt_open",
            "enrolment_id",
            "unit_key",
            unique=True,
            sqlite_where=_NOT_HANDED_IN,
            postgresql_where=_NOT_HANDED_IN,
        ),
        CheckConstraint("(handed_in_at IS NULL) = (ending IS NULL)", name="handed_in_has_a_cause"),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_key: Mapped[str] = mapped_column(String(200))
    number: Mapped[int]  # from 1, over all releases
    seed: Mapped[bytes]
    drawn: Mapped[list[str]]  # question ids in the order shown
    language: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    deadline: Mapped[datetime | None] = mapped_column(index=True)
    factor: Mapped[Fraction] = mapped_column(default=Fraction(1))  # the person's extra time
    extra_minutes: Mapped[int] = mapped_column(default=0)  # given by staff on top
    reached: Mapped[int] = mapped_column(default=1)  # forward only: the question asked now
    held_by: Mapped[int | None]  # the session (sign_in.id) that answers; sessions may go earlier
    held_at: Mapped[datetime | None]  # its last save
    handed_in_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]
    answers_erased_at: Mapped[datetime | None]  # what was typed is gone, the grade stays

    enrolment: Mapped[Enrolment] = relationship()
    unit: Mapped[Unit] = relationship()


class Answer(Base):
    """The latest answer to one question of an attempt.

    The higher (sequence, device) wins, in whatever order answers arrive; `device` only decides
    between two that were given the same number.
    """

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id"),)

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question_id: Mapped[str] = mapped_column(String(100))
    value: Mapped[dict[str, Any]]  # rules.questions.Answer.as_dict()
    sequence: Mapped[int]
    device: Mapped[str] = mapped_column(String(16), default="")  # a random word of one open page
    flagged: Mapped[bool] = mapped_column(default=False)  # marked for review by the officer
    saved_at: Mapped[datetime]


class LateAnswer(Base):
    """An answer that came when the attempt was over: kept, and marked only if staff accept it."""

    __tablename__ = "late_answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question_id"),
        CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_has_its_person"
        ),
    )

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question_id: Mapped[str] = mapped_column(String(100))
    value: Mapped[dict[str, Any]]  # rules.questions.Answer.as_dict()
    sequence: Mapped[int]
    device: Mapped[str] = mapped_column(String(16), default="")
    received_at: Mapped[datetime]  # by the server's clock
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    replaced: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # what counted before


class AttemptGrant(Base):
    """More minutes for one attempt, or one more attempt at a quiz, by a person with a reason."""

    __tablename__ = "attempt_grant"
    __table_args__ = (
        CheckConstraint("(attempt_id IS NULL) = (minutes = 0)", name="minutes_or_an_attempt"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
        Index("ix_attempt_grant_enrolment_id_unit_key", "enrolment_id", "unit_key"),
    )

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    unit_key: Mapped[str] = mapped_column(String(200))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    minutes: Mapped[int] = mapped_column(default=0)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(400))


class ActivityTime(Base):
    """More minutes for every attempt of an activity that begins from then on."""

    __tablename__ = "activity_time"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes_above_zero"),)

    id: Mapped[Key]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    unit_key: Mapped[str] = mapped_column(String(200), default="")  # "": every quiz with a limit
    minutes: Mapped[int]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(400))


class AttemptVisit(Base):
    """An attempt was begun on, or moved to, this session, network or browser; for a human to read.

    No penalty follows from it. Evaluations have none.
    """

    __tablename__ = "attempt_visit"
    __table_args__ = (UniqueConstraint("attempt_id", "number"),)

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    number: Mapped[int]  # from 1
    session: Mapped[int]  # sign_in.id; sessions may go earlier
    network: Mapped[str] = mapped_column(String(64))  # address, or the /64 of IPv6
    browser: Mapped[str] = mapped_column(String(200))  # as it names itself
    at: Mapped[datetime]


class Grade(Base):
    """One marking of an attempt; the last number counts. Added, never changed."""

    __tablename__ = "grade"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_of_the_points"),
    )

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    number: Mapped[int]  # from 1
    earned: Mapped[Fraction]  # points
    possible: Mapped[Fraction]  # points
    percent: Mapped[float]  # for sorting and medians only; the fractions decide
    passed: Mapped[bool | None]  # none: the quiz has no pass mark
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: by the key
    why: Mapped[str] = mapped_column(String(400), default="")
    at: Mapped[datetime]


class SurveyResponse(Base):
    """An evaluation that nothing ties to the person: no instant, no number, a random key."""

    __tablename__ = "survey_response"
    __table_args__ = ({"sqlite_with_rowid": False},)  # a hidden number would keep the order

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    unit_key: Mapped[str] = mapped_column(String(200))
    month: Mapped[str] = mapped_column(String(7))  # 2026-11
    answers: Mapped[dict[str, Any]]  # question id → rules.questions.Answer.as_dict()


class SurveyReceipt(Base):
    """This place has sent its evaluation."""

    __tablename__ = "survey_receipt"
    __table_args__ = (UniqueConstraint("enrolment_id", "unit_key"),)

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    unit_key: Mapped[str] = mapped_column(String(200))


def is_latest_grade() -> ColumnElement[bool]:
    """Whether a row of `grade` is the one that counts for its attempt."""
    newer = Grade.__table__.alias("newer_grade")
    return ~exists().where(
        newer.c.attempt_id == Grade.attempt_id, newer.c.number > Grade.number
    ).correlate(Grade)
