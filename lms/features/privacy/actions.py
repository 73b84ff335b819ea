"""Asking for erasure, deciding on it, and carrying it out."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from lms.database import db, forget_pages, transaction
from lms.deeds import audit, erasing
from lms.deeds.messages import tell
from lms.models import Erasure, Person
from lms.rules.messages import Kind
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal, marked

AnySession = Session | scoped_session[Any]
LEAVE_FIRST = marked(
    "There are places in courses that still run or wait for a decision. Leave them first, or ask"
    " the coordinator to end them."
)
ENDED = marked("This request was decided or taken back already. Look at the list again.")


def ask(person_id: int, *, now: datetime) -> None:
    """Ask that one's own data be erased. Raises Refusal with places still open, or asked twice."""
    with transaction() as session:
        session.get_one(Person, person_id, with_for_update=True)
        if erasing.open_places(session, person_id):
            raise Refusal(LEAVE_FIRST)
        if session.scalar(select(Erasure.id).filter_by(person_id=person_id, ended_at=None)):
            raise Refusal(marked("You have asked already. We tell you what is decided."))
        wish = Erasure(
            ref=new_reference(secrets.token_bytes(10)), person_id=person_id, asked_at=now, files=[]
        )
        session.add(wish)
        session.flush()
        audit.record(
            session, now=now, deed="asked for erasure", actor=person_id, object=f"erasure:{wish.id}"
        )


def take_back(person_id: int, *, now: datetime) -> None:
    with transaction() as session:
        wish = session.scalar(
            select(Erasure).filter_by(person_id=person_id, ended_at=None).with_for_update()
        )
        if wish is None:
            raise Refusal(ENDED)
        wish.ended_at = now
        audit.record(
            session,
            now=now,
            deed="took back a request for erasure",
            actor=person_id,
            object=f"erasure:{wish.id}",
        )


def accept(wish_id: int, *, now: datetime, actor: int) -> None:
    """The first administrator's yes; the person is told and can still change their mind."""
    with transaction() as session:
        wish = _open(session, wish_id, actor)
        if wish.first_by is not None:
            raise Refusal(ENDED)
        wish.first_at, wish.first_by = now, actor
        tell(
            session,
            person_id=wish.person_id,
            kind=Kind.ERASURE_ACCEPTED,
            event=f"erasure:{wish.id}:accepted",
            now=now,
            link="/account/data",
        )
        audit.record(
            session, now=now, deed="accepted an erasure", actor=actor, object=f"erasure:{wish.id}"
        )


def decline(wish_id: int, *, reason: str, now: datetime, actor: int) -> None:
    if not reason:
        raise Refusal(marked("Say why: the person reads it."))
    with transaction() as session:
        wish = _open(session, wish_id, actor)
        wish.ended_at, wish.answer = now, reason
        tell(
            session,
            person_id=wish.person_id,
            kind=Kind.ERASURE_DECLINED,
            event=f"erasure:{wish.id}:declined",
            now=now,
            facts={"reason": reason},
            link="/account/data",
        )
        audit.record(
            session, now=now, deed="declined an erasure", actor=actor, object=f"erasure:{wish.id}"
        )


def confirm(wish_id: int, *, now: datetime, actor: int, data: Path) -> None:
    """The second administrator's yes: all is overwritten at once, then the files go."""
    with transaction() as session:
        wish = _open(session, wish_id, actor)
        if wish.first_by is None:
            raise Refusal(marked("Another administrator has to accept this request first."))
        if wish.first_by == actor:
            raise Refusal(marked("You have accepted it: a second administrator confirms."))
        wish.second_by = actor
        _carry_out(session, wish, now=now, actor=actor)
    remove_files(wish_id, data)


def erase_unused(person_id: int, *, now: datetime, data: Path) -> bool:
    """Erase an account that was not used for so long, by the rule of the house; for the job."""
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        if person.erased_at is not None or erasing.open_places(session, person_id):
            return False
        wish = session.scalar(
            select(Erasure).filter_by(person_id=person_id, ended_at=None).with_for_update()
        )
        if wish is None:
            ref = new_reference(secrets.token_bytes(10))
            wish = Erasure(ref=ref, person_id=person_id, asked_at=now, files=[])
            session.add(wish)
            session.flush()
        _carry_out(session, wish, now=now, actor=None)
        wish_id = wish.id
    remove_files(wish_id, data)
    return True


def _open(session: AnySession, wish_id: int, actor: int) -> Erasure:
    wish = session.get_one(Erasure, wish_id, with_for_update=True)
    if wish.ended_at is not None:
        raise Refusal(ENDED)
    if wish.person_id == actor:
        raise Refusal(marked("You cannot decide on your own request. Ask your colleagues."))
    return wish


def _carry_out(session: AnySession, wish: Erasure, *, now: datetime, actor: int | None) -> None:
    if erasing.open_places(session, wish.person_id):
        raise Refusal(LEAVE_FIRST)
    session.flush()
    wish_id, person_id = wish.id, wish.person_id
    files = erasing.erase(session, person_id, now=now, actor=actor)
    wish = session.get_one(Erasure, wish_id)
    wish.ended_at = wish.erased_at = now
    wish.files = files


def remove_files(wish_id: int, data: Path) -> None:
    """Take the files away that named the person. A process that ends before is made up for."""
    wish = db.session.get_one(Erasure, wish_id)
    for name in wish.files:
        (data / name).unlink(missing_ok=True)
    with transaction() as session:
        session.get_one(Erasure, wish_id).files = []
    forget_pages()
