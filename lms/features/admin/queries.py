"""What an administrator must know about the running system."""

import sys
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import func, select, text

from lms.database import db
from lms.models import (
    Attempt,
    AuditHead,
    Certificate,
    Course,
    Delivery,
    Erasure,
    Message,
    Person,
    SignIn,
)
from lms.web import migrating


@dataclass(frozen=True, slots=True)
class Health:
    database: str
    database_version: str
    migration: str
    newest_migration: str
    overdue_attempts: int
    open_sign_ins: int
    people: int
    courses: int
    certificates: int
    certificates_without_file: int
    audit_entries: int
    erasures_asked: int
    letters_given_up: int
    versions: tuple[tuple[str, str], ...]

    @property
    def migrated(self) -> bool:
        return self.migration == self.newest_migration


def health(now: datetime) -> Health:
    sqlite = db.engine.dialect.name == "sqlite"
    ask = "SELECT sqlite_version()" if sqlite else "SHOW server_version"
    overdue = select(func.count(Attempt.id)).where(
        Attempt.handed_in_at.is_(None), Attempt.deadline < now
    )
    count = db.session.execute(
        select(
            overdue.scalar_subquery(),
            select(func.count(SignIn.id)).where(SignIn.ended_at.is_(None)).scalar_subquery(),
            select(func.count(Person.id)).scalar_subquery(),
            select(func.count(Course.id)).scalar_subquery(),
            select(func.count(Certificate.id)).scalar_subquery(),
            select(func.count(Certificate.id))
            .where(Certificate.pdf_sha256.is_(None))
            .scalar_subquery(),
            select(func.coalesce(func.max(AuditHead.seq), 0)).scalar_subquery(),
            select(func.count(Erasure.id)).where(Erasure.ended_at.is_(None)).scalar_subquery(),
            select(func.count(Message.id)).where(Message.state == Delivery.DEAD).scalar_subquery(),
        )
    ).one()
    return Health(
        "SQLite" if sqlite else "PostgreSQL",
        str(db.session.scalar(text(ask))).split()[0],  # a server adds who built it
        migrating.current(db.engine) or "none",
        migrating.head(db.engine) or "none",
        *count,
        versions=(
            ("Python", sys.version.split()[0]),
            *((name, version(name)) for name in ("lms", "flask", "sqlalchemy", "typst", "nh3")),
        ),
    )
