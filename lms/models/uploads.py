"""Files of people on their way in: first rehearsed, then applied row by row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.activities import Activity
from lms.models.affiliations import Affiliation
from lms.models.base import Base, Hash, Key, Reference


class UploadState(StrEnum):
    CHECKED = "checked"  # rehearsed; nothing is written yet
    CONFIRMED = "confirmed"  # being applied, or waiting for it
    DONE = "done"
    CANCELLED = "cancelled"  # what was applied before stays
    FAILED = "failed"  # all or nothing, and a row had a mistake after all


class Upload(Base):
    """A file of people. Its content is emptied when it expires; the hash and the counts stay."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("done >= 0 AND done <= row_count", name="done_within_the_rows"),
        CheckConstraint(
            "state = 'checked' OR state = 'cancelled' OR confirmed_at IS NOT NULL",
            name="applied_only_when_confirmed",
        ),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True
    )  # none: a command
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("affiliation.id"))  # none: any
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))  # none: no places
    name: Mapped[str] = mapped_column(String(200))  # of the file, as it was sent
    sha256: Mapped[Hash]  # of the bytes sent
    size: Mapped[int]  # bytes
    encoding: Mapped[str] = mapped_column(String(20), default="")  # of a text file
    delimiter: Mapped[str] = mapped_column(String(1), default="")
    source: Mapped[bytes | None] = mapped_column(deferred=True)  # a text file: to read it again
    cells: Mapped[bytes | None] = mapped_column(deferred=True)  # the table, compressed
    row_count: Mapped[int]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    state: Mapped[UploadState] = mapped_column(default=UploadState.CHECKED, index=True)
    all_or_nothing: Mapped[bool] = mapped_column(default=False)
    tells: Mapped[bool] = mapped_column(default=False)  # the officers, by message
    confirmed_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)  # rows
    ended_at: Mapped[datetime | None]

    affiliation: Mapped[Affiliation | None] = relationship()
    activity: Mapped[Activity | None] = relationship()


class UploadRow(Base):
    """What became of one row; written in the transaction that did it."""

    __tablename__ = "upload_row"
    __table_args__ = (UniqueConstraint("upload_id", "number"),)

    id: Mapped[Key]
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    number: Mapped[int]  # in the file
    outcome: Mapped[str] = mapped_column(String(20))
    remarks: Mapped[list[Any]]  # [column, value, sentence, values] of each; emptied at expiry
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class WomenShareReason(Base):
    """Why a State nominates fewer women than the activity asks for; the newest counts."""

    __tablename__ = "women_share_reason"

    id: Mapped[Key]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    affiliation_id: Mapped[int] = mapped_column(ForeignKey("affiliation.id"))
    text: Mapped[str] = mapped_column(String(400))
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
