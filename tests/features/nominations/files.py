"""A focal point's file on its way in, without any page."""

from typing import Any

from sqlalchemy import select

from lms.database import db
from lms.features.nominations.files import reading
from lms.features.nominations.uploads import actions, queries
from lms.features.nominations.uploads.jobs import apply_upload
from lms.features.nominations.uploads.matching import Match, rehearse
from lms.models import Activity, Person, Upload
from tests.factories import NOON


def bring(by: Person, data: bytes | str, activity: Activity | None = None) -> Upload:
    """Keep the file, as the page does."""
    held = data.encode() if isinstance(data, str) else data
    ref = actions.keep(
        by.id,
        by.affiliation_id,
        activity.id if activity else None,
        name="officers.csv",
        data=held,
        table=reading.read(held),
        now=NOON,
    )
    return upload(ref)


def upload(ref: str) -> Upload:
    db.session.remove()
    found = db.session.scalars(select(Upload).filter_by(ref=ref)).one()
    db.session.expunge(found)
    return found


def look(brought: Upload) -> list[Match]:
    """The rehearsal."""
    db.session.remove()
    table = queries.table_of(brought.id)
    assert table is not None
    reach = queries.reach_of(brought.affiliation_id, brought.person_id)
    lines = queries.sheet_of(table, reach).lines
    activity = queries.activity(brought.activity_id)
    return rehearse(db.session, lines, reach, activity, now=NOON)


def seen(brought: Upload) -> list[tuple[int, str]]:
    return [(one.line.number, one.outcome.value) for one in look(brought)]


def confirm(brought: Upload, **choices: Any) -> dict[int, tuple[str, list[Any]]]:
    """Confirm and apply; gives row → outcome and remarks."""
    actions.confirm(brought.id, **{"all_or_nothing": False, "tells": False, **choices}, now=NOON)
    apply_upload(brought.id)
    return applied(brought)


def applied(brought: Upload) -> dict[int, tuple[str, list[Any]]]:
    db.session.remove()
    return {
        number: (row.outcome, [one[2] for one in row.remarks])
        for number, row in sorted(queries.applied(brought.id).items())
    }
