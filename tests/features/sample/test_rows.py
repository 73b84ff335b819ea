"""The rows are those that the real actions would have written: each is worked out again here."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from config import ROOT
from lms.content.files import read_folder
from lms.database import db
from lms.deeds import attempts, certificates, finishing
from lms.features.learning.jobs import end_places
from lms.features.quizzes.jobs import hand_in_overdue
from lms.features.sample import actions
from lms.features.sample.officers import DOMAIN
from lms.models import (
    Activity,
    Affiliation,
    Answer,
    Attempt,
    AuditEntry,
    Certificate,
    Course,
    Enrolment,
    EnrolmentStep,
    Grade,
    Person,
    PersonAddress,
    Release,
    SurveyReceipt,
    SurveyResponse,
    Unit,
    UnitCompletion,
    UnitKind,
)
from lms.models.outlines import completion_rules, module_outlines, unit_outlines
from lms.rules import questions as values
from lms.rules.attempts import deadline, next_attempt
from lms.rules.completion import missing
from lms.rules.drawing import draw_questions
from lms.rules.enrolments import MOVES, State
from lms.rules.grading import grade, missing_answers
from lms.rules.outline import required_keys
from lms.rules.progress import open_units
from lms.rules.quizrules import QuizRules
from tests.conftest import restore
from tests.factories import NOON
from tests.features.courses import publish_course

OFFICERS = 60
FIRST = datetime(2026, 12, 1, tzinfo=UTC) - timedelta(hours=1)  # of the month, in Vienna
YEAR_BEFORE = FIRST.replace(year=2025)


@pytest.fixture(scope="module", autouse=True)
def filled(the_app):
    """Sixty officers in a small course with gates, an essay and two releases, and in a real one."""
    with the_app.app_context():
        restore(the_app)
        publish_course(now=YEAR_BEFORE - timedelta(days=30))
        publish_course(
            changes={"glossary.md": "record\n: What is kept.\n"},
            now=YEAR_BEFORE + timedelta(days=180),
        )
        real = ROOT / "courses" / "democratic-policing"
        publish_course(real.name, files=read_folder(real), now=YEAR_BEFORE - timedelta(days=30))
        made = actions.fill(count=OFFICERS, seed=3, now=NOON, zone=the_app.config["TIME_ZONE"])
        db.session.remove()
        db.session.info["time_zone"] = the_app.config["TIME_ZONE"]
        yield made
        db.session.remove()


def rows(model, **wanted):
    return db.session.scalars(select(model).filter_by(**wanted).order_by(model.id)).all()


def by(model, key):
    found = {}
    for row in rows(model):
        found.setdefault(getattr(row, key), []).append(row)
    return found


@pytest.fixture(scope="module")
def places(filled):
    return rows(Enrolment)


@pytest.fixture(scope="module")
def quizzes(filled):
    """Unit id → (rules, pool)."""
    found = {}
    for unit in rows(Unit):
        if unit.kind is not UnitKind.LESSON:
            rules = QuizRules.from_dict(unit.facts["rules"])
            found[unit.id] = rules, attempts.pool(db.session, unit, rules)
    return found


def test_what_was_counted_is_there(filled):
    kept = (Person, Enrolment, EnrolmentStep, UnitCompletion, Attempt, Answer, Grade, Certificate)
    for model in kept:
        assert db.session.scalar(select(func.count(model.id))) == filled[model.__tablename__]
    assert filled["person"] == OFFICERS


def test_every_way_to_end_occurs(places):
    assert {place.state for place in places} == {
        State.ENROLLED,
        State.COMPLETED,
        State.FAILED,
        State.EXPIRED,
        State.WITHDRAWN,
    }


def test_nobody_invented_can_sign_in(filled):
    assert {person.password_hash for person in rows(Person)} == {None}
    assert all(row.address.endswith(f"@{DOMAIN}") for row in rows(PersonAddress))


def test_seats_held_are_those_of_the_places_that_keep_one(places):
    seated = Counter(one.activity_id for one in places if one.state is not State.WITHDRAWN)

    assert {one.id: one.seats_held for one in rows(Activity)} == {
        one.id: seated[one.id] for one in rows(Activity)
    }


def test_each_course_runs_and_one_is_nearly_full(filled):
    running = [one for one in rows(Activity) if one.begins_at <= NOON < one.ends_at]
    left = {one.course_id: one.capacity - one.seats_held for one in running}

    assert set(left) == {one.id for one in rows(Course)}
    assert sorted(left.values())[0] == 3
    assert sorted(left.values())[1] > 100


def test_the_steps_replay_to_the_state(places):
    steps = by(EnrolmentStep, "enrolment_id")
    for place in places:
        state, number, before = None, 0, place.began_at
        for step in sorted(steps[place.id], key=lambda one: one.number):
            fits = [
                who
                for (old, _move), (new, who) in MOVES.items()
                if (old, new) == (state, step.to_state)
            ]
            assert (step.from_state, step.number) == (state, number + 1)
            assert fits
            assert step.actor_id in (None, place.person_id)
            assert step.at >= before
            state, number, before = step.to_state, step.number, step.at
        assert state is place.state
        assert steps[place.id][0].at == place.began_at
        assert place.completed_at == (before if state is State.COMPLETED else None)


def test_units_were_open_when_they_were_finished(places):
    done, releases = by(UnitCompletion, "enrolment_id"), {one.id: one for one in rows(Release)}
    for place in places:
        facts = releases[place.release_id].facts
        units = finishing.units_of(db.session, place.release_id)
        outlines = unit_outlines(units, facts)
        required = required_keys(completion_rules(facts), outlines)
        ids, finished = {unit.key: unit.id for unit in units}, set()
        for one in sorted(done.get(place.id, []), key=lambda row: row.at):
            locks = open_units(module_outlines(facts), outlines, required, finished)
            assert locks[one.unit_key] is None
            assert one.unit_id == ids[one.unit_key]
            finished.add(one.unit_key)


def test_a_place_is_completed_when_nothing_is_missing_and_not_before(places):
    done = by(UnitCompletion, "enrolment_id")
    sent = {row.enrolment_id for row in rows(SurveyReceipt)}
    for place in places:
        facts = db.session.get_one(Release, place.release_id).facts
        units = unit_outlines(finishing.units_of(db.session, place.release_id), facts)
        held = done.get(place.id, [])
        left = missing(
            completion_rules(facts),
            units,
            {one.unit_key for one in held},
            evaluation_sent=place.id in sent,
        )
        assert (not left) is (place.state is State.COMPLETED)
        if not left:
            assert place.completed_at == max(one.at for one in held)


def test_the_place_was_taken_on_the_newest_release_of_that_day(places):
    for place in places:
        course = db.session.get_one(Release, place.release_id).course_id
        published = [
            one for one in rows(Release, course_id=course) if one.published_at <= place.began_at
        ]
        assert place.release_id == published[-1].id
    assert len({place.release_id for place in places}) == 3


def test_grades_are_those_of_the_answers(quizzes):
    answers, grades = by(Answer, "attempt_id"), by(Grade, "attempt_id")
    for one in rows(Attempt):
        rules, pool = quizzes[one.unit_id]
        if one.handed_in_at is None or one.unit.kind is UnitKind.SURVEY:
            assert one.id not in grades
            continue
        asked = {question.id: question for question in pool}
        given = {
            row.question_id: values.Answer.from_dict(row.value) for row in answers.get(one.id, [])
        }
        result = grade([asked[key] for key in one.drawn], given, rules.pass_mark)
        kept = [
            (g.number, g.earned, g.possible, g.percent, g.passed, g.at)
            for g in grades.get(one.id, [])
        ]
        if result.waiting:
            assert kept == []
            continue
        percent = float(result.earned * 100 / result.possible)
        fresh = (1, result.earned, result.possible, percent, result.passed, one.handed_in_at)
        assert kept == [fresh]


def test_attempts_follow_the_rules_of_their_quiz(quizzes, places):
    ends = {place.id: place.activity.ends_at for place in places}
    earlier = {}
    for one in sorted(rows(Attempt), key=lambda row: (row.enrolment_id, row.unit_key, row.number)):
        rules, pool = quizzes[one.unit_id]
        before = earlier.setdefault((one.enrolment_id, one.unit_key), [])
        assert one.number == next_attempt(
            [row.handed_in_at for row in before],
            allowed=rules.attempts,
            wait=rules.wait,
            now=one.started_at,
        )
        assert tuple(one.drawn) == draw_questions(
            pool,
            seed=one.seed,
            draw=rules.draw,
            draw_by=rules.draw_by,
            shuffle=rules.shuffle_questions,
            avoid=before[-1].drawn if before else (),
        )
        closes = ends[one.enrolment_id]
        assert one.deadline == deadline(one.started_at, rules.time_limit, closes=closes)
        assert one.started_at < (one.handed_in_at or FIRST) <= one.deadline
        before.append(one)


def test_answers_were_saved_while_the_attempt_was_open():
    held = {one.id: one for one in rows(Attempt)}
    for row in rows(Answer):
        attempt = held[row.attempt_id]
        assert row.question_id in attempt.drawn
        assert attempt.started_at <= row.saved_at <= (attempt.handed_in_at or FIRST)


def test_nothing_is_left_to_do_for_the_jobs(app_context):
    assert hand_in_overdue(FIRST + timedelta(days=20)) == 0
    assert end_places(FIRST) == 0


@pytest.fixture
def app_context(the_app):
    with the_app.app_context():
        yield


def test_places_ended_as_the_job_ends_them(places):
    grades = by(Grade, "attempt_id")
    tried = by(Attempt, "enrolment_id")
    for place in places:
        needed = db.session.get_one(Release, place.release_id).facts["completion"]["quizzes"]
        failed = any(
            row.passed is False
            for one in tried.get(place.id, [])
            if one.unit_key in needed
            for row in grades.get(one.id, [])
        )
        if place.state in (State.FAILED, State.EXPIRED):
            assert (place.state is State.FAILED) is failed
        over = place.activity.ends_at <= FIRST
        assert not (over and place.state is State.ENROLLED)


def test_each_completed_place_has_one_certificate_and_no_other(places):
    held = Counter(one.enrolment_id for one in rows(Certificate))

    assert held == Counter(one.id for one in places if one.state is State.COMPLETED)
    assert len({one.code for one in rows(Certificate)}) == sum(held.values())


def test_certificates_say_what_the_deed_would_have_said(the_app):
    zone = the_app.config["TIME_ZONE"]
    db.session.info["base_url"] = the_app.config["BASE_URL"]
    for one in rows(Certificate):
        release = db.session.get_one(Release, one.enrolment.release_id)
        assert one.issued_at == one.enrolment.completed_at
        assert one.snapshot == certificates.snapshot(
            db.session,
            one.enrolment,
            release,
            code=one.code,
            day=one.issued_at.astimezone(zone).date(),
            last_day=one.expires_on,
        )
        assert one.expires_on.year == one.issued_at.astimezone(zone).year + 4


def test_the_deed_would_issue_no_second_certificate(places):
    for place in places:
        if place.state is State.COMPLETED:
            held = certificates.issue(db.session, place, now=NOON)
            assert held.enrolment_id == place.id
    assert not db.session.new


def test_evaluations_are_as_many_as_receipts_and_cannot_be_tied(quizzes, the_app):
    sent = db.session.scalars(select(SurveyResponse).order_by(SurveyResponse.key)).all()
    surveys = [one for one in rows(Attempt) if one.unit.kind is UnitKind.SURVEY]
    drafts = {row.attempt_id for row in rows(Answer)} & {one.id for one in surveys}
    zone = the_app.config["TIME_ZONE"]
    months = Counter(
        (
            one.enrolment.activity_id,
            one.unit.release_id,
            f"{one.handed_in_at.astimezone(zone):%Y-%m}",
        )
        for one in surveys
    )

    assert len(sent) == len(rows(SurveyReceipt)) == len(surveys) > 20
    assert drafts == set()
    assert Counter((one.activity_id, one.release_id, one.month) for one in sent) == months
    assert {type(getattr(one, c.key)) for one in sent for c in one.__table__.columns} == {
        str,
        int,
        dict,
    }  # no instant


def test_evaluations_answer_what_must_be_answered(quizzes):
    pools = {
        (unit.release_id, unit.key): quizzes[unit.id][1]
        for unit in rows(Unit)
        if unit.kind is UnitKind.SURVEY
    }
    for one in db.session.scalars(select(SurveyResponse)):
        given = {key: values.Answer.from_dict(said) for key, said in one.answers.items()}
        asked = pools[one.release_id, one.unit_key]
        assert missing_answers(asked, given) == ()
        assert given.keys() <= {question.id for question in asked}


def test_everything_lies_in_the_twelve_months_before_this_one(places):
    instants = [place.began_at for place in places]
    instants += [step.at for step in rows(EnrolmentStep)]
    instants += [one.at for one in rows(UnitCompletion)]
    instants += [at for one in rows(Attempt) for at in (one.started_at, one.handed_in_at) if at]
    instants += [place.last_at for place in places if place.last_at]

    assert min(instants) >= YEAR_BEFORE
    assert max(instants) < FIRST
    assert max(instants) > FIRST - timedelta(days=7)


def test_the_last_position_is_where_something_was_done_last(places):
    done = by(UnitCompletion, "enrolment_id")
    for place in places:
        assert bool(place.last_unit) is (place.last_at is not None)
        if place.state is State.COMPLETED:
            last = max(done[place.id], key=lambda one: one.at)
            assert place.last_unit == last.unit_key


def test_one_entry_of_the_audit_log_tells_of_it(filled):
    told = rows(AuditEntry)[-1]

    assert (told.deed, told.actor_id) == ("made sample data", None)
    assert told.after["seed"] == 3
    assert {entry.deed for entry in rows(AuditEntry)} == {"published a release", "made sample data"}


def test_places_belong_to_the_state_of_their_officer(places):
    codes = {one.id: one.code for one in rows(Affiliation)}

    assert all(place.affiliation_id == place.person.affiliation_id for place in places)
    assert len({codes[place.affiliation_id] for place in places}) == 20
    assert {step.from_state for step in rows(EnrolmentStep, number=1)} == {None}
