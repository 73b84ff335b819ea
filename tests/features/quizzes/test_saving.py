"""What pages and scripts may ask of an attempt: save by number, go on elsewhere, the time."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select, update

from lms.database import db, transaction
from lms.features.quizzes import actions as quizzes
from lms.features.quizzes.jobs import hand_in_overdue
from lms.models import (
    ActivityTime,
    Answer,
    Attempt,
    AttemptVisit,
    Ending,
    Grade,
    LateAnswer,
    Message,
    Person,
    SignIn,
)
from lms.rules.attempts import NO_LIMIT
from tests.architecture.world import send
from tests.conftest import Browser
from tests.factories import NOON, make_person, saved
from tests.features.courses import (
    CHECK,
    attempt_at,
    finish_lessons,
    hand_in,
    make_activity,
    make_place,
    publish_course,
    start,
    take_quiz,
)

TIMED = CHECK.replace("kind: formative", "kind: formative\ntime_limit: 20 min")
FORWARD = CHECK.replace("kind: formative", "kind: formative\nnavigation: forward")
OVER = NOON + timedelta(minutes=21, seconds=1)
SAVE_QUERIES = 7


@pytest.fixture
def officer(app):
    person = make_person()
    browser = Browser(app).sign_in(person)
    browser.person = person
    return browser


def begun(officer, check=CHECK, key="first/check"):
    """The address of an attempt of the officer at the check, changed or not."""
    made = publish_course(changes={"1-first/90-check.quiz.md": check})
    make_place(officer.person, make_activity(made))
    officer.made = made
    return start(officer, made, key)


def save(officer, address, number=1, sequence=1, device="laptop", **values):
    """What the script sends; gives the answer."""
    fields = {"number": number, "sequence": sequence, "device": device, **values}
    page = "/account/display"
    return officer.submit(f"{address}/answers", page, **fields)


def held(address):
    """Question id → (text chosen, sequence)."""
    attempt = attempt_at(f"{address}/")
    rows = db.session.scalars(select(Answer).filter_by(attempt_id=attempt.id))
    return {row.question_id: ("".join(row.value.get("chosen", ())), row.sequence) for row in rows}


def place_of(page, words):
    """The value of the option with these words on a question's page."""
    found = re.search(rf'value="(\d)"[^>]*><span>(?:<p>)?{words}', page)
    assert found, words
    return found[1]


# By number


def test_an_answer_is_acknowledged_with_its_time_and_number(officer):
    address = begun(officer)
    value = place_of(officer.get(f"{address}/1").text, "A reason")
    answer = save(officer, address, sequence=3, a=value)

    assert answer.json == {
        "saved": "13:00",
        "sequence": 3,
        "kept": True,
        "answered": True,
        "flagged": False,
        "doubt": "",
        "open": True,
        "left": answer.json["left"],
        "until": answer.json["until"],
        "elsewhere": False,
    }
    assert held(address) == {"c1": ("A reason", 3)}


def test_a_lower_number_changes_nothing_and_says_so(officer):
    address = begun(officer)
    page = officer.get(f"{address}/1").text
    save(officer, address, sequence=5, device="phone", a=place_of(page, "A reason"))
    answer = save(officer, address, sequence=4, a=place_of(page, "A feeling"))

    assert (answer.json["kept"], answer.json["sequence"]) == (False, 5)
    assert held(address) == {"c1": ("A reason", 5)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"sequence": 0},
        {"sequence": "1e3"},
        {"sequence": 2_000_000_000},
        {"device": "../../etc"},
        {"device": "longer than sixteen"},
        {"number": "-1"},
        {"colour": "red"},
        {"m0": "1"},
    ],
    ids=str,
)
def test_what_no_script_of_ours_sends_is_refused(officer, wrong):
    address = begun(officer)

    assert save(officer, address, **wrong).status_code == 400
    assert held(address) == {}


def test_an_answer_that_the_question_cannot_have_is_refused_in_words(officer):
    address = begun(officer)
    answer = save(officer, address, a="9")

    assert (answer.status_code, list(answer.json)) == (422, ["wrong"])
    assert held(address) == {}


def test_a_save_asks_few_questions_of_the_database(officer, count_queries):
    address = begun(officer)
    save(officer, address, a="0")
    token = officer.token("/account/display")
    db.session.remove()
    count_queries.clear()
    fields = {"number": 1, "sequence": 9, "device": "laptop", "a": "1", "csrf_token": token}
    assert send(officer, "POST", f"{address}/answers", data=fields).status_code == 200

    assert len(count_queries) <= SAVE_QUERIES, "\n".join(count_queries)


# Two pages without a script


def test_an_older_page_does_not_overwrite_a_newer_answer_in_silence(officer):
    address = begun(officer)
    old = officer.get(f"{address}/1").text
    reason, feeling = place_of(old, "A reason"), place_of(old, "A feeling")
    officer.submit(f"{address}/1", a=reason, sequence=0)
    answer = officer.submit(f"{address}/1", a=feeling, sequence=0)

    assert answer.status_code == 409
    assert ("A reason" in answer.text, "A feeling" in answer.text) == (True, True)
    assert held(address)["c1"][0] == "A reason"


def test_the_officer_chooses_between_two_answers(officer):
    address = begun(officer)
    old = officer.get(f"{address}/1").text
    officer.submit(f"{address}/1", a=place_of(old, "A reason"), sequence=0)
    page = officer.submit(f"{address}/1", a=place_of(old, "A feeling"), sequence=0).text
    form = page[page.index('id="sent"') :]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = officer.post(f"{address}/1", data={**fields, "do": "next"})

    assert answer.status_code == 303
    assert held(address)["c1"][0] == "A feeling"


def test_an_older_page_with_the_same_answer_just_goes_on(officer):
    address = begun(officer)
    value = place_of(officer.get(f"{address}/1").text, "A reason")
    officer.submit(f"{address}/1", a=value, sequence=0)

    assert officer.submit(f"{address}/1", a=value, sequence=0).location == f"{address}/2"


# Forward only


def test_saving_is_not_going_on(officer):
    address = begun(officer, FORWARD)
    value = place_of(officer.get(f"{address}/1").text, "A reason")
    save(officer, address, sequence=1, a=value)
    save(officer, address, sequence=2, a="")
    assert officer.get(f"{address}/1").status_code == 200
    officer.submit(f"{address}/1", a=value)

    assert officer.get(f"{address}/1").location == f"{address}/2"
    assert save(officer, address, sequence=9, a="").status_code == 409
    assert held(address)["c1"][0] == "A reason"


def test_what_comes_later_is_not_shown_before(officer):
    address = begun(officer, FORWARD)

    assert officer.get(f"{address}/questions").text.count("<form") == 1
    assert save(officer, address, number=2, a="0").status_code == 409


# Time


def test_an_answer_after_the_hand_in_is_kept_and_not_marked(officer):
    address = begun(officer)
    hand_in(officer, address)
    answer = save(officer, address, a="0")
    db.session.remove()

    assert (answer.json["open"], answer.json["saved"]) == (False, "")
    assert (held(address), db.session.scalar(select(func.count(LateAnswer.id)))) == ({}, 1)
    assert db.session.scalars(select(Grade)).one().earned == 0


def test_more_time_is_known_to_the_running_attempt(officer):
    address = begun(officer, TIMED)
    before = officer.get(f"{address}/time").json
    db.session.remove()
    with transaction() as session:
        session.execute(update(Attempt).values(deadline=NOON + timedelta(minutes=50)))
    after = officer.get(f"{address}/time").json

    assert (before["left"], after["left"]) == (20 * 60_000, 50 * 60_000)
    assert (before["until"], after["until"]) == ("13:20", "13:50")


@pytest.mark.parametrize(
    ("factor", "minutes"), [(Fraction(3, 2), 30), (Fraction(1), 20), (NO_LIMIT, None)]
)
def test_a_persons_extra_time_counts_everywhere(officer, factor, minutes):
    with transaction() as session:
        session.execute(update(Person).values(extra_time=factor))
    attempt = attempt_at(f"{begun(officer, TIMED)}/")

    closes = NOON + timedelta(days=30)
    expected = closes if minutes is None else NOON + timedelta(minutes=minutes)
    assert (attempt.deadline, attempt.factor) == (expected, factor)


def test_more_time_for_an_activity_counts_for_attempts_begun_later(officer):
    made = publish_course(changes={"1-first/90-check.quiz.md": TIMED})
    activity = make_activity(made)
    make_place(officer.person, activity)
    for unit_key, minutes in (("", 5), ("first/check", 10), ("final", 40)):
        saved(
            ActivityTime(
                activity_id=activity.id,
                unit_key=unit_key,
                minutes=minutes,
                actor_id=officer.person.id,
                at=NOON,
                reason="Power cut",
            )
        )
    attempt = attempt_at(f"{start(officer, made, 'first/check')}/")

    assert attempt.deadline == NOON + timedelta(minutes=35)


def test_a_limit_that_is_over_is_told_from_an_activity_that_is(officer):
    address = begun(officer, TIMED)

    assert hand_in_overdue(OVER - timedelta(seconds=1)) == 0
    assert hand_in_overdue(OVER) == 1
    assert attempt_at(f"{address}/").ending is Ending.TIME


def test_an_attempt_that_got_more_time_is_left_open(officer):
    address = begun(officer, TIMED)
    attempt = attempt_at(f"{address}/")
    with transaction() as session:
        session.execute(update(Attempt).values(deadline=NOON + timedelta(minutes=50)))
    quizzes.hand_in(attempt.id, ending=Ending.TIME, now=OVER)

    assert attempt_at(f"{address}/").handed_in_at is None


def test_one_attempt_that_cannot_be_handed_in_does_not_stop_the_others(officer, caplog):
    first = begun(officer, TIMED)
    with transaction() as session:
        session.execute(update(Attempt).values(drawn=["gone"]))
    other = Browser(officer.app).sign_in(make_person("Ana Other"))
    other.person = db.session.scalars(select(Person).filter_by(given_name="Ana")).one()
    make_place(other.person, make_activity(officer.made))
    second = start(other, officer.made, "first/check")

    assert hand_in_overdue(OVER) == 2
    assert attempt_at(f"{first}/").handed_in_at is None
    assert attempt_at(f"{second}/").ending is Ending.TIME
    assert "cannot be handed in" in caplog.text


def test_the_first_lesson_hands_an_open_pre_test_in(officer):
    address = begun(officer, key="pre-test")
    save(officer, address, a="0")
    finish_lessons(officer, officer.made, "first/one")
    attempt = attempt_at(f"{address}/")

    assert attempt.ending is Ending.CLOSE
    assert save(officer, address, sequence=2, a="1").json["open"] is False
    assert "It had to close" in officer.get(f"{address}/result").text


def test_an_evaluation_that_was_not_sent_does_not_say_it_was(officer, at):
    address = begun(officer, key="pre-test")
    hand_in(officer, address)
    finish_lessons(officer, officer.made)
    take_quiz(officer, officer.made, "final")
    address = start(officer, officer.made, "evaluation")
    save(officer, address, number=1, a="1")
    quizzes.hand_in(attempt_at(f"{address}/").id, ending=Ending.TIME, now=NOON + timedelta(days=31))
    page = officer.get(f"{address}/result").text

    assert "Your answers were not sent" in page
    assert "Your answers are sent" not in page
    assert save(officer, address, sequence=2, a="1").status_code == 409


# Whose device


def test_a_clock_that_asks_is_no_sign_of_a_person(officer, at):
    address = begun(officer, TIMED)
    later = NOON + timedelta(minutes=10)
    at(later)
    officer.get(f"{address}/time")
    db.session.remove()
    assert db.session.scalars(select(SignIn.last_seen)).one() < later
    save(officer, address, a="0")
    db.session.remove()

    assert db.session.scalars(select(SignIn.last_seen)).one() == later


def test_a_change_of_device_is_noted_once_and_without_effect(officer):
    address = begun(officer)
    save(officer, address, a="0")
    phone = Browser(officer.app).sign_in(officer.person)
    phone.client.environ_base["HTTP_USER_AGENT"] = "A phone"
    assert phone.get(f"{address}/1").location == f"{address}/here"
    phone.submit(f"{address}/here")
    for sequence in (2, 3):
        assert save(phone, address, sequence=sequence, a="1").json["elsewhere"] is False
    db.session.remove()
    visits = db.session.scalars(select(AttemptVisit).order_by(AttemptVisit.number)).all()

    assert [one.browser for one in visits][1:] == ["A phone"]
    assert len(visits) == 2
    assert save(officer, address, sequence=4, a="0").json["elsewhere"] is True
    assert held(address)["c1"][1] == 4


def test_the_receipt_says_what_was_handed_in(officer):
    address = begun(officer)
    save(officer, address, a="0")
    page = hand_in(officer, address).text
    quizzes.hand_in(attempt_at(f"{address}/").id, ending=Ending.BUTTON, now=NOON)
    db.session.remove()
    message = db.session.scalars(select(Message).filter_by(kind="quiz_handed_in")).one()

    assert "Receipt: attempt 1, handed in 4 December 2026, 13:00 CET, 1 of 2" in page
    assert (message.facts["answers"], message.facts["questions"]) == ("1", "2")
