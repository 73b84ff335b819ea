"""What changes when a report leaves the house: the audit log says who took what."""

from collections.abc import Mapping
from datetime import datetime

from lms.database import transaction
from lms.deeds import audit
from lms.rules.access import Reach, Scope


def note_export(
    *,
    course: str,
    filters: Mapping[str, str],
    reach: Reach,
    rows: int,
    sha256: str,
    reason: str,
    now: datetime,
    actor: int | None = None,
) -> None:
    """Write who takes these rows out, before the first one leaves.

    sha256: of the file. actor: a person's id; None for a command.
    """
    with transaction() as session:
        audit.record(
            session,
            now=now,
            deed="exported a report",
            actor=actor,
            object=f"course:{course}",
            after={
                "filters": dict(filters),
                "reach": _written(reach),
                "rows": rows,
                "sha256": sha256,
            },
            why=reason,
        )


def _written(reach: Reach) -> str:
    """Such as all, or affiliation:12."""
    if reach.scope is None or reach.scope is Scope.ALL:
        return "all" if reach.scope else "nothing"
    return f"{reach.scope.value}:{','.join(map(str, sorted(reach.ids)))}"
