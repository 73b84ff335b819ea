"""A wrong key is put right: rehearsed, decided, applied, and nothing is lost."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.admin import doctor
from lms.features.learning import actions as learning
from lms.features.regrading import actions, jobs, queries
from lms.features.regrading.rehearsal import Follows, rehearse
from lms.models import (
    Attempt,
    AuditEntry,
    Certificate,
    Enrolment,
    Grade,
    Message,
    Regrade,
    Regraded,
    RegradeOutcome,
    RegradeState,
    UnitCompletion,
)
from lms.rules.access import Role
from lms.rules.enrolments import State
from lms.rules.questions import Answer
from lms.rules.refusal import Refusal
from lms.rules.regrading import Correction, Remedy
from tests.factories import NOON, make_person, make_staff
from tests.features.courses import (
    FINAL,
    fresh,
    make_activity,
    make_place,
    publish_course,
)
from tests.features.sitting import grades, hand_in, placed, sit
from tests.threads import together

LATER = NOON + timedelta(days=2)
KEYED_WRONGLY = FINAL.replace("- (x) An officer on duty", "- ( ) An officer on duty").replace(
    "- ( ) Anybody at all", "- (x) Anybody at all"
)
OFFICER = Answer(chosen=frozenset({"An officer on duty"}))
ANYBODY = Answer(chosen=frozenset({"Anybody at all"}))


@pytest.fixture
def made(app):
    """A course whose first version has a wrong key for f1."""
    return publish_course(changes={"9-final.quiz.md": KEYED_WRONGLY})


@pytest.fixture
def trainer(made):
    return make_staff(Role.TRAINER, courses=(made.course.id,))


@pytest.fixture
def activity(made):
    return make_activity(made)


def corrected(made):
    """The second version, with the right key; gives the question in all versions."""
    publish_course(changes={"9-final.quiz.md": FINAL}, now=NOON)
    return asked_of(made)


def asked_of(made):
    db.session.remove()
    return queries.asked(made.course.id, "f1")


def decide(trainer, asked, remedy=Remedy.NEW_KEY, *, lowers=False, once="a" * 32, key=True):
    db.session.remove()
    return actions.decide(
        trainer.id,
        asked,
        [one.unit_id for one in asked.versions],
        remedy,
        asked.question if key else None,
        lowers=lowers,
        tells=True,
        why="The key of this question was wrong.",
        once=once,
        now=LATER,
    )


def apply():
    db.session.remove()
    return jobs.apply_regrades(LATER)


def count(table, **values):
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**values))


def one_regrade():
    db.session.remove()
    return db.session.scalars(select(Regrade)).one()


def well():
    db.session.remove()
    return [*doctor.grades(), *doctor.places(), *doctor.audit()]


def test_a_new_key_gives_points_and_keeps_the_former_grade(made, trainer, activity):
    attempt = sit(placed(activity), "final", answers={"f1": OFFICER})
    decide(trainer, corrected(made))
    apply()

    assert grades(attempt) == [(7, 8, True), (8, 8, True)]
    assert one_regrade().state is RegradeState.DONE
    assert well() == []


def test_a_newly_reached_pass_finishes_the_quiz_and_issues_the_certificate(made, trainer, activity):
    place = placed(activity)
    sent = sit(place, "evaluation")
    attempt = sit(place, "final", answers={"f1": OFFICER}, wrong=["f2"])
    assert (grades(attempt), sent.number) == ([(6, 8, False)], 1)
    decide(trainer, corrected(made))
    apply()

    assert grades(attempt)[-1] == (7, 8, True)
    assert fresh(Enrolment, place.id).state is State.COMPLETED
    assert count(Certificate, enrolment_id=place.id) == 1
    assert well() == []


def test_a_place_that_ended_without_a_pass_is_opened_and_completed(made, trainer, activity):
    place = placed(activity)
    sit(place, "evaluation")
    sit(place, "final", answers={"f1": OFFICER}, wrong=["f2"])
    db.session.remove()
    learning.end_place(place.id, now=NOON + timedelta(days=31))
    assert fresh(Enrolment, place.id).state in (State.FAILED, State.EXPIRED)
    decide(trainer, corrected(made))
    apply()

    assert fresh(Enrolment, place.id).state is State.COMPLETED
    assert well() == []


def test_a_result_that_would_fall_is_kept(made, trainer, activity):
    attempt = sit(placed(activity), "final", answers={"f1": ANYBODY})
    decide(trainer, corrected(made))
    apply()

    assert grades(attempt) == [(8, 8, True)]
    assert count(Regraded, outcome=RegradeOutcome.KEPT) == 1
    assert well() == []


def test_a_second_person_lets_results_fall(made, trainer, activity):
    place = placed(activity)
    attempt = sit(place, "final", answers={"f1": ANYBODY}, wrong=["f2"])
    asked = corrected(made)
    ref = decide(trainer, asked, lowers=True)
    assert (apply(), grades(attempt)) == (0, [(7, 8, True)])
    with pytest.raises(Refusal, match="another person confirms"):
        actions.confirm(trainer.id, made.course.id, ref, agrees=True, now=LATER)
    other = make_staff(Role.TRAINER, courses=(made.course.id,))
    db.session.remove()
    actions.confirm(other.id, made.course.id, ref, agrees=True, now=LATER)
    apply()

    assert grades(attempt) == [(7, 8, True), (6, 8, False)]
    assert count(UnitCompletion, enrolment_id=place.id, unit_key="final") == 1
    assert well() == []


def test_what_the_second_person_declines_changes_nothing(made, trainer, activity):
    attempt = sit(placed(activity), "final", answers={"f1": ANYBODY})
    ref = decide(trainer, corrected(made), lowers=True)
    other = make_staff(Role.COORDINATOR)
    db.session.remove()
    actions.confirm(other.id, made.course.id, ref, agrees=False, now=LATER)
    with pytest.raises(Refusal, match="decided already"):
        actions.confirm(other.id, made.course.id, ref, agrees=True, now=LATER)

    assert (apply(), grades(attempt)) == (0, [(8, 8, True)])


def test_the_same_form_decides_once(made, trainer, activity):
    sit(placed(activity), "final", answers={"f1": OFFICER})
    asked = corrected(made)

    assert decide(trainer, asked) == decide(trainer, asked)
    assert count(Regrade) == 1


def test_an_unchanged_key_changes_nothing(made, trainer, activity):
    attempt = sit(placed(activity), "final", answers={"f1": ANYBODY}, wrong=["f2", "f3"])
    decide(trainer, asked_of(made))
    apply()

    assert grades(attempt) == [(6, 8, False)]
    assert count(Regraded, outcome=RegradeOutcome.SAME) == 1


def test_the_same_regrade_again_changes_nothing(made, trainer, activity):
    attempt = sit(placed(activity), "final", answers={"f1": OFFICER})
    asked = corrected(made)
    decide(trainer, asked)
    apply()
    entries = count(AuditEntry)
    apply()
    assert count(AuditEntry) == entries
    decide(trainer, asked, once="b" * 32)
    apply()

    assert len(grades(attempt)) == 2


def test_an_attempt_handed_in_later_is_graded_with_the_remedy(made, trainer, activity):
    place = placed(activity)
    attempt = sit(place, "final", answers={"f1": OFFICER}, hands_in=False)
    decide(trainer, corrected(made))
    apply()
    hand_in(attempt, now=NOON + timedelta(minutes=9))

    assert grades(attempt) == [(8, 8, True)]
    assert well() == []


def test_a_question_left_out_is_left_out_of_what_is_possible(made, trainer, activity):
    attempt = sit(placed(activity), "final", answers={"f1": OFFICER}, wrong=["f2"])
    decide(trainer, asked_of(made), Remedy.DROP, key=False)
    apply()

    assert grades(attempt)[-1] == (6, 7, True)
    assert well() == []


def test_the_pre_test_that_draws_the_question_is_regraded_too(made, trainer, activity):
    place = make_place(make_person(), activity)
    attempt = sit(place, "pre-test", answers={"f1": OFFICER})
    decide(trainer, corrected(made))
    apply()

    assert [(one[0], one[1]) for one in grades(attempt)] == [(1, 2), (2, 2)]


def test_officers_are_told_once_of_a_result_that_changed(made, trainer, activity):
    place, other = placed(activity), placed(activity, "Ana Kapanadze")
    sit(place, "final", answers={"f1": OFFICER})
    sit(other, "final", answers={"f1": ANYBODY})
    before = count(Message)
    decide(trainer, corrected(made))
    apply()
    apply()

    assert count(Message) == before + 1
    assert count(Message, person_id=place.person_id, kind="result_changed") == 1


def test_the_rehearsal_says_what_then_happens(made, trainer, activity):
    first, second, third = (placed(activity, f"Officer {name}") for name in ("A", "B", "C"))
    sit(first, "evaluation")
    sit(first, "final", answers={"f1": OFFICER}, wrong=["f2"])
    sit(second, "final", answers={"f1": OFFICER}, wrong=["f2"])
    sit(third, "final", answers={"f1": ANYBODY}, wrong=["f2"])
    asked = corrected(made)
    unit_ids = [one.unit_id for one in asked.versions]
    correction = Correction(question_id="f1", remedy=Remedy.NEW_KEY, key=asked.question)
    before = count(Grade)

    kept = rehearse(unit_ids, correction, lowers=False)
    assert [line.follows for line in kept.lines] == [
        Follows.CERTIFICATE,
        Follows.PASSED,
        Follows.KEPT,
    ]
    assert (kept.attempts, kept.officers, kept.higher, kept.lower) == (3, 3, 2, 0)
    lowered = rehearse(unit_ids, correction, lowers=True)
    assert [line.follows for line in lowered.lines][-1] is Follows.LOST
    assert count(Grade) == before


def test_a_run_that_was_stopped_goes_on_where_it_was(made, trainer, activity, monkeypatch):
    attempts = [
        sit(placed(activity, f"Officer {n}"), "final", answers={"f1": OFFICER}) for n in range(3)
    ]
    decide(trainer, corrected(made))
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    assert apply() == 2
    assert one_regrade().state is RegradeState.RUNNING
    assert apply() == 1

    assert one_regrade().state is RegradeState.DONE
    assert [len(grades(one)) for one in attempts] == [2, 2, 2]


@pytest.mark.race
def test_eight_who_run_the_same_regrade_do_it_once(app, made, trainer, activity):
    attempts = [
        sit(placed(activity, f"Officer {n}"), "final", answers={"f1": OFFICER}, wrong=["f2"])
        for n in range(3)
    ]
    asked = corrected(made)
    together(app, [partial(decide, trainer, asked) for _ in range(8)])
    done = together(app, [partial(jobs.apply_regrades, LATER) for _ in range(8)])

    assert (sum(done), count(Regrade), count(Regraded)) == (3, 1, 3)
    assert [len(grades(one)) for one in attempts] == [2, 2, 2]
    assert count(AuditEntry, deed="finished a regrade") == 1
    assert well() == []


@pytest.mark.race
def test_an_attempt_handed_in_while_a_regrade_begins_is_not_missed(app, made, trainer, activity):
    attempts = [
        sit(placed(activity, f"Officer {n}"), "final", answers={"f1": OFFICER}, hands_in=False)
        for n in range(4)
    ]
    asked = corrected(made)
    together(app, [partial(decide, trainer, asked), *(partial(hand_in, one) for one in attempts)])
    apply()

    assert [grades(one)[-1] for one in attempts] == [(8, 8, True)] * 4
    assert count(Attempt, handed_in_at=None) == 0
    assert well() == []
