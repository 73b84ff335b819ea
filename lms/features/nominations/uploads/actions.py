"""What changes around a file of people: it is kept, read again, confirmed, stopped, emptied.

A rehearsal writes nothing but the upload's own row. What the file then does is in applying.py.
"""

import json
import secrets
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select, update

from lms.database import transaction
from lms.deeds import audit
from lms.deeds.audit import AnySession
from lms.features.nominations.files.columns import SECRETS
from lms.features.nominations.files.folding import folded
from lms.features.nominations.files.table import Kind, Table
from lms.models import Person, Upload, UploadRow, UploadState
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal, marked

LASTS = timedelta(days=7)  # then the content of a file is emptied
MOST_OPEN = 20  # files of one person that are kept at a time
MOST_AT_ONCE = 1_000  # rows of "all or nothing": other writers wait as long as it takes
GONE = marked("This file is no longer here. Upload it again.")


def keep(
    actor: int | None,
    affiliation_id: int | None,
    activity_id: int | None,
    *,
    name: str,
    data: bytes,
    table: Table,
    now: datetime,
) -> str:
    """Keep a file that was read, to look at what it would do; gives its reference. Raises Refusal.

    Passwords in it are not kept, and then the file cannot be read again in another encoding.
    """
    with transaction() as session:
        if actor is not None:
            session.execute(select(Person.id).filter_by(id=actor).with_for_update(key_share=True))
            open_ = session.scalar(
                select(func.count())
                .select_from(Upload)
                .where(Upload.person_id == actor, Upload.cells.is_not(None))
            )
            if open_ is not None and open_ >= MOST_OPEN:
                _empty(session, oldest_of(session, actor))
        clean = without_passwords(table)
        upload = Upload(
            ref=new_reference(secrets.token_bytes(10)),
            person_id=actor,
            affiliation_id=affiliation_id,
            activity_id=activity_id,
            name=name,
            sha256=sha256(data).hexdigest(),
            size=len(data),
            source=data if table.kind is Kind.CSV and clean is table else None,
            made_at=now,
            expires_at=now + LASTS,
            **_content(clean),
        )
        session.add(upload)
        return upload.ref


def read_again(upload_id: int, table: Table) -> None:
    """Take the rows of the same file as they read in another encoding or with another separator.

    Raises Refusal when it was confirmed meanwhile.
    """
    with transaction() as session:
        upload = locked(session, upload_id)
        if upload.state is not UploadState.CHECKED:
            raise Refusal(marked("This file was confirmed already. Look at its result."))
        for name, value in _content(table).items():
            setattr(upload, name, value)


def confirm(upload_id: int, *, all_or_nothing: bool, tells: bool, now: datetime) -> None:
    """Hand the file to the background work; a second time changes nothing. Raises Refusal."""
    with transaction() as session:
        upload = locked(session, upload_id)
        if upload.state in (UploadState.CONFIRMED, UploadState.DONE):
            return
        if upload.state is not UploadState.CHECKED or upload.cells is None:
            raise Refusal(GONE)
        if all_or_nothing and upload.row_count > MOST_AT_ONCE:
            raise Refusal(
                marked("“All or nothing” works up to {most} rows. Divide the file."),
                most=MOST_AT_ONCE,
            )
        upload.state, upload.confirmed_at = UploadState.CONFIRMED, now
        upload.all_or_nothing, upload.tells = all_or_nothing, tells
        audit.record(
            session,
            now=now,
            deed="confirmed a file of people",
            actor=upload.person_id,
            object=f"upload:{upload.ref}",
            after={
                "sha256": upload.sha256,
                "rows": upload.row_count,
                "all_or_nothing": all_or_nothing,
                "tells": tells,
                "activity_id": upload.activity_id,
                "affiliation_id": upload.affiliation_id,
            },
        )


def cancel(upload_id: int, *, now: datetime) -> None:
    """Stop; what was applied stays. What has ended already stays as it is."""
    with transaction() as session:
        upload = locked(session, upload_id)
        if upload.state not in (UploadState.CHECKED, UploadState.CONFIRMED):
            return
        end(session, upload, UploadState.CANCELLED, now)


def empty_expired(now: datetime) -> int:
    """Forget what stood in files whose time is over; hashes and counts stay. Gives how many."""
    with transaction() as session:
        due = session.scalars(
            select(Upload.id).where(
                Upload.expires_at <= now,
                Upload.cells.is_not(None),
                Upload.state != UploadState.CONFIRMED,
            )
        ).all()
        _empty(session, due)
        return len(due)


def oldest_of(session: AnySession, actor: int) -> Sequence[int]:
    """The oldest file of the person that is not being applied."""
    return session.scalars(
        select(Upload.id)
        .where(
            Upload.person_id == actor,
            Upload.cells.is_not(None),
            Upload.state != UploadState.CONFIRMED,
        )
        .order_by(Upload.id)
        .limit(1)
    ).all()


def without_passwords(table: Table) -> Table:
    """The table with empty cells under headings that promise passwords; itself without such."""
    secret = {n for n, heading in enumerate(table.headings) if folded(heading) in SECRETS}
    if not secret:
        return table
    rows = tuple(
        (number, tuple("" if n in secret else cell for n, cell in enumerate(cells)))
        for number, cells in table.rows
    )
    return Table(table.kind, table.headings, rows, table.encoding, table.delimiter)


def _content(table: Table) -> dict[str, object]:
    kept = json.dumps([table.kind, table.headings, table.rows], ensure_ascii=False)
    return {
        "cells": zlib.compress(kept.encode()),
        "row_count": len(table.rows),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
    }


def locked(session: AnySession, upload_id: int) -> Upload:
    """The file as it is now, its row locked."""
    return session.scalars(
        select(Upload)
        .filter_by(id=upload_id)
        .with_for_update(of=Upload)
        .execution_options(populate_existing=True)
    ).one()


def end(session: AnySession, upload: Upload, state: UploadState, now: datetime) -> None:
    """The last word on a file, with the numbers of what it did."""
    upload.state, upload.ended_at = state, now
    rows = session.execute(
        select(UploadRow.outcome, func.count())
        .filter_by(upload_id=upload.id)
        .group_by(UploadRow.outcome)
    )
    audit.record(
        session,
        now=now,
        deed="ended a file of people",
        actor=upload.person_id,
        object=f"upload:{upload.ref}",
        after={"state": state.value, "rows": dict(rows.all())},
    )


def _empty(session: AnySession, upload_ids: Sequence[int]) -> None:
    session.execute(
        update(Upload).where(Upload.id.in_(upload_ids)).values(cells=None, source=None, name="")
    )
    session.execute(delete(UploadRow).where(UploadRow.upload_id.in_(upload_ids)))
