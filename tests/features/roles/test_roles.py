"""Roles: proposed by one administrator, confirmed by another, over at their end."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.roles import actions
from lms.models import AuditEntry, Message, RoleGrant
from lms.rules.access import Permission, Role
from lms.rules.messages import Kind
from tests.conftest import Browser
from tests.factories import NOON, address_of, make_person, make_sign_in, make_staff, saved
from tests.threads import refusals, together


@pytest.fixture
def first(app):
    return make_staff(Role.ADMINISTRATOR, name="Ada First")


@pytest.fixture
def second(app):
    return make_staff(Role.ADMINISTRATOR, name="Bo Second")


def working(app, person, role="administrator"):
    return Browser(app).sign_in(person, role)


def give(browser, person, role, **more):
    fields = {"role": role, "reason": "named by the State", **more}
    return browser.submit(f"/admin/roles/grant/{person.ref}", **fields)


def the_grant(role):
    db.session.remove()
    return db.session.scalars(
        select(RoleGrant).filter_by(role=role, ended_at=None).order_by(RoleGrant.id.desc())
    ).first()


def confirm(browser, grant):
    return browser.submit(f"/admin/roles/{grant.ref}/confirm")


def reports_of(app, person):
    """Whether the person can work as focal point now."""
    browser = Browser(app).sign_in(person)
    answer = browser.submit("/account/role", page="/account/display", role="focal_point")
    return answer.status_code == 303 and browser.get("/reports").status_code == 200


def test_a_role_counts_when_a_second_administrator_has_confirmed_it(app, first, second):
    person = make_person()
    given = give(working(app, first), person, "focal_point", affiliation="GE")
    grant = the_grant(Role.FOCAL_POINT)
    before = reports_of(app, person)
    own = confirm(working(app, first), grant)
    confirmed = confirm(working(app, second), grant)

    assert given.location == f"/admin/roles/{grant.ref}"
    assert (before, own.status_code, confirmed.status_code) == (False, 409, 303)
    assert reports_of(app, person)
    told = db.session.scalars(select(Message).filter_by(person_id=person.id)).one()
    assert (told.kind, told.facts) == (Kind.ROLE_GRANTED, {"role_word": "Focal point"})
    deeds = db.session.execute(
        select(AuditEntry.deed, AuditEntry.actor_id, AuditEntry.why).order_by(AuditEntry.seq)
    ).all()
    assert [tuple(one) for one in deeds if "role" in one.deed] == [
        ("proposed a role", first.id, "named by the State"),
        ("granted a role", second.id, "named by the State"),
    ]


def test_nobody_gives_a_role_to_themselves_or_confirms_their_own(app, first, second):
    own = give(working(app, first), first, "coordinator")
    give(working(app, first), second, "coordinator")
    confirmed = confirm(working(app, second), the_grant(Role.COORDINATOR))

    assert (own.status_code, confirmed.status_code) == (409, 409)
    assert the_grant(Role.COORDINATOR).confirmed_at is None


def test_a_role_reaches_nothing_from_its_end_on(app, first, second, at):
    """Abuse case 21: at the next request, with the session still open."""
    person = make_person()
    give(working(app, first), person, "focal_point", affiliation="GE", until="2026-12-04")
    confirm(working(app, second), the_grant(Role.FOCAL_POINT))
    last = NOON + timedelta(hours=10, minutes=59)  # 23:59 in Vienna
    browser = Browser(app)
    browser.client.set_cookie("lms", make_sign_in(person, "focal_point", last_seen=last))
    at(last)
    open_before = browser.get("/reports").status_code
    at(last + timedelta(minutes=1))

    assert (open_before, browser.get("/reports").status_code) == (200, 303)
    assert actions.propose(
        person.ref,
        Role.FOCAL_POINT,
        course="",
        affiliation="GE",
        until=None,
        reason="for another year",
        actor=first.id,
        now=last + timedelta(minutes=1),
    )


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        ("trainer", {}),
        ("focal_point", {}),
        ("coordinator", {"affiliation": "GE"}),
        ("auditor", {"until": "2026-12-03"}),
        ("auditor", {"until": "tomorrow"}),
        ("auditor", {"reason": ""}),
        ("officer", {}),
    ],
)
def test_a_role_without_its_reach_its_reason_or_a_day_to_come_is_refused(app, first, role, fields):
    person = make_person()
    browser = working(app, first)
    answer = give(browser, person, role, **fields)

    assert answer.status_code == 409
    assert db.session.scalar(select(func.count(RoleGrant.id)).filter_by(person_id=person.id)) == 0


def test_the_same_role_is_given_once(app, first):
    person = make_person()
    answers = [give(working(app, first), person, "auditor").status_code for _ in range(2)]

    assert answers == [303, 409]


def test_an_ended_role_is_gone_at_the_next_request(app, first):
    person = make_staff(Role.FOCAL_POINT)
    browser = working(app, person, "focal_point")
    open_before = browser.get("/reports").status_code
    grant = the_grant(Role.FOCAL_POINT)
    working(app, first).submit(f"/admin/roles/{grant.ref}", reason="moved to another post")

    assert (open_before, browser.get("/reports").status_code) == (200, 303)
    assert db.session.scalars(select(Message.kind)).one() == Kind.ROLE_ENDED
    entry = db.session.scalars(select(AuditEntry).filter_by(deed="ended a role")).one()
    assert (entry.actor_id, entry.why) == (first.id, "moved to another post")


def test_a_refused_proposal_never_counts(app, first, second):
    person = make_person()
    give(working(app, first), person, "auditor")
    grant = the_grant(Role.AUDITOR)
    working(app, second).submit(f"/admin/roles/{grant.ref}", reason="not agreed")

    assert confirm_status(app, second, grant) == 409
    assert db.session.scalar(select(func.count(Message.id))) == 0


def confirm_status(app, person, grant):
    try:
        actions.confirm(grant.ref, actor=person.id, now=NOON)
    except actions.Refusal:
        return 409
    return 303


def test_the_last_administrator_stays(app, first):
    grant = the_grant(Role.ADMINISTRATOR)
    answer = working(app, first).submit(f"/admin/roles/{grant.ref}", reason="enough")

    assert "This is the last administrator." in answer.text


@pytest.mark.race
def test_two_administrators_who_end_each_other_leave_one(app, first, second):
    refs = {
        one.person_id: one.ref
        for one in db.session.scalars(select(RoleGrant).filter_by(role=Role.ADMINISTRATOR))
    }
    deeds = [
        partial(actions.end, refs[other.id], actor=me.id, reason="no", now=NOON)
        for me, other in ((first, second), (second, first))
    ]
    given = together(app, deeds)
    db.session.remove()

    assert len(refusals(given)) == 1
    assert db.session.scalar(select(func.count(RoleGrant.id)).filter_by(ended_at=None)) == 1


def test_the_list_names_person_reach_and_reason_and_is_filtered(app, first):
    giver = make_person("Old Giver")
    person = make_person("Nino Beridze")
    saved(
        RoleGrant(
            person_id=person.id,
            role=Role.FOCAL_POINT,
            reach=f"affiliation:{person.affiliation_id}",
            granted_at=NOON,
            granted_by=giver.id,
            reason="note verbale 12",
        )
    )
    browser = working(app, first)
    everybody = browser.get("/admin/roles").text
    filtered = browser.get("/admin/roles?q=beridze&role=focal_point").text

    for words in ("Nino Beridze", "Georgia", "note verbale 12", "Old Giver", "Ada First"):
        assert words in everybody
    assert "Nino Beridze" in filtered
    assert "<bdi>Ada First</bdi>" not in filtered


def test_people_are_found_by_name_and_by_address(app, first):
    person = make_person("Nino Beridze")
    browser = working(app, first)

    assert person.ref in browser.get("/admin/roles/grant?q=nino+beri").text
    assert person.ref in browser.get(f"/admin/roles/grant?q={address_of(person)}").text
    assert person.ref not in browser.get("/admin/roles/grant?q=%25").text


def test_the_rights_of_all_roles_are_shown(app, first):
    page = working(app, first).get("/admin/roles/rights").text

    for permission in Permission:
        assert permission.value in page
