"""Changing a password, and choosing a new one when it is forgotten."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update

from lms.database import db, transaction
from lms.deeds import passwords, tries
from lms.features.passwords import actions
from lms.models import AuditEntry, LoginToken, Message, Person, SecondFactor, SignIn, TokenPurpose
from lms.rules.access import Role
from lms.rules.messages import Kind
from tests.factories import NOON, PASSWORD, address_of, make_person, make_sign_in, make_staff, saved
from tests.threads import refusals, together

NEW = "four lamps under a quiet bridge"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def person(app, password_hash):
    return make_person(password_hash=password_hash)


def ask(browser, address):
    return browser.submit("/forgot", address=address)


def messages(kind=Kind.PASSWORD_RESET):
    db.session.remove()
    return db.session.scalars(select(Message).filter_by(kind=kind.value).order_by(Message.id)).all()


def choose(browser, token, password=NEW):
    return browser.submit(f"/reset/{token}", password=password, again=password)


def fits(person, password):
    db.session.remove()
    return passwords.fits(db.session.get_one(Person, person.id).password_hash, password)


def test_a_link_sets_the_password_once_and_signs_out_everywhere(browser, person):
    make_sign_in(person)
    asked = ask(browser, address_of(person).upper())
    told = messages()[0]
    looked = browser.get(f"/reset/{told.token}")
    used = choose(browser, told.token)
    again = browser.get(f"/reset/{told.token}")

    assert (asked.status_code, asked.location) == (303, "/forgot?sent=1")
    assert (told.link, told.address) == ("/reset/", address_of(person))
    assert (looked.status_code, used.location, again.status_code) == (200, "/sign-in", 404)
    assert fits(person, NEW)
    assert not fits(person, PASSWORD)
    assert db.session.scalar(select(func.count(SignIn.id)).filter_by(ended_at=None)) == 0
    assert [one.person_id for one in messages(Kind.PASSWORD_CHANGED)] == [person.id]


@pytest.mark.parametrize("who", ["unknown", "suspended", "without a password"])
def test_nobody_learns_who_has_an_account(browser, password_hash, who):
    values = {
        "suspended": {"password_hash": password_hash, "suspended_at": NOON},
        "without a password": {},
        "unknown": {},
    }[who]
    address = "nobody@example.org" if who == "unknown" else address_of(make_person(**values))
    answer = ask(browser, address)

    assert (answer.status_code, answer.location) == (303, "/forgot?sent=1")
    assert messages() == []


def test_the_link_lasts_an_hour_and_dies_with_the_next_one(browser, person, at):
    ask(browser, address_of(person))
    at(NOON + timedelta(minutes=5))
    ask(browser, address_of(person))
    first, second = messages()
    assert browser.get(f"/reset/{first.token}").status_code == 404
    at(NOON + timedelta(minutes=64))
    assert browser.get(f"/reset/{second.token}").status_code == 200
    at(NOON + timedelta(minutes=65))

    assert browser.get(f"/reset/{second.token}").status_code == 404


def test_a_stranger_fills_nobodys_mailbox(browser, person, at):
    for minute in range(10):
        at(NOON + timedelta(minutes=5 * minute))
        ask(browser, address_of(person))

    assert len(messages()) == 3


def test_a_stranger_voids_no_link_that_somebody_else_has_given(browser, person):
    given = saved(
        LoginToken(
            token_hash="x" * 64,
            purpose=TokenPurpose.RECOVERY,
            person_id=person.id,
            made_at=NOON,
            expires_at=NOON + timedelta(hours=72),
        )
    )
    ask(browser, address_of(person))
    db.session.remove()

    assert db.session.get_one(LoginToken, given.id).ended_at is None


def test_an_invitation_is_no_link_to_another_password(browser, person):
    ask(browser, address_of(person))
    with transaction() as session:
        session.execute(update(LoginToken).values(purpose=TokenPurpose.INVITATION))

    assert browser.get(f"/reset/{messages()[0].token}").status_code == 404


def test_the_link_does_not_stand_in_for_the_second_factor(browser, app, password_hash):
    trainer = make_staff(Role.TRAINER, courses=(1,), password_hash=password_hash)
    saved(SecondFactor(person_id=trainer.id, secret="x", made_at=NOON, confirmed_at=NOON))
    ask(browser, address_of(trainer))
    choose(browser, messages()[0].token)
    browser.submit("/sign-in", address=address_of(trainer), password=NEW)

    assert browser.get("/author").location == "/sign-in/code?next=/author"


def test_the_host_of_the_request_is_nowhere_in_the_message(browser, person):
    token = browser.token("/forgot")
    answer = browser.post(
        "/forgot",
        data={"address": address_of(person), "csrf_token": token},
        headers={"Host": "evil.example"},
    )

    assert (answer.status_code, messages()) == (400, [])


def test_a_password_that_is_tried_first_is_refused(browser, person):
    ask(browser, address_of(person))
    token = messages()[0].token
    answer = choose(browser, token, "Nino-Beridze-Georgia")

    assert (answer.status_code, fits(person, PASSWORD)) == (409, True)
    assert choose(browser, token).status_code == 303


def test_changing_it_asks_for_the_old_one_and_ends_other_sessions(browser, person):
    make_sign_in(person)
    browser.sign_in(person)
    before = browser.client.get_cookie("lms").value
    fields = {"password": NEW, "again": NEW}
    wrong = browser.submit("/account/password", old="wrong", **fields)
    right = browser.submit("/account/password", old=PASSWORD, **fields)

    assert (wrong.status_code, right.location) == (409, "/account/password?saved=1")
    assert browser.client.get_cookie("lms").value != before
    assert browser.get("/account/password").status_code == 200
    assert db.session.scalar(select(func.count(SignIn.id)).filter_by(ended_at=None)) == 1
    assert len(messages(Kind.PASSWORD_CHANGED)) == 1


def test_the_old_one_cannot_be_guessed_at_will(browser, person):
    browser.sign_in(person)
    for _ in range(5):
        browser.submit("/account/password", old="wrong", password=NEW, again=NEW)
    answer = browser.submit("/account/password", old=PASSWORD, password=NEW, again=NEW)

    assert "There were too many tries." in answer.text


def test_neither_token_nor_address_stands_in_the_audit_log(browser, person):
    ask(browser, address_of(person))
    told = messages()[0]
    entries = repr(
        [
            (one.deed, one.object, one.before, one.after, one.why)
            for one in db.session.scalars(select(AuditEntry))
        ]
    )

    assert told.token not in entries
    assert address_of(person) not in entries


@pytest.mark.race
def test_of_several_who_use_a_link_at_once_one_wins(app, browser, person):
    ask(browser, address_of(person))
    token = messages()[0].token
    words = [f"{NEW} and {word} other things" for word in ("seven", "eight", "nine", "ten")]
    given = together(app, [partial(actions.reset, token, word, NOON) for word in words])
    winners = [word for word, one in zip(words, given, strict=True) if one is None]

    assert (len(winners), len(refusals(given))) == (1, 3)
    assert fits(person, winners[0])


@pytest.mark.race
def test_tries_at_the_same_moment_pass_no_limit(app):
    """Each is counted before it is looked at."""
    account, network = "a" * 64, "b" * 64
    given = together(app, [lambda: try_once(account, network) for _ in range(12)])

    assert [one is None for one in given].count(True) == 5


def try_once(account, network):
    with transaction() as session:
        return tries.count(session, account=account, network=network, now=NOON)
