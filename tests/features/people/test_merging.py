"""Two records of one person are put together, and taken apart again."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.database import db, transaction
from lms.deeds import erasing, merging, places
from lms.models import Activity, Enrolment, Person, PersonAddress, PersonMerge
from lms.rules.access import Role
from lms.rules.enrolments import HOLDS_A_SEAT, State
from lms.rules.refusal import Refusal
from tests.conftest import Browser, restore
from tests.factories import NOON, address_of, make_person, make_staff
from tests.features.courses import make_activity, make_place, publish_course
from tests.keeping import digest

APART = ("audit_entry", "audit_head", "person_merge")


def merged(kept, gone, actor, now=NOON):
    db.session.remove()
    with transaction() as session:
        return merging.merge(
            session, kept.id, gone.id, reason="one person", now=now, actor=actor.id
        ).id


def undone(merge_id, actor, now=NOON):
    db.session.remove()
    with transaction() as session:
        merging.undo(session, merge_id, now=now, actor=actor.id)


def fresh(table, key):
    db.session.remove()
    return db.session.get_one(table, key)


@pytest.fixture
def two(app):
    return make_person("Nino Beridze"), make_person("Nino Beridse"), make_staff(Role.ADMINISTRATOR)


@pytest.fixture
def activity(app):
    return make_activity(publish_course("small"), capacity=5)


def test_places_and_addresses_move_and_the_other_record_is_closed(two, activity):
    kept, gone, actor = two
    address, place = address_of(gone), make_place(gone, activity)
    merged(kept, gone, actor)

    assert fresh(Enrolment, place.id).person_id == kept.id
    assert fresh(Person, gone.id).suspended_at == NOON
    assert db.session.scalars(select(PersonAddress.person_id).filter_by(address=address)).all() == [
        kept.id
    ]


def test_of_two_open_places_the_better_one_is_kept_and_the_seat_is_freed(two, activity):
    kept, gone, actor = two
    worse, better = make_place(kept, activity), make_place(gone, activity)
    with transaction() as session:
        row = session.get_one(Enrolment, better.id)
        row.state, row.completed_at = State.COMPLETED, NOON
    before = fresh(Activity, activity.id).seats_held
    merged(kept, gone, actor)

    assert fresh(Enrolment, better.id).person_id == kept.id
    assert fresh(Enrolment, worse.id).state is State.WITHDRAWN
    assert fresh(Activity, activity.id).seats_held == before - 1


def test_what_lets_in_or_gives_power_does_not_move(app, two):
    kept, _gone, actor = two
    powerful = make_staff(Role.FOCAL_POINT, name="Nino Beridze")
    merged(kept, powerful, actor)

    assert Browser(app).sign_in(kept, "focal_point").get("/state/officers").status_code == 303


def test_it_is_undone_once_and_within_thirty_days(two):
    kept, gone, actor = two
    first = merged(kept, gone, actor)
    with pytest.raises(Refusal, match="thirty days"):
        undone(first, actor, now=NOON + timedelta(days=30))
    undone(first, actor)
    with pytest.raises(Refusal, match="already"):
        undone(first, actor)


@pytest.mark.parametrize("which", ["kept", "gone"])
def test_what_was_erased_is_not_taken_apart(two, which):
    kept, gone, actor = two
    merge_id = merged(kept, gone, actor)
    erased = kept if which == "kept" else gone
    db.session.remove()
    with transaction() as session:
        erasing.erase(session, erased.id, now=NOON, actor=None)

    with pytest.raises(Refusal, match="erased since"):
        undone(merge_id, actor)
    assert fresh(Person, gone.id).merged_into == kept.id


def test_a_seat_that_went_to_somebody_else_is_not_taken_back(two):
    kept, gone, actor = two
    tight = make_activity(publish_course("tight"), capacity=2)
    make_place(kept, tight), make_place(gone, tight)
    merge_id = merged(kept, gone, actor)
    make_place(make_person("Ana Marku"), tight)

    with pytest.raises(Refusal, match="gone to another officer"):
        undone(merge_id, actor)


def test_nobody_merges_their_own_or_a_merged_record(two):
    kept, gone, actor = two
    with pytest.raises(Refusal, match="own record"):
        merged(kept, actor, actor)
    merged(kept, gone, actor)
    with pytest.raises(Refusal, match="already"):
        merged(gone, kept, actor)


def test_an_administrator_sees_what_moves_before_and_takes_it_back_after(app, two, activity):
    kept, gone, actor = two
    make_place(gone, activity)
    admin = Browser(app).sign_in(actor, "administrator")
    assert "Beridse" in admin.get("/people/duplicates").text
    page = admin.get(f"/people/{kept.ref}/merge/{gone.ref}").text
    assert "moves to the record that stays" in page
    admin.submit(f"/people/{kept.ref}/merge/{gone.ref}", reason="One person")

    assert admin.get(f"/people/{gone.ref}").status_code == 404
    ref = db.session.scalars(select(PersonMerge.ref)).one()
    admin.submit(f"/people/merges/{ref}/undo", page="/account/display")
    assert admin.get(f"/people/{gone.ref}").status_code == 200


def test_a_focal_point_sees_duplicates_of_the_own_state_alone(app, two):
    for _ in range(2):
        make_person("Arta Stranger", state_code="AL")
    focal = Browser(app).sign_in(make_staff(Role.FOCAL_POINT, name="Ana Other"), "focal_point")
    page = focal.get("/state/officers/duplicates").text

    assert "Beridse" in page
    assert "Stranger" not in page
    assert "/merge/" not in page


STATES = st.sampled_from(
    [None, State.DRAFT, State.SUBMITTED, State.WAIT_LISTED, State.ENROLLED, State.COMPLETED]
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(STATES, STATES, st.booleans()), min_size=1, max_size=3))
def test_a_merge_and_its_undoing_leave_every_table_as_it_was(app, held):
    restore(app)
    made = publish_course("small")
    kept, gone, actor = (
        make_person("Nino Beridze"),
        make_person("Nino Beridse", suspended_at=NOON, suspended_why="left"),
        make_staff(Role.ADMINISTRATOR),
    )
    for own, other, also_ended in held:
        activity = make_activity(made, capacity=9)
        for person, kept_state in ((kept, own), (gone, other)):
            if kept_state:
                in_state(make_place(person, activity), kept_state)
        if also_ended:
            in_state(make_place(make_person(), activity), State.ENROLLED)
    db.session.remove()
    before = digest(APART)
    merge_id = merged(kept, gone, actor)
    seats_are_right()
    undone(merge_id, actor)

    assert digest(APART) == before


def in_state(place, wanted):
    """Put the place into the state, with the seat that it holds or not."""
    db.session.remove()
    with transaction() as session:
        row = session.get_one(Enrolment, place.id)
        if row.state in HOLDS_A_SEAT and wanted not in HOLDS_A_SEAT:
            places.free_seat(session, row.activity_id, row.affiliation_id)
        row.state, row.completed_at = wanted, NOON if wanted is State.COMPLETED else None


def seats_are_right():
    db.session.remove()
    for activity in db.session.scalars(select(Activity)):
        held = db.session.scalars(
            select(Enrolment.id).where(
                Enrolment.activity_id == activity.id, Enrolment.state.in_(HOLDS_A_SEAT)
            )
        ).all()
        assert activity.seats_held == len(held)
