"""What a page may cost: questions to the database, and bytes on the line.

The write of the last position is not counted; it happens when the unit changes.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, select

from config import ROOT
from lms import clock
from lms.content.files import read_folder
from lms.content.values import Lesson
from lms.database import db
from lms.features.quizzes import actions as quizzes
from lms.models import Attempt
from lms.rules.access import Role
from tests.architecture.world import send
from tests.conftest import Browser, restore
from tests.factories import NOON, make_person, make_staff
from tests.features.courses import (
    Published,
    complete,
    make_activity,
    make_place,
    publish_course,
)
from tests.keeping import Kept

KB = 1_000  # bytes
FIRST_VISIT, LATER_VISIT = 60 * KB, 15 * KB
CATALOGUE, STYLES, SCRIPTS = 50 * KB, 12 * KB, 4 * KB
LESSON_QUERIES, PAGE_QUERIES = 4, 5
PACKED = {"Accept-Encoding": "gzip"}


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database inside."""
    statements: list[str] = []

    def note(connection, cursor, statement, parameters, context, many):
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def queries_of(browser: Browser, url: str) -> list[str]:
    """The statements of the second look: the first may write the last position."""
    assert browser.get(url).status_code == 200, url
    with counted() as statements:
        browser.get(url)
    return statements


# Questions to the database


@pytest.fixture
def officer(browser):
    person = make_person()
    browser.sign_in(person)
    browser.person = person
    return browser


def test_a_lesson_takes_four_queries(officer):
    made = publish_course()
    make_place(officer.person, make_activity(made))

    for key in ("first/one", "first/two"):
        assert len(queries_of(officer, f"{made.href}/{key}")) <= LESSON_QUERIES


def url_of_result(officer) -> str:
    ref = db.session.scalars(select(Attempt.ref).filter_by(unit_key="final")).first()
    return f"/attempts/{ref}/result"


def test_pages_without_lists_take_five_queries(officer):
    made = publish_course()
    activity = make_activity(made)
    place = make_place(officer.person, activity)
    running = quizzes.start(officer.person.id, place.ref, "first/check", now=NOON)
    pages = [
        "/help",
        "/account/display",
        "/verify",
        f"{made.href}/first",
        f"{made.href}/glossary",
        f"{made.href}/leave",
        f"/attempts/{running}/1",
        f"/attempts/{running}/check",
        f"{made.href}/pre-test",
        f"{made.href}/first/check",
    ]
    taken = {url: len(queries_of(officer, url)) for url in pages}
    code = complete(officer, made).code
    result = url_of_result(officer)
    taken["result"] = len(queries_of(officer, result))
    taken["certificate"] = len(queries_of(officer, f"/certificates/{code}"))

    assert {url: many for url, many in taken.items() if many > PAGE_QUERIES} == {}


def test_the_dashboard_takes_the_same_queries_for_one_course_and_three(officer):
    taken = []
    for number in (1, 2, 3):
        make_place(officer.person, make_activity(publish_course(f"course-{number}")))
        taken.append(len(queries_of(officer, "/learning")))

    assert taken[0] == taken[2] <= PAGE_QUERIES


def test_the_catalogue_takes_the_same_queries_for_one_course_and_three(officer):
    taken = []
    for number in (1, 2, 3):
        make_place(officer.person, make_activity(publish_course(f"course-{number}")))
        taken.append(len(queries_of(officer, "/courses")))

    assert taken[0] == taken[2] <= PAGE_QUERIES


def test_a_course_page_takes_the_same_queries_for_one_activity_and_three(officer):
    made = publish_course()
    taken = []
    for code in ("GE", "AL", "FR"):
        make_place(make_person(state_code=code), make_activity(made))
        taken.append(len(queries_of(officer, made.href)))

    assert taken[0] == taken[2] <= PAGE_QUERIES + 1


def test_certificates_take_the_same_queries_for_one_and_three(officer):
    taken = []
    for number in (1, 2, 3):
        made = publish_course(f"course-{number}")
        make_place(officer.person, make_activity(made))
        complete(officer, made)
        taken.append(len(queries_of(officer, "/certificates")))

    assert taken[0] == taken[2] <= PAGE_QUERIES


@pytest.mark.parametrize("url", ["/reports", "/reports/small", "/author"])
def test_staff_pages_take_the_same_queries_for_one_row_and_three(app, browser, url):
    made = publish_course()
    activity = make_activity(made)
    browser.sign_in(make_staff(Role.COORDINATOR), "coordinator")
    taken = []
    for number, code in enumerate(("GE", "AL", "FR")):
        make_place(make_person(state_code=code), activity)
        publish_course(f"course-{number}")
        taken.append(len(queries_of(browser, url)))

    assert taken[0] == taken[2]


# Bytes on the line


@pytest.fixture(scope="module")
def library(the_app: Flask) -> Iterator[tuple[Kept, list[Published]]]:
    """The four courses that ship with the product, as they are in the repository."""
    with pytest.MonkeyPatch.context() as patch, the_app.app_context():
        patch.setattr(clock, "now", lambda: NOON)
        restore(the_app)
        folders = sorted(one.parent for one in (ROOT / "courses").glob("*/course.md"))
        made = [publish_course(one.name, files=read_folder(one)) for one in folders]
        yield Kept(the_app), made


@pytest.fixture
def reader(the_app, library, monkeypatch):
    """An officer with a place in every course of the library."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    kept, courses = library
    with the_app.app_context():
        kept.put_back()
        person = make_person()
        for made in courses:
            make_place(person, make_activity(made))
        yield Browser(the_app).sign_in(person)
        db.session.remove()


def longest(courses: list[Published]) -> tuple[Published, Lesson]:
    lessons = [
        (made, unit) for made in courses for unit in made.value.units() if isinstance(unit, Lesson)
    ]
    return max(lessons, key=lambda pair: len(pair[1].body.encode()))


def weight(browser: Browser, url: str) -> int:
    """Bytes of the body as they travel, packed where the server packs."""
    answer = send(browser, "GET", url, headers=PACKED)
    assert answer.status_code == 200, url
    return len(answer.data)


def parts_of(page: str, ending: str) -> list[str]:
    """The files of this kind that the page asks for by itself."""
    asked = re.findall(r'<(?:link|script)[^>]*(?:href|src)="(/static/[^"]+)"', page)
    return [one for one in dict.fromkeys(asked) if one.endswith(ending)]


def test_the_longest_lesson_is_light_and_its_files_come_once(reader, library):
    made, lesson = longest(library[1])
    url = f"{made.href}/{lesson.key}"
    page = reader.get(url).text
    files = [file for ending in ("css", "js", "woff2", "svg") for file in parts_of(page, ending)]
    html = weight(reader, url)

    assert html <= LATER_VISIT
    assert html + sum(weight(reader, file) for file in files) <= FIRST_VISIT
    for file in files:
        assert "immutable" in reader.get(file).headers["Cache-Control"]


def test_styles_and_scripts_are_small(reader, library):
    made, lesson = longest(library[1])
    pages = [reader.get(url).text for url in (f"{made.href}/{lesson.key}", "/courses", "/learning")]
    styles = {file for page in pages for file in parts_of(page, "css")}
    scripts = {file for page in pages for file in parts_of(page, "js")}

    assert sum(weight(reader, file) for file in styles) <= STYLES
    assert sum(weight(reader, file) for file in scripts) <= SCRIPTS


def test_the_catalogue_of_all_courses_is_light(reader, library):
    page = reader.get("/courses").text
    files = [file for ending in ("css", "js", "woff2", "svg") for file in parts_of(page, ending)]

    assert page.count("<article") + page.count('class="card') >= len(library[1])
    assert weight(reader, "/courses") + sum(weight(reader, file) for file in files) <= CATALOGUE


def test_a_page_without_packing_says_the_same(reader, library):
    made, lesson = longest(library[1])
    url = f"{made.href}/{lesson.key}"
    packed = send(reader, "GET", url, headers=PACKED)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in reader.get(url).headers
