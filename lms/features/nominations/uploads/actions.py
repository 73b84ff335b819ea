"""What changes while a file of people is looked at and applied.

A rehearsal writes nothing but the upload's own row. Applying goes forward in batches: each is one
transaction that writes people, nominations, what became of each row, and how far the file is. So
a process that is killed loses a batch at most, and the next one begins where it ended. In a batch
each row stands in a savepoint of its own: a refused row takes no other with it.
"""

import json
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import fields as dataclass_fields
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select, update

from lms.database import transaction
from lms.deeds import audit, nominations, people, places
from lms.deeds.audit import AnySession
from lms.features.nominations.files.checking import Line, Problem
from lms.features.nominations.files.columns import SECRETS
from lms.features.nominations.files.folding import folded
from lms.features.nominations.files.table import Kind, Table
from lms.features.nominations.uploads.matching import (
    READY,
    Before,
    Match,
    Outcome,
    Reach,
    look_up,
    without_twins,
)
from lms.models import Activity, Affiliation, Person, RoleGrant, Upload, UploadRow, UploadState
from lms.rules.access import Role
from lms.rules.enrolments import Who
from lms.rules.particulars import Particulars
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal, marked

LASTS = timedelta(days=7)  # then the content of a file is emptied
MOST_OPEN = 20  # files of one person that are kept at a time
ROWS_IN_A_BATCH = 25
MOST_AT_ONCE = 1_000  # rows of "all or nothing": other writers wait as long as it takes
PERSONAL = tuple(one.name for one in dataclass_fields(Particulars) if one.name != "address")
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
        upload = _locked(session, upload_id)
        if upload.state is not UploadState.CHECKED:
            raise Refusal(marked("This file was confirmed already. Look at its result."))
        for name, value in _content(table).items():
            setattr(upload, name, value)


def confirm(upload_id: int, *, all_or_nothing: bool, tells: bool, now: datetime) -> None:
    """Hand the file to the background work; a second time changes nothing. Raises Refusal."""
    with transaction() as session:
        upload = _locked(session, upload_id)
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
        upload = _locked(session, upload_id)
        if upload.state not in (UploadState.CHECKED, UploadState.CONFIRMED):
            return
        _end(session, upload, UploadState.CANCELLED, now)


def apply(upload_id: int, lines: Sequence[Line], reach: Reach, *, now: datetime) -> bool:
    """Apply the next batch of a confirmed file; True while there is more to do.

    lines: all of the file, as they were read. What is applied is looked at anew: somebody may
    have added the same officer since the rehearsal.
    """
    with transaction() as session:
        upload = _locked(session, upload_id)
        if upload.state is not UploadState.CONFIRMED:
            return False
        if not _may_still(session, upload, now):
            _end(session, upload, UploadState.CANCELLED, now)
            return False
        batch = lines
        if not upload.all_or_nothing:
            batch = lines[upload.done : upload.done + ROWS_IN_A_BATCH]
        activity = session.get(Activity, upload.activity_id) if upload.activity_id else None
        found = look_up(session, batch, reach, activity, now=now)
        matches = list(without_twins(found, _before(session, upload, found)))
        _lock(session, matches, activity)
        if upload.all_or_nothing:
            _apply_all(session, upload, matches, reach, activity, now)
            return False
        for one in matches:
            _write(session, upload, one, reach, activity, now)
        upload.done += len(batch)
        if upload.done >= len(lines):
            _end(session, upload, UploadState.DONE, now)
        return upload.done < len(lines)


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


def _locked(session: AnySession, upload_id: int) -> Upload:
    return session.scalars(
        select(Upload)
        .filter_by(id=upload_id)
        .with_for_update(of=Upload)
        .execution_options(populate_existing=True)
    ).one()


def _end(session: AnySession, upload: Upload, state: UploadState, now: datetime) -> None:
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


def _may_still(session: AnySession, upload: Upload, now: datetime) -> bool:
    """Whether who brought the file still speaks for its State; a command always may."""
    if upload.person_id is None:
        return True
    grant = select(RoleGrant.id).where(
        RoleGrant.person_id == upload.person_id,
        RoleGrant.role == Role.FOCAL_POINT,
        RoleGrant.reach == f"affiliation:{upload.affiliation_id}",
        RoleGrant.in_force(now),
    )
    usable = select(Person.id).filter_by(id=upload.person_id, suspended_at=None)
    return session.scalar(grant) is not None and session.scalar(usable) is not None


def _lock(session: AnySession, matches: Sequence[Match], activity: Activity | None) -> None:
    """People first, then the activity: the order of deeds/places.py."""
    known = sorted({one.person_id for one in matches if one.person_id is not None})
    session.execute(
        select(Person.id).where(Person.id.in_(known)).order_by(Person.id).with_for_update()
    )
    if activity is not None:
        places.locked(session, activity.id)


def _before(session: AnySession, upload: Upload, matches: Sequence[Match]) -> Before:
    """What became of the earlier rows of the file that these could repeat."""
    mine = select(UploadRow.number).where(UploadRow.upload_id == upload.id)
    twins = {one.line.twin for one in matches} - {None}
    wrong = session.scalars(
        mine.where(UploadRow.number.in_(twins), UploadRow.outcome == Outcome.ERROR)
    )
    known = {one.person_id for one in matches} - {None}
    rows = session.execute(
        mine.add_columns(UploadRow.person_id).where(UploadRow.person_id.in_(known))
    )
    return Before(frozenset(wrong), {person: number for number, person in rows})


def _apply_all(
    session: AnySession,
    upload: Upload,
    matches: Sequence[Match],
    reach: Reach,
    activity: Activity | None,
    now: datetime,
) -> None:
    """Every row, or none: one mistake, and the file ends with what it is."""
    wrong = [(one.line.number, _remarks(one)) for one in matches if one.outcome is Outcome.ERROR]
    if not wrong:
        try:
            with session.begin_nested():
                rows = [_write(session, upload, one, reach, activity, now) for one in matches]
                wrong = [(row.number, row.remarks) for row in rows if row.outcome == Outcome.ERROR]
                if wrong:
                    raise _Nothing
        except _Nothing:
            pass
    if wrong:
        session.add_all(
            UploadRow(
                upload_id=upload.id, number=number, outcome=Outcome.ERROR.value, remarks=remarks
            )
            for number, remarks in wrong
        )
        session.flush()
    upload.done = 0 if wrong else len(matches)
    _end(session, upload, UploadState.FAILED if wrong else UploadState.DONE, now)


class _Nothing(Exception):  # noqa: N818 -- it takes back what was done, and says nothing
    pass


def _write(
    session: AnySession,
    upload: Upload,
    one: Match,
    reach: Reach,
    activity: Activity | None,
    now: datetime,
) -> UploadRow:
    """Do what the row says; what became of it is written, also when it was refused."""
    row = UploadRow(
        upload_id=upload.id,
        number=one.line.number,
        outcome=one.outcome.value,
        remarks=_remarks(one),
        person_id=one.person_id,
    )
    if one.outcome in READY:
        try:
            with session.begin_nested():
                row.person_id = _do(session, upload, one, reach, activity, now)
        except Refusal as refusal:
            row.outcome = Outcome.ERROR
            row.person_id = None
            row.remarks = [["", one.line.name, refusal.sentence, _values(refusal)]]
    session.add(row)
    session.flush()
    return row


def _do(
    session: AnySession,
    upload: Upload,
    one: Match,
    reach: Reach,
    activity: Activity | None,
    now: datetime,
) -> int:
    """Add or change the person, and nominate; gives the person. Raises Refusal."""
    fields = one.line.fields
    if one.person_id is None:
        person = people.add(
            session,
            Particulars(**fields, affiliation_id=one.affiliation_id),
            now=now,
            actor=reach.actor,
            vouched_by=reach.actor,
        )
        if upload.tells and fields.get("address"):
            invitation = people.invite(session, person, now=now, actor=reach.actor)
            state = session.get_one(Affiliation, one.affiliation_id).name
            people.send_invitation(session, person, invitation, affiliation=state, now=now)
    else:
        person = session.get_one(Person, one.person_id, populate_existing=True)
        if one.changes:
            known = {name: getattr(person, name) for name in PERSONAL}
            known["languages"] = tuple(person.languages)
            said = {name: fields[name] for name in PERSONAL if name in fields}
            after = Particulars(**{**known, **said})
            people.update_particulars(session, person, after, now=now, actor=reach.actor)
    if one.nominates and activity is not None:
        assert reach.actor is not None, "a command nominates in somebody's name"
        place = nominations.begin(
            session,
            activity,
            person,
            who=Who.STATE,
            actor=reach.actor,
            now=now,
            key=f"{upload.ref}:{one.line.number}",
            motivation=one.line.motivation,
            rank=one.line.order,
        )
        nominations.submit(
            session, activity, place, who=Who.STATE, actor=reach.actor, now=now, tell=upload.tells
        )
    return person.id


def _remarks(one: Match) -> list[object]:
    return [remark(problem) for problem in one.problems]


def remark(problem: Problem) -> list[object]:
    return [problem.column, problem.value, problem.sentence, dict(problem.values)]


def _values(refusal: Refusal) -> dict[str, str]:
    values = {name: str(value) for name, value in refusal.values.items()}
    if refusal.until is not None:
        values["until"] = refusal.until.isoformat()
    return values
