"""Proof of completion."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Hash, Key
from lms.models.learning import Enrolment

_IS_VALID = text("revoked_at IS NULL AND replaced_by IS NULL")


class CertificateKind(StrEnum):
    COMPLETION = "completion"


class Certificate(Base):
    """What was proved, with a snapshot of all it says. Never deleted."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("code"),
        Index(
            "uq_certificate_valid",
            "enrolment_id",
            "kind",
            unique=True,
            sqlite_where=_IS_VALID,
            postgresql_where=_IS_VALID,
        ),
    )

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[CertificateKind]
    code: Mapped[str] = mapped_column(String(20))  # rules/certificates.py
    issued_at: Mapped[datetime]
    expires_on: Mapped[date | None]  # the last day on which it is valid, Vienna
    snapshot: Mapped[dict[str, Any]]  # all that the paper and the check page say
    pdf_sha256: Mapped[Hash | None]  # set once, when the file is first made
    revoked_at: Mapped[datetime | None]
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))

    enrolment: Mapped[Enrolment] = relationship()
