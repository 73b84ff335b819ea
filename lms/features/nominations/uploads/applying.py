"""What a confirmed file of people does, row by row.

It goes forward in batches: each is one transaction that writes people, nominations, what became
of each row, and how far the file is. So a process that is killed loses a batch at most, and the
next one begins where it ended. In a batch each row stands in a savepoint of its own: a refused row
takes no other with it.
"""

from collections.abc import Sequence
from dataclasses import fields as dataclass_fields
from datetime import datetime

from sqlalchemy import select

from lms.database import transaction
from lms.deeds import audit, nominations, people, places
from lms.deeds.audit import AnySession
from lms.features.nominations.files.checking import Line, Problem
from lms.features.nominations.uploads.actions import end, locked
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
from lms.rules.refusal import Refusal

ROWS_IN_A_BATCH = 100  # others wait as long as one takes: about half a second
PERSONAL = tuple(one.name for one in dataclass_fields(Particulars) if one.name != "address")


def apply(upload_id: int, lines: Sequence[Line], reach: Reach, *, now: datetime) -> bool:
    """Apply the next batch of a confirmed file; True while there is more to do.

    lines: all of the file, as they were read. What is applied is looked at anew: somebody may
    have added the same officer since the rehearsal.
    """
    with transaction() as session:
        upload = locked(session, upload_id)
        if upload.state is not UploadState.CONFIRMED:
            return False
        if not _may_still(session, upload, now):
            end(session, upload, UploadState.CANCELLED, now)
            return False
        # files of one State stand in line: else two of them could add the same officer at once
        session.execute(
            select(Affiliation.id)
            .filter_by(id=upload.affiliation_id)
            .with_for_update(key_share=True)
        )
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
        _write(session, upload, matches, reach, activity, now)
        upload.done += len(batch)
        if upload.done >= len(lines):
            end(session, upload, UploadState.DONE, now)
        return upload.done < len(lines)


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
                rows = _write(session, upload, matches, reach, activity, now)
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
    end(session, upload, UploadState.FAILED if wrong else UploadState.DONE, now)


class _Nothing(Exception):  # noqa: N818 -- it takes back what was done, and says nothing
    pass


def _write(
    session: AnySession,
    upload: Upload,
    matches: Sequence[Match],
    reach: Reach,
    activity: Activity | None,
    now: datetime,
) -> list[UploadRow]:
    """Do what the rows say; what became of each is written, also when it was refused."""
    ground = None if activity is None else nominations.ground_of(session, activity)
    with audit.together(session):
        rows = [_row(session, upload, one, reach, activity, ground, now) for one in matches]
    session.add_all(rows)
    session.flush()
    return rows


def _row(
    session: AnySession,
    upload: Upload,
    one: Match,
    reach: Reach,
    activity: Activity | None,
    ground: nominations.Ground | None,
    now: datetime,
) -> UploadRow:
    row = UploadRow(
        upload_id=upload.id,
        number=one.line.number,
        outcome=one.outcome.value,
        remarks=_remarks(one),
        person_id=one.person_id,
    )
    if one.outcome in READY:
        try:
            with audit.together(session), session.begin_nested():
                row.person_id = _do(session, upload, one, reach, activity, ground, now)
        except Refusal as refusal:
            row.outcome = Outcome.ERROR
            row.person_id = None
            row.remarks = [["", one.line.name, refusal.sentence, _values(refusal)]]
    return row


def _do(
    session: AnySession,
    upload: Upload,
    one: Match,
    reach: Reach,
    activity: Activity | None,
    ground: nominations.Ground | None,
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
            people.update(session, person, after, now=now, actor=reach.actor)
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
            ground=ground,
        )
        nominations.submit(
            session,
            activity,
            place,
            who=Who.STATE,
            actor=reach.actor,
            now=now,
            tell=upload.tells,
            checked=True,  # by look_up, for the whole batch
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
