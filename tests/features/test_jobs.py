"""What the clock does when nobody asks: overdue attempts are handed in, ended places end."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms import jobs
from lms.database import db
from lms.features import JOBS
from lms.features.learning.jobs import end_places
from lms.features.quizzes.jobs import hand_in_overdue
from lms.models import Answer, Attempt, Ending, Enrolment, Grade
from lms.rules.enrolments import State
from tests.factories import NOON, make_person
from tests.features.courses import (
    answer_all,
    finish_lessons,
    fresh,
    make_activity,
    make_place,
    publish_course,
    start,
    take_quiz,
)

LATER = NOON + timedelta(days=400)  # after every activity of these tests


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def place(browser, made):
    person = make_person()
    browser.sign_in(person)
    return make_place(person, make_activity(made))


def test_an_attempt_over_its_time_is_handed_in_with_what_was_saved(browser, made, place):
    answer_all(browser, start(browser, made, "pre-test"))
    at = hand_in_overdue(LATER)
    attempt = db.session.scalars(select(Attempt)).one()

    assert (at, attempt.ending) == (1, Ending.CLOSE)  # it has no limit but the activity's end
    assert db.session.scalar(select(func.count(Grade.id))) == 1


def test_an_attempt_in_its_time_stays_open(browser, made, place):
    start(browser, made, "pre-test")

    assert hand_in_overdue(NOON + timedelta(minutes=5)) == 0


def test_handing_in_twice_grades_once(browser, made, place):
    start(browser, made, "pre-test")

    assert (hand_in_overdue(LATER), hand_in_overdue(LATER)) == (1, 0)


def test_an_evaluation_that_nobody_sent_leaves_no_answers(browser, made, place):
    finish_lessons(browser, made)
    take_quiz(browser, made, "final")
    answer_all(browser, start(browser, made, "evaluation"))
    hand_in_overdue(LATER)

    survey = db.session.scalars(select(Attempt).filter_by(unit_key="evaluation")).one()

    assert db.session.scalar(select(func.count(Answer.id)).filter_by(attempt_id=survey.id)) == 0


def test_a_place_that_was_not_completed_in_time_expires(place):
    assert end_places(LATER) == 1
    assert fresh(Enrolment, place.id).state is State.EXPIRED


def test_a_place_with_a_failed_final_ends_as_not_passed(browser, made, place):
    finish_lessons(browser, made)
    take_quiz(browser, made, "final", right=False)
    end_places(LATER)

    assert fresh(Enrolment, place.id).state is State.FAILED


def test_a_running_activity_ends_no_place(place):
    assert end_places(NOON) == 0


def test_all_jobs_run_and_one_that_breaks_stops_no_other(app, place, caplog, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", tmp_path)

    def broken(now):
        raise RuntimeError("planted")

    # the audit log's end is written down, and its chain read
    assert jobs.run_once(app, (broken, *JOBS)) == 2
    assert jobs.run_once(app, (broken, *JOBS)) == 0
    assert "planted" in caplog.text
