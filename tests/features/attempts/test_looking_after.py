"""Staff give time and attempts, hand in, accept late answers: each with a reason, in the audit."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.database import db
from lms.features.quizzes import actions as quizzes
from lms.features.quizzes.jobs import hand_in_overdue
from lms.models import Answer, Attempt, AttemptGrant, AuditEntry, Ending, Grade, LateAnswer, Message
from lms.rules.access import Role
from tests.conftest import Browser
from tests.factories import NOON, make_person, make_staff
from tests.features.courses import (
    CHECK,
    FINAL,
    answer_all,
    attempt_at,
    fields_of,
    finish_lessons,
    make_activity,
    make_place,
    publish_course,
    start,
    take_quiz,
)

TIMED = CHECK.replace("kind: formative", "kind: formative\ntime_limit: 20 min")
ONCE = FINAL.replace("attempts: 3", "attempts: 1").replace("wait: 24 h", "wait: 0 h")
OVER = NOON + timedelta(minutes=22)


@pytest.fixture
def made(app):
    return publish_course(changes={"1-first/90-check.quiz.md": TIMED, "9-final.quiz.md": ONCE})


@pytest.fixture
def activity(made):
    return make_activity(made)


@pytest.fixture
def officer(app, activity):
    person = make_person()
    make_place(person, activity)
    browser = Browser(app).sign_in(person)
    browser.person = person
    return browser


@pytest.fixture
def trainer(app, made):
    staff = Browser(app).sign_in(make_staff(Role.TRAINER, courses=(made.course.id,)), "trainer")
    staff.home = f"/author/{made.slug}/attempts"
    return staff


def press(staff, url, **fields):
    """Open the page, keep what its form hides, send it with these fields."""
    page = staff.get(url).text
    hidden = dict(re.findall(r'<input id="(seen)" name="seen" type="hidden" value="(\d+)"', page))
    return staff.submit(url, **{"reason": "Power cut in the building", **hidden, **fields})


def one(staff, address):
    return f"{staff.home}/{address.split('/')[2]}"


def deadline(address):
    return attempt_at(f"{address}/").deadline


def audited(deed):
    db.session.remove()
    return db.session.scalars(select(AuditEntry).filter_by(deed=deed)).all()


def test_all_open_attempts_get_more_time_at_once(app, officer, trainer, made, activity):
    address = start(officer, made, "first/check")
    other = Browser(app).sign_in(person := make_person("Ana Other"))
    make_place(person, activity)
    second = start(other, made, "first/check")
    answer = press(trainer, trainer.home, minutes=15, activity="", unit="")

    assert answer.location.endswith("given=2")
    assert deadline(address) == deadline(second) == NOON + timedelta(minutes=35)
    assert audited("gave more time to all")[0].after["attempts"] == 2
    assert officer.get(f"{address}/time").json["left"] == 35 * 60_000


def test_pressed_twice_time_is_given_once(officer, trainer, made):
    address = start(officer, made, "first/check")
    page = trainer.get(trainer.home).text
    seen = re.search(r'name="seen" type="hidden" value="(\d+)"', page)[1]
    fields = {"minutes": 15, "activity": "", "unit": "", "reason": "Power", "seen": seen}
    answers = [trainer.submit(trainer.home, **fields).status_code for _ in range(2)]

    assert answers == [303, 409]
    assert deadline(address) == NOON + timedelta(minutes=35)


def test_later_attempts_of_the_activity_get_it_too(officer, trainer, made, activity):
    press(trainer, trainer.home, minutes=15, activity=activity.slug, unit="", later="y")

    assert deadline(start(officer, made, "first/check")) == NOON + timedelta(minutes=35)


def test_one_attempt_gets_more_time(officer, trainer, made):
    address = start(officer, made, "first/check")
    press(trainer, one(trainer, address), do="minutes", minutes=10)

    assert deadline(address) == NOON + timedelta(minutes=30)
    assert db.session.scalars(select(AttemptGrant)).one().reason == "Power cut in the building"


@pytest.mark.parametrize("wrong", [{"minutes": ""}, {"minutes": 0}, {"reason": " "}, {"do": "x"}])
def test_what_is_missing_is_said_and_nothing_changes(officer, trainer, made, wrong):
    address = start(officer, made, "first/check")
    answer = press(trainer, one(trainer, address), **{"do": "minutes", "minutes": 5, **wrong})

    assert "There is a problem" in answer.text
    assert deadline(address) == NOON + timedelta(minutes=20)


def test_staff_hand_an_attempt_in(officer, trainer, made):
    address = start(officer, made, "first/check")
    answer_all(officer, address)
    press(trainer, one(trainer, address), do="hand_in")

    assert attempt_at(f"{address}/").ending is Ending.STAFF
    assert "A trainer handed it in for you" in officer.get(f"{address}/result").text


def test_another_attempt_opens_the_quiz_again_once(officer, trainer, made):
    finish_lessons(officer, made)
    address = take_quiz(officer, made, "final", right=False)
    assert "Start quiz" not in officer.get(f"{made.href}/final").text
    assert press(trainer, one(trainer, address), do="another").status_code == 303
    again = press(trainer, one(trainer, address), do="another")
    start(officer, made, "final")
    db.session.remove()

    assert "There is a problem" in again.text  # it is no longer offered
    assert db.session.scalars(select(Attempt.number)).all() == [1, 2]
    assert db.session.scalars(select(Message).filter_by(kind="attempt_given")).one()


def late_answers(officer, made, at, *, right):
    """An attempt handed in empty by the clock, whose answers came afterwards."""
    address = start(officer, made, "first/check")
    fields = fields_of(attempt_at(f"{address}/"), right=right)
    hand_in_overdue(OVER)
    at(OVER)
    for number, values in enumerate(fields, start=1):
        sent = {"number": number, "sequence": number, "device": "laptop", **values}
        answer = officer.submit(f"{address}/answers", "/account/display", **sent)
        assert answer.json["open"] is False
    return address


def test_late_answers_count_when_staff_accept_them(officer, trainer, made, at):
    address = late_answers(officer, made, at, right=True)
    press(trainer, one(trainer, address), do="accept")
    db.session.remove()
    grades = db.session.scalars(select(Grade).order_by(Grade.number)).all()

    assert [(one.earned, one.why) for one in grades] == [(0, ""), (2, "Power cut in the building")]
    assert len(db.session.scalars(select(Answer)).all()) == 2
    assert {one.reason for one in db.session.scalars(select(LateAnswer))} == {
        "Power cut in the building"
    }
    assert len(audited("accepted late answers")) == 1


def test_late_answers_that_nobody_accepts_change_nothing(officer, trainer, made, at):
    late_answers(officer, made, at, right=True)
    page = trainer.get(f"{trainer.home}?show=all").text

    assert "2 late answers" in page
    assert db.session.scalars(select(Grade)).one().earned == 0


def test_what_late_answers_replace_is_kept(officer, trainer, made, at):
    address = start(officer, made, "first/check")
    answer_all(officer, address, right=False)
    quizzes.hand_in(attempt_at(f"{address}/").id, ending=Ending.BUTTON, now=NOON)
    sent = {"number": 1, "sequence": 50, "device": "laptop"}
    right = fields_of(attempt_at(f"{address}/"), right=True)[0]
    officer.submit(f"{address}/answers", "/account/display", **sent, **right)
    before = db.session.scalars(select(Answer).order_by(Answer.id)).first().value
    press(trainer, one(trainer, address), do="accept")
    db.session.remove()

    assert db.session.scalars(select(LateAnswer)).one().replaced == before


def test_a_trainer_of_another_course_sees_nothing(app, officer, made):
    address = start(officer, made, "first/check")
    other = publish_course("other")
    staff = Browser(app).sign_in(make_staff(Role.TRAINER, courses=(other.course.id,)), "trainer")
    ref = address.split("/")[2]

    assert staff.get(f"/author/{made.slug}/attempts/{ref}").status_code == 404
    assert staff.get(f"/author/other/attempts/{ref}").status_code == 404
    assert ref not in staff.get("/author/other/attempts?show=all").text


def test_extra_time_of_a_person_reaches_open_attempts_and_stays_unexplained(
    app, officer, trainer, made
):
    address = start(officer, made, "first/check")
    coordinator = Browser(app).sign_in(make_staff(Role.COORDINATOR), "coordinator")
    url = f"/people/{officer.person.ref}/extra-time"
    coordinator.submit(url, factor="3/2", reason="A medical certificate")

    assert deadline(address) == NOON + timedelta(minutes=30)
    assert "medical" not in trainer.get(one(trainer, address)).text
    assert trainer.get(url).status_code == 404
    assert audited("set extra time")[0].why == "A medical certificate"


def test_an_evaluation_is_nobodys_business(officer, trainer, made):
    finish_lessons(officer, made)
    take_quiz(officer, made, "final")
    address = start(officer, made, "evaluation")

    assert trainer.get(one(trainer, address)).status_code == 404
    assert address.split("/")[2] not in trainer.get(f"{trainer.home}?show=all").text


@pytest.mark.parametrize("given", ["x", "-1", "9" * 5_000])
def test_an_address_that_claims_nonsense_claims_nothing(trainer, given):
    page = trainer.get(f"{trainer.home}?given={given}")

    assert page.status_code == 200
    assert "more time." not in page.text
