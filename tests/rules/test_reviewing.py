"""Keys stay on the server until the quiz's policy lets them go."""

from itertools import product

import pytest

from lms.rules.reviewing import ALL, NOTHING, SCORE, Policy, may_review

LATER = {"handed_in": True, "passed": False, "attempts_left": True, "closed": False}


@pytest.mark.parametrize("policy", list(Policy))
def test_nothing_is_shown_before_handing_in(policy):
    for passed, left, closed in product((True, False, None), (True, False), (True, False)):
        seen = may_review(policy, handed_in=False, passed=passed, attempts_left=left, closed=closed)
        assert seen == NOTHING


def test_never_shows_the_own_score_by_objective_and_nothing_else():
    for passed, left, closed in product((True, False), (True, False), (True, False)):
        seen = may_review("never", handed_in=True, passed=passed, attempts_left=left, closed=closed)
        assert seen == SCORE
    assert (SCORE.score, SCORE.objectives) == (True, True)
    assert not (SCORE.own_answers)
    assert not (SCORE.right_wrong)
    assert not (SCORE.key)
    assert not (SCORE.feedback)
    assert not (SCORE.explanation)


def test_after_submission_shows_all():
    assert may_review("after_submission", **LATER) == ALL


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({}, SCORE),
        ({"passed": None}, SCORE),
        ({"closed": True}, SCORE),
        ({"passed": True}, ALL),
        ({"attempts_left": False}, ALL),
    ],
)
def test_after_passing_waits_for_a_pass_or_the_last_attempt(change, seen):
    assert may_review("after_passing", **LATER | change) == seen


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({}, SCORE),
        ({"passed": True}, SCORE),
        ({"attempts_left": False}, SCORE),
        ({"closed": True}, ALL),
    ],
)
def test_after_close_waits_for_the_close(change, seen):
    assert may_review("after_close", **LATER | change) == seen


@pytest.mark.parametrize("policy", list(Policy))
def test_no_attempt_can_be_answered_from_an_earlier_one(policy):
    """The last attempt is open, so none is left: its key is still not shown."""
    seen = may_review(
        policy, handed_in=True, passed=True, attempts_left=False, closed=True, another_open=True
    )
    assert seen == SCORE


def test_an_unknown_policy_is_a_mistake():
    with pytest.raises(ValueError, match="sometimes"):
        may_review("sometimes", **LATER)
