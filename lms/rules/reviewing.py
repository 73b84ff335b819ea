"""What an officer sees of an attempt afterwards: the quiz's review policy."""

from dataclasses import dataclass
from enum import StrEnum


class Policy(StrEnum):
    NEVER = "never"
    AFTER_SUBMISSION = "after_submission"
    AFTER_PASSING = "after_passing"
    AFTER_CLOSE = "after_close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What may leave the server. By default nothing may."""

    score: bool = False  # the officer's own points
    objectives: bool = False  # the same, by objective
    own_answers: bool = False
    right_wrong: bool = False  # which of them were right
    key: bool = False  # what would have been right, weights, accepted texts
    feedback: bool = False  # of options
    explanation: bool = False


NOTHING = Review()
SCORE = Review(score=True, objectives=True)
ALL = Review(
    score=True,
    objectives=True,
    own_answers=True,
    right_wrong=True,
    key=True,
    feedback=True,
    explanation=True,
)


def may_review(
    policy: str,
    *,
    handed_in: bool,
    passed: bool | None,
    attempts_left: bool,
    closed: bool,
    another_open: bool = False,
) -> Review:
    """What the policy lets an officer see of an attempt.

    passed is of the quiz: by any attempt; None counts as no. closed is the activity's end.
    another_open says that an attempt at this quiz is being answered: while it is, no earlier one
    shows more than its score, or the last attempt could be answered from it.

    `never` shows the own score by objective, at all times. `after_passing` shows all once the
    quiz is passed or no attempt is left, `after_close` once the activity is closed; until then
    they show what `never` does, for which answers were right would be half of the key. Nothing is
    shown of an attempt that is not handed in. Raises ValueError for an unknown policy.
    """
    policy = Policy(policy)
    if not handed_in:
        return NOTHING
    if another_open:
        return SCORE
    open_to = {
        Policy.NEVER: False,
        Policy.AFTER_SUBMISSION: True,
        Policy.AFTER_PASSING: bool(passed) or not attempts_left,
        Policy.AFTER_CLOSE: closed,
    }
    return ALL if open_to[policy] else SCORE
