"""Whom officers serve: participating States, Partners, OSCE structures, organizations."""

from datetime import date
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from lms.models.base import Base, Key


class AffiliationKind(StrEnum):
    PARTICIPATING_STATE = "participating_state"
    MEDITERRANEAN_PARTNER = "mediterranean_partner"
    ASIAN_PARTNER = "asian_partner"
    OSCE_STRUCTURE = "osce_structure"
    ORGANIZATION = "organization"


PARTNERS = (AffiliationKind.MEDITERRANEAN_PARTNER, AffiliationKind.ASIAN_PARTNER)


class Affiliation(Base):
    """A State, a Partner for Co-operation, an OSCE structure or an organization."""

    __tablename__ = "affiliation"
    __table_args__ = (UniqueConstraint("code"), UniqueConstraint("name"))

    id: Mapped[Key]
    code: Mapped[str]  # ISO 3166-1 alpha-2 for States; a short word for the others
    name: Mapped[str]  # the official name
    kind: Mapped[AffiliationKind]
    joined: Mapped[date | None]
    languages: Mapped[list[str]]  # BCP 47 tags of its working languages
