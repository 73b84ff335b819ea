"""An officer goes the whole way through the real pages, from a place to a certificate."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from lms.database import db, transaction
from lms.models import (
    Answer,
    Attempt,
    AuditEntry,
    Certificate,
    Enrolment,
    Person,
    SurveyReceipt,
    SurveyResponse,
    UnitCompletion,
)
from lms.rules.certificates import grouped
from lms.rules.enrolments import State
from tests.conftest import Browser
from tests.factories import make_person, make_sign_in
from tests.features.courses import (
    COURSE,
    answer_all,
    complete,
    finish_lessons,
    fresh,
    hand_in,
    make_activity,
    publish_course,
    start,
    take_quiz,
)

SECRET = "Nobody may learn who wrote this sentence"


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def officer(browser):
    person = make_person("Nino Beridze")
    browser.sign_in(person)
    return browser


def take_place(browser, made):
    activity = make_activity(made)
    return browser.submit(f"{made.href}/place", page=made.href, activity=activity.slug)


def test_from_the_course_page_to_the_certificate(officer, made):
    assert take_place(officer, made).location == f"{made.href}/pre-test"
    take_quiz(officer, made, "pre-test", right=False)
    finish_lessons(officer, made, "first/one", "first/two")
    take_quiz(officer, made, "first/check")
    finish_lessons(officer, made, "second/three")
    take_quiz(officer, made, "second/practice")
    result = hand_in(officer, _answered(officer, made, "final"))
    assert "You passed this quiz" in result.text
    assert db.session.scalars(select(Certificate)).all() == []
    take_quiz(officer, made, "evaluation")

    place = db.session.scalars(select(Enrolment)).one()
    certificate = db.session.scalars(select(Certificate)).one()
    assert (place.state, certificate.enrolment_id) == (State.COMPLETED, place.id)
    assert grouped(certificate.code) in officer.get("/certificates").text
    done = set(db.session.scalars(select(UnitCompletion.unit_key)))
    assert done == {unit.key for unit in made.value.units()}


def _answered(browser, made, key):
    address = start(browser, made, key)
    answer_all(browser, address)
    return address


def test_nothing_less_than_all_completes_a_place(officer, made):
    take_place(officer, made)
    finish_lessons(officer, made)
    take_quiz(officer, made, "final", right=False)
    take_quiz(officer, made, "evaluation")

    assert db.session.scalars(select(Enrolment)).one().state is State.ENROLLED
    assert db.session.scalars(select(Certificate)).all() == []
    assert officer.get("/certificates").text.count("/certificates/") == 0


def test_the_paper_is_the_same_each_time_and_for_nobody_else(officer, made, app):
    take_place(officer, made)
    code = complete(officer, made).code
    first, second = (officer.get(f"/certificates/{code}.pdf") for _ in "12")

    assert (first.status_code, first.mimetype) == (200, "application/pdf")
    assert first.data == second.data
    assert first.data.startswith(b"%PDF-")
    other = Browser(app).sign_in(make_person())
    assert other.get(f"/certificates/{code}.pdf").status_code == 404


def test_anybody_finds_the_certificate_valid_and_its_name_short(officer, made, app):
    take_place(officer, made)
    code = complete(officer, made).code
    page = Browser(app).get(f"/verify/{grouped(code)}")

    assert page.status_code == 200
    assert "A small course" in page.text
    assert "N. B." in page.text
    assert "Beridze" not in page.text
    assert "Beridze" in Browser(app).get(f"/verify/{code}?surname=beridze").text


def test_a_certificate_says_what_was_true_on_its_day(officer, made, app):
    take_place(officer, made)
    certificate = complete(officer, made)
    before = dict(certificate.snapshot)
    paper = officer.get(f"/certificates/{certificate.code}.pdf").data
    with transaction() as session:
        session.scalars(select(Person)).one().family_name = "Somebody-Else"
    publish_course(changes={"course.md": COURSE.replace("A small course", "Renamed")})

    assert fresh(Certificate, certificate.id).snapshot == before
    assert before["name"] == "Nino Beridze"
    assert officer.get(f"/certificates/{certificate.code}.pdf").data == paper
    page = Browser(app).get(f"/verify/{certificate.code}?surname=beridze").text
    assert ("Nino Beridze" in page, "A small course" in page) == (True, True)


def test_an_evaluation_leads_to_nobody(officer, made):
    take_place(officer, made)
    finish_lessons(officer, made)
    address = start(officer, made, "evaluation")
    officer.submit(f"{address}/2", a=SECRET)
    officer.submit(f"{address}/3", a="0")
    hand_in(officer, address)

    response = db.session.scalars(select(SurveyResponse)).one()
    kept = {column.key: getattr(response, column.key) for column in SurveyResponse.__table__.c}
    assert kept.pop("answers") == {"e2": {"text": SECRET}, "e3": {"chosen": ["Yes"]}}
    assert re.fullmatch(r"[0-9a-f]{32}", kept.pop("key"))
    assert kept == {
        "activity_id": 1,
        "release_id": 1,
        "unit_key": "evaluation",
        "month": "2026-12",
    }
    assert db.session.scalars(select(Answer)).all() == []
    assert len(db.session.scalars(select(SurveyReceipt)).all()) == 1
    assert tables_with(SECRET) == {"survey_response"}


def test_no_audit_row_stands_beside_an_evaluation(officer, made):
    take_place(officer, made)
    finish_lessons(officer, made)
    before = len(db.session.scalars(select(AuditEntry)).all())
    take_quiz(officer, made, "evaluation")

    assert len(db.session.scalars(select(AuditEntry)).all()) == before


def test_drafts_of_an_evaluation_that_was_never_sent_go_too(officer, made, at):
    take_place(officer, made)
    finish_lessons(officer, made)
    address = start(officer, made, "evaluation")
    officer.submit(f"{address}/2", a=SECRET)
    attempt = db.session.scalars(select(Attempt)).one()
    later = attempt.deadline + timedelta(hours=1)
    at(later)
    person = db.session.scalars(select(Person)).one()
    cookie = make_sign_in(person, started_at=later, last_seen=later)
    officer.client.set_cookie("lms", cookie)
    officer.get(f"{address}/result")

    assert db.session.scalars(select(SurveyResponse)).all() == []
    assert tables_with(SECRET) == set()


def tables_with(words):
    """The tables in which the words stand anywhere."""
    found = set()
    for name in db.metadata.tables:
        for row in db.session.execute(text(f'SELECT * FROM "{name}"')).mappings():
            if words in json.dumps(dict(row), default=str):
                found.add(name)
    return found
