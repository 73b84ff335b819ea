"""Seats of an activity: kept for States, selected, waited for, raised, lowered and released."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.database import db
from lms.features.activities import actions, jobs, selection
from lms.features.nominations import actions as state
from lms.models import Activity, Message, Person, Quota, Route
from lms.rules.activities import Dates
from lms.rules.approvals import Decision, Order, Why
from lms.rules.eligibility import Condition
from lms.rules.enrolments import State
from lms.rules.messages import Kind
from lms.rules.refusal import Refusal
from tests.factories import NOON, make_person, make_staff, saved
from tests.features.courses import fresh, publish_course
from tests.features.places import (
    change,
    decide,
    focal_point,
    make_nominating,
    make_quota,
    nominate,
    place,
    seats_held,
    select_,
    share,
    steps,
)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def ingrid(app):
    return make_staff("coordinator")


@pytest.fixture
def georgia(app):
    return focal_point("GE")


@pytest.fixture
def albania(app):
    return focal_point("AL")


def test_the_selected_get_the_seats_and_the_next_ones_a_position(made, ingrid, georgia):
    activity = make_nominating(made, capacity=1)
    one, two = nominate(georgia, activity), nominate(georgia, activity)

    assert select_(ingrid, activity, one).state is State.ENROLLED
    assert select_(ingrid, activity, two).state is State.WAIT_LISTED
    assert seats_held(activity) == 1
    kinds = {(row.person_id, row.kind): row.facts for row in db.session.scalars(select(Message))}
    assert kinds[two.person_id, Kind.RESERVE]["position"] == "1"
    assert (one.person_id, Kind.ACCEPTED) in kinds


def test_a_decision_sent_again_changes_nothing(made, ingrid, georgia):
    activity = make_nominating(made)
    one = nominate(georgia, activity)
    for _ in range(3):
        assert select_(ingrid, activity, one).state is State.ENROLLED
    assert len(steps(one)) == 3
    with pytest.raises(Refusal, match="already taken"):
        decide(ingrid, activity, one, Decision.REJECTED, why=Why.PROFILE)


def test_both_bodies_decide_in_the_order_of_the_activity(made, ingrid, georgia):
    four_eyes = make_nominating(made, approval_order=Order.STATE_FIRST, second_focal_point=True)
    one = nominate(georgia, four_eyes)
    with pytest.raises(Refusal, match="The State decides first"):
        select_(ingrid, four_eyes, one)
    only_state = make_nominating(made, approval_order=Order.STATE_ONLY, second_focal_point=True)
    with pytest.raises(Refusal, match="does not ask for your approval"):
        select_(ingrid, only_state, nominate(georgia, only_state))


def test_nobody_selects_themselves_or_what_they_filed(made, georgia):
    activity = make_nominating(made)
    with pytest.raises(Refusal, match="You made this nomination"):
        select_(georgia, activity, nominate(georgia, activity))
    officer = make_staff("coordinator")
    with pytest.raises(Refusal, match="about their own place"):
        select_(officer, activity, nominate(georgia, activity, officer))


def test_a_kept_seat_is_taken_by_its_state_alone_until_the_release(made, ingrid, georgia, albania):
    activity = make_nominating(
        made, capacity=2, approval_order=Order.STATE_ONLY, release_at=NOON + timedelta(days=3)
    )
    make_quota(activity, "GE", guaranteed=1)
    first, second = nominate(albania, activity), nominate(albania, activity)
    assert [place(one.ref).state for one in (first, second)] == [
        State.ENROLLED,
        State.WAIT_LISTED,
    ]
    assert jobs.release_unused_places(NOON) == 0
    later = NOON + timedelta(days=3)
    assert [jobs.release_unused_places(later) for _ in range(2)] == [1, 0]
    assert place(second.ref).state is State.ENROLLED
    assert steps(second)[-1].reason.startswith("Unused places were released. Albania holds 1;")
    assert nominate(georgia, activity).state is State.WAIT_LISTED


def test_focal_points_hear_of_the_release_once_a_week_before(made, georgia, albania):
    activity = make_nominating(made, capacity=5, release_at=NOON + timedelta(days=7))
    make_quota(activity, "GE", guaranteed=3)
    make_quota(activity, "AL", guaranteed=0)
    assert [jobs.warn_of_release(NOON - timedelta(hours=1)) for _ in range(2)] == [0, 0]
    assert [jobs.warn_of_release(NOON) for _ in range(2)] == [1, 0]
    told = db.session.scalars(select(Message)).one()

    assert (told.person_id, told.kind, told.facts["places"]) == (
        georgia.id,
        Kind.SEATS_RELEASED_SOON,
        "3",
    )


def test_a_state_does_not_pass_its_maximum(made, ingrid, georgia, albania):
    activity = make_nominating(made, capacity=5, approval_order=Order.STATE_ONLY)
    make_quota(activity, "GE", maximum=1)
    states = [nominate(georgia, activity).state for _ in range(2)]

    assert states == [State.ENROLLED, State.WAIT_LISTED]
    assert nominate(albania, activity).state is State.ENROLLED


def test_raising_gives_seats_by_rule_and_skips_no_approval(made, ingrid, georgia, albania):
    activity = make_nominating(made, capacity=1)
    undecided = nominate(georgia, activity)
    selected = [nominate(georgia, activity), nominate(georgia, activity)]
    other = nominate(albania, activity, now=NOON + timedelta(hours=1))
    for one in (*selected, other):
        select_(ingrid, activity, one)
    change(ingrid, activity, capacity=3)

    assert place(undecided.ref).state is State.SUBMITTED
    assert place(other.ref).state is State.ENROLLED  # Albania held none, Georgia one
    assert place(selected[1].ref).state is State.ENROLLED
    assert seats_held(activity) == 3
    assert "were changed. Georgia holds 1; rank 3" in steps(selected[1])[-1].reason


def test_lowering_takes_nobodys_place(made, ingrid, georgia):
    activity = make_nominating(made, capacity=5, approval_order=Order.STATE_ONLY)
    make_quota(activity, "GE", guaranteed=2, maximum=4)
    places = [nominate(georgia, activity) for _ in range(3)]
    with pytest.raises(actions.Unfit) as no:
        change(ingrid, activity, capacity=2, shares=share("GE", 1, 2))

    assert [(one.affiliation is None, one.number) for one in no.value.seats] == [
        (False, 3),
        (True, 3),
    ]
    assert {place(one.ref).state for one in places} == {State.ENROLLED}
    assert change(ingrid, activity, capacity=3, shares=share("GE", 1, 3)).capacity == 3


def test_more_is_not_kept_than_there_is(made, ingrid, georgia, albania):
    activity = make_nominating(made, capacity=2, approval_order=Order.STATE_ONLY)
    nominate(albania, activity)
    with pytest.raises(actions.Unfit, match="3 places are kept or taken"):
        change(ingrid, activity, shares=share("GE", 2))
    change(ingrid, activity, shares={**share("GE", 1), **share("AL", 1)})
    held = {row.guaranteed: row.seats_held for row in db.session.scalars(select(Quota))}
    assert held == {1: 0} or sum(held.values()) <= 1


def test_a_new_quota_counts_those_who_hold_a_place_already(made, ingrid, georgia):
    activity = make_nominating(made, capacity=2, approval_order=Order.STATE_ONLY)
    nominate(georgia, activity)
    change(ingrid, activity, shares=share("GE", 1, 2))

    assert db.session.scalars(select(Quota.seats_held)).all() == [1]


def test_dates_that_are_not_in_order_are_named(made, ingrid):
    activity = make_nominating(made)
    with pytest.raises(actions.Unfit) as no:
        change(
            ingrid,
            activity,
            dates=Dates(begins=NOON, ends=NOON, opens=NOON, closes=NOON - timedelta(days=1)),
        )
    assert [field for field, _sentence in no.value.dates] == ["ends", "closes"]


def test_a_reserve_moves_up_when_a_place_is_given_back(made, ingrid, georgia):
    activity = make_nominating(made, capacity=3)
    one, two, three = (nominate(georgia, activity) for _ in range(3))
    for chosen in (one, two):
        select_(ingrid, activity, chosen)
    reserve = decide(ingrid, activity, three, Decision.RESERVED)
    assert (reserve.state, seats_held(activity)) == (State.WAIT_LISTED, 2)

    selection.withdraw(ingrid.id, activity.slug, one.ref, reason="Asked by the State.", now=NOON)
    assert place(three.ref).state is State.ENROLLED
    told = db.session.scalars(select(Message.kind).filter_by(person_id=three.person_id)).all()
    assert told[-1] == Kind.MOVED_UP


def test_a_reserve_can_be_chosen_out_of_turn(made, ingrid, georgia):
    activity = make_nominating(made, capacity=1)
    one, two = (nominate(georgia, activity) for _ in range(2))
    for waits in (one, two):
        decide(ingrid, activity, waits, Decision.RESERVED)
    chosen = select_(ingrid, activity, two, text="Only woman of her unit.")

    assert chosen.state is State.ENROLLED
    assert steps(two)[-1].reason == "Chosen from the waiting list. Only woman of her unit."
    assert select_(ingrid, activity, one).state is State.WAIT_LISTED


def test_an_offer_that_nobody_answers_goes_to_the_next(made, ingrid, georgia):
    activity = make_nominating(made, capacity=1, asks_consent=True, offer_hours=24)
    one, two = (nominate(georgia, activity) for _ in range(2))
    offered = select_(ingrid, activity, one)
    select_(ingrid, activity, two)
    assert (offered.state, offered.offered_until) == (State.OFFERED, NOON + timedelta(hours=24))

    assert jobs.expire_offers(NOON + timedelta(hours=23)) == 0
    later = NOON + timedelta(hours=24)
    assert [jobs.expire_offers(later) for _ in range(2)] == [1, 0]
    assert place(one.ref).state is State.WITHDRAWN
    assert (place(two.ref).state, place(two.ref).offered_until) == (
        State.OFFERED,
        later + timedelta(hours=24),
    )
    assert steps(two)[-1].reason.startswith("Place freed by an offer that was not answered")


def test_an_offer_does_not_last_past_the_last_day_to_join(made, ingrid, georgia):
    activity = make_nominating(made, asks_consent=True, offer_hours=10_000)
    offered = select_(ingrid, activity, nominate(georgia, activity))

    assert offered.offered_until == activity.begins_at


def test_who_is_not_eligible_any_more_does_not_move_up(made, ingrid, georgia, albania):
    activity = make_nominating(made, capacity=1)
    one, two, three = (
        nominate(georgia, activity),
        nominate(albania, activity),
        nominate(georgia, activity),
    )
    for chosen in (one, two, three):
        select_(ingrid, activity, chosen)
    suspend(two.person_id)
    selection.withdraw(ingrid.id, activity.slug, one.ref, reason="Ill.", now=NOON)

    assert (place(two.ref).state, place(three.ref).state) == (State.WAIT_LISTED, State.ENROLLED)


def suspend(person_id):
    person = db.session.get_one(Person, person_id)
    person.suspended_at = NOON
    saved(person)


def test_a_condition_is_waived_with_a_reason(made, ingrid, georgia):
    activity = make_nominating(made, conditions={"functions": ["border"]})
    draft = nominate(georgia, activity, draft=True)
    waive = {"reason": "Moves to the border police.", "now": NOON}
    with pytest.raises(Refusal, match="Nobody can waive"):
        selection.waive(ingrid.id, activity.slug, draft.ref, Condition.SUSPENDED, **waive)
    for _ in range(2):
        selection.waive(ingrid.id, activity.slug, draft.ref, Condition.FUNCTION, **waive)
    state.submit(georgia.id, {georgia.affiliation_id}, draft.ref, now=NOON)
    assert place(draft.ref).state is State.SUBMITTED


def test_an_invitation_offers_a_place_once(made, ingrid):
    activity = make_nominating(made, route=Route.INVITATION, capacity=1)
    nino = make_person()
    refs = {selection.invite(ingrid.id, activity.slug, nino.ref, now=NOON) for _ in range(2)}

    assert [place(ref).state for ref in refs] == [State.OFFERED]
    with pytest.raises(Refusal, match="No place is free"):
        selection.invite(ingrid.id, activity.slug, make_person().ref, now=NOON)


def test_who_did_not_come_frees_the_seat(made, ingrid, georgia):
    activity = make_nominating(made, capacity=1)
    one = select_(ingrid, activity, nominate(georgia, activity))
    note = {"reason": "Not seen on the first day."}
    with pytest.raises(Refusal, match="has not begun"):
        selection.note_no_show(ingrid.id, activity.slug, one.ref, now=NOON, **note)
    first_day = activity.begins_at + timedelta(hours=8)
    selection.note_no_show(ingrid.id, activity.slug, one.ref, now=first_day, **note)

    assert (place(one.ref).state, seats_held(activity)) == (State.NO_SHOW, 0)


def test_an_archived_activity_stays_as_it_is(made, ingrid):
    activity = make_nominating(made)
    with pytest.raises(Refusal, match="after its last day"):
        actions.archive(ingrid.id, activity.slug, now=NOON)
    over = activity.ends_at
    actions.archive(ingrid.id, activity.slug, now=over)
    with pytest.raises(Refusal, match="archived"):
        change(ingrid, activity, title="Another", now=over)
    assert fresh(Activity, activity.id).archived_at == over
