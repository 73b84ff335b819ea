"""Signing in and out, as rows that end."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.database import db, transaction
from lms.deeds.passwords import hashed
from lms.models import AuditEntry, Message, Person, SignIn, SignInFailure
from lms.rules.access import Role
from lms.web import throttle
from tests.conftest import Browser
from tests.factories import (
    NOON,
    PASSWORD,
    address_of,
    make_person,
    make_sign_in,
    make_staff,
    saved,
)

MINUTE = timedelta(minutes=1)
WRONG = "The address and the password do not fit together."


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hashed(PASSWORD)


def send(browser, address, password, **more):
    return browser.submit("/sign-in", address=address, password=password, **more)


def test_the_right_password_signs_in(browser, password_hash):
    person = make_person(password_hash=password_hash)

    answer = send(browser, address_of(person).upper(), PASSWORD, next="/account/display")

    assert (answer.status_code, answer.location) == (303, "/account/display")
    assert browser.get("/account/display").status_code == 200


def test_signing_in_takes_a_new_id(browser, password_hash):
    person = make_person(password_hash=password_hash)
    browser.get("/sign-in")
    before = browser.client.get_cookie("lms").value
    send(browser, address_of(person), PASSWORD)

    assert browser.client.get_cookie("lms").value != before


@pytest.mark.parametrize("who", ["unknown", "wrong", "suspended", "without a password"])
def test_every_failure_reads_the_same(browser, password_hash, who):
    values = {
        "suspended": {"password_hash": password_hash, "suspended_at": NOON},
        "without a password": {},
    }.get(who, {"password_hash": password_hash})
    address = "nobody@example.org" if who == "unknown" else address_of(make_person(**values))
    answer = send(browser, address, PASSWORD if who == "suspended" else "wrong")

    assert (answer.status_code, WRONG in answer.text) == (409, True)
    assert db.session.scalar(select(func.count(SignIn.id))) == 0


def test_five_failures_make_the_sixth_try_wait(browser, password_hash, at):
    person = make_person(password_hash=password_hash)
    for _ in range(5):
        send(browser, address_of(person), "wrong")
    early = send(browser, address_of(person), PASSWORD)
    at(NOON + timedelta(minutes=2))
    late = send(browser, address_of(person), PASSWORD)

    assert "There were too many tries. Wait 1 minute" in early.text
    assert late.status_code == 303


def test_a_stranger_elsewhere_does_not_lock_an_officer_out(browser, password_hash, app):
    person = make_person(password_hash=password_hash)
    for _ in range(6):
        send(browser, address_of(person), "wrong")
    browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"

    assert send(browser, address_of(person), PASSWORD).status_code == 303


def test_failures_keep_neither_address_nor_network(browser, app):
    send(browser, "nobody@example.org", "wrong")
    row = db.session.scalars(select(SignInFailure)).one()

    assert len(row.account) == len(row.network) == 64


def test_signing_out_ends_a_copied_cookie_too(browser, app):
    browser.sign_in(make_person())
    copied = browser.client.get_cookie("lms").value
    browser.submit("/sign-out", page="/account/display")
    browser.client.set_cookie("lms", copied)

    assert browser.get("/account/display").location == "/sign-in?next=/account/display"


@pytest.mark.parametrize(
    ("role", "minutes", "alive"),
    [("officer", 59, True), ("officer", 66, False), ("trainer", 29, True), ("trainer", 36, False)],
)
def test_idle_sessions_end_sooner_for_staff(browser, at, role, minutes, alive):
    person = make_staff(Role.TRAINER, courses=(1,)) if role == "trainer" else make_person()
    browser.client.set_cookie("lms", make_sign_in(person, role, last_seen=NOON))
    at(NOON + timedelta(minutes=minutes))

    assert (browser.get("/account/display").status_code == 200) is alive


def test_no_session_lasts_longer_than_twelve_hours(browser, at):
    long_ago = NOON - timedelta(hours=12)
    browser.client.set_cookie("lms", make_sign_in(make_person(), started_at=long_ago))

    assert browser.get("/account/display").status_code == 303


def test_a_suspended_person_is_out_at_the_next_request(browser):
    person = make_person()
    browser.sign_in(person)
    with transaction() as session:
        session.get_one(Person, person.id).suspended_at = NOON

    assert browser.get("/account/display").status_code == 303


def test_a_role_taken_away_ends_the_session_in_it(browser):
    browser.sign_in(make_person(), role="coordinator")

    assert browser.get("/account/display").status_code == 303


def test_working_in_another_role_begins_a_new_session(browser):
    person = make_staff(Role.ADMINISTRATOR)
    browser.sign_in(person)
    before = browser.client.get_cookie("lms").value
    answer = browser.submit("/account/role", page="/account/display", role="administrator")

    assert answer.status_code == 303
    assert browser.get("/admin/health").status_code == 200
    assert browser.client.get_cookie("lms").value != before


def test_nobody_works_in_a_role_they_do_not_hold(browser):
    browser.sign_in(make_person())
    answer = browser.submit("/account/role", page="/account/display", role="administrator")

    assert answer.status_code == 409


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\tb", "javascript:x"]
)
def test_nobody_is_led_to_another_site(browser, password_hash, wanted):
    person = make_person(password_hash=password_hash)
    answer = send(browser, address_of(person), PASSWORD, next=wanted)

    assert answer.location == "/home"


def test_signing_in_is_audited(browser, password_hash):
    person = make_person(password_hash=password_hash)
    send(browser, address_of(person), PASSWORD)
    entry = db.session.scalars(select(AuditEntry)).one()

    assert (entry.deed, entry.actor_id, entry.seq) == ("signed in", person.id, 1)


def failed(person, times):
    """Wrong tries from as many networks."""
    account = throttle.counted(f"person:{person.id}:")
    saved(
        *(
            SignInFailure(account=account, network=f"{n:064}", at=NOON + MINUTE)
            for n in range(times)
        )
    )


def from_network(app, address):
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


@pytest.mark.parametrize(("times", "status"), [(99, 303), (100, 409)])
def test_after_a_hundred_failures_in_a_row_a_password_alone_is_not_enough(
    app, password_hash, at, times, status
):
    person = make_person(password_hash=password_hash)
    failed(person, times)
    at(NOON + timedelta(hours=2))

    assert (
        send(from_network(app, "203.0.113.5"), address_of(person), PASSWORD).status_code == status
    )


def test_the_officer_gets_in_from_a_known_network_and_by_the_link(app, password_hash, at):
    """However long a stranger goes on trying."""
    person = make_person(password_hash=password_hash)
    send(from_network(app, "192.0.2.9"), address_of(person), PASSWORD)
    failed(person, 100)
    at(NOON + timedelta(hours=2))
    elsewhere = from_network(app, "203.0.113.5")
    refused = send(elsewhere, address_of(person), PASSWORD)
    link = db.session.scalars(select(Message).filter_by(kind="password_reset")).one()
    new = "four lamps under a quiet bridge"
    chosen = elsewhere.submit(f"/reset/{link.token}", password=new, again=new)

    assert "printed code" in refused.text
    assert chosen.status_code == 303
    assert send(elsewhere, address_of(person), new).status_code == 303
    failed(person, 101)
    at(NOON + timedelta(hours=4))
    assert send(from_network(app, "192.0.2.9"), address_of(person), new).status_code == 303


def test_many_tries_are_noted_a_few_times_and_only_for_people(app, browser, password_hash):
    person = make_person(password_hash=password_hash)
    for number in range(30):
        elsewhere = from_network(app, f"198.51.100.{number}")
        send(elsewhere, address_of(person), "wrong")
        send(elsewhere, "nobody@example.org", "wrong")
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()

    assert [(one.deed, one.object, one.after) for one in entries] == [
        ("many sign-in tries", f"person:{person.id}", {"tries": 5}),
        ("many sign-in tries", f"person:{person.id}", {"tries": 25}),
    ]
