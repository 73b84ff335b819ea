"""Whether the audit log is whole: nothing changed, dropped, added, swapped or cut off."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, cast, select, type_coerce
from sqlalchemy.exc import DBAPIError

from lms.deeds.audit import AnySession, chained
from lms.models import AuditEntry, AuditHead

ROWS_AT_A_TIME = 1_000
_ON_SQLITE = "%Y-%m-%d %H:%M:%S.%f"  # how SQLAlchemy writes an instant there


@dataclass(frozen=True, slots=True)
class Checked:
    """How many entries hold, and the first that does not; `fault` is empty when all do."""

    entries: int
    fault: str = ""


def check(session: AnySession, key: str, noted: Mapping[int, str] | None = None) -> Checked:
    """Read the whole log once, in its order, and name the first broken entry.

    What is compared is the stored text itself, so that one changed byte shows. `noted` are ends of
    the log (number → hash) that were written down elsewhere: whoever cuts the log and makes its
    head fit is found by them.
    """
    left = dict(noted or {})
    before = _head(session)
    if before is None:
        return Checked(0, "the head of the log is missing")
    left.setdefault(before[0], before[1])
    left.pop(0, None)
    seq, previous = 0, ""
    try:
        for row in _rows(session):
            seq += 1
            if row["seq"] != seq:
                return Checked(seq - 1, f"entry {seq} is missing")
            content = _content(row)
            if content is None or row["hash"] != chained(key, previous, content):
                return Checked(seq - 1, f"entry {seq} was changed, or another put in its place")
            if row["previous_hash"] != previous:
                return Checked(seq - 1, f"entry {seq} does not follow the one before it")
            previous = row["hash"]
            if left.pop(seq, previous) != previous:
                return Checked(seq - 1, f"entry {seq} is not the one that was written down")
    except DBAPIError:
        return Checked(seq, f"entry {seq + 1} or one soon after it cannot be read")
    after = _head(session)  # others may have written while this was read
    if left:
        return Checked(seq, f"entry {seq + 1} is missing: the log once had {max(left)} entries")
    if after is None or seq > after[0] or (seq == after[0] and previous != after[1]):
        return Checked(seq, f"the log has {seq} entries, but its head says otherwise")
    return Checked(seq)


def _head(session: AnySession) -> tuple[int, str] | None:
    row = session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return (row.seq, row.hash) if row else None


def _rows(session: AnySession) -> Iterator[Mapping[str, Any]]:
    """The rows as they are stored: JSON and, on SQLite, instants as text."""
    raw = (
        select(
            AuditEntry.seq,
            type_coerce(AuditEntry.at, Text).label("at"),
            AuditEntry.actor_id,
            AuditEntry.deed,
            AuditEntry.object,
            cast(AuditEntry.before, Text).label("before"),
            cast(AuditEntry.after, Text).label("after"),
            AuditEntry.why,
            AuditEntry.previous_hash,
            AuditEntry.hash,
        )
        .order_by(AuditEntry.seq)
        .limit(ROWS_AT_A_TIME)
    )
    found = session.execute(raw).mappings().all()
    while found:
        for row in found:
            yield dict(row)
        found = session.execute(raw.where(AuditEntry.seq > found[-1]["seq"])).mappings().all()


def _content(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was hashed; None when a value is not as this application writes it."""
    content: dict[str, Any] = {name: row[name] for name in ("seq", "actor_id", "deed", "object")}
    content["why"] = row["why"]
    try:
        for name in ("before", "after"):
            content[name] = json.loads(row[name])
            if json.dumps(content[name]) != row[name]:
                return None
        content["at"] = _instant(row["at"])
    except (TypeError, ValueError):
        return None
    return content


def _instant(stored: datetime | str) -> datetime:
    if isinstance(stored, datetime):
        return stored
    instant = datetime.strptime(stored, _ON_SQLITE).replace(tzinfo=UTC)
    if instant.strftime(_ON_SQLITE) != stored:
        raise ValueError(stored)
    return instant
