"""Changing a name or a State: asked for, decided by somebody else, kept as history."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.deeds import audit, messages, people, sessions
from lms.deeds.audit import AnySession
from lms.models import Affiliation, ChangeKind, ChangeRequest, Person, RoleGrant
from lms.rules.access import Role
from lms.rules.messages import Kind
from lms.rules.particulars import name_mistake
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal, marked

NAME_FIELDS = ("given_name", "family_name")
WORDS = {
    ChangeKind.NAME: marked("your name"),
    ChangeKind.AFFILIATION: marked("your State or organization"),
}


def ask(
    session: AnySession,
    person: Person,
    kind: ChangeKind,
    wanted: Mapping[str, Any],
    *,
    reason: str,
    now: datetime,
    actor: int,
) -> ChangeRequest:
    """Ask for another name (given_name, family_name) or another State (affiliation_id).

    Those who decide are told. An administrator who asks for a State has said the first yes.
    Raises Refusal when nothing would change, a name is wrong, or the same is asked already.
    """
    session.execute(select(Person.id).filter_by(id=person.id).with_for_update())
    if not reason.strip():
        raise Refusal("Say why, so that others can decide.")
    before = held(person, kind)
    if dict(wanted) == before:
        raise Refusal("This is what stands in the record already.")
    for name in NAME_FIELDS:
        mistake = name_mistake(wanted[name]) if kind is ChangeKind.NAME else None
        if mistake:
            raise Refusal(mistake)
    if session.scalar(
        select(ChangeRequest.id).filter_by(person_id=person.id, kind=kind, decided_at=None)
    ):
        raise Refusal("Such a request waits already. It is decided first.")
    row = ChangeRequest(
        ref=new_reference(secrets.token_bytes(10)),
        person_id=person.id,
        kind=kind,
        before=before,
        wanted=dict(wanted),
        reason=reason,
        made_at=now,
        made_by=actor,
    )
    session.add(row)
    session.flush()
    _record(session, row, f"asked for another {kind.value}", now=now, actor=actor, why=reason)
    if kind is ChangeKind.AFFILIATION and actor != person.id:
        row.first_by, row.first_at = actor, now
    for one in deciders(session, person, kind, now=now):
        if one not in (actor, person.id):
            messages.tell(
                session,
                person_id=one,
                kind=Kind.REQUEST_WAITS,
                event=f"change_request:{row.id}",
                now=now,
                link="/state/officers/waiting" if kind is ChangeKind.NAME else "/people/waiting",
            )
    return row


def held(person: Person, kind: ChangeKind) -> dict[str, Any]:
    if kind is ChangeKind.NAME:
        return {name: getattr(person, name) for name in NAME_FIELDS}
    return {"affiliation_id": person.affiliation_id}


def deciders(
    session: AnySession, person: Person, kind: ChangeKind, *, now: datetime
) -> Sequence[int]:
    if kind is ChangeKind.NAME:
        return people.focal_points(session, person.affiliation_id, now=now)
    query = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.in_force(now)
    )
    return session.scalars(query.distinct()).all()


def decide(
    session: AnySession,
    request: ChangeRequest,
    *,
    granted: bool,
    answer: str,
    now: datetime,
    actor: int,
) -> bool:
    """Decide an open request, whose row the caller has locked; False while a second yes lacks.

    A State is changed by two administrators, neither of them the person; a name by one other
    person. Raises Refusal when it is decided already, when one decides about oneself or twice,
    and for a no without a reason.
    """
    person = session.get_one(Person, request.person_id, with_for_update=True)
    if request.decided_at is not None:
        raise Refusal("This request has been decided already.")
    if actor == person.id:
        raise Refusal("You cannot decide about your own record. Ask a colleague.")
    if not granted and not answer.strip():
        raise Refusal("Say why, so that the person understands it.")
    if granted and request.kind is ChangeKind.AFFILIATION:
        if request.first_by == actor:
            raise Refusal("You have agreed already. Another administrator has to agree too.")
        if request.first_by is None:
            request.first_by, request.first_at = actor, now
            _record(session, request, "agreed first", now=now, actor=actor, why=answer)
            return False
    request.granted, request.answer = granted, answer
    request.decided_at, request.decided_by = now, actor
    if granted:
        _apply(session, person, request, now=now)
    word = "granted" if granted else "declined"
    _record(session, request, f"{word} a request", now=now, actor=actor, why=answer)
    facts = {"what_word": WORDS[request.kind]}
    messages.tell(
        session,
        person_id=person.id,
        kind=Kind.REQUEST_GRANTED if granted else Kind.REQUEST_DECLINED,
        event=f"change_request:{request.id}:decided",
        now=now,
        facts=facts if granted else {**facts, "reason": answer},
        link="/account/profile",
    )
    return True


def _apply(session: AnySession, person: Person, request: ChangeRequest, *, now: datetime) -> None:
    """Places of before keep the State that they had; speaking for the old State ends."""
    for name, value in request.wanted.items():
        setattr(person, name, value)
    if request.kind is not ChangeKind.AFFILIATION:
        return
    session.execute(
        update(RoleGrant)
        .where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == Role.FOCAL_POINT,
            RoleGrant.reach == f"affiliation:{request.before['affiliation_id']}",
            RoleGrant.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    sessions.end_all(session, person.id, now=now)


def note_name(
    session: AnySession, person: Person, before: Mapping[str, Any], *, now: datetime, actor: int
) -> None:
    """Keep the former name as history when staff corrected it without a request."""
    after = held(person, ChangeKind.NAME)
    if dict(before) == after:
        return
    session.add(
        ChangeRequest(
            ref=new_reference(secrets.token_bytes(10)),
            person_id=person.id,
            kind=ChangeKind.NAME,
            before=dict(before),
            wanted=after,
            made_at=now,
            made_by=actor,
            decided_at=now,
            decided_by=actor,
            granted=True,
        )
    )


def named(session: AnySession, row: ChangeRequest, values: Mapping[str, Any]) -> str:
    """What a request says, in words."""
    if row.kind is ChangeKind.NAME:
        return " ".join(str(values[name]) for name in NAME_FIELDS)
    return session.scalar(select(Affiliation.name).filter_by(id=values["affiliation_id"])) or ""


def _record(
    session: AnySession, row: ChangeRequest, deed: str, *, now: datetime, actor: int, why: str
) -> None:
    kept = row.kind is ChangeKind.AFFILIATION  # a name stands in no audit row
    audit.record(
        session,
        now=now,
        deed=deed,
        actor=actor,
        object=f"person:{row.person_id}",
        before=row.before if kept else {},
        after=row.wanted if kept else {},
        why=why,
    )
