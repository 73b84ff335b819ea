"""The audit row of a deed, in the deed's own transaction."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, scoped_session

from lms.models import AuditEntry, AuditHead

AnySession = Session | scoped_session[Any]


def record(
    session: AnySession,
    *,
    now: datetime,
    deed: str,
    actor: int | None = None,
    object: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
) -> None:
    """Append one entry to the chain; `actor` is a person's id, None for a command or the system.

    transaction() hands the audit key over with the session. The update of the head's only row
    puts parallel writers in a line, on both databases.
    """
    seq = session.scalar(update(AuditHead).values(seq=AuditHead.seq + 1).returning(AuditHead.seq))
    assert seq is not None, "the first migration writes the head"
    previous = session.scalar(select(AuditHead.hash)) or ""
    content: dict[str, Any] = {
        "seq": seq,
        "at": now,
        "actor_id": actor,
        "deed": deed,
        "object": object,
        "before": dict(before or {}),
        "after": dict(after or {}),
        "why": why,
    }
    hashed = chained(session.info["audit_key"], previous, content)
    session.add(AuditEntry(**content, previous_hash=previous, hash=hashed))
    session.execute(update(AuditHead).values(hash=hashed))


def chained(key: str, previous: str, content: Mapping[str, Any]) -> str:
    """HMAC-SHA256 over the previous hash and the entry as canonical JSON; hexadecimal."""
    text = json.dumps(
        {**content, "at": content["at"].astimezone(UTC).isoformat()},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hmac.new(key.encode(), (previous + text).encode(), hashlib.sha256).hexdigest()
