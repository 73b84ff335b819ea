"""What happens at the same moment happens once, on SQLite as on PostgreSQL."""

import hashlib
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from lms.database import db, transaction
from lms.deeds import audit, people
from lms.deeds.answers import Sent
from lms.deeds.attempts import pool
from lms.features.authoring import actions as authoring
from lms.features.joining import actions as joining
from lms.features.learning import actions as learning
from lms.features.quizzes import actions as quizzes
from lms.models import (
    Activity,
    Answer,
    Attempt,
    AuditEntry,
    AuditHead,
    Certificate,
    Ending,
    Enrolment,
    Grade,
    LoginToken,
    Release,
    SurveyReceipt,
    SurveyResponse,
    Unit,
    UnitCompletion,
)
from lms.rules import questions as values
from lms.rules.enrolments import State
from lms.rules.grading import grade
from lms.rules.quizrules import QuizRules
from tests.factories import NOON, PASSWORD, make_person, saved
from tests.features.courses import (
    LESSONS,
    attempt_at,
    fresh,
    make_activity,
    make_place,
    publish_course,
    right_answer,
    small_files,
)
from tests.threads import refusals, together

pytestmark = pytest.mark.race
ROUNDS = 4


def count(table, **values):
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**values))


@pytest.fixture
def made(app):
    return publish_course()


@pytest.fixture
def activity(made):
    return make_activity(made)


def opened(place, key):
    """The key of an attempt at this quiz that runs."""
    db.session.remove()
    ref = quizzes.start(place.person_id, place.ref, key, now=NOON)
    return attempt_at(f"/attempts/{ref}/").id


def finish_lessons(place, *keys):
    for key in keys or LESSONS:
        db.session.remove()
        unit = db.session.scalars(
            select(Unit.id).filter_by(release_id=place.release_id, key=key)
        ).one()
        learning.finish_lesson(place.id, unit, now=NOON)


def answer_rightly(attempt_id, *, only=None):
    """Save the right answer to every question, or to `only` one, through the action."""
    for question in questions_of(attempt_id):
        if only in (None, question.id):
            save(attempt_id, question, right_answer(question))


def questions_of(attempt_id):
    db.session.remove()
    attempt = db.session.get_one(Attempt, attempt_id)
    unit = db.session.scalars(
        select(Unit).filter_by(id=attempt.unit_id).options(undefer(Unit.facts))
    ).one()
    by_id = {
        one.id: one for one in pool(db.session, unit, QuizRules.from_dict(unit.facts["rules"]))
    }
    return [by_id[question_id] for question_id in attempt.drawn]


def save(attempt_id, question, answer):
    quizzes.save(attempt_id, Sent(question_id=question.id, answer=answer), now=NOON)


def hand_in(attempt_id):
    return quizzes.hand_in(attempt_id, ending=Ending.BUTTON, now=NOON)


def test_of_twenty_who_ask_for_three_places_three_get_one(app, made):
    activity = make_activity(made, capacity=3)
    people = [make_person(state_code=("GE", "AL")[n % 2]) for n in range(20)]
    given = together(
        app,
        [
            partial(learning.take_place, one.id, made.slug, activity.slug, now=NOON)
            for one in people
        ],
    )

    assert not refusals(given)
    assert (count(Enrolment, state=State.ENROLLED), count(Enrolment)) == (3, 20)
    assert fresh(Activity, activity.id).seats_held == 3


def test_a_place_given_back_is_taken_once(app, made):
    activity = make_activity(made, capacity=1)
    place = make_place(make_person(), activity)
    others = [make_person() for _ in range(6)]
    leave = partial(learning.withdraw, place.person_id, place.ref, reason="", now=NOON)
    take = [
        partial(learning.take_place, one.id, made.slug, activity.slug, now=NOON) for one in others
    ]
    together(app, [leave, *take])

    held = count(Enrolment, state=State.ENROLLED)
    assert held <= 1
    assert fresh(Activity, activity.id).seats_held == held


def test_one_officer_asking_at_once_gets_one_place(app, made, activity):
    person = make_person()
    take = partial(learning.take_place, person.id, made.slug, activity.slug, now=NOON)

    assert len(set(together(app, [take] * 6))) == 1
    assert (count(Enrolment), fresh(Activity, activity.id).seats_held) == (1, 1)


def test_two_starts_make_one_attempt(app, activity):
    place = make_place(make_person(), activity)
    begin = partial(quizzes.start, place.person_id, place.ref, "first/check", now=NOON)

    assert len(set(together(app, [begin] * 6))) == 1
    assert count(Attempt) == 1


def test_two_hand_ins_make_one_grade(app, activity):
    place = make_place(make_person(), activity)
    attempt = opened(place, "first/check")
    answer_rightly(attempt)
    together(app, [partial(hand_in, attempt)] * 6)

    assert (count(Grade), count(UnitCompletion)) == (1, 1)


def test_two_first_answers_to_a_question_make_one_row(app, activity):
    attempt = opened(make_place(make_person(), activity), "first/check")
    question = questions_of(attempt)[0]
    texts = [option.text for option in question.options] * 3
    together(
        app,
        [
            partial(save, attempt, question, values.Answer(chosen=frozenset({text})))
            for text in texts
        ],
    )
    row = db.session.scalars(select(Answer)).one()

    assert row.sequence == len(texts)


@pytest.mark.parametrize("round", range(ROUNDS))
def test_an_answer_beside_the_hand_in_counts_or_is_refused(app, activity, round):
    attempt = opened(make_place(make_person(), activity), "first/check")
    save_each = [
        partial(save, attempt, question, right_answer(question))
        for question in questions_of(attempt)
    ]
    together(app, [*save_each, partial(hand_in, attempt)])
    answers = {
        row.question_id: values.Answer.from_dict(row.value)
        for row in db.session.scalars(select(Answer).filter_by(attempt_id=attempt))
    }
    again = grade(questions_of(attempt), answers, None)
    kept = db.session.scalars(select(Grade).filter_by(attempt_id=attempt)).one()

    assert (kept.earned, kept.possible) == (again.earned, again.possible)


@pytest.mark.parametrize("round", range(ROUNDS))
def test_the_last_two_steps_at_once_make_one_certificate(app, activity, round):
    place = make_place(make_person(), activity)
    finish_lessons(place)
    final, evaluation = opened(place, "final"), opened(place, "evaluation")
    answer_rightly(final)
    answer_rightly(evaluation)
    together(app, [partial(hand_in, one) for one in (final, evaluation) * 3])

    assert fresh(Enrolment, place.id).state is State.COMPLETED
    assert (count(Certificate), count(SurveyResponse), count(SurveyReceipt)) == (1, 1, 1)


def test_a_lesson_finished_at_once_is_finished_once(app, made, activity):
    place = make_place(make_person(), activity)
    unit = db.session.scalars(
        select(Unit.id).filter_by(release_id=made.release.id, key="first/one")
    ).one()
    together(app, [partial(learning.finish_lesson, place.id, unit, now=NOON)] * 6)

    assert count(UnitCompletion) == 1


def test_leaving_and_completing_at_once_end_in_one_state(app, activity):
    place = make_place(make_person(), activity)
    finish_lessons(place)
    answer_rightly(opened(place, "final"))
    evaluation = opened(place, "evaluation")
    answer_rightly(evaluation)
    hand_in(evaluation)
    final = db.session.scalars(select(Attempt.id).filter_by(unit_key="final")).one()
    leave = partial(learning.withdraw, place.person_id, place.ref, reason="", now=NOON)
    together(app, [leave, partial(hand_in, final)])

    completed = fresh(Enrolment, place.id).state is State.COMPLETED
    assert count(Certificate) == completed
    assert fresh(Activity, activity.id).seats_held == completed


def test_a_link_is_used_by_one_of_those_who_have_it(app):
    person = make_person()
    link = saved(
        LoginToken(
            token_hash=hashlib.sha256(b"link").hexdigest(),
            person_id=person.id,
            made_at=NOON,
            expires_at=NOON + people.INVITATION_LASTS,
        )
    ).id
    given = together(
        app, [partial(joining.join, link, f"{PASSWORD} {n}", now=NOON) for n in range(4)]
    )

    assert len(refusals(given)) == 3


def test_two_that_publish_the_same_files_make_one_release(app, made):
    files = small_files({"1-first/20-two.md": "---\ntitle: Another\nminutes: 5\n---\nText.\n"})
    given = together(app, [partial(authoring.publish, made.value, files, now=NOON)] * 4)

    assert sorted(given, key=str) == [2, None, None, None]
    assert count(Release) == 2


def test_sixteen_writers_make_one_chain(app):
    def write(number):
        for turn in range(4):
            with transaction() as session:
                audit.record(session, now=NOON, deed="raced", object=f"writer:{number}:{turn}")

    together(app, [partial(write, number) for number in range(16)])
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    head = db.session.scalars(select(AuditHead)).one()

    assert [one.seq for one in entries] == list(range(1, 65))
    assert (head.seq, head.hash) == (64, entries[-1].hash)
    previous = ""
    for one in entries:
        content = {
            name: getattr(one, name)
            for name in ("seq", "at", "actor_id", "deed", "object", "before", "after", "why")
        }
        key = app.config["AUDIT_KEY"]
        assert (one.previous_hash, one.hash) == (previous, audit.chained(key, previous, content))
        previous = one.hash
