"""Whatever people do in whatever order, seats held never exceed what there is."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.database import db
from lms.deeds import places, waiting
from lms.features.activities import actions, jobs, selection
from lms.features.admin import doctor
from lms.features.learning import actions as learning
from lms.features.nominations import actions as state
from lms.models import Activity, Enrolment, Quota
from lms.rules.approvals import Decision, Order, Why
from lms.rules.enrolments import HOLDS_A_SEAT, State
from lms.rules.refusal import Refusal
from lms.rules.seats import fits, may_take
from tests.factories import NOON, make_person, make_staff, numbers
from tests.features.courses import publish_course
from tests.features.places import change, focal_point, make_nominating, share

CODES = ("GE", "AL")
SPMU = [Decision.APPROVED, Decision.RESERVED, Decision.REJECTED]


@dataclass
class World:
    """One course, three focal points with officers, a coordinator."""

    made: object
    ingrid: object
    states: dict[str, object]
    officers: dict[str, list[object]]
    activity: Activity = None
    refs: dict[str, list[str]] = field(default_factory=dict)

    def begin(self, *, consent: bool) -> None:
        self.activity = make_nominating(
            self.made,
            capacity=2,
            asks_consent=consent,
            release_at=NOON + timedelta(days=2),
            approval_order=Order.EITHER,
        )
        change(self.ingrid, self.activity, shares=share("GE", 1, 2))
        self.refs = {code: [] for code in CODES}

    def do(self, deed: str, code: str, number: int) -> None:
        """One deed of anybody; a refusal is an answer, too."""
        by, own = self.states[code], {self.states[code].affiliation_id}
        officer = self.officers[code][number % len(self.officers[code])]
        mine = self.refs[code]
        ref = mine[number % len(mine)] if mine else "none"
        slug, key = self.activity.slug, f"key {next(numbers)}"
        match deed:
            case "nominate":
                mine.append(state.nominate(by.id, own, slug, officer.ref, key=key, now=NOON))
            case "withdraw":
                state.withdraw(by.id, own, ref, reason="So.", now=NOON)
            case "substitute":
                change_ = {"reason": "So.", "key": key, "now": NOON}
                mine.append(state.substitute(by.id, own, ref, officer.ref, **change_))
            case "rank":
                state.rank(by.id, own, slug, [ref], now=NOON)
            case "decide":
                decision = SPMU[number % 3]
                selection.decide(self.ingrid.id, slug, ref, decision, why=Why.PROFILE, now=NOON)
            case "answer":
                person = db.session.scalars(select(Enrolment.person_id).filter_by(ref=ref)).first()
                answer = learning.accept if number % 2 else learning.decline
                answer(person or 0, ref, now=NOON)
            case "capacity":
                change(self.ingrid, self.activity, capacity=number % 5)
            case "quota":
                change(self.ingrid, self.activity, shares=share("GE", number % 2, number % 4))
            case "release":
                jobs.release_unused_places(NOON + timedelta(days=2))
            case "expire":
                jobs.expire_offers(NOON + timedelta(days=9))


DEEDS = [
    "nominate",
    "withdraw",
    "substitute",
    "rank",
    "decide",
    "answer",
    "capacity",
    "quota",
    "release",
    "expire",
]
deeds = st.tuples(
    st.sampled_from(["nominate", "nominate", "decide", "decide", *DEEDS]),
    st.sampled_from(CODES),
    st.integers(0, 11),
)


@pytest.fixture
def world(app):
    made = publish_course()
    return World(
        made,
        make_staff("coordinator"),
        {code: focal_point(code) for code in CODES},
        {code: [make_person(state_code=code) for _ in range(5)] for code in CODES},
    )


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(deeds, min_size=5, max_size=25), consent=st.booleans())
def test_seats_are_what_the_places_hold_and_never_too_many(world, story, consent):
    world.begin(consent=consent)
    for deed in story:
        try:
            world.do(*deed)
        except Refusal:
            db.session.rollback()
        check(world.activity.id)


def check(activity_id):
    """Seats recomputed, room for all that is kept, nobody waits beside a free seat, replay."""
    db.session.remove()
    seats = places.seats_of(db.session, activity_id)
    held = places.held_by_affiliation(db.session, activity_id)
    assert seats.held == sum(held.values())
    assert {key: one.held for key, one in seats.shares.items()} == {
        key: held.get(key, 0) for key in seats.shares
    }
    assert fits(seats)
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.affiliation_id).filter_by(
            activity_id=activity_id, state=State.WAIT_LISTED
        )
    ).all()
    given = waiting.decisions(db.session, [row.id for row in rows])
    kept_back = [id_ for id_, one in given.items() if Decision.RESERVED in one.values()]
    assert not [
        row for row in rows if row.id not in kept_back and may_take(seats, row.affiliation_id)
    ]
    assert list(doctor.steps()) == []
    assert list(doctor.seats()) == []


def test_the_check_finds_a_seat_too_many(world):
    world.begin(consent=False)
    world.do("nominate", "AL", 0)
    world.do("decide", "AL", 0)
    db.session.remove()
    with actions.transaction() as session:
        session.query(Quota).delete()
        session.query(Activity).update({"seats_held": 2})
    with pytest.raises(AssertionError):
        check(world.activity.id)
    assert db.session.scalar(
        select(func.count(Enrolment.id)).where(Enrolment.state.in_(HOLDS_A_SEAT))
    )
