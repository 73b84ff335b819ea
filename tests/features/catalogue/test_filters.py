"""Finding a course: by words, by boxes, by dates; the address says it all."""

from datetime import timedelta

import pytest

from tests.factories import NOON, make_person
from tests.features.courses import make_activity, make_place, publish_course


@pytest.fixture
def two(app):
    """A small course with an open activity, and another that opens in a month."""
    small = publish_course()
    other = publish_course("other")
    make_activity(small)
    make_activity(other, begins_at=NOON + timedelta(days=30), ends_at=NOON + timedelta(days=60))
    return small, other


def found(browser, query: str) -> set[str]:
    page = browser.get(f"/courses?{query}").text.split('id="list"')[1]
    return {slug for slug in ("small", "other") if f'href="/courses/{slug}"' in page}


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", {"small", "other"}),
        ("only=open", {"small"}),
        ("only=later", {"other"}),
        ("only=open&only=later", {"small", "other"}),
        ("only=nonsense", {"small", "other"}),
        ("subject=policing", {"small", "other"}),
        ("subject=drugs", {"small", "other"}),  # no course has it: not a filter
        ("hours=3", {"small", "other"}),
        ("hours=99", {"small", "other"}),
        ("q=SMALL", {"small", "other"}),
        ("q=sm%C3%A1ll%20course", {"small", "other"}),
        ("q=record", {"small", "other"}),  # a word of the glossary
    ],
)
def test_filters_choose(browser, two, query, slugs):
    assert found(browser, query) == slugs


def test_a_course_says_when_it_opens(browser, two):
    assert "Opens 3 January 2027" in browser.get("/courses?only=later").text


def test_no_match_suggests_the_nearest(browser, two):
    near = browser.get("/courses?q=smalle+courze").text
    far = browser.get("/courses?q=zzzz").text

    assert "No course matches." in near
    assert ("Did you mean" in near, "Did you mean" in far) == (True, False)


def test_every_active_filter_can_be_taken_away(browser, two):
    page = browser.get("/courses?q=small&only=open&hours=3").text

    for address in (
        "/courses?hours=3&amp;only=open",
        "/courses?q=small&amp;only=open",
        "/courses?q=small&amp;hours=3",
    ):
        assert f'class="chip" href="{address}"' in page


def test_the_own_state_of_a_course_stands_in_the_list(browser, two):
    person = make_person()
    browser.sign_in(person)
    make_place(person, make_activity(two[0], slug="small-2026-11"))

    assert "In progress" in browser.get("/courses").text
