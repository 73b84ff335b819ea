"""How an officer asks for a place, waits, and answers an offer."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.learning import actions
from lms.features.nominations import actions as state
from lms.models import Enrolment, Route
from lms.rules.approvals import Order
from lms.rules.enrolments import State
from lms.rules.refusal import Refusal
from tests.factories import NOON, make_person, make_sign_in, make_staff
from tests.features.courses import make_activity, make_place, publish_course
from tests.features.places import (
    focal_point,
    make_nominating,
    make_quota,
    nominate,
    place,
    seats_held,
    select_,
)


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def nino(browser):
    person = make_person("Nino Beridze")
    browser.sign_in(person)
    return person


def newest():
    db.session.remove()
    return db.session.scalars(select(Enrolment).order_by(Enrolment.id.desc())).first()


def test_an_officer_asks_on_the_course_page_and_sees_who_decides(browser, made, nino):
    activity = make_nominating(made, route=Route.APPLY, approval_order=Order.STATE_FIRST)
    course = browser.get(f"/courses/{made.slug}").text
    form = f"/courses/{made.slug}/application?activity={activity.slug}"
    assert form in course.replace("&amp;", "&")
    answer = browser.submit(form, motivation="I lead patrols.")
    one = newest()

    assert answer.location == f"/learning/places/{one.ref}"
    assert (one.state, one.motivation, one.nominated_by) == (
        State.SUBMITTED,
        "I lead patrols.",
        None,
    )
    assert "The focal point of your State decides next." in browser.get(answer.location).text
    assert "Nominated" in browser.get("/learning").text
    assert "See where it stands" in browser.get(f"/courses/{made.slug}").text
    assert browser.submit(form, motivation="Again.").location == answer.location
    assert db.session.scalar(select(func.count(Enrolment.id))) == 1

    by = focal_point()
    state.approve(by.id, {by.affiliation_id}, one.ref, now=NOON)
    assert "The coordinator of the Unit decides next." in browser.get(answer.location).text
    select_(make_staff("coordinator"), activity, one)
    assert place(one.ref).state is State.ENROLLED
    assert "Open the course" in browser.get(answer.location).text


def test_a_state_that_is_not_invited_is_told_so(browser, made, nino):
    activity = make_nominating(made, route=Route.APPLY, common_pool=False)
    make_quota(activity, "AL")
    page = browser.get(f"/courses/{made.slug}").text

    assert "Your State does not take part yet." in page
    assert "Ask for a place" not in page
    with pytest.raises(Refusal, match="does not take part"):
        actions.apply(nino.id, activity.slug, motivation="", now=NOON)


def test_an_offer_is_accepted_once_and_in_time(browser, made, nino):
    ingrid, by = make_staff("coordinator"), focal_point()
    activity = make_nominating(made, asks_consent=True)
    one = select_(ingrid, activity, nominate(by, activity, nino))
    assert "A place is offered to you" in browser.get("/learning").text
    url = f"/learning/places/{one.ref}"
    assert "Accept the place" in browser.get(url).text
    assert browser.submit(url, do="accept", reason="").status_code == 303
    actions.accept(nino.id, one.ref, now=NOON)  # sent again

    assert (place(one.ref).state, place(one.ref).offered_until) == (State.ENROLLED, None)
    assert seats_held(activity) == 1
    late = select_(ingrid, activity, nominate(by, activity))
    with pytest.raises(Refusal, match="The time to answer ended"):
        actions.accept(late.person_id, late.ref, now=NOON + timedelta(hours=48))


def test_an_offer_that_is_declined_goes_to_the_next(browser, made, nino):
    ingrid, by = make_staff("coordinator"), focal_point()
    activity = make_nominating(made, capacity=1, asks_consent=True)
    one = select_(ingrid, activity, nominate(by, activity, nino))
    two = select_(ingrid, activity, nominate(by, activity))
    url = f"/learning/places/{one.ref}"
    assert browser.submit(url, do="decline", reason="On leave.").status_code == 303

    assert (place(one.ref).state, place(two.ref).state) == (State.WITHDRAWN, State.OFFERED)
    assert browser.submit(url, page="/account/display", do="accept", reason="").status_code == 409
    assert browser.submit(url, page="/account/display", do="seize", reason="").status_code == 400


def test_a_full_open_activity_has_a_waiting_list(browser, made, nino):
    activity = make_activity(made, capacity=1)
    first = make_place(make_person(), activity)
    course = f"/courses/{made.slug}"
    assert "Join the waiting list" in browser.get(course).text
    answer = browser.submit(f"{course}/place", page=course, activity=activity.slug, next="")
    assert "You are number 1 on the waiting list." in browser.get(answer.location).text
    again = browser.submit(
        f"{course}/place", page="/account/display", activity=activity.slug, next=""
    )
    assert again.location == answer.location

    actions.withdraw(first.person_id, first.ref, now=NOON)
    assert newest().state is State.ENROLLED
    assert seats_held(activity) == 1


def test_a_reason_is_shown_as_it_was_written(browser, made, nino):
    one = nominate(focal_point(), make_nominating(made), nino)
    url = f"/learning/places/{one.ref}"
    assert browser.submit(url, do="withdraw", reason="50 % <b>&{x}").status_code == 303
    assert "50 % &lt;b&gt;&amp;{x}" in browser.get(url).text


def test_nobody_sees_anothers_place_or_a_draft(browser, made, nino):
    activity, by = make_nominating(made), focal_point()
    others, draft = nominate(by, activity), nominate(by, activity, nino, draft=True)

    assert browser.get(f"/learning/places/{others.ref}").status_code == 404
    assert browser.get(f"/learning/places/{draft.ref}").status_code == 404
    with pytest.raises(Refusal, match="You have no such place"):
        actions.accept(nino.id, others.ref, now=NOON)


def test_a_course_is_read_until_the_last_day_to_read_it(browser, made, nino, at):
    until = NOON + timedelta(days=1)
    make_place(nino, make_activity(made, access_until=until))
    lesson = f"/courses/{made.slug}/first/one"
    assert browser.get(lesson).status_code == 200
    cookie = make_sign_in(nino, started_at=until, last_seen=until)
    browser.client.set_cookie("lms", cookie)
    at(until)

    assert browser.get(lesson).status_code == 303
    assert browser.get(f"/courses/{made.slug}").status_code == 200
