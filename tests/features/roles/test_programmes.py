"""A coordinator of one programme works with its courses alone."""

import pytest
from sqlalchemy import select

from lms.database import db, transaction
from lms.models import Activity, Course, Programme, RoleGrant
from lms.rules.access import BY_COURSE, GRANTS, Reach, Role, Scope, reach_of
from tests.conftest import Browser
from tests.factories import NOON, address_of, make_person, make_staff, saved
from tests.features.courses import make_activity, make_place, publish_course
from tests.test_cli import run


@pytest.fixture
def two(app):
    """A course of the programme `borders`, and one of another."""
    ours, theirs = publish_course("ours"), publish_course("theirs")
    programme = saved(Programme(slug="borders", title="Border security"))
    db.session.remove()
    with transaction() as session:
        session.get_one(Course, ours.course.id).programme_id = programme.id
    return ours, theirs


@pytest.fixture
def activities(two):
    return [make_activity(one) for one in two]


def coordinator_of(*reaches):
    person = make_person("Ingrid Part")
    for reach in reaches:
        saved(RoleGrant(person_id=person.id, role=Role.COORDINATOR, reach=reach, granted_at=NOON))
    return person


@pytest.fixture
def ingrid(app, two):
    person = coordinator_of(f"programme:{programme_id()}")
    return Browser(app).sign_in(person, "coordinator")


def programme_id():
    return db.session.scalars(select(Programme.id).filter_by(slug="borders")).one()


def statuses(browser, *addresses):
    return [browser.get(address).status_code for address in addresses]


def pages_of(made, activity, place):
    return (
        f"/reports/{made.slug}",
        f"/activities/{activity.slug}",
        f"/activities/{activity.slug}/nominations",
        f"/activities/{activity.slug}/places",
        f"/activities/{activity.slug}/places/{place.ref}",
    )


@pytest.mark.parametrize("permission", list(GRANTS[Role.COORDINATOR]))
def test_no_permission_of_a_part_reaches_everything(permission):
    reach = reach_of(Role.COORDINATOR, permission, courses={3}, affiliations=(), everything=False)
    whole = reach_of(Role.COORDINATOR, permission, courses=(), affiliations=())

    if whole.scope is Scope.SELF:
        assert reach == whole
    elif permission in BY_COURSE:
        assert reach == Reach(Scope.COURSES, frozenset({3}))
    else:
        assert (whole.scope, reach.scope) == (Scope.ALL, None)


def test_the_pages_of_other_programmes_are_not_there(two, activities, ingrid):
    places = [make_place(make_person(), activity) for activity in activities]
    ours, theirs = (
        statuses(ingrid, *pages_of(*one)) for one in zip(two, activities, places, strict=True)
    )

    assert (ours, theirs) == ([200] * 5, [404] * 5)


def test_nothing_of_other_programmes_can_be_changed(activities, ingrid):
    ours, theirs = (one.slug for one in activities)
    place = make_place(make_person(), activities[1])
    sent = [
        ingrid.submit(f"/activities/{theirs}/archive", page="/account/display"),
        ingrid.submit(
            f"/activities/{theirs}/places/{place.ref}",
            page="/account/display",
            do="withdraw",
            reason="no",
        ),
        ingrid.submit(
            f"/activities/{ours}/places/{place.ref}",
            page="/account/display",
            do="withdraw",
            reason="no",
        ),
    ]

    assert [one.status_code for one in sent] == [404] * 3
    db.session.remove()
    assert db.session.scalars(select(Activity.archived_at)).all() == [None, None]


def test_an_activity_is_opened_for_a_course_of_the_programme_alone(two, ingrid):
    fields = {"first": "2027-01-11", "last": "2027-02-26", "cap": "20", "route": "nomination"}
    for made in two:
        ingrid.submit("/activities/new", course=made.slug, **fields)

    assert db.session.scalars(select(Activity.course_id)).all() == [two[0].course.id]


def test_lists_show_the_programme_alone(activities, ingrid):
    ours, theirs = (one.slug for one in activities)
    listed, reports = ingrid.get("/activities").text, ingrid.get("/reports").text

    assert ours in listed
    assert theirs not in listed
    assert "/reports/ours" in reports
    assert "/reports/theirs" not in reports


def test_what_is_about_all_people_is_not_there(ingrid):
    officer = make_person()

    assert statuses(
        ingrid, "/people", f"/people/{officer.ref}", f"/people/{officer.ref}/extra-time"
    ) == [404, 404, 404]
    assert 'href="/people"' not in ingrid.get("/reports").text


def test_a_programme_without_courses_reaches_nothing(app, activities):
    empty = saved(Programme(slug="empty", title="Empty"))
    browser = Browser(app).sign_in(coordinator_of(f"programme:{empty.id}"), "coordinator")

    assert statuses(browser, "/activities", *(f"/activities/{one.slug}" for one in activities)) == [
        200,
        404,
        404,
    ]


def test_a_grant_over_everything_counts_beside_one_over_a_programme(app, activities):
    person = coordinator_of(f"programme:{programme_id()}", "all")
    browser = Browser(app).sign_in(person, "coordinator")

    assert statuses(browser, "/people", f"/activities/{activities[1].slug}") == [200, 200]


def test_an_administrator_chooses_the_programme(app, two):
    browser = Browser(app).sign_in(make_staff(Role.ADMINISTRATOR), "administrator")
    address = f"/admin/roles/grant/{make_person().ref}"
    fields = {"reason": "named by the unit", "programme": "borders"}
    wrong = browser.submit(address, role="auditor", **fields)
    right = browser.submit(address, role="coordinator", **fields)
    grant = db.session.scalars(select(RoleGrant).filter_by(role=Role.COORDINATOR)).one()

    assert (wrong.status_code, right.status_code) == (409, 303)
    assert grant.reach == f"programme:{programme_id()}"
    assert "Border security" in browser.get(right.location).text


def test_a_command_grants_and_ends_a_programme(app, two):
    address = address_of(make_person())
    words = (address, "coordinator", "--programme")
    unknown = run(app, "roles", "grant", *words, "nonsense")
    given = run(app, "roles", "grant", *words, "borders")
    ended = run(app, "roles", "end", *words, "borders", "--reason", "another unit")
    grant = db.session.scalars(select(RoleGrant)).one()

    assert [one.exit_code for one in (unknown, given, ended)] == [1, 0, 0]
    assert grant.reach == f"programme:{programme_id()}"
    assert grant.ended_at is not None
