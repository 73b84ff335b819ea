"""Who did what, appended and chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Hash, Key


class AuditEntry(Base):
    """One deed. Triggers of the database refuse to change or delete a row."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("seq"),)

    id: Mapped[Key]
    seq: Mapped[int]  # from 1, without gaps
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: a command
    deed: Mapped[str] = mapped_column(String(80))
    object: Mapped[str] = mapped_column(String(200), default="")  # such as enrolment:12
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    why: Mapped[str] = mapped_column(String(400), default="")
    previous_hash: Mapped[Hash]
    hash: Mapped[Hash]


class AuditCheck(Base):
    """When the whole chain was read again, and what was found."""

    __tablename__ = "audit_check"

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    entries: Mapped[int]  # that hold
    fault: Mapped[str] = mapped_column(String(200), default="")  # empty: all hold


class AuditHead(Base):
    """The end of the chain: one row, whose lock puts writers in a line."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    seq: Mapped[int]
    hash: Mapped[Hash]
