"""Ways around the rules that were tried once, and must stay shut."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.learning.jobs import end_places
from lms.models import Attempt, Enrolment, SurveyResponse
from lms.rules.enrolments import State
from lms.rules.texts import nfc
from tests.factories import make_person
from tests.features.courses import (
    answer_all,
    finish_lessons,
    fresh,
    hand_in,
    make_activity,
    make_place,
    publish_course,
    start,
    take_quiz,
)


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def activity(made):
    return make_activity(made)


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def place(browser, person, activity):
    browser.sign_in(person)
    return make_place(person, activity)


def test_leaving_does_not_begin_the_attempts_anew(browser, made, activity, place):
    finish_lessons(browser, made)
    take_quiz(browser, made, "final", right=False)
    browser.submit(f"{made.href}/leave", reason="")
    again = browser.submit(f"{made.href}/place", page=made.href, activity=activity.slug)

    assert again.status_code == 409
    assert "You took a quiz in this activity and left it" in again.text


def test_leaving_without_a_quiz_lets_an_officer_come_back(browser, made, activity, place):
    browser.submit(f"{made.href}/leave", reason="")
    again = browser.submit(f"{made.href}/place", page=made.href, activity=activity.slug)

    assert again.status_code == 303


def test_no_earlier_attempt_shows_its_key_while_a_later_one_is_open(browser, made, place):
    for _ in range(2):
        take_quiz(browser, made, "first/check", right=False)
    start(browser, made, "first/check")
    first = db.session.scalars(select(Attempt.ref).order_by(Attempt.number)).first()
    page = browser.get(f"/attempts/{first}/result").text

    assert ">Your answers</h2>" not in page


def test_an_essay_that_waits_keeps_the_place_open(browser, made, activity, place):
    finish_lessons(browser, made)
    address = start(browser, made, "second/practice")
    answer_all(browser, address)
    hand_in(browser, address)
    end_places(activity.ends_at + timedelta(minutes=1))

    assert fresh(Enrolment, place.id).state is State.ENROLLED


def test_answers_of_an_evaluation_stand_in_no_officers_order(browser, made, place):
    finish_lessons(browser, made)
    take_quiz(browser, made, "final")
    take_quiz(browser, made, "evaluation")
    kept = list(db.session.scalars(select(SurveyResponse)).one().answers)

    assert kept == sorted(kept)


@pytest.mark.parametrize("origin", ["http://[", "null", "http://localhost.evil.example", "//"])
def test_an_unreadable_origin_is_another_site(browser, origin):
    answer = browser.post("/sign-in", headers={"Origin": origin})

    assert answer.status_code == 403


def test_marks_without_end_are_cut():
    assert len(nfc("a" + "\u0315\u0300" * 50_000)) <= 32


def test_two_officers_leave_no_trace_of_order_in_the_responses(browser, made, activity, app):
    for name in ("Ana Marku", "Bela Kovac"):
        officer = make_person(name)
        browser.sign_in(officer)
        make_place(officer, activity)
        finish_lessons(browser, made)
        take_quiz(browser, made, "final")
        take_quiz(browser, made, "evaluation")
    hidden = "xmin::text" if db.engine.dialect.name == "postgresql" else "1"
    marks = db.session.execute(
        select(func.count(func.distinct(db.text(hidden)))).select_from(SurveyResponse)
    ).scalar_one()

    assert marks == 1
