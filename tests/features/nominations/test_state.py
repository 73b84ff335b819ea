"""What a focal point does with the officers of the own State."""

from datetime import timedelta
from functools import partial
from itertools import product

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.nominations import actions
from lms.models import Approval, Enrolment, Person
from lms.rules.approvals import Decision, Order, Side, Why
from lms.rules.enrolments import State
from lms.rules.refusal import Refusal
from tests.factories import NOON, make_person, saved
from tests.features.courses import publish_course
from tests.features.places import (
    focal_point,
    make_nominating,
    make_quota,
    nominate,
    place,
    seats_held,
    steps,
)


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def activity(made):
    return make_nominating(made, capacity=2)


@pytest.fixture
def giorgi(app):
    return focal_point()


def decisions(one):
    rows = db.session.scalars(select(Approval).filter_by(enrolment_id=one.id))
    return [(row.side, row.decision, row.actor_id) for row in rows]


def test_a_nomination_is_submitted_with_the_approval_of_the_state(activity, giorgi):
    made = nominate(giorgi, activity, motivation="She leads the unit.")

    assert (made.state, made.rank, made.motivation) == (State.SUBMITTED, 1, "She leads the unit.")
    assert [(one.from_state, one.to_state, one.actor_id) for one in steps(made)] == [
        (None, State.DRAFT, giorgi.id),
        (State.DRAFT, State.SUBMITTED, giorgi.id),
    ]
    assert decisions(made) == [(Side.STATE, Decision.APPROVED, giorgi.id)]
    assert seats_held(activity) == 0


def test_sent_twice_it_is_one_nomination(activity, giorgi):
    nino = make_person()
    first = nominate(giorgi, activity, nino, key="same")

    assert nominate(giorgi, activity, nino, key="same").ref == first.ref
    with pytest.raises(Refusal, match="already has a place"):
        nominate(giorgi, activity, nino, key="another")
    assert db.session.scalar(select(func.count(Enrolment.id))) == 1


def test_where_only_the_state_approves_the_place_is_taken_at_once_while_there_is_one(made, giorgi):
    activity = make_nominating(made, capacity=1, approval_order=Order.STATE_ONLY)

    assert nominate(giorgi, activity).state is State.ENROLLED
    second = nominate(giorgi, activity)
    assert (second.state, second.waiting_since) == (State.WAIT_LISTED, NOON)
    assert seats_held(activity) == 1


def test_another_focal_point_approves_where_the_state_has_four_eyes(made, giorgi):
    activity = make_nominating(made, approval_order=Order.STATE_ONLY, second_focal_point=True)
    one = nominate(giorgi, activity)
    own = {giorgi.affiliation_id}

    with pytest.raises(Refusal, match="somebody else must approve"):
        actions.approve(giorgi.id, own, one.ref, now=NOON)
    deputy = focal_point()
    actions.approve(deputy.id, own, one.ref, now=NOON)
    actions.approve(deputy.id, own, one.ref, now=NOON)  # sent again: nothing more
    assert place(one.ref).state is State.ENROLLED
    assert decisions(one) == [(Side.STATE, Decision.APPROVED, deputy.id)]


def test_nobody_nominates_themselves_or_an_officer_of_another_state(activity, giorgi):
    with pytest.raises(Refusal, match="Nobody nominates themselves"):
        nominate(giorgi, activity, giorgi)
    foreign = make_person(state_code="AL")
    with pytest.raises(Refusal) as of_another:
        nominate(giorgi, activity, foreign)
    with pytest.raises(Refusal) as of_nobody:
        actions.nominate(
            giorgi.id,
            {giorgi.affiliation_id},
            activity.slug,
            "no-such-reference",
            key="k",
            now=NOON,
        )
    assert str(of_another.value) == str(of_nobody.value)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(-8, "Nominations have not begun"), (7, "Nominations are closed"), (31, "is over")],
)
def test_nominations_have_their_time(activity, giorgi, days, sentence):
    with pytest.raises(Refusal, match=sentence):
        nominate(giorgi, activity, now=NOON + timedelta(days=days))


def test_a_state_without_a_share_nominates_only_into_the_common_pool(made, giorgi):
    closed = make_nominating(made, common_pool=False)
    make_quota(closed, "AL", maximum=3)
    with pytest.raises(Refusal, match="does not take part"):
        nominate(giorgi, closed)
    none = make_nominating(made)
    make_quota(none, maximum=0)
    with pytest.raises(Refusal, match="does not take part"):
        nominate(giorgi, none)
    assert nominate(giorgi, make_nominating(made)).state is State.SUBMITTED


def test_a_condition_that_is_not_met_is_named_and_a_draft_can_be_kept(made, giorgi):
    activity = make_nominating(made, conditions={"languages": ["ru"]})
    nino = make_person()
    with pytest.raises(Refusal, match="One of these languages is needed: ru"):
        nominate(giorgi, activity, nino)
    draft = nominate(giorgi, activity, nino, draft=True)

    assert draft.state is State.DRAFT
    with pytest.raises(Refusal, match="languages"):
        actions.submit(giorgi.id, {giorgi.affiliation_id}, draft.ref, now=NOON)
    person = db.session.get_one(Person, nino.id)
    person.languages = ["ru"]
    saved(person)
    actions.submit(giorgi.id, {giorgi.affiliation_id}, draft.ref, now=NOON)
    assert place(draft.ref).state is State.SUBMITTED


def test_a_withdrawal_frees_the_seat_and_the_next_moves_up_with_a_reason(made, giorgi):
    activity = make_nominating(made, capacity=1, approval_order=Order.STATE_ONLY)
    make_quota(activity, maximum=4)
    first, second = nominate(giorgi, activity), nominate(giorgi, activity)
    withdraw = {"reason": "On leave.", "now": NOON}
    actions.withdraw(giorgi.id, {giorgi.affiliation_id}, first.ref, **withdraw)
    actions.withdraw(giorgi.id, {giorgi.affiliation_id}, first.ref, **withdraw)

    assert (place(first.ref).state, place(second.ref).state) == (State.WITHDRAWN, State.ENROLLED)
    assert seats_held(activity) == 1
    assert steps(first)[-1].reason == "On leave."
    assert steps(second)[-1].reason == (
        "Place freed by a withdrawal. Georgia holds 0 of 4; rank 2;"
        " waiting since 2026-12-04 12:00 UTC."
    )


def test_nobody_moves_up_after_the_last_day_to_join(made, giorgi):
    activity = make_nominating(made, capacity=1, approval_order=Order.STATE_ONLY)
    first, second = nominate(giorgi, activity), nominate(giorgi, activity)
    actions.withdraw(
        giorgi.id, {giorgi.affiliation_id}, first.ref, reason="Ill.", now=activity.begins_at
    )
    assert place(second.ref).state is State.WAIT_LISTED
    assert seats_held(activity) == 0


def test_a_substitute_takes_over_seat_and_rank(made, giorgi):
    activity = make_nominating(made, capacity=1, approval_order=Order.STATE_ONLY)
    first, waiting = nominate(giorgi, activity), nominate(giorgi, activity)
    levan, own = make_person("Levan Kapanadze"), {giorgi.affiliation_id}
    change = {"reason": "Transferred.", "key": "swap", "now": NOON}
    ref = actions.substitute(giorgi.id, own, first.ref, levan.ref, **change)

    assert actions.substitute(giorgi.id, own, first.ref, levan.ref, **change) == ref
    new = place(ref)
    assert (new.person_id, new.state, new.rank, new.takes_over_id) == (
        levan.id,
        State.ENROLLED,
        1,
        first.id,
    )
    assert place(first.ref).state is State.SUBSTITUTED
    assert place(waiting.ref).state is State.WAIT_LISTED
    assert seats_held(activity) == 1
    with pytest.raises(Refusal, match="last day to replace"):
        actions.substitute(
            giorgi.id,
            own,
            ref,
            make_person().ref,
            reason="Late.",
            key="late",
            now=activity.begins_at,
        )


def test_the_order_of_preference_is_the_states(activity, giorgi):
    one, two, three = (nominate(giorgi, activity) for _ in range(3))
    own = {giorgi.affiliation_id}
    actions.rank(giorgi.id, own, activity.slug, [three.ref, one.ref], now=NOON)

    assert [place(ref).rank for ref in (three.ref, one.ref, two.ref)] == [1, 2, 3]
    foreign = nominate(focal_point("AL"), activity)
    with pytest.raises(Refusal, match="The list has changed"):
        actions.rank(giorgi.id, own, activity.slug, [foreign.ref], now=NOON)


def test_a_foreign_place_is_answered_like_one_that_is_not_there(activity, giorgi):
    foreign, own = nominate(focal_point("AL"), activity).ref, {giorgi.affiliation_id}
    deeds = (
        partial(actions.withdraw, reason="x"),
        actions.approve,
        partial(actions.reject, why=Why.PROFILE),
        actions.submit,
        partial(actions.substitute, new_person_ref="p", reason="x", key="k"),
    )
    said = set()
    for deed, ref in product(deeds, (foreign, "no-such-place")):
        with pytest.raises(Refusal) as no:
            deed(giorgi.id, own, ref, now=NOON)
        said.add(str(no.value))
    assert len(said) == 1
    assert place(foreign).state is State.SUBMITTED


def test_an_application_is_rejected_with_a_reason(made, giorgi):
    activity = make_nominating(made, approval_order=Order.STATE_ONLY, second_focal_point=True)
    one, own = nominate(giorgi, activity), {giorgi.affiliation_id}
    deputy = focal_point()
    with pytest.raises(Refusal, match="Write the reason"):
        actions.reject(deputy.id, own, one.ref, why=Why.OTHER, now=NOON)
    actions.reject(deputy.id, own, one.ref, why=Why.DATES, text="In court.", now=NOON)

    assert place(one.ref).state is State.REJECTED
    assert steps(one)[-1].reason == "The officer cannot take part on these dates. In court."
    with pytest.raises(Refusal, match="not selected"):
        actions.withdraw(giorgi.id, own, one.ref, reason="x", now=NOON)
