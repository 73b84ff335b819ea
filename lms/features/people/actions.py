"""What changes when a State or an administrator keeps the records of people.

Each action reads the person again within the reach of the one who acts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from werkzeug.exceptions import NotFound

from lms.database import transaction
from lms.deeds import audit, changes, people
from lms.deeds.audit import AnySession
from lms.deeds.people import Invitation
from lms.features.people.queries import within
from lms.models import (
    Affiliation,
    AffiliationDomain,
    ChangeKind,
    ChangeRequest,
    Person,
    Registration,
    TokenPurpose,
)
from lms.rules.access import Reach, Scope
from lms.rules.particulars import Gender, Particulars, typed_domain
from lms.rules.refusal import Refusal


def add(particulars: Particulars, *, reach: Reach, now: datetime, actor: int) -> str:
    """Add a person whom the actor vouches for; gives the reference. Raises Refusal."""
    with transaction() as session:
        refuse_foreign(particulars.affiliation_id, reach)
        person = people.add(session, particulars, now=now, actor=actor, vouched_by=actor)
        return person.ref


def edit(ref: str, values: Mapping[str, Any], *, reach: Reach, now: datetime, actor: int) -> None:
    """Correct a record; a former name is kept as history."""
    with transaction() as session:
        person = locked(session, ref, reach)
        before = changes.held(person, ChangeKind.NAME)
        wanted = replace(people.particulars_of(person), **values)
        people.update(session, person, wanted, now=now, actor=actor)
        changes.note_name(session, person, before, now=now, actor=actor)


def invite(ref: str, *, mail: bool, reach: Reach, now: datetime, actor: int) -> Invitation:
    """A new way in, by mail or for a letter; somebody with a password gets one to choose another.

    Raises Refusal for mail without an address.
    """
    with transaction() as session:
        person = locked(session, ref, reach)
        known = people.addresses(session, person.id)
        if mail and not known:
            raise Refusal("There is no email address. Print a letter with a code.")
        purpose = TokenPurpose.RECOVERY if person.joined_at else TokenPurpose.INVITATION
        short = mail and purpose is TokenPurpose.RECOVERY
        made = people.invite(
            session,
            person,
            now=now,
            actor=actor,
            lasts=people.RESET_LASTS if short else people.INVITATION_LASTS,
            purpose=purpose,
        )
        if mail:
            home = session.get_one(Affiliation, person.affiliation_id)
            people.send_invitation(session, person, made, affiliation=home.name, now=now)
        return made


def suspend(ref: str, reason: str, *, reach: Reach, now: datetime, actor: int) -> None:
    with transaction() as session:
        person = locked(session, ref, reach)
        people.suspend(session, person, now=now, actor=actor, reason=reason)


def resume(ref: str, reason: str, *, reach: Reach, now: datetime, actor: int) -> None:
    with transaction() as session:
        person = locked(session, ref, reach)
        people.resume(session, person, now=now, actor=actor, reason=reason)


def vouch(ref: str, *, reach: Reach, now: datetime, actor: int) -> str:
    """Make a person of a registration and invite them by mail; gives the person's reference.

    Raises Refusal when it is decided already, or the State has a person with this address.
    """
    with transaction() as session:
        wish = decided(session, ref, reach, granted=True, reason="", now=now, actor=actor)
        values = dict(wish.particulars)
        values["languages"] = tuple(values["languages"])
        values["gender"] = Gender(values["gender"])
        particulars = Particulars(
            **values, affiliation_id=wish.affiliation_id, address=wish.address
        )
        person = people.add(session, particulars, now=now, actor=actor, vouched_by=actor)
        wish.person_id = person.id
        made = people.invite(session, person, now=now, actor=actor)
        home = session.get_one(Affiliation, person.affiliation_id)
        people.send_invitation(session, person, made, affiliation=home.name, now=now)
        return person.ref


def decline(ref: str, reason: str, *, reach: Reach, now: datetime, actor: int) -> None:
    """Decline a registration; what was written in it goes, its address stays with the reason."""
    if not reason.strip():
        raise Refusal("Say why, so that others understand it later.")
    with transaction() as session:
        wish = decided(session, ref, reach, granted=False, reason=reason, now=now, actor=actor)
        wish.particulars = {}


def decided(
    session: AnySession,
    ref: str,
    reach: Reach,
    *,
    granted: bool,
    reason: str,
    now: datetime,
    actor: int,
) -> Registration:
    """Close the registration: of two who decide at the same moment one does. Raises Refusal."""
    query = (
        update(Registration)
        .where(Registration.ref == ref, Registration.decided_at.is_(None))
        .values(decided_at=now, decided_by=actor, granted=granted, reason=reason)
        .returning(Registration.id)
    )
    if reach.scope is not Scope.ALL:
        query = query.where(Registration.affiliation_id.in_(reach.ids))
    found = session.scalar(query)
    if found is None:
        raise Refusal("This registration has been decided already.")
    audit.record(
        session,
        now=now,
        deed="vouched for a registration" if granted else "declined a registration",
        actor=actor,
        object=f"registration:{found}",
        why=reason,
    )
    return session.get_one(Registration, found)


def ask_affiliation(
    ref: str, code: str, reason: str, *, reach: Reach, now: datetime, actor: int
) -> None:
    """An administrator asks to move a person to another State; a second one has to agree."""
    with transaction() as session:
        person = locked(session, ref, reach)
        wanted = session.scalar(select(Affiliation.id).filter_by(code=code))
        if wanted is None:
            raise Refusal("Choose a State or organization from the list.")
        changes.ask(
            session,
            person,
            ChangeKind.AFFILIATION,
            {"affiliation_id": wanted},
            reason=reason,
            now=now,
            actor=actor,
        )


def decide(
    ref: str, *, granted: bool, answer: str, reach: Reach, now: datetime, actor: int
) -> bool:
    """Decide a request; False while a second administrator has to agree. Raises Refusal."""
    with transaction() as session:
        query = select(ChangeRequest).join(Person, Person.id == ChangeRequest.person_id)
        query = within(query.where(ChangeRequest.ref == ref), reach)
        request = session.scalar(query.with_for_update(of=ChangeRequest))
        if request is None:
            raise NotFound
        if request.kind is ChangeKind.AFFILIATION and reach.scope is not Scope.ALL:
            raise NotFound
        return changes.decide(
            session, request, granted=granted, answer=answer, now=now, actor=actor
        )


def set_domains(affiliation_id: int, typed: Sequence[str], *, now: datetime, actor: int) -> None:
    """Keep these mail domains of the State, and no other. Raises Refusal for what is none."""
    wanted = set()
    for text in typed:
        domain = typed_domain(text)
        if domain is None:
            raise Refusal("{text} is no mail domain. Write one such as mia.gov.ge.", text=text)
        wanted.add(domain)
    with transaction() as session:
        query = select(AffiliationDomain.domain).filter_by(affiliation_id=affiliation_id)
        before = set(session.scalars(query))
        session.execute(
            delete(AffiliationDomain).where(
                AffiliationDomain.affiliation_id == affiliation_id,
                AffiliationDomain.domain.in_(before - wanted),
            )
        )
        session.add_all(
            AffiliationDomain(affiliation_id=affiliation_id, domain=domain)
            for domain in sorted(wanted - before)
        )
        audit.record(
            session,
            now=now,
            deed="changed the mail domains",
            actor=actor,
            object=f"affiliation:{affiliation_id}",
            before={"domains": sorted(before)},
            after={"domains": sorted(wanted)},
        )


def locked(session: AnySession, ref: str, reach: Reach) -> Person:
    """The person within reach, whose row nobody else changes now; 404 for anybody else."""
    query = within(select(Person).filter_by(ref=ref), reach)
    person: Person | None = session.scalar(query.with_for_update())
    if person is None:
        raise NotFound
    return person


def refuse_foreign(affiliation_id: int, reach: Reach) -> None:
    if not reach.covers(affiliation=affiliation_id):
        raise NotFound
