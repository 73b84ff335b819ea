"""What changes when a report leaves the house: the audit log says who took what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from lms.database import transaction
from lms.deeds import audit
from lms.features.reporting.queries import how_many
from lms.rules.access import Reach, Scope


def note_export(
    query: Select[Any],
    *,
    course: str,
    filters: Mapping[str, str],
    reach: Reach,
    now: datetime,
    actor: int | None = None,
) -> int:
    """Write who takes the rows of this query out, before the first one leaves; gives how many.

    actor: a person's id; None for a command.
    """
    with transaction() as session:
        rows: int = session.scalar(how_many(query)) or 0
        audit.record(
            session,
            now=now,
            deed="exported a report",
            actor=actor,
            object=f"course:{course}",
            after={"filters": dict(filters), "reach": _written(reach), "rows": rows},
        )
    return rows


def _written(reach: Reach) -> str:
    """Such as all, or affiliation:12."""
    if reach.scope is None or reach.scope is Scope.ALL:
        return "all" if reach.scope else "nothing"
    return f"{reach.scope.value}:{','.join(map(str, sorted(reach.ids)))}"
