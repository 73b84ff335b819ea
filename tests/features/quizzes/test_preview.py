"""Trainers try a quiz, and nothing of it stays."""

import re

import pytest

from lms.rules.access import Role
from tests.conftest import Browser
from tests.factories import make_staff
from tests.features.courses import FINAL, publish_course
from tests.keeping import digest


@pytest.fixture
def made(app):
    return publish_course()


def signed_in(app, made, role):
    person = make_staff(role, courses=(made.course.id,) if role is Role.TRAINER else ())
    return Browser(app).sign_in(person, role.value)


def tried(browser, url):
    """Draw, fill something in everywhere, send it."""
    page = browser.get(url).text
    seed = re.search(r'name="seed" value="([0-9a-f]{32})"', page)[1]
    names = dict.fromkeys(re.findall(r'name="(q\d+-(?:a|[mog]\d))"', page), "1")
    return page, browser.submit(url, **names, seed=seed)


@pytest.mark.parametrize("key", ["final", "pre-test", "second/practice", "evaluation"])
def test_a_preview_leaves_no_trace(app, made, key):
    trainer = signed_in(app, made, Role.TRAINER)
    held = digest()
    page, answer = tried(trainer, f"/author/{made.slug}/preview/{key}")

    assert (page.count("<fieldset") + page.count('class="qt"') > 0, answer.status_code) == (
        True,
        200,
    )
    assert digest() == held


def test_those_who_may_see_keys_see_how_each_answer_is_marked(app, made):
    url = f"/author/{made.slug}/preview/final"
    trainer = tried(signed_in(app, made, Role.TRAINER), url)[1].text
    coordinator = tried(signed_in(app, made, Role.COORDINATOR), url)[1].text

    assert "of 8" in trainer
    assert "of 8" in coordinator
    assert ("Only on duty." in trainer, "Only on duty." in coordinator) == (True, False)
    assert "Only on duty." in FINAL


def test_the_same_seed_draws_the_same_preview(app, made):
    trainer = signed_in(app, made, Role.TRAINER)
    url = f"/author/{made.slug}/preview/final?seed={'ab' * 16}"

    assert trainer.get(url).text == trainer.get(url).text
    assert trainer.get(url.replace("ab", "zz")).status_code == 400


def test_an_answer_that_does_not_fit_is_shown_again(app, made):
    trainer = signed_in(app, made, Role.TRAINER)
    url = f"/author/{made.slug}/preview/final"
    answer = trainer.submit(url, **{"q1-a": "99", "seed": "ab" * 16, "q2-a": "99"})

    assert "How it would be marked" not in answer.text
    assert trainer.submit(url, **{"q99-a": "1", "seed": "ab" * 16}).status_code == 400
