"""When an officer may try a quiz, until when, and which try counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeVar

from lms.rules.refusal import Refusal

GRACE = timedelta(seconds=60)  # a save on its way at the deadline still counts; a setting
HIGHEST = 1_000_000_000  # of the numbers that pages give to answers
NO_LIMIT = Fraction(0)  # a person's extra time: no limit at all
EXTRA_TIME = (Fraction(1), Fraction(5, 4), Fraction(3, 2), Fraction(2), NO_LIMIT)
_NO_TIME = timedelta(0)


class GradeRule(StrEnum):
    """Which of an officer's attempts counts."""

    HIGHEST = "highest"
    LATEST = "latest"
    FIRST = "first"
    AVERAGE = "average"


class Graded(Protocol):
    """What is asked of an attempt's grade: a `grading.Grade` has it, and so has a row."""

    @property
    def earned(self) -> Fraction: ...
    @property
    def possible(self) -> Fraction: ...
    @property
    def passed(self) -> bool | None: ...


G = TypeVar("G", bound=Graded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The result of a quiz over all its attempts. share is that of the points, 0 to 1."""

    share: Fraction
    passed: bool | None  # None: nothing to pass


def next_attempt(
    handed_in: Sequence[datetime],
    *,
    allowed: int,
    wait: timedelta = _NO_TIME,
    now: datetime,
    granted: int = 0,
) -> int:
    """Number of the coming attempt, from 1.

    handed_in holds the instant of each earlier attempt, of every release, in any order. allowed
    is 0 for "without limit"; granted are attempts a trainer gave on top. The wait counts from the
    latest attempt and is over when it is reached exactly.

    Raises Refusal when no attempt is left, or until the wait is over (`until` is that instant).
    """
    taken = len(handed_in)
    if allowed and taken >= allowed + granted:
        raise Refusal(
            "No attempt is left: you have used {taken} of {allowed}. "
            "A trainer of the course can give you another one.",
            taken=taken,
            allowed=allowed + granted,
        )
    if handed_in and now < max(handed_in) + wait:
        raise Refusal("You can try again from {until}.", until=max(handed_in) + wait)
    return taken + 1


def attempts_left(taken: int, *, allowed: int, granted: int = 0) -> int | None:
    """How many attempts can still begin, never below 0; None without limit."""
    return max(allowed + granted - taken, 0) if allowed else None


def deadline(
    start: datetime,
    limit: timedelta | None,
    factor: Fraction = Fraction(1),
    granted: timedelta = _NO_TIME,
    *,
    closes: datetime | None = None,
) -> datetime | None:
    """start + limit × factor + granted; None without a limit and a close.

    factor is a person's extra time, such as 3/2, and parts of a microsecond fall to the officer;
    NO_LIMIT takes the limit away. closes is when the activity closes, given only where the start
    page said that it cuts.
    """
    if limit is None or factor == NO_LIMIT:
        return closes
    ticks = limit // timedelta(microseconds=1) * factor
    end = start + timedelta(microseconds=-(-ticks.numerator // ticks.denominator)) + granted
    return end if closes is None else min(end, closes)


def accepts_saves(deadline: datetime | None, now: datetime, grace: timedelta = GRACE) -> bool:
    """Whether a save that arrives now is marked: up to the grace after the deadline, inclusive."""
    return deadline is None or now <= deadline + grace


def is_over(deadline: datetime | None, now: datetime, grace: timedelta = GRACE) -> bool:
    """Whether the server hands the attempt in by itself: no save is accepted any more."""
    return not accepts_saves(deadline, now, grace)


def wins(new: tuple[int, str], held: tuple[int, str] | None) -> bool:
    """Whether an answer numbered (sequence, device) takes the place of the one that is held.

    Each open page numbers a change one above the highest number it has seen in the attempt, its
    own or the server's, so a change made with another in sight always has the higher number. Two
    made without sight of each other may share a number; then the random word of the page decides,
    the same way on every arrival. An equal pair is a repeat and changes nothing.
    """
    return held is None or new > held


def counted(grades: Sequence[Graded], rule: str, *, pass_mark: int | None = None) -> Counted | None:
    """What the attempts count for by the quiz's rule; None while none is graded.

    grades stand in the order of the attempts, without those that wait for a trainer. Under
    `highest` the best attempt counts. Under `average` the shares' mean does: it passes when it
    reaches pass_mark and an attempt passed by itself, so that a required question was right once.

    Raises ValueError for an unknown rule.
    """
    rule = GradeRule(rule)
    top = best(grades)
    if top is None:
        return None
    match rule:
        case GradeRule.AVERAGE:
            mean = sum((_share(one) for one in grades), Fraction(0)) / len(grades)
            passed = None
            if pass_mark is not None:
                passed = mean * 100 >= pass_mark and bool(top.passed)
            return Counted(share=mean, passed=passed)
        case GradeRule.FIRST:
            one = grades[0]
        case GradeRule.LATEST:
            one = grades[-1]
        case GradeRule.HIGHEST:
            one = top
    return Counted(share=_share(one), passed=one.passed)


def best(grades: Sequence[G]) -> G | None:
    """The best attempt: one that passed before one that did not, then by its share of the points,
    then the earliest; None of none."""
    return max(grades, key=lambda one: (bool(one.passed), _share(one)), default=None)


def _share(one: Graded) -> Fraction:
    return one.earned / one.possible if one.possible else Fraction(0)
