"""The pages on which a trainer looks at keys and decides on a regrade."""

import re

import pytest

from lms.features.regrading import jobs
from lms.models import Person, Regrade, RegradeState
from lms.rules.access import Role
from tests.conftest import Browser
from tests.factories import NOON, make_person, make_staff
from tests.features.courses import fresh, make_activity, make_place, publish_course
from tests.features.regrading.test_regrade import (
    ANYBODY,
    FINAL,
    KEYED_WRONGLY,
    OFFICER,
    one_regrade,
)
from tests.features.sitting import grades, placed, sit


@pytest.fixture
def made(app):
    return publish_course(changes={"9-final.quiz.md": KEYED_WRONGLY})


@pytest.fixture
def trainer(browser, made):
    person = make_staff(Role.TRAINER, courses=(made.course.id,))
    browser.sign_in(person, "trainer")
    return person


REHEARSE = "/author/small/questions/f1/regrade?quiz=final&what="


def fields_of(page):
    """What the deciding form holds."""
    form = page[page.index('method="post" novalidate') :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def decide(browser, address, **changes):
    fields = fields_of(browser.get(address).text) | {"why": "The key was wrong.", **changes}
    return browser.post("/author/small/questions/f1/regrade?quiz=final", data=fields)


def test_the_list_leads_to_each_question_with_its_key(browser, made, trainer):
    page = browser.get("/author/small/questions")
    assert page.text.count('href="/author/small/questions/') == 11
    for address in re.findall(r'href="(/author/small/questions/[^"]+)"', page.text):
        assert browser.get(address.replace("&amp;", "&")).status_code == 200
    key = browser.get("/author/small/questions/f1").text
    assert key.index("Anybody at all") < key.index("Correct<") < key.index("None of these")


def test_a_rehearsal_shows_who_changes_and_changes_nothing(browser, made, trainer):
    attempt = sit(placed(make_activity(made)), "final", answers={"f1": OFFICER})
    publish_course(changes={"9-final.quiz.md": FINAL}, now=NOON)
    page = browser.get(f"{REHEARSE}new_key").text

    assert "Nino Beridze" in page
    assert "7 of 8" in page
    assert "8 of 8" in page
    assert "Regrade 1 attempt<" in page
    assert grades(attempt) == [(7, 8, True)]


def test_deciding_leads_to_the_page_of_the_regrade(browser, made, trainer):
    attempt = sit(placed(make_activity(made)), "final", answers={"f1": OFFICER})
    answer = decide(browser, f"{REHEARSE}accept_option:0")
    assert answer.status_code == 303
    jobs.apply_regrades(NOON)
    page = browser.get(answer.location).text

    assert "Done" in page
    assert grades(attempt)[-1] == (8, 8, True)
    assert "The key was wrong." in browser.get("/author/small/questions").text


def test_a_reason_is_asked_for(browser, made, trainer):
    answer = decide(browser, f"{REHEARSE}full_marks", why="no")

    assert answer.status_code == 422
    assert answer.text.count("Field must be between 10 and 400 characters long.") == 2


def test_a_second_person_sees_what_changes_and_confirms(app, browser, made, trainer):
    attempt = sit(placed(make_activity(made)), "final", answers={"f1": ANYBODY}, wrong=["f2"])
    publish_course(changes={"9-final.quiz.md": FINAL}, now=NOON)
    answer = decide(browser, f"{REHEARSE}new_key&lower=allow")
    assert "Send them the address" in browser.get(answer.location).text
    coordinator = Browser(app).sign_in(make_staff(Role.COORDINATOR), "coordinator")
    page = coordinator.get(f"{answer.location}/confirm").text
    assert "Pass lost" in page
    done = coordinator.submit(f"{answer.location}/confirm", do="confirm")
    jobs.apply_regrades(NOON)

    assert done.location == answer.location
    assert fresh(Regrade, one_regrade().id).state is RegradeState.DONE
    assert grades(attempt)[-1] == (6, 8, False)


def test_what_is_no_answer_of_the_question_is_refused(browser, made, trainer):
    page = browser.get(f"{REHEARSE}accept_option:7")

    assert (page.status_code, "Results that change" in page.text) == (200, False)
    assert "Choose from the list." in page.text


@pytest.mark.parametrize(
    ("question", "text", "says"),
    [
        ("f4", "twenty", "Write a number such as 12"),
        ("f4", "", "Write the answer to accept."),
        ("f4", "20..21 km", "0 attempts"),
        ("f5", "the register", "0 attempts"),
    ],
)
def test_a_typed_answer_can_be_accepted_too(browser, made, trainer, question, text, says):
    address = f"/author/small/questions/{question}/regrade"
    query = {"quiz": "final", "what": "accept_text", "also": text}

    assert says in browser.get(address, query_string=query).text


def test_the_count_of_queries_does_not_grow_with_the_attempts(
    browser, made, trainer, count_queries
):
    activity = make_activity(made)
    counts = []
    for n in range(3):
        place = make_place(make_person(f"Officer {n}"), activity)
        sit(place, "pre-test", answers={"f1": OFFICER})
        count_queries.clear()
        assert browser.get(f"{REHEARSE}full_marks").status_code == 200
        counts.append(len(count_queries))

    assert counts[0] == counts[2]


def test_the_officer_sees_the_corrected_key_and_the_reason(app, browser, made, trainer):
    place = placed(make_activity(made))
    attempt = sit(place, "final", answers={"f1": OFFICER})
    publish_course(changes={"9-final.quiz.md": FINAL}, now=NOON)
    decide(browser, f"{REHEARSE}new_key")
    jobs.apply_regrades(NOON)
    officer = Browser(app).sign_in(fresh(Person, place.person_id))
    page = officer.get(f"/attempts/{attempt.ref}/result").text

    assert "8 of 8" in page
    assert "The reason: The key was wrong." in page
    own = page[page.index("Who may stop a person") :]
    assert own.index("An officer on duty") < own.index("You chose this. Correct.")
    assert "You did not choose this" not in page


def test_the_officer_sees_a_question_that_was_left_out(app, browser, made, trainer):
    place = placed(make_activity(made))
    attempt = sit(place, "final", answers={"f1": OFFICER})
    decide(browser, f"{REHEARSE}drop")
    jobs.apply_regrades(NOON)
    officer = Browser(app).sign_in(fresh(Person, place.person_id))
    page = officer.get(f"/attempts/{attempt.ref}/result").text

    assert "7 of 7" in page
    assert "Left out" in page
