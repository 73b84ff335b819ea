"""What people change about themselves, what they ask for, and their addresses."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.database import db
from lms.models import ChangeRequest, Enrolment, Message, Person, PersonAddress
from lms.rules.access import Role
from tests.conftest import Browser
from tests.factories import NOON, address_of, make_person, make_sign_in, make_staff, state
from tests.features.courses import make_activity, make_place, publish_course

FIELDS = {
    "gender": "woman",
    "agency_type": "police",
    "rank_band": "middle",
    "time_zone": "Asia/Tbilisi",
    "language": "en",
}
PAGE = "/account/addresses"


@pytest.fixture
def me(browser):
    person = make_person()
    browser.sign_in(person)
    return person


def fresh(person):
    db.session.remove()
    return db.session.get_one(Person, person.id)


def kept(person):
    db.session.remove()
    rows = db.session.scalars(select(PersonAddress).filter_by(person_id=person.id))
    return {row.address: (row.is_primary, row.confirmed_at is not None) for row in rows}


def token(kind):
    """The secret end of the newest link of this kind, as the mail has it, and where it goes."""
    db.session.remove()
    row = db.session.scalars(
        select(Message).filter_by(kind=kind).order_by(Message.id.desc()).limit(1)
    ).one()
    return f"{row.link}{row.token}", row.address


def test_people_change_what_is_theirs(browser, me):
    sent = {**FIELDS, "languages": ["en", "ka"], "own_script_name": "ნინო ბერიძე"}
    assert browser.submit("/account/profile", **sent).status_code == 303
    person = fresh(me)

    assert (person.gender, person.languages, person.time_zone) == (
        "woman",
        ["en", "ka"],
        "Asia/Tbilisi",
    )
    assert "ნინო ბერიძე" in browser.get("/account/profile").text


@pytest.mark.parametrize(
    "field", ["given_name", "affiliation_id", "state", "vouched_at", "extra_time", "role"]
)
def test_nobody_changes_name_or_state_or_more(browser, me, field):
    assert browser.submit("/account/profile", **FIELDS, **{field: "1"}).status_code == 400
    assert fresh(me).name == "Nino Beridze"


def test_another_name_is_decided_by_the_focal_point_and_both_are_told(app, browser, me):
    focal = make_staff(Role.FOCAL_POINT, name="Giorgi Maisuradze")
    wanted = {"given_name": "Nino", "family_name": "Marku", "reason": "Married"}
    browser.submit("/account/profile/name", **wanted)
    assert "Your focal point decides" in browser.get("/account/profile").text
    assert browser.submit("/account/profile/name", **wanted).status_code == 409
    row = db.session.scalars(select(ChangeRequest)).one()
    desk = Browser(app).sign_in(focal, "focal_point")
    desk.submit(f"/state/officers/requests/{row.ref}", decision="yes", reason="Seen the passport")

    assert fresh(me).name == "Nino Marku"
    told = db.session.execute(select(Message.person_id, Message.kind).order_by(Message.id)).all()
    assert told == [(focal.id, "request_waits"), (me.id, "request_granted")]


def test_a_declined_name_stays_and_says_why(app, browser, me):
    focal = make_staff(Role.FOCAL_POINT, name="Giorgi Maisuradze")
    browser.submit(
        "/account/profile/name", given_name="Nino", family_name="Marku", reason="Married"
    )
    row = db.session.scalars(select(ChangeRequest)).one()
    desk = Browser(app).sign_in(focal, "focal_point")
    page = f"/state/officers/requests/{row.ref}"
    assert desk.submit(page, decision="no").status_code == 409
    desk.submit(page, decision="no", reason="Bring the passport")

    assert fresh(me).name == "Nino Beridze"
    assert "Bring the passport" in browser.get("/account/profile").text


def test_another_state_needs_two_administrators_and_places_keep_theirs(app, browser, me):
    place = make_place(me, make_activity(publish_course("small")))
    admins = [
        Browser(app).sign_in(make_staff(Role.ADMINISTRATOR, name=name), "administrator")
        for name in ("Tomas Ferreira", "Helen Marsh")
    ]
    browser.submit("/account/profile/state", state="AL", reason="Moved")
    page = f"/people/requests/{db.session.scalars(select(ChangeRequest.ref)).one()}"
    admins[0].submit(page, decision="yes")
    assert fresh(me).affiliation_id == state("GE").id
    admins[1].submit(page, decision="yes")

    assert fresh(me).affiliation_id == state("AL").id
    assert db.session.get_one(Enrolment, place.id).affiliation_id == state("GE").id


def test_a_new_address_counts_when_its_link_is_used_and_the_old_one_is_told(app, browser, me):
    old = address_of(me)
    assert browser.submit(PAGE, address="New@mia.gov.ge").status_code == 303
    link, sent_to = token("confirm_address")
    assert (sent_to, kept(me)["new@mia.gov.ge"]) == ("new@mia.gov.ge", (False, False))

    stranger = Browser(app)  # the link opens on another device too
    assert stranger.get(link).status_code == 200
    assert kept(me)["new@mia.gov.ge"] == (False, False)
    stranger.submit(link)
    assert kept(me)["new@mia.gov.ge"] == (False, True)
    assert stranger.get(link).status_code == 404
    assert token("address_changed")[1] == old


def test_the_old_main_address_is_asked_before_another_takes_its_place(app, browser, me):
    old = address_of(me)
    browser.submit(PAGE, address="new@mia.gov.ge")
    Browser(app).submit(token("confirm_address")[0])
    browser.submit(f"{PAGE}/main", page=PAGE, address="new@mia.gov.ge")
    assert kept(me)[old] == (True, True)
    link, asked = token("change_address")
    assert asked == old

    Browser(app).submit(link)
    assert kept(me) == {old: (False, True), "new@mia.gov.ge": (True, True)}
    browser.submit(f"{PAGE}/remove", page=PAGE, address=old)
    assert kept(me) == {"new@mia.gov.ge": (True, True)}


def test_the_main_address_is_not_removed(browser, me):
    answer = browser.submit(f"{PAGE}/remove", page=PAGE, address=address_of(me))

    assert answer.status_code == 409
    assert kept(me) == {address_of(me): (True, True)}


def test_an_address_of_somebody_else_is_never_taken_over(app, browser, me):
    foreign = make_person("Arta Stranger", state_code="AL")
    taken = address_of(foreign)
    unknown = browser.submit(PAGE, address="nobody@mia.gov.ge")
    known = browser.submit(PAGE, address=taken)
    assert (unknown.status_code, unknown.location) == (known.status_code, known.location)

    link, sent_to = token("confirm_address")
    assert sent_to == taken
    assert Browser(app).submit(link).status_code == 409
    assert kept(me)[taken] == (False, False)
    assert address_of(foreign) == taken


def test_addresses_of_others_are_out_of_reach(browser, me):
    foreign = make_person("Arta Stranger", state_code="AL")
    for act in ("main", "remove"):
        answer = browser.submit(f"{PAGE}/{act}", page=PAGE, address=address_of(foreign))
        assert answer.status_code == 409
    assert kept(foreign) == {address_of(foreign): (True, True)}


def test_five_addresses_are_enough(browser, me):
    for number in range(4):
        browser.submit(PAGE, address=f"n{number}@mia.gov.ge")

    assert "five addresses" in browser.submit(PAGE, address="n9@mia.gov.ge").text


def test_addresses_ask_for_the_password_again(app, browser):
    person = make_person()
    late = make_sign_in(person, proved_at=NOON - timedelta(minutes=11))
    browser.client.set_cookie("lms", late)

    assert browser.get(PAGE).location.startswith("/account/confirm")
