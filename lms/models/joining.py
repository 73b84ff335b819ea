"""How people come in: what they registered, what States know them by, addresses to confirm."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.affiliations import Affiliation
from lms.models.base import Base, Hash, Key, Reference

_WAITS = text("decided_at IS NULL")


class Registration(Base):
    """Somebody who asks to be vouched for. A person is made only when the State does so."""

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("address = lower(address)", name="address_without_case"),
        CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="decided_one_way"),
        Index(
            "uq_registration_waits",
            "affiliation_id",
            "address",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    affiliation_id: Mapped[int] = mapped_column(ForeignKey("affiliation.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    particulars: Mapped[dict[str, Any]]  # rules/particulars.py, without affiliation and address
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(String(400), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    affiliation: Mapped[Affiliation] = relationship()


class AffiliationDomain(Base):
    """A mail domain that a State's services use: a hint to who vouches, never a permission."""

    __tablename__ = "affiliation_domain"
    __table_args__ = (
        UniqueConstraint("affiliation_id", "domain"),
        CheckConstraint("domain = lower(domain)", name="domain_without_case"),
    )

    id: Mapped[Key]
    affiliation_id: Mapped[int] = mapped_column(ForeignKey("affiliation.id"))
    domain: Mapped[str] = mapped_column(String(200))


class AddressStep(StrEnum):
    CONFIRM = "confirm"  # sent to the new address: it is theirs
    CHANGE = "change"  # sent to the old primary address: another one may take its place


class AddressToken(Base):
    """A link for one use about one address, kept as its SHA-256."""

    __tablename__ = "address_token"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[Key]
    token_hash: Mapped[Hash]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    step: Mapped[AddressStep]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # a newer one was made, or the address was removed
