"""Nominations that nobody decides: who hears of them, when, and how often."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.database import db
from lms.features.activities.jobs import remind_of_decisions
from lms.features.nominations import actions as state
from lms.models import Activity, Message, RoleGrant
from lms.rules.approvals import REMINDED_AFTER, Decision, Order, Why
from lms.rules.messages import Kind
from tests.factories import NOON, make_staff, saved
from tests.features.courses import fresh, publish_course
from tests.features.places import decide, focal_point, make_nominating, nominate, select_

pytestmark = pytest.mark.usefixtures("app")

FIRST, SECOND = NOON + REMINDED_AFTER, NOON + 2 * REMINDED_AFTER
EARLY = timedelta(seconds=1)
LATE = Kind.DECISION_WAITS, Kind.STATE_IS_LATE, Kind.SPMU_IS_LATE


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def ingrid(app):
    return make_staff("coordinator")


@pytest.fixture
def root(app):
    return make_staff("administrator")


@pytest.fixture
def georgia(app):
    return focal_point("GE")


def make_slow(made, **changes):
    """Time enough for both rounds before the first day."""
    dates = {"begins_at": NOON + timedelta(days=40), "ends_at": NOON + timedelta(days=60)}
    return make_nominating(made, **{**dates, **changes})


def run(now):
    db.session.remove()
    return remind_of_decisions(now)


def told():
    """(person, kind, how many wait) of all that were told, in their order."""
    db.session.remove()
    rows = db.session.scalars(select(Message).where(Message.kind.in_(LATE)).order_by(Message.id))
    return [(row.person_id, Kind(row.kind), row.facts["waiting"]) for row in rows]


def test_the_coordinators_hear_once_then_the_administrators(made, georgia, ingrid, root):
    activity = make_slow(made)
    for _ in range(3):
        nominate(georgia, activity)

    assert [run(FIRST - EARLY), run(FIRST), run(FIRST)] == [0, 1, 0]
    assert told() == [(ingrid.id, Kind.DECISION_WAITS, "3")]
    assert [run(SECOND - EARLY), run(SECOND), run(SECOND), run(SECOND + EARLY)] == [0, 1, 0, 0]
    assert told()[1:] == [(root.id, Kind.SPMU_IS_LATE, "3")]
    links = db.session.scalars(select(Message.link).where(Message.kind.in_(LATE)))
    assert set(links) == {f"/activities/{activity.slug}/nominations", "/admin/roles"}


def test_the_state_hears_once_then_the_coordinators(made, georgia, ingrid, root):
    deputy, _foreign = focal_point("GE"), focal_point("AL")
    four_eyes = {"approval_order": Order.STATE_FIRST, "second_focal_point": True}
    activity = make_slow(made, **four_eyes)
    nominate(georgia, activity)

    assert [run(FIRST), run(FIRST)] == [1, 0]
    assert told() == [(deputy.id, Kind.DECISION_WAITS, "1")]  # not who nominated, no other State
    link = db.session.scalars(select(Message.link).where(Message.person_id == deputy.id)).one()
    assert link == f"/state/activities/{activity.slug}"
    assert [run(SECOND), run(SECOND)] == [1, 0]
    assert told()[1:] == [(ingrid.id, Kind.STATE_IS_LATE, "1")]


def test_both_sides_hear_where_either_can_decide(made, georgia, ingrid, root):
    deputy = focal_point("GE")
    nominate(georgia, make_slow(made, second_focal_point=True))

    assert (run(FIRST), run(SECOND)) == (2, 2)
    assert sorted(told()) == sorted(
        [
            (deputy.id, Kind.DECISION_WAITS, "1"),
            (ingrid.id, Kind.DECISION_WAITS, "1"),
            (ingrid.id, Kind.STATE_IS_LATE, "1"),
            (root.id, Kind.SPMU_IS_LATE, "1"),
        ]
    )


def test_the_second_side_waits_from_the_yes_of_the_first(made, georgia, ingrid):
    deputy, own = focal_point("GE"), {georgia.affiliation_id}
    activity = make_slow(made, approval_order=Order.STATE_FIRST, second_focal_point=True)
    one = nominate(georgia, activity)
    state.approve(deputy.id, own, one.ref, now=NOON + timedelta(days=4))

    assert (run(FIRST), run(FIRST + timedelta(days=4) - EARLY)) == (0, 0)
    assert run(FIRST + timedelta(days=4)) == 1
    assert told() == [(ingrid.id, Kind.DECISION_WAITS, "1")]


@pytest.mark.parametrize("decision", Decision)
def test_nobody_hears_of_what_is_decided(made, georgia, ingrid, root, decision):
    activity = make_slow(made)
    one, two = nominate(georgia, activity), nominate(georgia, activity)
    why = Why.PROFILE if decision is Decision.REJECTED else None
    decide(ingrid, activity, one, decision, why=why)

    assert run(FIRST) == 1
    assert told() == [(ingrid.id, Kind.DECISION_WAITS, "1")]
    decide(ingrid, activity, two, decision, why=why)
    assert run(SECOND) == 0


def test_a_nomination_of_a_later_week_is_told_too(made, georgia, ingrid):
    activity = make_slow(made)
    nominate(georgia, activity)
    assert run(FIRST) == 1
    nominate(georgia, activity, now=NOON + timedelta(days=6))

    assert run(FIRST + timedelta(days=6) - EARLY) == 0
    assert [run(FIRST + timedelta(days=6)) for _ in range(2)] == [1, 0]
    assert [count for _person, _kind, count in told()] == ["1", "2"]


def test_nominations_of_the_same_days_share_a_message(made, georgia, ingrid):
    activity = make_slow(made)
    begin = NOON - timedelta(days=NOON.toordinal() % REMINDED_AFTER.days)
    for days in range(REMINDED_AFTER.days):
        nominate(georgia, activity, now=begin + timedelta(days=days))
    later = [begin + REMINDED_AFTER + timedelta(days=days) for days in range(5)]

    assert [run(now) for now in later] == [1, 0, 0, 0, 0]
    assert told() == [(ingrid.id, Kind.DECISION_WAITS, "5")]


def test_whose_role_is_over_hears_nothing(made, georgia, ingrid):
    grant = db.session.scalars(select(RoleGrant).filter_by(person_id=ingrid.id)).one()
    grant.until = FIRST
    saved(grant)
    deputy = make_staff("coordinator")
    nominate(georgia, make_slow(made))

    assert run(FIRST) == 1
    assert told() == [(deputy.id, Kind.DECISION_WAITS, "1")]


def test_nobody_is_reminded_when_nobody_can_join_any_more(made, georgia, ingrid):
    activity = make_slow(made, begins_at=FIRST, ends_at=NOON + timedelta(days=9))
    nominate(georgia, activity)
    assert run(FIRST) == 0
    archived = make_slow(made)
    nominate(georgia, archived)
    row = fresh(Activity, archived.id)
    row.archived_at = NOON
    saved(row)
    assert run(FIRST) == 0


def test_an_officer_who_got_the_place_is_no_reason(made, georgia, ingrid):
    activity = make_slow(made, capacity=1)
    for one in (nominate(georgia, activity), nominate(georgia, activity)):
        select_(ingrid, activity, one)  # the second waits for a place, not for a decision
    assert (run(FIRST), run(SECOND)) == (0, 0)
