"""How often, from when and until when a quiz may be tried, and which try counts."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.attempts import (
    Counted,
    accepts_saves,
    attempts_left,
    best,
    counted,
    deadline,
    is_over,
    next_attempt,
)
from lms.rules.grading import Grade
from lms.rules.refusal import Refusal

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)
F = Fraction


def graded(earned, possible=10, passed=None):
    return Grade(earned=F(earned), possible=F(possible), passed=passed, waiting=False, outcomes=())


def test_attempts_are_counted_from_one():
    assert next_attempt([], allowed=3, wait=DAY, now=NOON) == 1
    assert next_attempt([NOON], allowed=3, now=NOON) == 2


def test_the_last_attempt_is_still_allowed():
    assert next_attempt([NOON, NOON], allowed=3, now=NOON) == 3


def test_no_attempt_beyond_the_last():
    with pytest.raises(Refusal, match=r"you have used 2 of 2\. A trainer") as no:
        next_attempt([NOON, NOON], allowed=2, now=NOON)
    assert no.value.until is None


def test_nought_is_without_limit():
    assert next_attempt([NOON] * 50, allowed=0, now=NOON) == 51
    assert attempts_left(50, allowed=0) is None


def test_a_trainer_can_give_another_attempt():
    assert next_attempt([NOON, NOON], allowed=2, granted=1, now=NOON) == 3
    assert [attempts_left(n, allowed=2, granted=1) for n in (0, 3, 4)] == [3, 0, 0]


def test_the_wait_counts_from_the_latest_attempt_and_ends_exactly():
    earlier = [NOON, NOON - DAY]
    assert next_attempt(earlier, allowed=0, wait=DAY, now=NOON + DAY) == 3
    with pytest.raises(Refusal) as no:
        next_attempt(earlier, allowed=0, wait=DAY, now=NOON + DAY - SECOND)
    assert no.value.until == NOON + DAY


def test_the_refusal_says_from_when_and_can_be_said_in_another_zone():
    vienna = timezone(timedelta(hours=1))
    with pytest.raises(Refusal, match="from 24 November 2026, 12:00 UTC") as no:
        next_attempt([NOON.astimezone(vienna)], allowed=3, wait=DAY, now=NOON)
    shown = f"{no.value.until.astimezone(vienna):%H:%M}"
    assert no.value.sentence.format(until=shown) == "You can try again from 13:00."


def test_a_sentence_with_braces_is_left_alone():
    assert str(Refusal("Write {x}.")) == "Write {x}."


def test_a_deadline_is_the_limit_times_the_factor_and_what_was_granted():
    limit = timedelta(minutes=30)
    assert deadline(NOON, limit) == NOON + limit
    assert deadline(NOON, limit, F(3, 2), timedelta(minutes=5)) == NOON + timedelta(minutes=50)
    assert deadline(NOON, None, F(3, 2)) is None


def test_parts_of_a_microsecond_fall_to_the_officer():
    assert deadline(NOON, timedelta(microseconds=1), F(4, 3)) == NOON + timedelta(microseconds=2)


def test_the_close_cuts_only_where_it_is_given():
    limit, closes = timedelta(minutes=30), NOON + timedelta(minutes=10)
    assert deadline(NOON, limit, closes=closes) == closes
    assert deadline(NOON, None, closes=closes) == closes
    assert deadline(NOON, limit, closes=NOON + DAY) == NOON + limit


def test_saves_are_accepted_for_sixty_seconds_more():
    assert accepts_saves(NOON, NOON + 60 * SECOND)
    assert not accepts_saves(NOON, NOON + 60 * SECOND + timedelta(microseconds=1))
    assert accepts_saves(None, NOON)
    assert (is_over(NOON, NOON + 60 * SECOND), is_over(NOON, NOON + 61 * SECOND)) == (False, True)


ATTEMPTS = [graded(5, passed=False), graded(9, passed=True), graded(7, passed=False)]


@pytest.mark.parametrize(
    ("rule", "share", "passed"),
    [
        ("highest", F(9, 10), True),
        ("latest", F(7, 10), False),
        ("first", F(1, 2), False),
        ("average", F(7, 10), False),
    ],
)
def test_the_rule_says_which_attempt_counts(rule, share, passed):
    assert counted(ATTEMPTS, rule, pass_mark=80) == Counted(share=share, passed=passed)


def test_an_average_that_reaches_the_mark_exactly_passes():
    assert counted(ATTEMPTS, "average", pass_mark=70).passed is True


def test_an_average_does_not_pass_while_no_attempt_did():
    """Each missed a required question."""
    attempts = [graded(9, passed=False), graded(9, passed=False)]
    assert counted(attempts, "average", pass_mark=80).passed is False


def test_a_passed_attempt_is_better_than_a_higher_one_that_failed():
    failed, passed = graded(9, passed=False), graded(8, passed=True)
    assert best([failed, passed]) is passed
    assert counted([failed, passed], "highest") == Counted(share=F(4, 5), passed=True)


def test_attempts_are_compared_by_their_share_and_the_earliest_wins():
    small, large = graded(5, 5), graded(8, 10)
    assert best([large, small]) is small
    assert best([first := graded(5), graded(5)]) is first


def test_nothing_counts_while_nothing_is_graded():
    assert counted([], "highest") is None
    assert best([]) is None


def test_an_unknown_rule_is_a_mistake():
    with pytest.raises(ValueError, match="lowest"):
        counted([], "lowest")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10).map(graded), min_size=1))
def test_no_rule_gives_more_than_the_highest(attempts):
    shares = {rule: counted(attempts, rule).share for rule in ("highest", "latest", "average")}
    assert max(shares.values()) == shares["highest"]
