"""What trainers and coordinators see of results, and what nobody sees."""

import csv
import io
import secrets

import pytest

from lms.features.results import findings, queries
from lms.models import SurveyResponse
from lms.rules.access import Role
from lms.rules.questions import Answer
from tests.conftest import Browser
from tests.factories import make_person, make_staff, saved
from tests.features.courses import make_activity, make_place, publish_course
from tests.features.sitting import finish_lessons, sit

ANYBODY = Answer(chosen=frozenset({"Anybody at all"}))
FEW = "Too few: below 30 attempts we show no numbers."
HERE = "/author/small/results?quiz=pre-test"


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def activity(made):
    return make_activity(made)


@pytest.fixture
def desk(browser, made):
    trainer = make_staff(Role.TRAINER, courses=(made.course.id,))
    return browser.sign_in(trainer, "trainer")


def sat(activity, count, **answers):
    """So many officers with the same answers to the pre-test."""
    for number in range(count):
        place = make_place(make_person(f"Officer {number}"), activity)
        sit(place, "pre-test", answers=answers)


@pytest.fixture
def thirty(activity):
    """20 are right twice, 10 choose a wrong option and leave the other question empty."""
    sat(activity, 20)
    sat(activity, 10, f1=ANYBODY, f3=Answer())


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_below_thirty_no_number_is_shown(desk, activity):
    sat(activity, 29)

    assert FEW in desk.get(HERE).text
    assert rows_of(desk.get(HERE.replace("results?", "results.csv?"))) == []


def test_the_page_and_the_file_say_the_same(app, desk, thirty):
    page = desk.get(HERE).text
    rows = rows_of(desk.get(HERE.replace("results?", "results.csv?")))
    f1, f3 = (row for row in rows if not row["option"])
    options = [(row["option"], row["right"], row["correct"]) for row in rows if row["option"]]

    assert FEW not in page
    assert page.count("67%") >= 3  # the mean and both questions
    assert (f1["correct"], f1["empty"], f1["agreement"], f1["attempts"]) == (
        "0.6667",
        "0.0",
        "1.0",
        "30",
    )
    assert (f3["correct"], f3["empty"], f3["median_seconds"]) == ("0.6667", "0.3333", "10.0")
    assert options[:3] == [
        ("An officer on duty", "yes", "0.6667"),
        ("Anybody at all", "no", "0.3333"),
        ("None of these", "no", "0.0"),
    ]
    assert f1["remarks"] == "unused"
    assert "A wrong answer is never chosen" in page


def test_a_coordinator_sees_figures_and_no_question(app, desk, thirty):
    coordinator = Browser(app).sign_in(make_staff(Role.COORDINATOR), "coordinator")
    page = coordinator.get(HERE).text
    file = coordinator.get(HERE.replace("results?", "results.csv?")).text

    assert "67%" in page
    for words in ("Anybody at all", "Who may stop a person", "/questions"):
        assert words not in page
        assert words not in file


@pytest.mark.parametrize(
    ("query", "attempts"),
    [("", 30), ("&release=1", 30), ("&release=2", 0), ("&language=ru", 0), ("&attempts=all", 30)],
)
def test_filters_take_their_part(desk, made, thirty, query, attempts):
    publish_course(changes={"1-first/10-one.md": "---\ntitle: New\nminutes: 5\n---\nNew.\n"})

    assert f"<b>{attempts} attempts</b>" in desk.get(HERE + query).text


@pytest.mark.parametrize(
    "query", ["quiz=none", "release=9", "attempts=some", "colour=red", "quiz=final&quiz=final"]
)
def test_what_is_not_on_offer_is_not_there(desk, query):
    assert desk.get(f"/author/small/results?{query}").status_code == 404


def test_the_number_of_queries_does_not_grow(desk, activity, count_queries):
    counts = []
    for _ in range(3):
        sat(activity, 10)
        count_queries.clear()
        desk.get(HERE)
        counts.append(len(count_queries))

    assert counts[0] == counts[1] == counts[2]


def test_what_was_learnt_is_shown_of_five(app, desk, made, activity):
    """Before 0 of 2, after 8 of 8: 100 points, all that there was to gain."""
    for number in range(5):
        place = make_place(make_person(f"Officer {number}"), activity)
        sit(place, "pre-test", wrong=("f1", "f3"))
        finish_lessons(place)
        sit(place, "final")
        found = queries.pairs(course := queries.course("small"), course.quiz("final"))
        shown = findings.gains(found, course.objectives)
        assert [one[2] is None for one in shown] == [number < 4] * 2

    assert [(name, n, gain.difference, gain.normalised) for name, n, gain in shown] == [
        ("Whole test", 5, 100, 1),
        ("Name the rules of a stop.", 5, 100, 1),
    ]
    page = desk.get("/author/small/results?quiz=final").text
    assert "What officers learnt" in page
    assert "100.00" in page


OPINIONS = {"e1": {"text": "4"}, "e2": {"text": "More cases."}, "e3": {"chosen": ["Yes"]}}


def say(made, activity, count, answers=OPINIONS):
    saved(
        *(
            SurveyResponse(
                key=secrets.token_hex(16),
                activity_id=activity.id,
                release_id=made.release.id,
                unit_key="evaluation",
                month="2026-12",
                answers=answers,
            )
            for _ in range(count)
        )
    )


EVALUATION = "/author/small/results?quiz=evaluation"


def test_an_evaluation_is_shown_from_five_answers_on(desk, made, activity):
    say(made, activity, 4)
    page = desk.get(EVALUATION).text
    assert page.count("Too few answers to show.") == 3
    assert "More cases." not in page
    say(made, activity, 1)
    page = desk.get(EVALUATION).text

    assert page.count("5 answers.") == 3
    assert page.count("More cases.") == 5
    assert "Mean 4.0." in page


def test_a_question_that_few_have_answered_is_not_shown(desk, made, activity):
    say(made, activity, 2)
    say(made, activity, 4, {"e1": {"text": "2"}})
    page = desk.get(EVALUATION).text

    assert page.count("6 answers.") == 1
    assert "More cases." not in page


def test_no_part_is_shown_that_leaves_fewer_than_five(desk, made, activity):
    other = make_activity(made)
    say(made, activity, 9)
    say(made, other, 4)
    page = desk.get(EVALUATION).text
    assert "13 answers." in page
    assert activity.slug not in page
    assert desk.get(f"{EVALUATION}&activity={activity.slug}").status_code == 404
    say(made, other, 1)

    assert "9 answers." in desk.get(f"{EVALUATION}&activity={activity.slug}").text
    assert "5 answers." in desk.get(f"{EVALUATION}&activity={other.slug}").text


def test_a_question_is_left_out_where_the_rest_would_be_few(desk, made, activity):
    """Both activities have five evaluations, but e2 was answered by two in the second."""
    other = make_activity(made)
    say(made, activity, 6)
    say(made, other, 2)
    say(made, other, 3, {"e1": {"text": "2"}, "e3": {"chosen": ["No"]}})
    page = desk.get(f"{EVALUATION}&activity={activity.slug}").text

    assert "More cases." not in page
    assert page.count("6 answers.") == 2
    assert "8 answers." in desk.get(EVALUATION).text
