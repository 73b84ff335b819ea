"""Texts are taken, drafted and marked; the last one of an attempt brings its grade."""

import re
from datetime import timedelta
from fractions import Fraction
from functools import partial

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.admin import doctor
from lms.features.marking import actions, queries
from lms.features.marking.actions import By
from lms.features.regrading import actions as regrading
from lms.features.regrading import jobs
from lms.features.regrading import queries as regrading_queries
from lms.models import Enrolment, Essay, Message, Person
from lms.rules.access import Role
from lms.rules.enrolments import State
from lms.rules.questions import Answer
from lms.rules.refusal import Refusal
from lms.rules.regrading import Remedy
from tests.conftest import Browser
from tests.factories import NOON, make_staff
from tests.features.courses import COURSE, fresh, make_activity, publish_course
from tests.features.sitting import grades, placed, sit
from tests.threads import together

ESSAYS = """---
title: Final
kind: summative
pass_mark: 60
attempts: 3
---
## What is a reason? {#t1 points=4}

= …

> Rubric: look for the law.
>
> - 2: names the law
> - 1: gives a case

## And a record? {#t2 points=4}

= …

## A hunch is a reason. {#t3 points=2}

= false
"""
LATER = NOON + timedelta(minutes=31)


@pytest.fixture
def made(app):
    course = COURSE.replace("evaluation: true", "evaluation: false")
    return publish_course(
        changes={"course.md": course, "9-final.quiz.md": ESSAYS, "0-pre-test.quiz.md": None}
    )


@pytest.fixture
def activity(made):
    return make_activity(made)


@pytest.fixture
def marker(made):
    return make_staff(Role.TRAINER, name="Lotte Peeters", courses=(made.course.id,))


def written(activity, name="Nino Beridze", **answers):
    place = placed(activity, name)
    return place, sit(place, "final", answers=answers)


def texts(attempt):
    """The reference of each text, by its question."""
    db.session.remove()
    rows = db.session.scalars(select(Essay).filter_by(attempt_id=attempt.id))
    return {row.question_id: row.ref for row in rows}


def mark(marker, made, ref, points, *, now=NOON, comment=""):
    db.session.remove()
    actions.mark(
        marker.id, made.course.id, ref, points=Fraction(points), steps=[], comment=comment, now=now
    )


def claim(marker, made, ref, by=By.QUESTION, *, now=NOON):
    db.session.remove()
    return actions.claim(marker.id, made.course.id, ref, by, now=now)


def count(table, **values):
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**values))


def well():
    db.session.remove()
    return [*doctor.grades(), *doctor.places()]


def test_the_last_text_of_an_attempt_brings_its_grade(made, activity, marker):
    place, attempt = written(activity)
    refs = texts(attempt)
    mark(marker, made, refs["t1"], 3)
    assert (grades(attempt), count(Message, kind="essay_marked")) == ([], 0)
    mark(marker, made, refs["t2"], "5/2")

    assert grades(attempt) == [(Fraction(15, 2), 10, True)]
    assert fresh(Enrolment, place.id).state is State.COMPLETED
    assert count(Message, kind="essay_marked", person_id=place.person_id) == 1
    assert well() == []


def test_a_blank_text_waits_for_nobody(made, activity):
    _place, attempt = written(activity, t1=Answer(), t2=Answer())

    assert (texts(attempt), grades(attempt)) == ({}, [(2, 10, False)])


def test_a_text_is_marked_once(made, activity, marker):
    _place, attempt = written(activity)
    mark(marker, made, texts(attempt)["t1"], 3)

    with pytest.raises(Refusal, match="has been marked already"):
        mark(marker, made, texts(attempt)["t1"], 4)


def test_what_one_trainer_marks_is_closed_to_another_for_half_an_hour(made, activity, marker):
    _place, attempt = written(activity)
    ref = texts(attempt)["t1"]
    other = make_staff(Role.TRAINER, courses=(made.course.id,))
    assert claim(marker, made, ref) == ref
    assert claim(other, made, ref) is None
    with pytest.raises(Refusal, match="Another trainer"):
        mark(other, made, ref, 1)

    assert claim(other, made, ref, now=LATER) == ref


def test_the_next_text_is_of_the_same_question_or_the_same_attempt(made, activity, marker):
    _place, first = written(activity)
    _place, second = written(activity, "Ana Kapanadze")
    mark(marker, made, texts(first)["t1"], 1)

    assert claim(marker, made, texts(first)["t1"]) == texts(second)["t1"]
    assert claim(marker, made, texts(first)["t1"], By.PERSON) == texts(first)["t2"]


def test_a_text_of_another_course_cannot_be_taken(made, activity, marker):
    _place, attempt = written(activity)

    assert (
        actions.claim(marker.id, made.course.id + 1, texts(attempt)["t1"], By.QUESTION, now=NOON)
        is None
    )


def test_full_marks_for_a_text_that_waits_are_a_grade(made, activity, marker):
    _place, attempt = written(activity, t2=Answer())
    asked = regrading_queries.asked(made.course.id, "t1")
    regrading.decide(
        marker.id,
        asked,
        [asked.versions[0].unit_id],
        Remedy.FULL_MARKS,
        None,
        lowers=False,
        tells=False,
        why="Nobody could know this.",
        once="a" * 32,
        now=NOON,
    )
    jobs.apply_regrades(NOON)

    assert grades(attempt) == [(6, 10, True)]
    assert well() == []


@pytest.mark.race
def test_markers_who_ask_at_once_get_different_texts(app, made, activity, marker):
    attempts = [written(activity, f"Officer {n}")[1] for n in range(4)]
    others = [make_staff(Role.TRAINER, courses=(made.course.id,)) for _ in range(8)]
    ref = texts(attempts[0])["t1"]
    given = together(app, [partial(claim, one, made, ref) for one in others])
    taken = [one for one in given if one]

    assert (len(taken), len(set(taken))) == (4, 4)


@pytest.mark.race
def test_two_last_texts_marked_at_once_bring_one_grade(app, made, activity, marker):
    _place, attempt = written(activity)
    refs = texts(attempt)
    together(app, [partial(mark, marker, made, refs[key], 4) for key in ("t1", "t2")])

    assert grades(attempt) == [(10, 10, True)]


@pytest.fixture
def desk(browser, marker):
    return browser.sign_in(marker, "trainer")


def test_a_marker_goes_from_text_to_text_and_does_not_see_names(desk, made, activity):
    _place, first = written(activity)
    written(activity, "Ana Kapanadze")
    page = desk.get("/author/small/marking").text
    assert "2 texts wait" in page
    assert not re.search("Nino|Ana", page)
    taken = desk.submit("/author/small/marking", text=texts(first)["t1"], by="question").location
    page = desk.get(taken).text
    assert "look for the law." in page
    assert not re.search("Nino|Ana", page)
    address = taken.partition("?")[0]
    answer = desk.submit(address, do="mark", by="question", steps=["0", "1"], comment="Good.")
    assert answer.location != taken
    row = db.session.scalars(select(Essay).filter_by(ref=texts(first)["t1"])).one()

    assert (row.points, row.steps, row.comment) == (3, [0, 1], "Good.")


def test_names_are_shown_where_the_trainers_say_so(desk, made, activity):
    written(activity)
    desk.submit("/author/small/marking/names", page="/author/small/marking", names="shown")

    assert "Nino Beridze" in desk.get("/author/small/marking").text


def test_a_draft_is_kept_and_shown_again(desk, made, activity):
    _place, attempt = written(activity)
    ref = texts(attempt)["t2"]
    address = f"/author/small/marking/{ref}"
    desk.submit(address, do="draft", by="person", points="2,5", comment="Half of it.")
    page = desk.get(address).text

    assert 'value="2.5"' in page
    assert "Half of it." in page
    assert (grades(attempt), queries.marked(made.course.id)) == ([], 0)


@pytest.mark.parametrize("points", ["5", "-1", "many", ""])
def test_points_are_those_of_the_question(desk, made, activity, points):
    _place, attempt = written(activity)
    address = f"/author/small/marking/{texts(attempt)['t2']}"
    answer = desk.submit(address, do="mark", by="question", points=points)

    assert answer.status_code == 422
    assert grades(attempt) == []


def test_a_text_is_given_back_with_its_draft(desk, made, activity):
    _place, attempt = written(activity)
    ref = texts(attempt)["t2"]
    address = f"/author/small/marking/{ref}"
    desk.submit(address, do="draft", by="person", points="1")
    desk.submit(address, do="let_go", by="person")
    row = db.session.scalars(select(Essay).filter_by(ref=ref)).one()

    assert (row.claimed_by, row.points) == (None, 1)


def test_the_officer_reads_points_and_comment_once_all_is_marked(app, made, activity, marker):
    place, attempt = written(activity, t2=Answer())
    officer = Browser(app).sign_in(fresh(Person, place.person_id))
    address = f"/attempts/{attempt.ref}/result"
    assert "A trainer reads your texts and gives points." in officer.get(address).text
    mark(marker, made, texts(attempt)["t1"], 4, comment="Well argued.")
    page = officer.get(address).text

    assert "You passed this quiz" in page
    assert "4 of 4 points" in page
    assert "Well argued." in page
