"""Each rule by which places are counted."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from lms.database import db
from lms.features.reporting import queries
from lms.features.reporting.queries import Filters
from lms.models import (
    Activity,
    Affiliation,
    Attempt,
    Enrolment,
    EnrolmentStep,
    Grade,
    Unit,
    UnitCompletion,
)
from lms.models import UnitKind as Kind
from lms.rules.access import Reach, Scope
from lms.rules.enrolments import State
from lms.rules.figures import COUNTED, Status
from tests.factories import NOON, make_person, saved
from tests.features.reporting.factories import (
    ALL_UNITS,
    LESSONS,
    OUTLINE,
    finish,
    make_activity,
    make_attempt,
    make_course,
    make_place,
    make_release,
)

ALL = Reach(Scope.ALL)


def reported(slug="opiates"):
    return queries.course(slug, ALL)


def places(filters=Filters(), *, now=NOON, reach=ALL, scored=None, slug="opiates"):  # noqa: B008
    course = reported(slug)
    if scored is None:
        scored = [one.id for one in course.versions]
    return queries.places(course, filters, reach, scored=scored, now=now)


def only(**kwargs):
    return db.session.execute(places(**kwargs)).one()


# Status


@pytest.mark.parametrize("kept", [State.FAILED, State.EXPIRED, State.WITHDRAWN, State.COMPLETED])
def test_a_place_that_ended_reads_as_it_ended_whatever_was_done(app, kept):
    place = make_place(make_course(), kept=kept, done=LESSONS)
    make_attempt(place)
    assert only().status == kept.value


def test_a_place_without_a_finished_unit_or_an_attempt_is_not_started(app):
    make_place(make_course())
    assert only().status == "not_started"


def test_one_finished_unit_is_progress(app):
    make_place(make_course(), done=("routes/check",))
    assert only().status == "in_progress"


def test_an_open_attempt_is_progress(app):
    make_attempt(make_place(make_course()), handed_in=False)
    assert only().status == "in_progress"


def test_a_quiz_handed_in_without_a_grade_awaits_marking(app):
    make_attempt(make_place(make_course(), done=LESSONS))
    assert only().status == "awaiting_marking"


def test_a_graded_quiz_awaits_nothing(app):
    make_attempt(make_place(make_course()), percents=(50,))
    assert only().status == "in_progress"


def test_a_quiz_finished_otherwise_awaits_nothing(app):
    make_attempt(make_place(make_course(), done=("final",)))
    assert only().status == "in_progress"


def test_an_evaluation_is_never_marked(app):
    made = make_course(outline={**OUTLINE, "": {"final": Kind.SUMMATIVE, "survey": Kind.SURVEY}})
    make_attempt(make_place(made), "survey")
    assert only().status == "in_progress"


def test_an_open_place_is_overdue_from_the_moment_the_activity_ends(app):
    made = make_course()
    make_place(made, done=LESSONS)
    end = made.activity.ends_at
    assert only(now=end - timedelta(seconds=1)).status == "in_progress"
    assert only(now=end).status == "overdue"


def test_it_is_overdue_even_when_nothing_was_done(app):
    made = make_course()
    make_place(made)
    assert only(now=made.activity.ends_at).status == "overdue"


def test_who_awaits_marking_is_not_late(app):
    made = make_course()
    make_attempt(make_place(made))
    assert only(now=made.activity.ends_at).status == "awaiting_marking"


@pytest.mark.parametrize("kept", sorted(set(State) - set(COUNTED)))
def test_what_is_no_place_yet_or_no_more_is_not_counted(app, kept):
    make_place(make_course(), kept=kept)
    assert db.session.execute(places()).all() == []
    assert [line.places for line in queries.courses(ALL)] == [0]


@pytest.mark.parametrize(
    ("before", "counted"),
    [(State.DRAFT, 0), (State.SUBMITTED, 0), (State.OFFERED, 0), (State.ENROLLED, 1)],
)
def test_only_who_had_taken_a_place_counts_as_withdrawn(app, before, counted):
    place = make_place(make_course(), kept=State.WITHDRAWN)
    saved(
        EnrolmentStep(
            enrolment_id=place.id,
            number=1,
            from_state=before,
            to_state=State.WITHDRAWN,
            at=NOON,
        )
    )
    assert len(db.session.execute(places()).all()) == counted
    assert [line.places for line in queries.courses(ALL)] == [counted]


def test_an_officer_with_two_activities_has_two_places(app):
    made = make_course()
    person = make_person()
    make_place(made, person=person)
    make_place(made, person=person, activity=make_activity(made.course))
    assert len(db.session.execute(places()).all()) == 2


def test_the_state_is_that_of_the_day_the_place_was_taken(app):
    made = make_course()
    make_place(made, person=make_person(state_code="AL"), home="GE")
    assert only().state == "Georgia"


# Lessons


def test_lessons_are_those_of_the_release_of_the_place(app):
    made = make_course()
    shorter = {**OUTLINE, "routes": {"check": Kind.FORMATIVE}}
    make_release(made.course, 2, outline=shorter)
    place = make_place(made, done=("markets/output", "routes/families", "routes/check", "final"))
    row = only()
    assert (row.done, row.of, row.version) == (2, 3, 1)
    db.session.remove()
    assert place.release_id == made.release.id


# The final quiz


def test_the_score_is_the_best_attempt(app):
    place = make_place(make_course())
    for number, percent in enumerate((60.0, 90.5, 70.0), 1):
        make_attempt(place, number=number, percents=(percent,))
    assert only().score == 90.5


def test_of_an_attempt_the_last_marking_counts(app):
    place = make_place(make_course())
    make_attempt(place, percents=(95.0, 40.0))
    assert only().score == 40
    make_attempt(place, number=2, percents=(10.0, 55.0))
    assert only().score == 55


def test_other_quizzes_do_not_count(app):
    made = make_course(
        outline={**OUTLINE, "": {"final": Kind.SUMMATIVE, "pre": Kind.PRE_TEST}},
    )
    place = make_place(made)
    make_attempt(place, "pre", percents=(100,))
    make_attempt(place, "routes/check", percents=(100,))
    assert only().score is None


def test_the_final_quiz_is_that_of_the_release_of_the_place(app):
    made = make_course()
    outline = {**OUTLINE, "": {"final": Kind.SUMMATIVE, "exam": Kind.SUMMATIVE}}
    second = make_release(made.course, 2, outline=outline, final="exam")
    old, new = make_place(made), make_place(made, release=second)
    make_attempt(old, percents=(70,))
    make_attempt(new, percents=(10,))
    make_attempt(new, "exam", percents=(80,))
    found = {row.id: row.score for row in db.session.execute(places())}
    assert found == {old.id: 70, new.id: 80}


def test_a_course_without_a_final_quiz_has_no_scores(app):
    make_attempt(make_place(make_course(final=None)), percents=(70,))
    assert only().score is None


# The period


MIDNIGHT = datetime(2026, 11, 9, 23, tzinfo=UTC)  # 10 November begins in Vienna
TENTH = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("began_at", "counted"),
    [
        (MIDNIGHT - timedelta(microseconds=1), 0),
        (MIDNIGHT, 1),
        (MIDNIGHT + timedelta(hours=24) - timedelta(microseconds=1), 1),
        (MIDNIGHT + timedelta(hours=24), 0),
    ],
)
def test_both_days_of_the_period_are_in_it_from_midnight_in_vienna(app, began_at, counted):
    make_place(make_course(), began_at=began_at)
    found = db.session.execute(places(Filters(first=TENTH, last=TENTH))).all()
    assert len(found) == counted


def test_the_period_takes_places_begun_in_it_and_months_take_completions_in_it(app):
    made = make_course()
    october, november = datetime(2026, 10, 15, tzinfo=UTC), datetime(2026, 11, 15, tzinfo=UTC)
    done = {"kept": State.COMPLETED}
    make_place(made, began_at=october, completed_at=november, **done)
    make_place(made, began_at=november, completed_at=datetime(2026, 12, 1, 12, tzinfo=UTC), **done)
    asked = Filters(first=date(2026, 11, 1), last=date(2026, 11, 30))

    begun = db.session.execute(places(asked)).all()
    months = queries.completions(reported(), asked, ALL, now=NOON)

    assert [row.began_at for row in begun] == [november]
    assert months == {date(2026, 11, 1): 1}


def test_a_month_begins_at_midnight_in_vienna(app):
    made = make_course()
    for instant in (
        datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC),
        datetime(2026, 10, 31, 23, tzinfo=UTC),
    ):
        make_place(made, kept=State.COMPLETED, completed_at=instant)
    months = queries.completions(reported(), Filters(), ALL, now=NOON)
    assert months == {date(2026, 10, 1): 1, date(2026, 11, 1): 1, date(2026, 12, 1): 0}


def test_months_without_a_period_run_from_the_first_completion_to_now(app):
    made = make_course()
    first = datetime(2025, 1, 20, tzinfo=UTC)
    make_place(made, kept=State.COMPLETED, began_at=first, completed_at=first)
    months = queries.completions(reported(), Filters(), ALL, now=NOON)
    assert (min(months), max(months), len(months)) == (date(2025, 1, 1), date(2026, 12, 1), 24)
    assert sum(months.values()) == 1


def test_a_period_of_a_century_shows_the_months_that_matter(app):
    make_place(make_course(), kept=State.COMPLETED)
    asked = Filters(first=date(2000, 1, 1), last=date(2099, 12, 31))
    assert queries.completions(reported(), asked, ALL, now=NOON) == {date(2026, 12, 1): 1}


def test_nothing_completed_has_no_months(app):
    make_place(make_course())
    assert queries.completions(reported(), Filters(), ALL, now=NOON) == {}


# Modules


def test_a_module_is_finished_with_all_its_units(app):
    made = make_course()
    make_place(made, done=("markets/output",))
    make_place(made, done=("markets/output", "markets/prices"))
    make_place(made, done=ALL_UNITS)
    found = queries.finished_modules(places())
    assert found == {(made.release.id, "markets"): 2, (made.release.id, "routes"): 1}


def test_a_module_is_measured_by_the_release_of_the_place(app):
    made = make_course()
    longer = {**OUTLINE, "routes": {**OUTLINE["routes"], "sea": Kind.LESSON}}
    second = make_release(made.course, 2, outline=longer)
    make_place(made, done=ALL_UNITS)
    make_place(made, release=second, done=ALL_UNITS)
    found = queries.finished_modules(places())
    assert found[(made.release.id, "routes")] == 1
    assert found[(second.id, "routes")] == 0


# All of it at once, counted a second time in plain Python


def recount(now, filters):
    """What the rows must be, from the tables and without the query."""
    db.session.remove()
    activities = {one.id: one for one in db.session.scalars(select(Activity))}
    homes = {one.id: one.code for one in db.session.scalars(select(Affiliation))}
    done, kinds, tries, grades = Counter(), {}, [], {}
    finished = set()
    for unit in db.session.scalars(select(Unit)):
        kinds[(unit.release_id, unit.key)] = unit.kind
    for one in db.session.scalars(select(UnitCompletion)):
        finished.add((one.enrolment_id, one.unit_key))
    for grade in db.session.scalars(select(Grade).order_by(Grade.number)):
        grades[grade.attempt_id] = grade.percent
    tries = db.session.scalars(select(Attempt)).all()
    made = {}
    for place in db.session.scalars(select(Enrolment)):
        if place.state not in COUNTED:
            continue
        own = [key for holder, key in finished if holder == place.id]
        tried = [one for one in tries if one.enrolment_id == place.id]
        done = sum(kinds.get((place.release_id, key)) == Kind.LESSON for key in own)
        waits = [
            one
            for one in tried
            if one.handed_in_at and one.id not in grades and one.unit_key not in own
        ]
        status = place.state.value
        if place.state is State.ENROLLED:
            if waits:
                status = "awaiting_marking"
            elif activities[place.activity_id].ends_at <= now:
                status = "overdue"
            else:
                status = "in_progress" if own or tried else "not_started"
        best = [grades[one.id] for one in tried if one.id in grades and one.unit_key == "final"]
        began = place.began_at.astimezone(queries.current_app.config["TIME_ZONE"]).date()
        if (
            (filters.state and homes[place.affiliation_id] != filters.state)
            or (filters.first and began < filters.first)
            or (filters.last and began > filters.last)
            or (filters.status and status != filters.status)
        ):
            continue
        made[place.ref] = (status, done, max(best, default=None), homes[place.affiliation_id])
    return made


@pytest.fixture
def crowd(app):
    """Sixty places of all kinds over two releases and two activities."""
    random = Random(7)
    made = make_course()
    made.releases.append(make_release(made.course, 2))
    over = make_activity(made.course, ends_at=NOON - timedelta(days=1))
    for _ in range(60):
        kept = random.choice([*COUNTED, *COUNTED, State.ENROLLED, State.ENROLLED, State.OFFERED])
        began = NOON - timedelta(hours=random.randrange(24 * 90))
        place = make_place(
            made,
            home=random.choice(["GE", "AL", "AF", "TJ"]),
            kept=kept,
            began_at=began,
            completed_at=NOON - timedelta(days=random.randrange(60))
            if kept is State.COMPLETED
            else None,
            release=random.choice(made.releases),
            activity=random.choice([made.activity, over]),
        )
        finish(place, *random.sample(ALL_UNITS, random.choice([0, 0, 1, 3, 5])))
        for number in range(1, random.choice([1, 1, 2, 3])):
            percents = random.choice([(), (40.0,), (90.0, 55.5), (81.25,)])
            make_attempt(place, number=number, percents=percents)
    return made


def test_the_query_agrees_with_a_second_count(crowd):
    period = Filters(first=date(2026, 10, 1), last=date(2026, 11, 10))
    by_status = [Filters(status=status) for status in Status]
    for filters in (Filters(), Filters(state="GE"), period, *by_status):
        rows = db.session.execute(places(filters)).all()
        found = {row.ref: (row.status, row.done, row.score, row.state_code) for row in rows}
        assert len(found) == len(rows)
        assert found == recount(NOON, filters)
        counted = queries.counts(places(filters))
        assert {status: counted.of(status) for status in Status} == {
            status: sum(row.status == status for row in rows) for status in Status
        }
        assert sum(map(sum, counted.by_home.values())) == sum(counted.by_release.values())
        assert counted.total == len(rows) == db.session.scalar(queries.how_many(places(filters)))
        held = sorted(row.score for row in rows if row.score is not None)
        assert sorted(queries.scores(places(filters))) == held


def test_the_reports_of_all_states_add_up_to_the_whole(crowd):
    whole = queries.counts(places())
    parts = [queries.counts(places(Filters(state=home.code))) for home in whole.homes]
    reaches = [
        Reach(Scope.AFFILIATION, frozenset({id}))
        for id in db.session.scalars(select(Affiliation.id))
    ]
    by_reach = [queries.counts(places(reach=reach)) for reach in reaches]
    for status in Status:
        assert sum(part.of(status) for part in parts) == whole.of(status)
        assert sum(part.of(status) for part in by_reach) == whole.of(status)
    months = queries.completions(reported(), Filters(), ALL, now=NOON)
    assert sum(months.values()) == whole.of(Status.COMPLETED)


def test_every_order_is_total_and_leaves_missing_values_for_last(crowd):
    values = {
        "status": lambda row: list(Status).index(row.status),
        "began": lambda row: row.began_at,
        "completed": lambda row: row.completed_at,
        "progress": lambda row: row.done / row.of,
        "score": lambda row: row.score,
        "state": lambda row: row.state,
        "name": lambda row: row.family_name,
    }
    assert set(values) == set(queries.SORTS)
    for sort in (way + name for name in queries.SORTS for way in ("", "-")):
        rows = db.session.execute(queries.ordered(places(), sort)).all()
        again = db.session.execute(queries.ordered(places(), sort)).all()
        assert [row.id for row in rows] == [row.id for row in again]
        held = [values[sort.lstrip("-")](row) for row in rows]
        present = [value for value in held if value is not None]
        assert held == present + [None] * (len(held) - len(present))
        assert present == sorted(present, reverse=sort.startswith("-"))


def test_pages_cut_the_whole_list_without_a_gap(crowd):
    whole = [row.id for row in db.session.execute(queries.ordered(places(), "-progress"))]
    pages = [row.id for page in (1, 2, 3) for row in queries.page_of(places(), "-progress", page)]
    assert pages == whole
