"""Overwriting what is about one person, and taking out what one may have a copy of.

What stays: the row of the person without a name, with State, gender and the bands that totals
need; places, results and certificates; the audit log, which names nobody.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, String, Table, cast, literal, select, update

from lms.deeds import audit
from lms.deeds.audit import AnySession
from lms.deeds.people import end_tokens
from lms.deeds.sessions import end_all
from lms.models import (
    Answer,
    Attempt,
    Base,
    Certificate,
    Delivery,
    Enrolment,
    Essay,
    LateAnswer,
    Message,
    Person,
    RoleGrant,
    Upload,
    UploadRow,
)
from lms.models.personal import OF_PEOPLE, ROW
from lms.rules.certificates import name_hash
from lms.rules.enrolments import State

WAITING_OR_LEARNING = (
    State.DRAFT,
    State.SUBMITTED,
    State.WAIT_LISTED,
    State.OFFERED,
    State.ENROLLED,
)
# The word that people know a row of another table by, instead of its key.
WORDS = {
    "affiliation": "code",
    "activity": "slug",
    "course": "slug",
    "enrolment": "ref",
    "attempt": "ref",
    "release": "number",
    "unit": "key",
}
TYPED = ("text", "gaps")  # of an answer: a person's own words (rules/questions.py)


def copy_of(session: AnySession, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that is told to the person, by table: plain JSON values, instants as ISO 8601."""
    made = {}
    for name, holding in OF_PEOPLE.items():
        table = Base.metadata.tables[name]
        columns = [table.c[column] for column in holding.told.split()]
        shown = [_in_words(column) for column in columns]
        rows = session.execute(
            select(*shown).where(_owned(table, select(literal(person_id)))).order_by(table.c.id)
        ).all()
        names = [column.name.removesuffix("_id") for column in columns]
        made[name] = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
    return made


def open_places(session: AnySession, person_id: int) -> int:
    """How many places the person still waits for, or learns in."""
    return len(
        session.scalars(
            select(Enrolment.id).where(
                Enrolment.person_id == person_id, Enrolment.state.in_(WAITING_OR_LEARNING)
            )
        ).all()
    )


def erase(session: AnySession, person_id: int, *, now: datetime, actor: int | None) -> list[str]:
    """Overwrite everything about the person and about records merged into theirs.

    Gives the files of the data folder that must go once this is saved. Nothing is taken back.
    """
    people = select(Person.id).where((Person.id == person_id) | (Person.merged_into == person_id))
    ids = list(session.scalars(people.order_by(Person.id).with_for_update()))
    for one in ids:
        end_all(session, one, now=now)
        end_tokens(session, one, now=now)
    session.flush()
    files = [*_letters(session, ids), *_certificates(session, ids)]
    _answers(session, _attempts(ids), now)
    _uploads(session, ids)
    session.execute(
        update(Message)
        .where(Message.person_id.in_(ids), Message.state == Delivery.QUEUED)
        .values(state=Delivery.IN_APP, token="")
    )
    session.execute(
        update(RoleGrant)
        .where(RoleGrant.person_id.in_(ids), RoleGrant.ended_at.is_(None))
        .values(ended_at=now)
    )
    _end(session, "second_factor", ids, now)
    _end(session, "address_token", ids, now)
    changes = Base.metadata.tables["change_request"]
    session.execute(
        update(changes)
        .where(changes.c.person_id.in_(ids), changes.c.decided_at.is_(None))
        .values(decided_at=now, granted=False)
    )
    for name, holding in OF_PEOPLE.items():
        if holding.erased:
            table = Base.metadata.tables[name]
            values = {column: _left(table, value) for column, value in holding.erased.items()}
            session.execute(
                update(table)
                .where(_owned(table, select(Person.id).where(Person.id.in_(ids))))
                .values(values)
            )
    session.execute(
        update(Person).where(Person.id.in_(ids)).values(erased_at=now, extra_time=Fraction(1))
    )
    session.execute(
        update(Person)
        .where(Person.id.in_(ids), Person.suspended_at.is_(None))
        .values(suspended_at=now)
    )
    session.expire_all()
    audit.record(
        session, now=now, deed="erased a person", actor=actor, object=f"person:{person_id}"
    )
    return files


def erase_answers(session: AnySession, attempt_ids: list[int], now: datetime) -> None:
    """Of these attempts keep the grades alone: every answer goes, not only typed words."""
    blank: dict[str, Any] = {}
    session.execute(update(Answer).where(Answer.attempt_id.in_(attempt_ids)).values(value=blank))
    session.execute(
        update(LateAnswer)
        .where(LateAnswer.attempt_id.in_(attempt_ids))
        .values(value=blank, replaced=None)
    )
    session.execute(update(Essay).where(Essay.attempt_id.in_(attempt_ids)).values(comment=""))
    session.execute(
        update(Attempt).where(Attempt.id.in_(attempt_ids)).values(answers_erased_at=now)
    )


def _certificates(session: AnySession, ids: list[int]) -> Iterator[str]:
    """Take the name off; gives the papers, which show it."""
    for certificate in session.scalars(
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.person_id.in_(ids))
    ):
        kept = certificate.snapshot
        proof = name_hash(session.info["audit_key"], certificate.code, kept["family_name"])
        nobody = dict.fromkeys(("name", "given_name", "family_name", "own_script_name"), "")
        certificate.snapshot = {**kept, **nobody, "name_hash": proof}
        if certificate.pdf_sha256:
            yield f"files/{certificate.pdf_sha256[:2]}/{certificate.pdf_sha256}"
            certificate.pdf_sha256 = None


def _letters(session: AnySession, ids: list[int]) -> Iterator[str]:
    """Mails that were written as files, for want of a mail server."""
    for ref in session.scalars(select(Message.ref).where(Message.person_id.in_(ids))):
        yield f"outbox/{ref}.eml"


def _attempts(ids: list[int]) -> Select[Any]:
    return (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.person_id.in_(ids))
    )


def _answers(session: AnySession, attempts: Select[Any], now: datetime) -> None:
    """Typed words go; what was chosen from a list stays, for figures on the questions."""
    for row in session.scalars(select(Answer).where(Answer.attempt_id.in_(attempts))):
        row.value = _untyped(row.value)
    for late in session.scalars(select(LateAnswer).where(LateAnswer.attempt_id.in_(attempts))):
        late.value = _untyped(late.value)
        late.replaced = _untyped(late.replaced) if late.replaced else None
    session.flush()
    session.execute(update(Attempt).where(Attempt.id.in_(attempts)).values(answers_erased_at=now))


def _untyped(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if name not in TYPED}


def _uploads(session: AnySession, ids: list[int]) -> None:
    """A file of people in which the person had a row is emptied; its hash and counts stay."""
    within = select(UploadRow.upload_id).where(UploadRow.person_id.in_(ids))
    session.execute(update(Upload).where(Upload.id.in_(within)).values(cells=None, source=None))


def _end(session: AnySession, name: str, ids: list[int], now: datetime) -> None:
    table = Base.metadata.tables[name]
    session.execute(
        update(table)
        .where(table.c.person_id.in_(ids), table.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def _owned(table: Table, people: Select[Any]) -> ColumnElement[bool]:
    """The rows of the table that lead to one of these people."""
    column = table.c[OF_PEOPLE[table.name].via]
    if table.name == "person" or _target(column) == "person":
        return column.in_(people)
    owner = Base.metadata.tables[_target(column)]
    return column.in_(select(owner.c.id).where(_owned(owner, people)))


def _target(column: Column[Any]) -> str:
    return next(iter(column.foreign_keys)).column.table.name if column.foreign_keys else ""


def _in_words(column: Column[Any]) -> Any:
    """The column, or for a key of another table the word of the row it leads to."""
    target = _target(column)
    if target not in WORDS:
        return column
    other = Base.metadata.tables[target].alias()
    return select(other.c[WORDS[target]]).where(other.c.id == column).scalar_subquery()


def _left(table: Table, value: Any) -> Any:
    if value != ROW:
        return value
    before, _, after = ROW.partition("{id}")
    return literal(before) + cast(table.c.id, String) + literal(after)


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.value
        case Fraction() | bytes():
            return str(value)
        case _:
            return value
