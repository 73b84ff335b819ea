"""Where people are signed in, ending it, and an administrator's help at the door."""

import re

import pytest
from sqlalchemy import select

from lms.database import db
from lms.models import AuditEntry, Message, SecondFactor, SignIn
from lms.rules.access import Role
from lms.rules.messages import Kind
from tests.conftest import Browser
from tests.factories import NOON, make_person, make_sign_in, make_staff, saved

STALE = {"proved_at": NOON.replace(hour=11)}


@pytest.fixture
def person(app):
    return make_person()


def devices(browser):
    page = browser.get("/account/sessions").text
    return re.findall(r'<th role="rowheader" scope="row">([^<]+)</th>', page)


def open_sessions(person):
    db.session.remove()
    query = select(SignIn.device).filter_by(person_id=person.id, ended_at=None)
    return sorted(db.session.scalars(query).all())


def test_the_sign_in_page_notes_the_device(browser, app):
    browser.sign_in(make_person())
    make_sign_in(make_person("Somebody Else"), device="Chrome, Android")

    assert devices(browser) == ["Unknown device"]


def test_one_session_is_ended_and_the_others_stay(app, browser, person):
    browser.client.set_cookie("lms", make_sign_in(person, device="Firefox, Windows"))
    make_sign_in(person, device="Chrome, Android")
    lost = Browser(app)
    lost.client.set_cookie("lms", make_sign_in(person, device="Safari, iPhone"))
    ref = db.session.scalars(select(SignIn.ref).filter_by(device="Safari, iPhone")).one()
    listed = devices(browser)
    browser.submit("/account/sessions", end=ref)

    assert sorted(listed) == ["Chrome, Android", "Firefox, Windows", "Safari, iPhone"]
    assert sorted(devices(browser)) == ["Chrome, Android", "Firefox, Windows"]
    assert lost.get("/learning").location == "/sign-in?next=/learning"


def test_all_others_are_ended_at_once(browser, person):
    browser.client.set_cookie("lms", make_sign_in(person, device="Firefox, Windows"))
    make_sign_in(person, device="Chrome, Android")
    make_sign_in(person, device="Safari, iPhone")
    browser.submit("/account/sessions", end="others")

    assert devices(browser) == ["Firefox, Windows"]


def test_nobody_ends_the_session_of_another(browser, person):
    other = make_person("Giorgi Colleague")
    make_sign_in(other)
    ref = db.session.scalars(select(SignIn.ref).filter_by(person_id=other.id)).one()
    answer = browser.sign_in(person).submit("/account/sessions", end=ref)

    assert (answer.status_code, open_sessions(other)) == (409, [""])


@pytest.fixture
def administrator(app):
    return make_staff(Role.ADMINISTRATOR, name="Tom Keeper")


def help_with(browser, person, what, reason="a lost laptop"):
    return browser.submit(f"/people/{person.ref}/sign-in", what=what, reason=reason)


def test_an_administrator_signs_somebody_out_everywhere(browser, person, administrator):
    make_sign_in(person)
    make_sign_in(person)
    answer = help_with(browser.sign_in(administrator, "administrator"), person, "sessions")
    entry = db.session.scalars(select(AuditEntry).filter_by(deed="ended all sessions")).one()

    assert (answer.status_code, open_sessions(person)) == (303, [])
    assert (entry.actor_id, entry.object, entry.why, entry.after) == (
        administrator.id,
        f"person:{person.id}",
        "a lost laptop",
        {"sessions": 2},
    )


def test_a_lost_app_is_taken_out_of_use_and_the_person_is_told(browser, person, administrator):
    saved(SecondFactor(person_id=person.id, secret="x", made_at=NOON, confirmed_at=NOON))
    make_sign_in(person)
    help_with(browser.sign_in(administrator, "administrator"), person, "factor")
    told = db.session.scalars(select(Message)).one()

    assert db.session.scalars(select(SecondFactor.ended_at)).one() == NOON
    assert open_sessions(person) == []
    assert (told.kind, told.person_id) == (Kind.FACTOR_CHANGED, person.id)


def test_an_administrator_does_not_take_the_own_app_out_of_use_here(browser, administrator):
    saved(SecondFactor(person_id=administrator.id, secret="x", made_at=NOON, confirmed_at=NOON))
    browser.sign_in(administrator, "administrator")

    assert help_with(browser, administrator, "factor").status_code == 409


def test_it_needs_a_reason_and_a_fresh_proof(browser, person, administrator):
    browser.sign_in(administrator, "administrator")
    without = help_with(browser, person, "sessions", reason="")
    browser.client.set_cookie("lms", make_sign_in(administrator, "administrator", **STALE))
    stale = browser.get(f"/people/{person.ref}/sign-in")

    assert without.status_code == 409
    assert stale.location == f"/account/confirm?next=/people/{person.ref}/sign-in"
