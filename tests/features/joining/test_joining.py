"""Coming in by link, by printed code, and by asking one's State; mail may be switched off."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.database import db, transaction
from lms.deeds import people
from lms.models import LoginToken, Message, Person, PersonAddress, Registration, TokenPurpose
from lms.rules.access import Role
from lms.rules.particulars import Particulars
from tests.architecture.test_doors import REGISTERING
from tests.factories import JOINING, NOON, PASSWORD, address_of, make_person, make_staff, state


def newcomer(code: str = "GE", **values: object) -> tuple[int, people.Invitation]:
    """Somebody new and invited: the key, link and code."""
    fields = {"given_name": "Ketevan", "family_name": "Abashidze", "address": "", **values}
    purpose = fields.pop("purpose", TokenPurpose.INVITATION)
    wanted = Particulars(affiliation_id=state(code).id, **fields)
    db.session.remove()
    with transaction() as session:
        person = people.add(session, wanted, now=NOON, actor=None, vouched_by=None)
        made = people.invite(session, person, now=NOON, actor=None, purpose=purpose)
        return person.id, made


def fresh(person_id: int) -> Person:
    db.session.remove()
    return db.session.get_one(Person, person_id)


def by_code(browser, made, who="Abashidze", **fields):
    code = {"code": made.code.lower(), "who": who}
    assert browser.submit("/join", **code).status_code == 200
    token = browser.token("/join")
    return browser.post("/join/confirmed", data={**JOINING, **code, **fields, "csrf_token": token})


def signs_in(browser, name: str) -> bool:
    return browser.submit("/sign-in", address=name, password=PASSWORD).status_code == 303


def test_a_code_is_enough_without_mail_and_without_an_address(browser):
    person_id, made = newcomer()
    assert by_code(browser, made, function="Analyst").location == "/sign-in"
    person = fresh(person_id)

    assert (person.joined_at, person.function) == (NOON, "Analyst")
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert signs_in(browser, person.sign_in_name.upper())


def test_a_code_works_once_and_ends_the_link(browser):
    _person_id, made = newcomer()
    by_code(browser, made)

    assert browser.submit("/join", code=made.code, who="Abashidze").status_code == 409
    assert browser.get(f"/invitations/{made.token}").status_code == 404


def test_opening_a_link_uses_nothing_up_and_using_it_confirms_the_address(browser):
    person_id, made = newcomer(address="k@mia.gov.ge")
    link = f"/invitations/{made.token}"
    assert not signs_in(browser, "k@mia.gov.ge")
    assert [browser.get(link).status_code for _ in range(2)] == [200, 200]
    assert browser.submit(link, **JOINING).location == "/sign-in"

    assert people.find_by_address(db.session, "k@mia.gov.ge").id == person_id
    assert signs_in(browser, "K@mia.gov.ge")


def test_the_owner_of_an_address_keeps_it(browser):
    owner = make_person("Arta Stranger", state_code="AL")
    address = address_of(owner)
    person_id, made = newcomer(address=address)
    page = browser.get(f"/invitations/{made.token}").text
    assert address not in page
    browser.submit(f"/invitations/{made.token}", **JOINING)
    person = fresh(person_id)

    assert person.sign_in_name in page
    assert people.find_to_sign_in(db.session, address).id == owner.id
    assert people.find_to_sign_in(db.session, person.sign_in_name).id == person_id


def test_the_terms_are_accepted_or_nothing_happens(browser):
    person_id, made = newcomer()
    without = {name: value for name, value in JOINING.items() if name != "terms"}
    answer = browser.submit(f"/invitations/{made.token}", **without)

    assert "Accept the terms" in answer.text
    assert fresh(person_id).password_hash is None


@pytest.mark.parametrize("field", ["given_name", "affiliation_id", "role", "agency", "address"])
def test_nobody_sets_more_than_is_asked(browser, field):
    person_id, made = newcomer()
    answer = browser.submit(f"/invitations/{made.token}", **JOINING, **{field: "1"})

    assert answer.status_code == 400
    assert fresh(person_id).password_hash is None


def test_a_code_needs_its_name_and_dies_after_five_wrong_ones(browser, at):
    _person_id, made = newcomer()
    for hours in range(5):
        at(NOON + timedelta(hours=hours))
        answer = browser.submit("/join", code=made.code, who="Somebody")
        assert answer.status_code == 409
    at(NOON + timedelta(hours=6))

    assert browser.submit("/join", code=made.code, who="Abashidze").status_code == 409
    assert db.session.scalars(select(LoginToken.wrong_tries)).all() == [5]


def test_a_wrong_code_and_a_wrong_name_read_alike(browser):
    _person_id, made = newcomer()
    said = {
        browser.submit("/join", code=code, who=who).text.count("do not fit together")
        for code, who in ((made.code, "X"), ("AAAA-AAAA-AAAA", "Abashidze"), ("?", "X"))
    }
    assert said == {1}


def test_codes_are_throttled(browser):
    """Also of many networks, and over a restart: the tries are rows."""
    answers = [browser.submit("/join", code="AAAA-AAAA-AAAA", who="X").text for _ in range(6)]

    assert ["too many tries" in answer for answer in answers] == [False] * 5 + [True]


def test_after_three_days_a_link_and_a_code_are_dead(browser, at):
    _person_id, made = newcomer()
    at(NOON + timedelta(hours=72))

    assert browser.get(f"/invitations/{made.token}").status_code == 404
    assert browser.submit("/join", code=made.code, who="Abashidze").status_code == 409


def test_a_code_for_a_lost_password_asks_for_the_password_alone(browser):
    person_id, made = newcomer(purpose=TokenPurpose.RECOVERY)
    with transaction() as session:
        session.get_one(Person, person_id).password_hash = "the lost one"
    code = {"code": made.code, "who": "Abashidze"}
    page = browser.submit("/join", **code).text
    data = {**code, "password": PASSWORD, "again": PASSWORD, "csrf_token": browser.token("/join")}

    assert 'name="terms"' not in page
    assert browser.post("/join/confirmed", data=data).location == "/sign-in"
    assert fresh(person_id).password_hash != "the lost one"
    assert db.session.scalars(select(Message.kind)).all() == ["password_changed"]


def test_a_registration_waits_for_the_state_and_opens_no_account(browser):
    focal = make_staff(Role.FOCAL_POINT)
    make_staff(Role.FOCAL_POINT, name="Arta Stranger", state_code="AL")
    before = db.session.scalar(select(func.count()).select_from(Person))
    answer = browser.submit("/register", **REGISTERING)
    wish = db.session.scalars(select(Registration)).one()

    assert answer.location == "/register?sent=1"
    assert (wish.decided_at, wish.address) == (None, "k@mia.gov.ge")
    assert wish.particulars["family_name"] == "Abashidze"
    assert db.session.scalars(select(Message.person_id)).all() == [focal.id]
    assert db.session.scalar(select(func.count()).select_from(Person)) == before


def test_known_and_unknown_addresses_get_the_same_answer(browser):
    known = make_person()
    stranger = make_person("Arta Stranger", state_code="AL")
    answers = [
        browser.submit("/register", **{**REGISTERING, "address": address})
        for address in ("new@mia.gov.ge", address_of(known), address_of(stranger))
    ]
    waiting = db.session.scalars(select(Registration.address)).all()

    assert len({(one.status_code, one.location, one.text) for one in answers}) == 1
    assert waiting == ["new@mia.gov.ge", address_of(stranger)]
    assert db.session.scalars(select(Message.person_id).order_by(Message.id)).all() == [
        known.id,
        stranger.id,
    ]


def test_registering_twice_is_one_wish(browser):
    for _ in range(2):
        browser.submit("/register", **REGISTERING)

    assert db.session.scalar(select(func.count()).select_from(Registration)) == 1
    assert db.session.scalar(select(func.count()).select_from(PersonAddress)) == 0


def test_registrations_are_throttled(browser):
    browser.app.extensions.pop("limiter", None)
    answers = [browser.submit("/register", **REGISTERING).status_code for _ in range(6)]

    assert answers == [303] * 5 + [429]


@pytest.fixture(autouse=True)
def _unhurried(app):
    app.extensions.pop("limiter", None)
