"""What changes when people come in."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.database import transaction
from lms.deeds import audit, messages, passwords, people, tries
from lms.deeds.audit import AnySession
from lms.features.joining.queries import MOST_WRONG_TRIES
from lms.models import (
    Affiliation,
    LoginToken,
    Person,
    PersonAddress,
    Registration,
)
from lms.rules.messages import Kind
from lms.rules.particulars import Particulars
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal


def join(
    token_id: int, password: str, *, now: datetime, own: Mapping[str, Any] | None = None
) -> None:
    """Use up the link or code and set the password; `own` holds particulars that were corrected.

    The address becomes the person's own, unless somebody else has confirmed it meanwhile.
    Sessions of before end. Raises Refusal when the link has been used or is too old: of two at the
    same moment one wins.
    """
    with transaction() as session:
        used = session.execute(
            update(LoginToken)
            .where(
                LoginToken.id == token_id,
                LoginToken.used_at.is_(None),
                LoginToken.ended_at.is_(None),
                LoginToken.expires_at > now,
            )
            .values(used_at=now)
            .returning(LoginToken.person_id, LoginToken.purpose)
        ).one_or_none()
        if used is None:
            raise Refusal("This link has been used or is too old. Ask for a new one.")
        person = session.get_one(Person, used.person_id, with_for_update=True)
        if person.suspended_at is not None:
            raise Refusal("This account is suspended. Ask the focal point of your State.")
        if own:
            changed = replace(people.particulars_of(person), **own)
            people.update(session, person, changed, now=now, actor=person.id)
        confirm_addresses(session, person, now)
        if person.joined_at is None:
            audit.record(session, now=now, deed="joined", actor=person.id)
        passwords.choose(session, person, password, now=now)


def confirm_addresses(session: AnySession, person: Person, now: datetime) -> None:
    """Confirm the primary address where nobody else has it; somebody without one gets a name."""
    for one in people.addresses(session, person.id):
        is_new = one.is_primary and one.confirmed_at is None
        if is_new and people.find_by_address(session, one.address) is None:
            one.confirmed_at = now
            session.flush()
    has_one = session.scalar(
        select(PersonAddress.id)
        .where(PersonAddress.person_id == person.id, PersonAddress.confirmed_at.is_not(None))
        .limit(1)
    )
    if has_one is None and person.sign_in_name is None:
        person.sign_in_name = people.new_sign_in_name(person.given_name, person.family_name)


def count_try(account: str, network: str, now: datetime) -> datetime | None:
    """None when this try may be looked at; else from when on one may."""
    with transaction() as session:
        return tries.count(session, account=account, network=network, now=now)


def was_right(account: str) -> None:
    with transaction() as session:
        tries.forget(session, account=account)


def note_wrong_try(token_id: int, now: datetime) -> None:
    """Count a code that came with another name; after five it is dead."""
    with transaction() as session:
        tries = session.scalar(
            update(LoginToken)
            .where(LoginToken.id == token_id)
            .values(wrong_tries=LoginToken.wrong_tries + 1)
            .returning(LoginToken.wrong_tries)
        )
        if tries == MOST_WRONG_TRIES:
            person_id = session.scalar(select(LoginToken.person_id).filter_by(id=token_id))
            audit.record(
                session, now=now, deed="a code was tried too often", object=f"person:{person_id}"
            )


def register(code: str, particulars: Particulars, *, now: datetime) -> None:
    """Keep the wish to be vouched for, and tell the focal points of that State.

    Somebody who has an account is told so by a message; the answer is the same for everybody.
    A second wish while the first waits changes nothing.
    """
    with transaction() as session:
        home = session.scalars(select(Affiliation).filter_by(code=code)).one()
        owner = people.find_by_address(session, particulars.address)
        if owner is not None:
            messages.tell(
                session,
                person_id=owner.id,
                kind=Kind.HAS_AN_ACCOUNT,
                event=f"registered again:{now.date()}",
                now=now,
                link="/sign-in",
            )
        own = people.find_by_address(session, particulars.address, affiliation_id=home.id)
        waits = session.scalar(
            select(Registration.id).filter_by(
                affiliation_id=home.id, address=particulars.address, decided_at=None
            )
        )
        if own is not None or waits is not None:
            return
        values = asdict(particulars)
        del values["affiliation_id"], values["address"]
        wish = Registration(
            ref=new_reference(secrets.token_bytes(10)),
            affiliation_id=home.id,
            address=particulars.address,
            particulars=values,
            made_at=now,
        )
        session.add(wish)
        session.flush()
        audit.record(session, now=now, deed="registered", object=f"registration:{wish.id}")
        for person_id in people.focal_points(session, home.id, now=now):
            messages.tell(
                session,
                person_id=person_id,
                kind=Kind.REGISTRATION_WAITS,
                event=f"registration:{wish.id}",
                now=now,
                link="/state/officers/waiting",
            )
