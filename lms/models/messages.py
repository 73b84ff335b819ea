"""What people are told: one row for each message, whether or not mail reaches them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Key, Reference


class Delivery(StrEnum):
    """How far the mail got. The message itself is in the application from the first moment on."""

    QUEUED = "queued"
    SENT = "sent"
    IN_APP = "in_app"  # not mailed: no address, or not wanted
    BOUNCED = "bounced"  # the address refuses mail
    DEAD = "dead"  # given up after the last try


class Message(Base):
    """One event told to one person. The words are made when it is read or sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("event", "person_id"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_instant"),
        CheckConstraint("state = 'queued' OR token = ''", name="token_only_while_queued"),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        Index(
            "ix_outbox_due",
            "next_try_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_outbox_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_outbox_person_id_made_at", "person_id", "made_at"),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    kind: Mapped[str] = mapped_column(String(40))  # rules/messages.py
    event: Mapped[str] = mapped_column(String(200))  # such as enrolment:12:offered:3
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(String(254), default="")  # empty: the primary one
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the placeholders say
    link: Mapped[str] = mapped_column(Text, default="")  # a path of the application
    token: Mapped[str] = mapped_column(String(200), default="")  # end of a secret link
    made_at: Mapped[datetime]
    state: Mapped[Delivery] = mapped_column(default=Delivery.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]  # by the person, in the application
    error: Mapped[str] = mapped_column(String(400), default="")  # of the last try


class MessageTemplate(Base):
    """Words of an administrator for one kind in one language, in place of the built-in ones."""

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("kind", "language"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class MessagePreference(Base):
    """Whether a person wants mail of this kind; without a row he does."""

    __tablename__ = "message_preference"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    by_mail: Mapped[bool]
