"""A course is completed by its own rules; the outline says what is open."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.completion import Missing, What, is_complete, missing
from lms.rules.outline import CompletionRules, Kind, ModuleOutline, UnitOutline, required_keys
from lms.rules.progress import Locked, open_units, progress

PRE = UnitOutline(key="pre-test", kind=Kind.PRE_TEST)
READ_A = UnitOutline(key="a/read", kind=Kind.LESSON, module="a", required=True)
MORE_A = UnitOutline(key="a/more", kind=Kind.LESSON, module="a")
CHECK_A = UnitOutline(key="a/check", kind=Kind.FORMATIVE, module="a")
READ_B = UnitOutline(key="b/read", kind=Kind.LESSON, module="b", required=True)
FINAL = UnitOutline(key="final", kind=Kind.SUMMATIVE)
SURVEY = UnitOutline(key="evaluation", kind=Kind.SURVEY)
UNITS = (PRE, READ_A, MORE_A, CHECK_A, READ_B, FINAL, SURVEY)
MODULES = (ModuleOutline(slug="a"), ModuleOutline(slug="b", opens_after=("a",)))
RULES = CompletionRules(quizzes=("final",), evaluation=True)
ALL = {"a/read", "a/more", "b/read", "final"}


def test_all_lessons_and_the_named_quizzes_are_asked_for():
    assert required_keys(RULES, UNITS) == ("a/read", "a/more", "b/read", "final")


def test_a_course_can_ask_for_marked_lessons_alone():
    rules = replace(RULES, lessons="required")
    assert required_keys(rules, UNITS) == ("a/read", "b/read", "final")


def test_a_course_is_completed_when_nothing_is_missing():
    assert missing(RULES, UNITS, ALL, evaluation_sent=True) == ()
    assert is_complete(RULES, UNITS, ALL, evaluation_sent=True)


@pytest.mark.parametrize("key", sorted(ALL))
def test_each_required_unit_is_missed(key):
    left = missing(RULES, UNITS, ALL - {key}, evaluation_sent=True)
    assert left == (Missing(what=What.UNIT, key=key),)
    assert not is_complete(RULES, UNITS, ALL - {key}, evaluation_sent=True)


def test_the_evaluation_must_be_sent_where_it_is_asked_for():
    assert missing(RULES, UNITS, ALL, evaluation_sent=False) == (Missing(what=What.EVALUATION),)
    without = replace(RULES, evaluation=False)
    assert is_complete(without, UNITS, ALL, evaluation_sent=False)


def test_attendance_reached_exactly_is_enough():
    rules = replace(RULES, attendance=80)
    assert is_complete(rules, UNITS, ALL, evaluation_sent=True, attended=80)
    assert missing(rules, UNITS, ALL, evaluation_sent=True, attended=79) == (
        Missing(what=What.ATTENDANCE),
    )


def test_a_quiz_that_is_not_there_cannot_be_passed():
    rules = replace(RULES, quizzes=("final", "gone"))
    assert missing(rules, UNITS, ALL, evaluation_sent=True) == (
        Missing(what=What.UNIT, key="gone"),
    )


def test_progress_counts_required_units():
    required = required_keys(RULES, UNITS)
    assert progress(required, {"a/read", "a/check", "elsewhere"}) == (1, 4)
    assert progress((), {"a/read"}) == (0, 0)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from([unit.key for unit in UNITS])))
def test_progress_never_exceeds_the_whole(done):
    count, of = progress(required_keys(RULES, UNITS), done)
    assert 0 <= count <= of
    assert (count == of) == is_complete(RULES, UNITS, done, evaluation_sent=True)


def opened(done=(), units=UNITS, modules=MODULES):
    return open_units(modules, units, required_keys(RULES, units), done)


def test_at_the_start_the_first_module_is_open():
    assert opened() == {
        "pre-test": None,
        "a/read": None,
        "a/more": None,
        "a/check": None,
        "b/read": Locked(first=("a/read", "a/more")),
        "final": Locked(first=("a/read", "a/more", "b/read")),
        "evaluation": None,
    }


def test_a_module_opens_when_the_one_before_is_finished():
    assert opened({"a/read"})["b/read"] == Locked(first=("a/more",))
    assert opened({"a/read", "a/more"})["b/read"] is None


def test_the_final_quiz_opens_after_all_modules():
    assert opened({"a/read", "a/more"})["final"] == Locked(first=("b/read",))
    assert opened({"a/read", "a/more", "b/read"})["final"] is None


def test_the_final_quiz_opens_when_its_file_says_otherwise():
    def final(opens_after):
        units = (*UNITS[:5], replace(FINAL, opens_after=opens_after))
        return opened(units=units)["final"]

    assert final(()) is None
    assert final(("b",)) == Locked(first=("b/read",))
    assert final("all") == Locked(first=("a/read", "a/more", "b/read"))


def test_a_summative_quiz_of_a_module_waits_for_its_module_alone():
    quiz = UnitOutline(key="a/quiz", kind=Kind.SUMMATIVE, module="a")
    assert opened(units=(*UNITS, quiz))["a/quiz"] is None
    later = replace(quiz, key="b/quiz", module="b")
    assert opened(units=(*UNITS, later))["b/quiz"] == Locked(first=("a/read", "a/more"))


def test_a_post_test_waits_only_where_its_file_says_so():
    post = UnitOutline(key="post", kind=Kind.POST_TEST)
    assert opened(units=(*UNITS, post))["post"] is None
    later = replace(post, opens_after=("b",))
    assert opened(units=(*UNITS, later))["post"] == Locked(first=("b/read",))


def test_a_modules_quiz_does_not_wait_for_itself():
    quiz = UnitOutline(key="b/quiz", kind=Kind.SUMMATIVE, module="b", opens_after=("b",))
    done = {"a/read", "a/more", "b/read"}
    locks = open_units(MODULES, (*UNITS, quiz), ("a/read", "b/read", "b/quiz"), done)
    assert locks["b/quiz"] is None


def test_a_pre_test_closes_when_a_lesson_is_finished():
    assert opened({"a/check"})["pre-test"] is None
    assert opened({"a/more"})["pre-test"] == Locked(closed=True)
    assert opened({"pre-test", "b/read"})["pre-test"] == Locked(closed=True)


def test_what_is_done_stays_open():
    assert opened({"b/read", "final"})["final"] is None
    assert opened({"b/read"})["b/read"] is None
