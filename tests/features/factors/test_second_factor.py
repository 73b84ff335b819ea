"""The second factor: set up, shown, used once; and what stays shut until then."""

import re
from datetime import timedelta
from functools import partial

import pyotp
import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.deeds.passwords import hashed
from lms.features.factors import actions
from lms.models import AuditEntry, Message, RecoveryCode, SecondFactor, SignIn
from lms.rules.access import Role
from lms.rules.messages import Kind
from tests.conftest import Browser
from tests.factories import NOON, PASSWORD, address_of, make_person, make_sign_in, make_staff
from tests.threads import together

STALE = NOON - timedelta(minutes=11)


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hashed(PASSWORD)


@pytest.fixture
def trainer(app, password_hash):
    return make_staff(Role.TRAINER, courses=(1,), password_hash=password_hash)


def sign_in(browser, person):
    return browser.submit("/sign-in", address=address_of(person), password=PASSWORD)


def set_up(browser, at=NOON):
    """Set an app up; gives the app and the recovery codes."""
    browser.submit("/account/factor")
    page = browser.get("/account/factor/set-up").text
    key = re.search(r'class="code" dir="ltr">([A-Z2-7-]+)<', page)[1].replace("-", "")
    app = pyotp.TOTP(key)
    answer = browser.submit("/account/factor/set-up", code=app.at(at))
    return app, re.findall(r'<li><span class="code" dir="ltr">([A-Z2-9-]+)<', answer.text)


def test_staff_set_an_app_up_before_anything_else(browser, trainer):
    sign_in(browser, trainer)
    shut = browser.get("/author")
    _, codes = set_up(browser)

    assert (shut.status_code, shut.location) == (303, "/account/factor?next=/author")
    assert len(codes) == 10
    assert browser.get("/author").status_code == 200


def test_a_code_is_asked_for_at_the_next_sign_in(browser, trainer, at):
    sign_in(browser, trainer)
    app, _ = set_up(browser)
    browser.submit("/sign-out", page="/account/display")
    later = NOON + timedelta(minutes=5)
    at(later)
    sign_in(browser, trainer)
    shut = browser.get("/author")
    before = browser.client.get_cookie("lms").value
    answer = browser.submit("/sign-in/code", code=app.at(later), next="/author")

    assert shut.location == "/sign-in/code?next=/author"
    assert (answer.status_code, answer.location) == (303, "/author")
    assert browser.client.get_cookie("lms").value != before
    assert browser.get("/author").status_code == 200


def waiting(app, person, at_instant, at):
    """A browser that has given the password and is asked for the code."""
    at(at_instant)
    browser = Browser(app)
    sign_in(browser, person)
    return browser


def test_a_code_works_once(app, browser, trainer, at):
    sign_in(browser, trainer)
    totp, _ = set_up(browser)
    later = NOON + timedelta(minutes=5)
    first, second = (waiting(app, trainer, later, at) for _ in range(2))

    assert first.submit("/sign-in/code", code=totp.at(later)).status_code == 303
    assert second.submit("/sign-in/code", code=totp.at(later)).status_code == 409
    at(later + timedelta(seconds=30))
    assert second.submit("/sign-in/code", code=totp.at(later)).status_code == 409


@pytest.mark.parametrize(("off", "status"), [(-60, 409), (-30, 303), (30, 303), (60, 409)])
def test_a_clock_may_be_wrong_by_one_step(app, browser, trainer, at, off, status):
    sign_in(browser, trainer)
    totp, _ = set_up(browser)
    later = NOON + timedelta(minutes=5)
    other = waiting(app, trainer, later, at)
    code = totp.at(later + timedelta(seconds=off))

    assert other.submit("/sign-in/code", code=code).status_code == status


def test_a_recovery_code_works_once_and_is_told(app, browser, trainer, at):
    sign_in(browser, trainer)
    _, codes = set_up(browser)
    later = NOON + timedelta(minutes=5)
    first, second = (waiting(app, trainer, later, at) for _ in range(2))

    assert first.submit("/sign-in/code", code=codes[3].lower()).status_code == 303
    assert second.submit("/sign-in/code", code=codes[3]).status_code == 409
    assert second.submit("/sign-in/code", code=codes[4]).status_code == 303
    told = select(func.count(Message.id)).filter_by(kind=Kind.FACTOR_CHANGED.value)
    assert db.session.scalar(told) == 3  # set up, and two codes
    assert codes[3] not in repr(db.session.scalars(select(RecoveryCode.code_hash)).all())


def test_the_sixth_wrong_code_waits_even_elsewhere(app, browser, trainer, at):
    sign_in(browser, trainer)
    totp, _ = set_up(browser)
    later = NOON + timedelta(minutes=5)
    other = waiting(app, trainer, later, at)
    for _ in range(5):
        other.submit("/sign-in/code", code="000000")
    other.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    early = other.submit("/sign-in/code", code=totp.at(later))
    much_later = later + timedelta(minutes=2)
    at(much_later)

    assert "There were too many tries." in early.text
    assert other.submit("/sign-in/code", code=totp.at(much_later)).status_code == 303


def test_before_the_code_nothing_of_the_person_shows(app, browser, trainer, at):
    sign_in(browser, trainer)
    set_up(browser)
    other = waiting(app, trainer, NOON + timedelta(minutes=5), at)

    assert "Nino Beridze" not in other.get("/courses").text
    assert "Nino Beridze" not in other.get("/no-such-page").text


def test_who_knows_the_password_alone_cannot_replace_the_app(app, browser, trainer, at):
    sign_in(browser, trainer)
    set_up(browser)
    other = waiting(app, trainer, NOON + timedelta(minutes=5), at)
    token = other.token("/sign-in/code")
    for url in ("/account/factor", "/account/factor/set-up", "/account/confirm"):
        answer = other.post(url, data={"csrf_token": token})
        assert answer.location == "/sign-in/code"

    assert db.session.scalar(select(func.count(SecondFactor.id))) == 1


def test_the_key_is_shown_while_it_is_set_up_and_never_again(browser, trainer):
    sign_in(browser, trainer)
    browser.submit("/account/factor")
    drawn = browser.get("/account/factor/qr.svg")
    kept = db.session.scalars(select(SecondFactor.secret)).one()
    page = browser.get("/account/factor/set-up").text
    key = re.search(r'class="code" dir="ltr">([A-Z2-7-]+)<', page)[1].replace("-", "")
    browser.submit("/account/factor/set-up", code=pyotp.TOTP(key).at(NOON))

    assert (drawn.mimetype, b"<svg" in drawn.data) == ("image/svg+xml", True)
    assert key not in kept
    assert browser.get("/account/factor/qr.svg").status_code == 404
    assert browser.get("/account/factor/set-up").location == "/account/factor"
    assert key not in browser.get("/account/factor").text


def test_a_new_app_ends_all_other_sessions(browser, trainer):
    make_sign_in(trainer, "trainer")
    sign_in(browser, trainer)
    set_up(browser)
    open_ = db.session.scalars(select(SignIn).filter_by(ended_at=None)).all()

    assert [one.factor_at for one in open_] == [NOON]


def test_an_officer_chooses_it_and_leaves_it(app, browser, password_hash, at):
    officer = make_person(password_hash=password_hash)
    sign_in(browser, officer)
    open_before = browser.get("/learning").status_code
    set_up(browser)
    asked = waiting(app, officer, NOON, at).get("/learning")
    browser.submit("/account/factor/end")

    assert (open_before, asked.location) == (200, "/sign-in/code?next=/learning")
    assert waiting(app, officer, NOON, at).get("/learning").status_code == 200


def test_staff_cannot_leave_it_from_any_role(browser, trainer):
    sign_in(browser, trainer)
    set_up(browser)
    browser.submit("/account/role", page="/account/display", role="officer")
    answer = browser.submit("/account/factor/end", page="/account/factor")

    assert answer.location == "/account/factor"
    assert db.session.scalars(select(SecondFactor.ended_at)).one() is None


def test_an_officer_who_works_as_trainer_is_asked_then(browser, trainer):
    browser.sign_in(trainer)
    with db.engine.begin() as connection:
        connection.execute(SignIn.__table__.update().values(factor_at=None))
    browser.submit("/account/role", page="/account/display", role="trainer")

    assert browser.get("/author").location == "/account/factor?next=/author"


def test_new_recovery_codes_void_the_old_ones(app, browser, trainer, at):
    sign_in(browser, trainer)
    _, old = set_up(browser)
    answer = browser.submit("/account/factor/codes")
    new = re.findall(r'<li><span class="code" dir="ltr">([A-Z2-9-]+)<', answer.text)
    other = waiting(app, trainer, NOON + timedelta(minutes=5), at)

    assert other.submit("/sign-in/code", code=old[0]).status_code == 409
    assert other.submit("/sign-in/code", code=new[0]).status_code == 303


def test_a_stale_proof_is_asked_for_again_and_leads_back(browser, password_hash):
    person = make_person(password_hash=password_hash)
    browser.client.set_cookie("lms", make_sign_in(person, proved_at=STALE))
    asked = browser.get("/account/factor")
    before = browser.client.get_cookie("lms").value
    wrong = browser.submit("/account/confirm", password="wrong")
    right = browser.submit("/account/confirm", password=PASSWORD, next="/account/factor")

    assert asked.location == "/account/confirm?next=/account/factor"
    assert (wrong.status_code, right.location) == (409, "/account/factor")
    assert browser.client.get_cookie("lms").value != before
    assert browser.get("/account/factor").status_code == 200


def test_a_form_of_a_stale_session_changes_nothing(browser, password_hash):
    person = make_person(password_hash=password_hash)
    browser.client.set_cookie("lms", make_sign_in(person, proved_at=STALE))
    token = browser.token("/account/display")
    answer = browser.post(
        "/account/factor",
        data={"csrf_token": token},
        headers={"Referer": "http://localhost/account/factor"},
    )

    assert answer.location == "/account/confirm?next=/account/factor&late=1"
    assert "open the form again" in browser.get(answer.location).text
    assert db.session.scalar(select(func.count(SecondFactor.id))) == 0


def test_with_an_app_the_proof_asks_for_both(app, browser, trainer, at):
    sign_in(browser, trainer)
    totp, _ = set_up(browser)
    late = NOON + timedelta(minutes=12)
    at(late)

    def give(password, code):
        return browser.submit(
            "/account/confirm", password=password, code=code, next="/account/factor"
        ).status_code

    assert give(PASSWORD, "000000") == 409
    assert give("wrong", totp.at(late)) == 409
    assert browser.get("/account/factor").status_code == 303
    assert give(PASSWORD, totp.at(late)) == 303
    assert browser.get("/account/factor").status_code == 200


def test_setting_up_and_showing_are_audited(browser, trainer):
    sign_in(browser, trainer)
    set_up(browser)
    deeds = db.session.scalars(select(AuditEntry.deed).order_by(AuditEntry.seq)).all()

    assert deeds == ["signed in", "set up a second factor"]


@pytest.mark.race
def test_of_several_who_show_the_same_code_at_once_one_wins(app, browser, trainer, at):
    sign_in(browser, trainer)
    totp, codes = set_up(browser)
    later = NOON + timedelta(minutes=5)
    for code in (totp.at(later), codes[0]):
        for _ in range(4):
            make_sign_in(trainer, factor_at=None)
        db.session.remove()
        waiting_ = db.session.scalars(select(SignIn.id).filter_by(factor_at=None)).all()
        given = together(
            app,
            [
                partial(
                    actions.show,
                    sign_in_id,
                    trainer.id,
                    code,
                    f"{sign_in_id}-{code}".ljust(64, "x"),
                    account="a" * 64,
                    now=later,
                )
                for sign_in_id in waiting_[-4:]
            ],
        )
        assert sorted(given) == [False, False, False, True]
