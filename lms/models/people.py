"""People, how they sign in, and what they may do."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.affiliations import Affiliation
from lms.models.base import Base, Hash, Key, Reference, random_reference
from lms.rules.access import Role
from lms.rules.particulars import Gender as Gender


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Person(Base):
    """Somebody, with or without a way to sign in. What a certificate says is copied at issue."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("sign_in_name = lower(sign_in_name)", name="sign_in_name_without_case"),
        Index("uq_person_sign_in_name", "sign_in_name", unique=True),
    )

    id: Mapped[Key]
    ref: Mapped[Reference]
    given_name: Mapped[str] = mapped_column(String(120))  # Latin letters, as in the passport
    family_name: Mapped[str] = mapped_column(String(120))
    own_script_name: Mapped[str] = mapped_column(String(240), default="")
    family_name_first: Mapped[bool] = mapped_column(default=False)  # how the person writes it
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
    password_at: Mapped[datetime | None]  # when it was chosen
    sign_in_name: Mapped[str | None] = mapped_column(String(60))  # of those without an address
    vouched_at: Mapped[datetime | None]  # the State, or a command, has said that they serve
    vouched_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: a command
    joined_at: Mapped[datetime | None]  # accepted the terms and chose the first password
    suspended_at: Mapped[datetime | None]
    suspended_why: Mapped[str] = mapped_column(String(400), default="")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # a duplicate of
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]  # only what totals and proof need is left

    affiliation: Mapped[Affiliation] = relationship()

    @property
    def name(self) -> str:
        """In the order in which the person writes it."""
        if self.family_name_first:
            return f"{self.family_name} {self.given_name}"
        return f"{self.given_name} {self.family_name}"


class PersonAddress(Base):
    """An address. Until its person has shown that it is theirs, somebody else may claim it too:
    so nobody learns from a refusal whether another State's officer has it."""

    __tablename__ = "person_address"
    __table_args__ = (
        UniqueConstraint("person_id", "address"),
        Index(
            "uq_person_address_confirmed",
            "address",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
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
    address: Mapped[str] = mapped_column(String(254), index=True)
    is_primary: Mapped[bool]
    confirmed_at: Mapped[datetime | None]  # only then it signs in
    bounced_at: Mapped[datetime | None]  # mail to it came back


class SignIn(Base):
    """One session of one person. The cookie holds a random id; here stands its SHA-256."""

    __tablename__ = "sign_in"
    __table_args__ = (UniqueConstraint("id_hash"),)

    id: Mapped[Key]
    ref: Mapped[Reference] = mapped_column(default=random_reference)
    id_hash: Mapped[Hash]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]  # worked as
    started_at: Mapped[datetime]
    last_seen: Mapped[datetime]  # written at most every five minutes
    proved_at: Mapped[datetime]  # the password, and the code of a factor, were last given
    factor_at: Mapped[datetime | None]  # the second factor was shown; none: not in this session
    device: Mapped[str] = mapped_column(String(80), default="")  # such as Firefox, Windows
    network: Mapped[str] = mapped_column(String(64), default="")  # HMAC of where it began
    ended_at: Mapped[datetime | None]


class SecondFactor(Base):
    """An app that makes codes (TOTP), in use from `confirmed_at` on; before that it is set up."""

    __tablename__ = "second_factor"
    __table_args__ = (
        Index(
            "uq_second_factor_in_use",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND confirmed_at IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND confirmed_at IS NOT NULL"),
        ),
        Index(
            "uq_second_factor_set_up",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND confirmed_at IS NULL"),
            postgresql_where=text("ended_at IS NULL AND confirmed_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret: Mapped[str] = mapped_column(String(200))  # encrypted with a key outside the database
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None]  # of 30 seconds since 1970: of the last code that was taken
    ended_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """Stands in for the app once. Kept as an HMAC."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("factor_id", "code_hash"),)

    id: Mapped[Key]
    factor_id: Mapped[int] = mapped_column(ForeignKey("second_factor.id"))
    code_hash: Mapped[Hash]
    used_at: Mapped[datetime | None]


class TokenPurpose(StrEnum):
    INVITATION = "invitation"
    RECOVERY = "recovery"


class LoginToken(Base):
    """A link for one use, and for an invitation a printed code: each kept as its SHA-256."""

    __tablename__ = "login_token"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("uq_login_token_code_hash", "code_hash", unique=True),
    )

    id: Mapped[Key]
    token_hash: Mapped[Hash]
    code_hash: Mapped[str | None] = mapped_column(String(64))
    purpose: Mapped[TokenPurpose] = mapped_column(default=TokenPurpose.INVITATION)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: a command
    expires_at: Mapped[datetime]
    wrong_tries: Mapped[int] = mapped_column(default=0)  # of the code, with another name
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # a newer one was made, or it was tried too often


class SignInFailure(Base):
    """A failed sign-in, counted by address typed and by network address, both as HMACs."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_account_at", "account", "at"),)

    id: Mapped[Key]
    account: Mapped[Hash]
    network: Mapped[Hash] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class RoleGrant(Base):
    """A role with its reach: all, or one affiliation, course or programme.

    Ask `RoleGrant.in_force(now)` which ones count: one that waits for a second administrator, is
    over or has ended counts for nothing.
    """

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
        CheckConstraint("granted_by <> person_id", name="never_to_oneself"),
        CheckConstraint(
            "confirmed_by <> person_id AND confirmed_by <> granted_by",
            name="confirmed_by_somebody_else",
        ),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_whom"
        ),
    )

    id: Mapped[Key]
    ref: Mapped[Reference] = mapped_column(default=random_reference)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    reach: Mapped[str] = mapped_column(String(60))  # all, affiliation:ID, course:ID, programme:ID
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: a command
    reason: Mapped[str] = mapped_column(String(400), default="")
    until: Mapped[datetime | None]  # from this instant on it reaches nothing
    needs_second: Mapped[bool] = mapped_column(default=False)  # an administrator must confirm it
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    end_reason: Mapped[str] = mapped_column(String(400), default="")

    @classmethod
    def in_force(cls, now: datetime) -> ColumnElement[bool]:
        return and_(
            cls.ended_at.is_(None),
            or_(cls.until.is_(None), cls.until > now),
            or_(cls.needs_second.is_(False), cls.confirmed_at.is_not(None)),
        )
