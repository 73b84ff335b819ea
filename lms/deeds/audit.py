"""The audit row of a deed, in the deed's own transaction."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session, scoped_session

from lms.models import AuditEntry, AuditHead

AnySession = Session | scoped_session[Any]
WAITING = "audit_waiting"  # in session.info: entries of a block of together()


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
    content: dict[str, Any] = {
        "at": now,
        "actor_id": actor,
        "deed": deed,
        "object": object,
        "before": dict(before or {}),
        "after": dict(after or {}),
        "why": why,
    }
    waiting: list[dict[str, Any]] | None = session.info.get(WAITING)
    if waiting is None:
        _append(session, [content])
    else:
        waiting.append(content)


@contextmanager
def together(session: AnySession) -> Iterator[None]:
    """Append what the block records at its end, in that order, with the head moved once.

    For many deeds in one transaction. A block inside another adds to it; one that ends with an
    exception leaves no entry, as its savepoint leaves no deed.
    """
    outer = session.info.get(WAITING)
    mine: list[dict[str, Any]] = []
    session.info[WAITING] = mine
    try:
        yield
    finally:
        session.info[WAITING] = outer
    if outer is not None:
        outer.extend(mine)
    elif mine:
        _append(session, mine)


def _append(session: AnySession, contents: Sequence[dict[str, Any]]) -> None:
    count = len(contents)
    seq, previous = session.execute(
        update(AuditHead)
        .values(seq=AuditHead.seq + count)
        .returning(AuditHead.seq, AuditHead.hash)
        .execution_options(synchronize_session=False)
    ).one()
    entries = []
    for number, content in enumerate(contents, seq - count + 1):
        entry = {"seq": number, **content}
        hashed = chained(session.info["audit_key"], previous, entry)
        entries.append({**entry, "previous_hash": previous, "hash": hashed})
        previous = hashed
    session.execute(insert(AuditEntry), entries)
    session.execute(
        update(AuditHead).values(hash=previous).execution_options(synchronize_session=False)
    )


def chained(key: str, previous: str, content: Mapping[str, Any]) -> str:
    """HMAC-SHA256 over the previous hash and the entry as canonical JSON; hexadecimal."""
    text = json.dumps(
        {**content, "at": content["at"].astimezone(UTC).isoformat()},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hmac.new(key.encode(), (previous + text).encode(), hashlib.sha256).hexdigest()
