"""Answers in Chromium when the network goes, the session ends, the device changes, time runs."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms import clock
from lms.database import db, transaction
from lms.deeds import timing
from lms.features.quizzes import actions as quizzes
from lms.models import Answer, Attempt, SignIn
from tests.browser.serving import device_of, give_session, line, served, wait_for_line
from tests.factories import NOON, make_person
from tests.features.courses import (
    attempt_at,
    make_activity,
    make_place,
    publish_course,
)

pytestmark = pytest.mark.browser
HEAD = "---\ntitle: Choices\nkind: formative\nshuffle: [options]\nRULES---\nFour.\n\n"
CHOICES = HEAD + "\n".join(
    f"## Which of the four is right in case {n}? {{#q{n}}}\n\n- (x) The first\n- ( ) The second\n"
    f"- ( ) The third\n- ( ) The fourth\n"
    for n in range(1, 5)
)


@pytest.fixture
def base(app):
    with served(app) as address:
        yield address


@pytest.fixture
def person(app):
    return make_person()


def begun(person, rules=""):
    """An attempt at a quiz of four choices; gives its address."""
    made = publish_course(changes={"1-first/90-check.quiz.md": CHOICES.replace("RULES", rules)})
    place = make_place(person, make_activity(made))
    db.session.remove()
    ref = quizzes.start(person.id, place.ref, "first/check", now=clock.now())
    return f"/attempts/{ref}"


def choose(page, words):
    page.get_by_label(words).check()


def saved(address):
    """Question id → what is in the database."""
    attempt = attempt_at(f"{address}/")
    rows = db.session.scalars(select(Answer).filter_by(attempt_id=attempt.id))
    return {row.question_id: "".join(row.value.get("chosen", ())) for row in rows}


def ready(page):
    """The forms of all questions are on the device."""
    page.wait_for_load_state("networkidle")


def test_an_answer_is_saved_when_it_changes(chromium, base, person):
    address = begun(person)
    page = device_of(chromium, base, person).new_page()
    page.goto(f"{address}/1")
    choose(page, "The second")
    wait_for_line(page, "Saved 13:00")

    assert saved(address) == {"q1": "The second"}


def test_nothing_is_lost_when_the_network_goes_in_the_middle(chromium, base, person):
    address = begun(person)
    device = device_of(chromium, base, person)
    page = device.new_page()
    page.goto(f"{address}/1")
    ready(page)
    choose(page, "The first")
    wait_for_line(page, "Saved 13:00")
    device.set_offline(True)
    told = []
    for number, words in ((2, "The second"), (3, "The third"), (4, "The fourth")):
        page.get_by_role("button", name="Save and continue").click()
        page.wait_for_url(f"**{address}/{number}")
        choose(page, words)
        wait_for_line(page, "Not saved")
        told.append(line(page))
        assert saved(address) == {"q1": "The first"}
    page.get_by_role("button", name="Save and continue").click()
    wait_for_line(page, "No connection")
    device.set_offline(False)
    wait_for_line(page, "Saved 13:00")

    assert told == [
        "Not saved: 1 answer kept on this device",
        "Not saved: 2 answers kept on this device",
        "Not saved: 3 answers kept on this device",
    ]
    assert saved(address) == {
        "q1": "The first",
        "q2": "The second",
        "q3": "The third",
        "q4": "The fourth",
    }
    assert page.evaluate("localStorage.length") == 0


def test_answers_of_a_page_that_was_closed_are_sent_by_the_next(chromium, base, person):
    address = begun(person)
    device = device_of(chromium, base, person)
    page = device.new_page()
    page.goto(f"{address}/1")
    device.set_offline(True)
    choose(page, "The third")
    wait_for_line(page, "Not saved: 1 answer")
    page.close()
    device.set_offline(False)
    page = device.new_page()
    page.goto(f"{address}/1")
    wait_for_line(page, "Saved 13:00")
    page.locator("input:checked").wait_for()

    assert saved(address) == {"q1": "The third"}
    assert page.get_by_label("The third").is_checked()


def test_an_ended_session_asks_to_sign_in_and_then_sends(chromium, base, person):
    address = begun(person)
    device = device_of(chromium, base, person)
    page = device.new_page()
    page.goto(f"{address}/1")
    ready(page)
    db.session.remove()
    with transaction() as session:
        session.execute(update(SignIn).values(ended_at=NOON))
    choose(page, "The first")
    wait_for_line(page, "You were signed out")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(f"**{address}/2")
    choose(page, "The second")
    wait_for_line(page, "Not saved: 2 answers kept on this device. You were signed out")
    assert saved(address) == {}
    page.get_by_role("link", name="Sign in, then").click()
    page.wait_for_url("**/sign-in**")
    give_session(device, base, person)
    page.goto(f"{address}/2")
    wait_for_line(page, "Saved 13:00")

    assert saved(address) == {"q1": "The first", "q2": "The second"}


def test_a_session_begun_on_another_page_serves_the_open_one(chromium, base, person):
    address = begun(person)
    device = device_of(chromium, base, person)
    page = device.new_page()
    page.goto(f"{address}/1")
    give_session(device, base, person)
    choose(page, "The first")
    wait_for_line(page, "Saved 13:00")

    assert saved(address) == {"q1": "The first"}


def test_the_other_device_is_asked_politely(chromium, base, person):
    address = begun(person)
    first = device_of(chromium, base, person).new_page()
    first.goto(f"{address}/1")
    choose(first, "The first")
    wait_for_line(first, "Saved 13:00")
    phone = device_of(chromium, base, person, user_agent="A phone").new_page()
    phone.goto(f"{address}/1")
    assert phone.locator("h1").inner_text() == "This attempt is open on another device"
    phone.get_by_role("button", name="Continue here").click()
    phone.wait_for_url(f"**{address}/2")
    choose(phone, "The second")
    wait_for_line(phone, "Saved 13:00")
    first.get_by_label("The third").check()
    wait_for_line(first, "open on another device")

    assert saved(address) == {"q1": "The third", "q2": "The second"}


def test_signing_out_empties_the_device(chromium, base, person):
    address = begun(person)
    device = device_of(chromium, base, person)
    page = device.new_page()
    page.goto(f"{address}/1")
    page.route("**/answers", lambda route: route.abort())
    choose(page, "The first")
    wait_for_line(page, "Not saved: 1 answer")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("details:has(.face) summary").click()
    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("localStorage.length") == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/courses")

    assert "not sent" in asked[0]
    assert page.evaluate("localStorage.length") == 0


def test_the_clock_is_the_servers_and_learns_of_more_time(chromium, base, person, at):
    address = begun(person, "time_limit: 20 min\n")
    device = device_of(chromium, base, person)
    page = device.new_page()
    page.add_init_script("Date.now = () => 0")  # a device whose clock is wrong
    page.goto(f"{address}/1")
    page.get_by_text("Time left").click()
    page.locator("[data-clock]", has_text=re.compile("^(20:00|19:)")).wait_for()
    db.session.remove()
    with transaction() as session:
        attempt = session.scalars(select(Attempt)).one()
        timing.grant_minutes(session, [attempt], 30, actor_id=person.id, reason="Power", now=NOON)
    choose(page, "The first")
    wait_for_line(page, "Saved 13:00")
    page.locator("[data-clock]", has_text="49:").wait_for()
    assert page.locator("[data-say]").inner_text() == "You have more time: until 13:50."
    at(NOON + timedelta(minutes=49, seconds=58))
    choose(page, "The second")
    page.wait_for_url(f"**{address}/result")

    assert attempt_at(f"{address}/").handed_in_at is not None
    assert saved(address) == {"q1": "The second"}
