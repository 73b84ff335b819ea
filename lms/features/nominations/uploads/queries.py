"""What can be seen of files of people: one's own, for the States that one still speaks for."""

import json
import zlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.features.nominations.files.checking import Sheet, check_table
from lms.features.nominations.files.table import Kind, Table
from lms.features.nominations.files.words import States
from lms.features.nominations.uploads.matching import Reach
from lms.models import Activity, Affiliation, Upload, UploadRow, UploadState

LANGUAGES = ("en", "de", "es", "fr", "it", "ru")  # that the interface can have


def own(ref: str, person_id: int, affiliation_ids: Collection[int]) -> Upload | None:
    """The person's own file, for an affiliation within reach."""
    return db.session.scalar(
        select(Upload).where(
            Upload.ref == ref,
            Upload.person_id == person_id,
            Upload.affiliation_id.in_(affiliation_ids),
        )
    )


def by_ref(ref: str) -> Upload:
    return db.session.scalars(select(Upload).filter_by(ref=ref)).one()


def confirmed() -> Sequence[int]:
    """The files that wait to be applied, the oldest first."""
    return db.session.scalars(
        select(Upload.id).filter_by(state=UploadState.CONFIRMED).order_by(Upload.confirmed_at)
    ).all()


def table_of(upload_id: int) -> Table | None:
    """The rows of the file; None once they are emptied."""
    upload = db.session.scalars(
        select(Upload).options(undefer(Upload.cells)).filter_by(id=upload_id)
    ).one()
    if upload.cells is None:
        return None
    kind, headings, rows = json.loads(zlib.decompress(upload.cells))
    return Table(
        kind=Kind(kind),
        headings=tuple(headings),
        rows=tuple((number, tuple(cells)) for number, cells in rows),
        encoding=upload.encoding,
        delimiter=upload.delimiter,
    )


def source_of(upload_id: int) -> bytes | None:
    """The bytes of a text file that can still be read in another encoding."""
    return db.session.scalar(select(Upload.source).filter_by(id=upload_id))


def sheet_of(table: Table, reach: Reach) -> Sheet:
    """What the rows say. Raises Refusal for columns that are missing."""
    home = next(iter(reach.affiliations)) if len(reach.affiliations) == 1 else ""
    names = db.session.execute(select(Affiliation.code, Affiliation.name))
    return check_table(table, States(names), languages=LANGUAGES, home=home)


def reach_of(affiliation_id: int | None, actor: int | None) -> Reach:
    """Whose officers the file may hold; without an affiliation: anybody's."""
    query = select(Affiliation.code, Affiliation.id)
    if affiliation_id is not None:
        query = query.where(Affiliation.id == affiliation_id)
    return Reach(dict(db.session.execute(query).all()), actor)


def activity(activity_id: int | None) -> Activity | None:
    return db.session.get(Activity, activity_id) if activity_id is not None else None


def applied(upload_id: int) -> dict[int, UploadRow]:
    """Number of the row → what became of it."""
    rows = db.session.scalars(select(UploadRow).filter_by(upload_id=upload_id))
    return {row.number: row for row in rows}


def applied_counts(upload_id: int) -> dict[str, int]:
    rows = db.session.execute(
        select(UploadRow.outcome, func.count())
        .filter_by(upload_id=upload_id)
        .group_by(UploadRow.outcome)
    )
    return dict(rows.all())


def recent(
    person_id: int, affiliation_ids: Collection[int], activity_id: int | None, now: datetime
) -> Sequence[Upload]:
    """The person's files for this activity that are still here, the newest first."""
    return db.session.scalars(
        select(Upload)
        .where(
            Upload.person_id == person_id,
            Upload.affiliation_id.in_(affiliation_ids),
            Upload.activity_id == activity_id
            if activity_id is not None
            else Upload.activity_id.is_(None),
            Upload.expires_at > now,
            Upload.cells.is_not(None),
        )
        .order_by(Upload.id.desc())
    ).all()
