"""What stays shut for somebody who is signed in is noted, without its secrets and not for ever."""

import pytest
from sqlalchemy import select

from lms.database import db
from lms.models import AuditEntry
from tests.factories import make_person

NOTED = "was shown no such page"


@pytest.fixture(autouse=True)
def unlimited(app):
    app.extensions.pop("denials", None)


def noted():
    db.session.remove()
    return db.session.scalars(select(AuditEntry).filter_by(deed=NOTED)).all()


def test_asking_for_another_officers_certificate_is_noted(browser):
    """Abuse case 8: 404, audited."""
    person = make_person()
    answer = browser.sign_in(person).get("/certificates/" + "A" * 20)
    entry = noted()[0]

    assert answer.status_code == 404
    assert (entry.actor_id, entry.object) == (person.id, "GET /certificates/<code>")
    assert entry.after == {"role": "officer"}


def test_a_door_of_another_role_is_noted(browser):
    browser.sign_in(make_person()).get("/author/some-course")

    assert [one.after for one in noted()] == [{"course": "some-course", "role": "officer"}]


def test_what_is_no_door_or_everybodys_is_not(browser):
    browser.sign_in(make_person())
    for url in ("/no-such-page", "/courses/no-such-course", "/static/no-such.css"):
        assert browser.get(url).status_code == 404

    assert noted() == []


def test_nobody_fills_the_log_with_it(browser):
    browser.sign_in(make_person())
    for number in range(30):
        browser.get(f"/author/course-{number}")

    assert len(noted()) == 20
