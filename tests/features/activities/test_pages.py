"""The coordinator's pages, as a person uses them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.database import db
from lms.features.activities import selection
from lms.models import Activity, PersonAddress, Quota, Route
from lms.rules.enrolments import State
from tests.factories import NOON, make_person, make_staff
from tests.features.courses import fresh, publish_course
from tests.features.places import (
    focal_point,
    make_nominating,
    make_quota,
    nominate,
    place,
    select_,
    steps,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def ingrid(browser):
    person = make_staff("coordinator")
    browser.sign_in(person, "coordinator")
    return person


def fields_of(page):
    """What the set-up form would send as it stands."""
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    fields = {
        name: value for name, value in fields.items() if f'name="{name}" type="radio"' not in page
    }
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        if name and re.search(r'type="(radio|checkbox)"', tag):
            fields.pop(name[1], None)
    for tag in re.findall(r"<input[^>]*checked[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]+)"', tag)
        fields[name[1]] = value[1]
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', inner)
        fields[name] = chosen[1] if chosen else ""
    fields.pop("csrf_token", None)
    return {name: value for name, value in fields.items() if name != "add"}


def test_a_coordinator_opens_an_activity_and_sets_it_up(browser, made, ingrid):
    answer = browser.submit(
        "/activities/new",
        course=made.slug,
        first="2027-01-11",
        last="2027-02-26",
        cap="20",
        route="nomination",
    )
    assert answer.location.startswith(f"/activities/{made.slug}-2027-01")
    url = answer.location
    fields = fields_of(browser.get(url).text)
    assert fields["last"] == "2027-02-26"
    added = browser.submit(url, **fields, add="GE", do="add").text
    assert "Places kept for Georgia" in added
    assert db.session.scalars(select(Quota)).first() is None

    fields |= {"keep-GE": "4", "max-GE": "12", "open": "2026-12-01T09:00", "hours": "24"}
    assert browser.submit(url, **fields).status_code == 303
    activity = db.session.scalars(select(Activity)).one()
    quota = db.session.scalars(select(Quota)).one()
    assert (quota.guaranteed, quota.maximum, activity.offer_hours) == (4, 12, 24)
    assert activity.nomination_opens_at.isoformat() == "2026-12-01T08:00:00+00:00"  # of Vienna
    assert activity.ends_at.isoformat() == "2027-02-26T23:00:00+00:00"
    again = fields_of(browser.get(url).text)
    assert again == {**fields, "keep-GE": "4"}
    assert browser.submit(url, **{**again, "keep-GE": "", "max-GE": ""}).status_code == 303
    assert db.session.scalars(select(Quota)).first() is None


def test_a_number_below_what_is_held_stands_in_its_row(browser, made, ingrid):
    activity, by = make_nominating(made, capacity=5), focal_point()
    make_quota(activity, "GE", guaranteed=1, maximum=3)
    for _ in range(2):
        select_(ingrid, activity, nominate(by, activity))
    url = f"/activities/{activity.slug}"
    fields = fields_of(browser.get(url).text) | {"max-GE": "1", "last": "2026-12-01"}
    page = browser.submit(url, **fields)

    assert page.status_code == 200
    assert "Georgia: 2 officers hold a place. Type 2 or more." in page.text
    assert 'href="#max-GE"' in page.text
    assert "The last day must come after the first day." in page.text
    assert "<title>Error:" in page.text
    assert db.session.scalars(select(Quota.maximum)).one() == 3


def test_a_state_that_nobody_knows_is_no_field(browser, made, ingrid):
    url = f"/activities/{make_nominating(made).slug}"
    fields = fields_of(browser.get(url).text)

    assert browser.submit(url, **fields, **{"keep-QQ": "1"}).status_code == 400
    assert browser.submit(url, **fields, seats_held="0").status_code == 400


def test_officers_are_decided_about_together_with_an_outcome_each(browser, made, ingrid):
    activity, by = make_nominating(made, capacity=1), focal_point()
    one, two = nominate(by, activity), nominate(by, activity)
    own = nominate(by, activity, ingrid)
    url = f"/activities/{activity.slug}/nominations"
    page = browser.submit(url, ref=[one.ref, two.ref, own.ref], do="select", why="", text="")

    assert [place(x.ref).state for x in (one, two, own)] == [
        State.ENROLLED,
        State.WAIT_LISTED,
        State.SUBMITTED,
    ]
    assert "Nobody decides about their own place." in page.text
    assert page.text.count("Nino Beridze") >= 3
    refused = browser.submit(url, ref=[two.ref], do="reject", why="", text="")
    assert "Choose a reason." in refused.text
    browser.submit(url, ref=[two.ref], do="reject", why="profile", text="")
    assert place(two.ref).state is State.REJECTED
    assert browser.submit(url, ref=[two.ref], do="delete", why="", text="").status_code == 400
    assert "Choose at least one officer." in browser.submit(url, do="select", text="").text


def test_the_officers_page_shows_positions_and_why_somebody_moved_up(browser, made, ingrid):
    activity, by = make_nominating(made, capacity=1), focal_point()
    one, two, three = (nominate(by, activity) for _ in range(3))
    for chosen in (one, two, three):
        select_(ingrid, activity, chosen)
    url = f"/activities/{activity.slug}/places"
    detail = f"{url}/{one.ref}"
    assert browser.submit(detail, do="withdraw", reason="").status_code == 200
    assert browser.submit(detail, do="withdraw", reason="Ill.").status_code == 303
    page = browser.get(url).text

    assert "Place freed by a withdrawal. Georgia holds 0; rank 2;" in page
    assert page.count("Waiting list") >= 1
    assert place(two.ref).state is State.ENROLLED
    assert "Ill." in browser.get(detail).text


def test_who_leaves_after_the_start_is_shown_as_a_drop_out(browser, made, ingrid):
    activity, by = make_nominating(made, capacity=3), focal_point()
    before, after, never = (nominate(by, activity) for _ in range(3))
    for chosen in (before, after):
        select_(ingrid, activity, chosen)
    begins, why = activity.begins_at, {"reason": "Ill."}
    selection.withdraw(ingrid.id, activity.slug, before.ref, now=begins - SECOND, **why)
    for left in (after, never):  # one of them had no place to give up
        selection.withdraw(ingrid.id, activity.slug, left.ref, now=begins, **why)
    url = f"/activities/{activity.slug}"

    assert browser.get(f"{url}/places").text.count("Withdrawn (after the start)") == 1
    shown = browser.get(f"{url}/nominations?show=decided").text
    assert (shown.count("Withdrawn (after the start)"), shown.count("Withdrawn<")) == (1, 2)
    pages = [browser.get(f"{url}/places/{one.ref}").text for one in (before, after, never)]
    assert ["Withdrawn (after the start)" in page for page in pages] == [False, True, False]
    assert [one.state for one in map(place, (after.ref, never.ref))] == [State.WITHDRAWN] * 2


def test_a_condition_is_waived_on_the_officers_page(browser, made, ingrid):
    activity, by = make_nominating(made, conditions={"functions": ["border"]}), focal_point()
    draft = nominate(by, activity, draft=True)
    url = f"/activities/{activity.slug}/places/{draft.ref}"
    assert "The function must be one of: border." in browser.get(url).text
    assert "Function" in browser.get(f"/activities/{activity.slug}/nominations").text
    browser.submit(url, do="waive", condition="function", reason="Moves in January.")

    assert "must be one of" not in browser.get(url).text
    answer = browser.submit(
        url, page=f"/activities/{activity.slug}/nominations", do="x", reason="y"
    )
    assert answer.status_code == 400


def test_an_invitation_goes_to_an_address(browser, made, ingrid):
    activity = make_nominating(made, route=Route.INVITATION)
    nino = make_person()
    address = db.session.scalars(select(PersonAddress.address).filter_by(person_id=nino.id)).one()
    url, page = f"/activities/{activity.slug}/invitations", f"/activities/{activity.slug}/places"
    assert browser.submit(url, page=page, address=address.upper()).status_code == 303
    assert browser.submit(url, page=page, address="no@example.org").status_code == 409
    assert "Waiting for answer" in browser.get(page).text


def test_an_activity_is_archived_when_it_is_over(browser, made, ingrid, at):
    activity = make_nominating(made)
    url = f"/activities/{activity.slug}"
    assert browser.submit(f"{url}/archive", page=url).status_code == 409
    at(NOON + timedelta(days=31))
    browser.sign_in(make_staff("coordinator"), "coordinator")


@pytest.mark.parametrize("role", ["officer", "trainer", "focal_point", "administrator", "auditor"])
def test_activities_are_the_coordinators(browser, made, role):
    person = make_person() if role == "officer" else make_staff(role, courses=(made.course.id,))
    activity = make_nominating(made)
    browser.sign_in(person, role)
    for end in ("", "/new", f"/{activity.slug}", f"/{activity.slug}/nominations"):
        assert browser.get(f"/activities{end}").status_code == 404


def test_lists_do_not_ask_more_with_more_officers(browser, made, ingrid, count_queries):
    activity, by = make_nominating(made, capacity=2), focal_point()
    url = f"/activities/{activity.slug}/nominations"
    nominate(by, activity)
    count_queries.clear()
    browser.get(url)
    one = len(count_queries)
    for _ in range(4):
        nominate(by, activity)
    count_queries.clear()
    browser.get(url)

    assert len(count_queries) == one
    assert fresh(Activity, activity.id).seats_held == 0
    assert steps
