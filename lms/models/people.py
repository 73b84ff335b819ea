"""People, how they sign in, and what they may do."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.affiliations import Affiliation
from lms.models.base import Base, Hash, Key, Reference
from lms.rules.access import Role


class Gender(StrEnum):
    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"
    NOT_STATED = "not_stated"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Person(Base):
    """Somebody, with or without a way to sign in. What a certificate says is copied at issue."""

    __tablename__ = "person"

    id: Mapped[Key]
    ref: Mapped[Reference]
    given_name: Mapped[str] = mapped_column(String(120))  # Latin letters, as in the passport
    family_name: Mapped[str] = mapped_column(String(120))
    own_script_name: Mapped[str] = mapped_column(String(240), default="")
    gender: Mapped[Gender] = mapped_column(default=Gender.NOT_STATED)
    affiliation_id: Mapped[int] = mapped_column(ForeignKey("affiliation.id"), index=True)
    agency: Mapped[str] = mapped_column(String(200), default="")
    agency_type: Mapped[str] = mapped_column(String(40), default="")
    rank_band: Mapped[str] = mapped_column(String(40), default="")
    function: Mapped[str] = mapped_column(String(120), default="")
    languages: Mapped[list[str]] = mapped_column(default=list)
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Vienna")
    language: Mapped[str] = mapped_column(String(20), default="en")  # of the interface
    theme: Mapped[Theme] = mapped_column(default=Theme.SYSTEM)
    extra_time: Mapped[Fraction] = mapped_column(default=Fraction(1))  # times the limit of a quiz
    password_hash: Mapped[str | None]  # argon2id; absent: cannot sign in
    suspended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    affiliation: Mapped[Affiliation] = relationship()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class PersonAddress(Base):
    __tablename__ = "person_address"
    __table_args__ = (
        UniqueConstraint("address"),
        CheckConstraint("address = lower(address)", name="address_without_case"),
        Index(
            "uq_person_address_primary",
            "person_id",
            unique=True,
            sqlite_where=text("is_primary"),
            postgresql_where=text("is_primary"),
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    is_primary: Mapped[bool]
    bounced_at: Mapped[datetime | None]  # mail to it came back


class SignIn(Base):
    """One session of one person. The cookie holds a random id; here stands its SHA-256."""

    __tablename__ = "sign_in"
    __table_args__ = (UniqueConstraint("id_hash"),)

    id: Mapped[Key]
    id_hash: Mapped[Hash]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]  # worked as
    started_at: Mapped[datetime]
    last_seen: Mapped[datetime]  # written at most every five minutes
    ended_at: Mapped[datetime | None]


class LoginToken(Base):
    """A link for one use, kept as its SHA-256."""

    __tablename__ = "login_token"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[Key]
    token_hash: Mapped[Hash]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A failed sign-in, counted by address typed and by network address, both as HMACs."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_account_at", "account", "at"),)

    id: Mapped[Key]
    account: Mapped[Hash]
    network: Mapped[Hash] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class RoleGrant(Base):
    """A role with its reach: all, or one affiliation, course or programme."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_open",
            "person_id",
            "role",
            "reach",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    reach: Mapped[str] = mapped_column(String(60))  # all, affiliation:ID, course:ID, programme:ID
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: a command
    reason: Mapped[str] = mapped_column(String(400), default="")
    ended_at: Mapped[datetime | None]
