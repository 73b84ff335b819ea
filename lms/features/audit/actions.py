"""What changes when the audit log is checked or taken out."""

from collections.abc import Mapping
from datetime import datetime

from flask import current_app

from lms.database import db, transaction
from lms.deeds import audit, chain
from lms.deeds.chain import Checked
from lms.features.audit import heads
from lms.models import AuditCheck


def check(*, now: datetime) -> Checked:
    """Read the whole chain, compare it with the ends written down, keep what was found."""
    noted = heads.noted(current_app.config["DATA"])
    found = chain.check(db.session, current_app.config["AUDIT_KEY"], noted)  # no writer waits
    with transaction() as session:
        session.add(AuditCheck(at=now, entries=found.entries, fault=found.fault))
    return found


def note_export(
    *,
    filters: Mapping[str, str],
    rows: int,
    sha256: str,
    reason: str,
    now: datetime,
    actor: int,
) -> None:
    """Write who takes these entries out, before the first one leaves."""
    with transaction() as session:
        audit.record(
            session,
            now=now,
            deed="exported the audit log",
            actor=actor,
            after={"filters": dict(filters), "rows": rows, "sha256": sha256},
            why=reason,
        )
