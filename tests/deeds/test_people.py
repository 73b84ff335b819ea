"""People are added, invited, changed and kept out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.database import db, transaction
from lms.deeds import people
from lms.models import AuditEntry, LoginToken, Person, SignIn
from lms.rules.particulars import Particulars
from lms.rules.refusal import Refusal
from tests.factories import NOON, make_person, make_sign_in, state


def particulars(code: str = "GE", **values: object) -> Particulars:
    fields = {"given_name": "Ketevan", "family_name": "Abashidze", "address": "k@mia.gov.ge"}
    return Particulars(affiliation_id=state(code).id, **{**fields, **values})


def added(code: str = "GE", **values: object) -> Person:
    wanted = particulars(code, **values)
    db.session.remove()
    with transaction() as session:
        session().expire_on_commit = False
        return people.add(session, wanted, now=NOON, actor=None, vouched_by=None)


def invited(person: Person) -> people.Invitation:
    with transaction() as session:
        row = session.get_one(Person, person.id)
        return people.invite(session, row, now=NOON, actor=None)


def test_a_person_is_vouched_for_and_cannot_sign_in_yet(app):
    person = added()

    assert (person.vouched_at, person.password_hash, person.joined_at) == (NOON, None, None)
    assert people.find_to_sign_in(db.session, "k@mia.gov.ge") is None


def test_without_an_address_there_is_a_sign_in_name(app):
    person = added(given_name="Şükrü", address="")

    assert person.sign_in_name.startswith("sukru.abashidze.")
    assert people.find_to_sign_in(db.session, person.sign_in_name.upper()).id == person.id


def test_an_address_is_taken_once_within_a_state(app):
    added()

    with pytest.raises(Refusal, match="of this State"):
        added(address="K@mia.gov.ge")


def test_nobody_learns_that_another_state_has_the_address(app):
    foreign = make_person("Arta Stranger", state_code="AL")
    address = people.addresses(db.session, foreign.id)[0].address
    person = added(address=address)

    assert people.addresses(db.session, person.id)[0].address == address
    assert people.find_by_address(db.session, address).id == foreign.id
    home = state().id
    assert people.find_by_address(db.session, address, affiliation_id=home).id == person.id


def test_a_new_invitation_ends_the_older_one(app):
    person = added()
    first, second = invited(person), invited(person)
    rows = {row.token_hash: row for row in db.session.scalars(select(LoginToken))}

    assert rows[people.hash_of(first.token)].ended_at == NOON
    assert rows[people.hash_of(second.token)].ended_at is None
    assert second.expires_at == NOON + timedelta(hours=72)


def test_tokens_and_codes_are_kept_as_hashes(app):
    made = invited(added())
    kept = str([vars(row) for row in db.session.scalars(select(LoginToken))])

    assert made.token not in kept
    assert made.code not in kept
    assert people.hash_of(made.code) in kept
    assert people.typed_code(made.code.lower().replace("-", " ")) == made.code


def test_an_update_names_the_fields_and_no_value_in_the_audit_log(app):
    person = added()
    wanted = particulars(agency="Border Police", function="Analyst")
    with transaction() as session:
        row = session.get_one(Person, person.id)
        changed = people.update(session, row, wanted, now=NOON, actor=None)

    entry = db.session.scalars(select(AuditEntry).filter_by(deed="changed a person")).one()
    assert changed == ("agency", "function")
    assert entry.after == {"fields": ["agency", "function"]}


def test_who_is_suspended_is_signed_out_and_uninvited(app):
    person = make_person()
    make_sign_in(person)
    invited(person)
    with transaction() as session:
        row = session.get_one(Person, person.id)
        people.suspend(session, row, now=NOON, actor=None, reason="left the service")

    assert db.session.scalars(select(SignIn.ended_at)).all() == [NOON]
    assert db.session.scalars(select(LoginToken.ended_at)).all() == [NOON]
    with pytest.raises(Refusal, match="suspended"):
        invited(person)


def do(deed, person: Person, **said: object) -> Person:
    with transaction() as session:
        session().expire_on_commit = False
        row = session.get_one(Person, person.id)
        deed(session, row, now=NOON, **said)
        return row


def test_a_suspension_ends_once(app):
    person = make_person(suspended_at=NOON, suspended_why="left the service")
    row = do(people.resume, person, actor=None, reason="is back")

    assert (row.suspended_at, row.suspended_why) == (None, "")
    with pytest.raises(Refusal, match="not suspended"):
        do(people.resume, person, actor=None, reason="again")


def test_nobody_suspends_themselves_or_without_a_reason(app):
    person = make_person()
    for actor, reason in ((person.id, "I"), (None, " ")):
        with pytest.raises(Refusal):
            do(people.suspend, person, actor=actor, reason=reason)
