"""After the last seat: processes, threads and clients that lose the answer."""

import random
from functools import partial
from itertools import product

import pytest
from sqlalchemy import func, select

from lms.database import db, transaction
from lms.deeds import places, waiting
from lms.features.activities import selection
from lms.features.learning import actions as learning
from lms.features.nominations import actions as state
from lms.models import Activity, Affiliation, Enrolment, EnrolmentStep
from lms.rules.approvals import Decision, Order
from lms.rules.enrolments import State
from lms.rules.refusal import Refusal
from tests.factories import NOON, make_person, make_staff
from tests.features.courses import publish_course
from tests.features.places import (
    change,
    focal_point,
    make_nominating,
    make_quota,
    nominate,
    place,
    seats_held,
    select_,
    share,
)
from tests.processes import rounds
from tests.threads import refusals, together

from .test_any_order import check

pytestmark = pytest.mark.race
ROUNDS = 100
WHOLE = 10  # rounds with all that a nomination brings with it
MANY = 8


@pytest.fixture
def made(app):
    return publish_course()


def take(activity_id, affiliation_id):
    with transaction() as session:
        return places.take_seat(session, activity_id, affiliation_id)


def test_of_eight_processes_after_the_last_seat_one_gets_it_a_hundred_times(app, made):
    states = [
        db.session.scalars(select(Affiliation.id).filter_by(code=code)).one()
        for code in ("GE", "AL")
    ]
    activities = [make_nominating(made, capacity=1) for _ in range(ROUNDS)]
    for activity in activities[::2]:
        make_quota(activity, "GE", maximum=3)
    given = rounds(
        app,
        [
            [partial(take, activity.id, state) for state in states * (MANY // 2)]
            for activity in activities
        ],
    )

    assert {tuple(sorted(line)) for line in given} == {(False,) * (MANY - 1) + (True,)}
    assert set(db.session.scalars(select(Activity.seats_held))) == {1}


def test_eight_processes_nominate_for_one_place_and_the_others_get_a_position(app, made):
    people = [focal_point(code) for code in ("GE", "AL") * (MANY // 2)]
    officers = [make_person(state_code=code) for code in ("GE", "AL") * (MANY // 2)]
    activities = [
        make_nominating(made, capacity=1, approval_order=Order.STATE_ONLY) for _ in range(WHOLE)
    ]
    given = rounds(
        app,
        [
            [
                partial(
                    state.nominate,
                    by.id,
                    {by.affiliation_id},
                    activity.slug,
                    officer.ref,
                    key=activity.slug,
                    now=NOON,
                )
                for by, officer in zip(people, officers, strict=True)
            ]
            for activity in activities
        ],
    )

    assert not [one for line in given for one in line if one.startswith("refused")]
    for activity, refs in zip(activities, given, strict=True):
        made_ = dict(
            db.session.execute(
                select(Enrolment.ref, Enrolment.state).filter_by(activity_id=activity.id)
            ).all()
        )
        assert made_.keys() == set(refs)
        assert sorted(made_.values()) == [State.ENROLLED] + [State.WAIT_LISTED] * (MANY - 1)
        positions = waiting.positions(db.session, activity.id)
        assert sorted(positions.values()) == list(range(1, MANY))
        check(activity.id)


def test_deciding_withdrawing_and_lowering_at_once_keep_every_number(app, made):
    ingrid, by = make_staff("coordinator"), focal_point()
    for _ in range(2):
        activity = make_nominating(made, capacity=3)
        make_quota(activity, "GE", maximum=3)
        held = [nominate(by, activity) for _ in range(2)]
        for one in held:
            select_(ingrid, activity, one)
        waits = [nominate(by, activity) for _ in range(4)]
        decide = [
            partial(
                selection.decide, ingrid.id, activity.slug, one.ref, Decision.APPROVED, now=NOON
            )
            for one in waits
        ]
        leave = [
            partial(state.withdraw, by.id, {by.affiliation_id}, one.ref, reason="x", now=NOON)
            for one in held
        ]
        lower = [partial(change, ingrid, activity, capacity=2, shares=share("GE", 0, 2))]
        together(app, [*decide, *leave, *lower])
        check(activity.id)
        assert seats_held(activity) >= 2


def test_one_decision_of_many_coordinators_is_one_step(app, made):
    people, by = [make_staff("coordinator") for _ in range(4)], focal_point()
    activity = make_nominating(made, capacity=1)
    one = nominate(by, activity)
    together(
        app,
        [
            partial(
                selection.decide, person.id, activity.slug, one.ref, Decision.APPROVED, now=NOON
            )
            for person in people
        ],
    )
    assert place(one.ref).state is State.ENROLLED
    assert db.session.scalar(select(func.count(EnrolmentStep.id))) == 3


def test_accepting_beside_the_end_of_the_offer_ends_in_one_state(app, made):
    ingrid, by = make_staff("coordinator"), focal_point()
    activity = make_nominating(made, capacity=1, asks_consent=True)
    one = select_(ingrid, activity, nominate(by, activity))
    given = together(
        app,
        [
            partial(learning.accept, one.person_id, one.ref, now=NOON),
            partial(selection.expire_offer, one.id, now=one.offered_until),
        ],
    )
    accepted = place(one.ref).state is State.ENROLLED
    assert seats_held(activity) == accepted
    assert bool(refusals(given)) is not accepted
    check(activity.id)


class LostError(Exception):
    """The answer did not come back; whether it was done is not known."""


@pytest.mark.parametrize("seed", range(3))
def test_what_was_acknowledged_is_there_and_what_was_refused_is_not(app, made, seed):
    """Clients note ok, refused or unknown, and send an unknown one again with the same key."""
    activity = make_nominating(made, capacity=4, approval_order=Order.STATE_ONLY)
    make_quota(activity, "GE", maximum=3)
    people = {code: focal_point(code) for code in ("GE", "AL")}
    officers = {code: [make_person(state_code=code) for _ in range(4)] for code in people}
    wishes = list(product(people, range(4), range(2)))  # each officer is nominated by two clients

    def client(code: str, officer: int, copy: int) -> tuple[str, str, str]:
        chance = random.Random(f"{seed} {code} {officer} {copy}")
        key, by = f"{code} {officer} {copy}", people[code]
        for _try in range(4):
            try:
                ref = state.nominate(
                    by.id,
                    {by.affiliation_id},
                    activity.slug,
                    officers[code][officer].ref,
                    key=key,
                    now=NOON,
                )
                if chance.random() < 0.5:
                    raise LostError
                return key, "ok", ref
            except LostError:
                continue
            except Refusal:
                return key, "refused", ""
        return key, "unknown", ""

    history = together(app, [partial(client, *one) for one in wishes])
    rows = {
        row.nomination_key: row
        for row in db.session.scalars(select(Enrolment).filter_by(activity_id=activity.id))
    }
    by_outcome = {
        outcome: {key for key, what, _ref in history if what == outcome}
        for outcome in ("ok", "refused", "unknown")
    }

    assert by_outcome["ok"] <= rows.keys() <= by_outcome["ok"] | by_outcome["unknown"]
    assert not by_outcome["refused"] & rows.keys()
    assert {key: ref for key, what, ref in history if what == "ok"} == {
        key: rows[key].ref for key in by_outcome["ok"]
    }
    assert len(rows) == len({row.person_id for row in rows.values()}) == 8
    assert sum(row.state is State.ENROLLED for row in rows.values()) == 4
    check(activity.id)
    assert db.session.get_one(Activity, activity.id).seats_held == 4
