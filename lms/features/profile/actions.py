"""What people change about themselves, and what they ask for."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.database import transaction
from lms.deeds import audit, changes, messages, people
from lms.deeds.audit import AnySession
from lms.models import (
    AddressStep,
    AddressToken,
    Affiliation,
    ChangeKind,
    Person,
    PersonAddress,
)
from lms.rules.messages import Kind
from lms.rules.particulars import typed_address
from lms.rules.refusal import Refusal

MOST_ADDRESSES = 5


def change(person_id: int, values: Mapping[str, Any], now: datetime) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        wanted = replace(people.particulars_of(person), **values)
        people.update(session, person, wanted, now=now, actor=person_id)


def ask_name(person_id: int, wanted: Mapping[str, str], reason: str, now: datetime) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        changes.ask(
            session, person, ChangeKind.NAME, wanted, reason=reason, now=now, actor=person_id
        )


def ask_state(person_id: int, code: str, reason: str, now: datetime) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        wanted = {
            "affiliation_id": session.scalars(select(Affiliation.id).filter_by(code=code)).one()
        }
        changes.ask(
            session, person, ChangeKind.AFFILIATION, wanted, reason=reason, now=now, actor=person_id
        )


def add_address(person_id: int, typed: str, now: datetime) -> None:
    """Send a link to a new address. Whether somebody else has it is told to nobody.

    Raises Refusal for what is no address, one's own, and more than five.
    """
    address = typed_address(typed)
    if address is None:
        raise Refusal("Enter a work email address, for example name@mia.gov.ge.")
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        known = {one.address: one for one in people.addresses(session, person_id)}
        if address in known and known[address].confirmed_at is not None:
            raise Refusal("This is your address already.")
        if address not in known:
            if len(known) >= MOST_ADDRESSES:
                raise Refusal("You have five addresses. Remove one first.")
            people.add_address(session, person, address, primary=False, confirmed_at=None)
            _record(session, "added an address", person_id, now)
        send(session, person, AddressStep.CONFIRM, address, to=address, now=now)


def send(
    session: AnySession, person: Person, step: AddressStep, address: str, *, to: str, now: datetime
) -> None:
    """Mail a link about the address; older ones about it end."""
    session.execute(
        update(AddressToken)
        .where(
            AddressToken.person_id == person.id,
            AddressToken.address == address,
            AddressToken.step == step,
            AddressToken.used_at.is_(None),
        )
        .values(ended_at=now)
    )
    token, until = secrets.token_urlsafe(24), now + people.INVITATION_LASTS
    row = AddressToken(
        token_hash=people.hash_of(token),
        person_id=person.id,
        address=address,
        step=step,
        made_at=now,
        expires_at=until,
    )
    session.add(row)
    session.flush()
    messages.tell(
        session,
        person_id=person.id,
        kind=Kind.CONFIRM_ADDRESS if step is AddressStep.CONFIRM else Kind.CHANGE_ADDRESS,
        event=f"address_token:{row.id}",
        now=now,
        facts={"until_at": until.isoformat()},
        link="/account/addresses/",
        token=token,
        address=to,
    )


def make_primary(person_id: int, address: str, now: datetime) -> bool:
    """Let messages go to this address; True at once where no confirmed address has to be asked.

    Else the old one gets a link that allows it. Raises Refusal for an address that is not
    confirmed, or the primary one.
    """
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        known = {one.address: one for one in people.addresses(session, person_id)}
        wanted = known.get(address)
        old = next((one for one in known.values() if one.is_primary), None)
        if wanted is None or wanted.confirmed_at is None or wanted is old:
            raise Refusal("Choose another address that you have confirmed.")
        if old is not None and old.confirmed_at is not None:
            send(session, person, AddressStep.CHANGE, address, to=old.address, now=now)
            return False
        _set_primary(session, person_id, address, now)
        return True


def remove_address(person_id: int, address: str, now: datetime) -> None:
    """Raises Refusal for the primary one, and one that is not there."""
    with transaction() as session:
        row = session.scalar(
            select(PersonAddress)
            .filter_by(person_id=person_id, address=address, is_primary=False)
            .with_for_update()
        )
        if row is None:
            raise Refusal("Make another address the main one first.")
        was_confirmed = row.confirmed_at is not None
        session.delete(row)
        session.execute(
            update(AddressToken)
            .where(AddressToken.person_id == person_id, AddressToken.address == address)
            .values(ended_at=now)
        )
        _record(session, "removed an address", person_id, now)
        if was_confirmed:
            warn(session, person_id, address, now)


def open_link(token: str, now: datetime) -> None:
    """Use a link up: the address is confirmed, or becomes the primary one.

    Raises Refusal when it has been used or is too old, or somebody else confirmed the address.
    """
    with transaction() as session:
        row = session.execute(
            update(AddressToken)
            .where(
                AddressToken.token_hash == people.hash_of(token),
                AddressToken.used_at.is_(None),
                AddressToken.ended_at.is_(None),
                AddressToken.expires_at > now,
            )
            .values(used_at=now)
            .returning(AddressToken.person_id, AddressToken.address, AddressToken.step)
        ).one_or_none()
        if row is None:
            raise Refusal("This link has been used or is too old. Ask for a new one.")
        if row.step is AddressStep.CHANGE:
            _set_primary(session, row.person_id, row.address, now)
            return
        owner = people.find_by_address(session, row.address)
        if owner is not None and owner.id != row.person_id:
            raise Refusal("This address belongs to another account. Sign in there.")
        session.execute(
            update(PersonAddress)
            .where(PersonAddress.person_id == row.person_id, PersonAddress.address == row.address)
            .values(confirmed_at=now)
        )
        _record(session, "confirmed an address", row.person_id, now)
        primary = session.scalar(
            select(PersonAddress.address).filter_by(person_id=row.person_id, is_primary=True)
        )
        if primary is None:
            _set_primary(session, row.person_id, row.address, now)
        elif primary != row.address:
            warn(session, row.person_id, primary, now)


def _set_primary(session: AnySession, person_id: int, address: str, now: datetime) -> None:
    """The old address is told."""
    rows = people.addresses(session, person_id)
    old = next((one for one in rows if one.is_primary), None)
    new = next((one for one in rows if one.address == address and one.confirmed_at), None)
    if new is None:
        raise Refusal("Choose another address that you have confirmed.")
    if old is not None:
        old.is_primary = False
        session.flush()
        warn(session, person_id, old.address, now)
    new.is_primary = True
    _record(session, "changed the main address", person_id, now)


def warn(session: AnySession, person_id: int, address: str, now: datetime) -> None:
    """Tell an address of before that the addresses have changed."""
    messages.tell(
        session,
        person_id=person_id,
        kind=Kind.ADDRESS_CHANGED,
        event=f"addresses:{person_id}:{now.isoformat()}:{people.hash_of(address)[:8]}",
        now=now,
        facts={"changed_at": now.isoformat()},
        link="/account/addresses",
        address=address,
    )


def _record(session: AnySession, deed: str, person_id: int, now: datetime) -> None:
    audit.record(session, now=now, deed=deed, actor=person_id, object=f"person:{person_id}")
