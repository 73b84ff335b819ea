"""From answers to exact points, and from points to a pass.

The rules are those of the course format, section 4, "Marking". Points are fractions to the end;
`shown_points` and `per_cent` round for the eye alone, and a pass never looks at what they show.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lms.rules.marking import Mark, Marks, OptionMark, PartMark, is_number, marks, share
from lms.rules.numbers import half_up, shown
from lms.rules.questions import Answer, Question, Type
from lms.rules.shapes import fits_shape

__all__ = [  # one place to ask about grading, though it is written in three
    "Grade",
    "Mark",
    "Marks",
    "OptionMark",
    "Outcome",
    "PartMark",
    "Verdict",
    "adds_up",
    "band",
    "by_objective",
    "fits_shape",
    "grade",
    "is_number",
    "marks",
    "missing_answers",
    "outcome",
    "per_cent",
    "share",
    "shown_points",
    "total",
]

SURVEY = frozenset({Type.SCALE, Type.NUMBER, Type.CHOICE})  # asked, never graded

BLANK = Answer()
_NONE = Fraction(0)


class Verdict(StrEnum):
    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    OMITTED = "omitted"  # no answer: 0 points, and not wrong
    WAITING = "waiting"  # an essay that no trainer has marked yet
    UNGRADED = "ungraded"  # a question of a survey, worth nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one answer is worth. points = share × possible, and share is within 0 and 1."""

    verdict: Verdict
    share: Fraction
    points: Fraction
    possible: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What an attempt is worth, in points. earned leaves out essays that wait."""

    earned: Fraction
    possible: Fraction
    passed: bool | None  # None: nothing to pass, or not yet known
    waiting: bool
    outcomes: tuple[tuple[str, Outcome], ...]  # by question id, in the order of the questions


def grade(
    questions: Sequence[Question],
    answers: Mapping[str, Answer],
    pass_mark: int | None,
    *,
    awarded: Mapping[str, Fraction] | None = None,
) -> Grade:
    """Grade one attempt over the questions that were drawn for it.

    answers are known by question id; a missing one counts as blank. pass_mark is per cent of the
    points, 0 to 100, and reaching it exactly passes, provided every required question is right.
    With pass_mark None there is nothing to pass. awarded holds the points trainers gave to
    essays; while an essay waits for them, passed is None.

    Raises ValueError for another pass mark, for awarded points outside the question's own, and
    when there is a mark to pass and nothing to earn.
    """
    given = awarded or {}
    outcomes = {q.id: outcome(q, answers.get(q.id), given.get(q.id)) for q in questions}
    return total(questions, outcomes, pass_mark)


def total(
    questions: Sequence[Question], outcomes: Mapping[str, Outcome], pass_mark: int | None
) -> Grade:
    """The sum of what the answers are worth, and whether it passes. Raises ValueError as `grade`.

    outcomes are known by question id; only those of the questions count.
    """
    counted = tuple((q.id, outcomes[q.id]) for q in questions)
    earned = sum((one.points for _, one in counted), _NONE)
    possible = sum((one.possible for _, one in counted), _NONE)
    waiting = any(one.verdict is Verdict.WAITING for _, one in counted)
    passed: bool | None = None
    if pass_mark is not None:
        if not 0 <= pass_mark <= 100:
            raise ValueError(f"a pass mark is 0 to 100 per cent, not {pass_mark}")
        if not possible:
            raise ValueError("a quiz with a pass mark is worth more than nothing")
        if not waiting:
            required = (outcomes[q.id] for q in questions if q.required)
            passed = earned * 100 >= pass_mark * possible and all(
                one.verdict is Verdict.RIGHT for one in required
            )
    return Grade(earned=earned, possible=possible, passed=passed, waiting=waiting, outcomes=counted)


def outcome(question: Question, answer: Answer | None, awarded: Fraction | None = None) -> Outcome:
    """What an answer is worth; awarded is a trainer's points for an essay, None while it waits.

    Raises ValueError when awarded is not within 0 and the question's points.
    """
    answer = answer or BLANK
    if question.type in SURVEY:
        unasked = Verdict.OMITTED if answer.blank else Verdict.UNGRADED
        return Outcome(verdict=unasked, share=_NONE, points=_NONE, possible=_NONE)
    verdict: Verdict | None = None
    if answer.blank:
        verdict, part = Verdict.OMITTED, _NONE
    elif question.type is not Type.ESSAY:
        part = share(question, answer)
    elif awarded is None:
        verdict, part = Verdict.WAITING, _NONE
    elif 0 <= awarded <= question.points:
        part = awarded / question.points if question.points else _NONE
    else:
        raise ValueError(f"{question.id} gives 0 to {question.points} points, not {awarded}")
    return Outcome(
        verdict=verdict or _verdict(part),
        share=part,
        points=part * question.points,
        possible=question.points,
    )


def missing_answers(
    questions: Iterable[Question], answers: Mapping[str, Answer]
) -> tuple[str, ...]:
    """Ids of the required questions without an answer: what stops a survey from being sent."""
    return tuple(q.id for q in questions if q.required and answers.get(q.id, BLANK).blank)


def by_objective(
    questions: Sequence[Question], grade: Grade
) -> dict[str, tuple[Fraction, Fraction]]:
    """Points earned and possible for each objective, in the questions' order; "" (none) last."""
    found = dict(grade.outcomes)
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for question in questions:
        earned, possible = sums.get(question.objective, (_NONE, _NONE))
        one = found[question.id]
        sums[question.objective] = (earned + one.points, possible + one.possible)
    without = sums.pop("", None)
    return sums | ({"": without} if without else {})


def shown_points(points: Fraction) -> str:
    """Points for the eye: half up, at most two decimals, a decimal point: `7`, `6.67`."""
    return shown(points, 2)


def adds_up(parts: Iterable[Fraction], total: Fraction) -> bool:
    """Whether the parts as shown sum to the total as shown; if not, the page says "rounded"."""
    return sum((half_up(part, 2) for part in parts), _NONE) == half_up(total, 2)


def per_cent(earned: Fraction, possible: Fraction, pass_mark: int | None = None) -> str:
    """Earned as per cent of possible, half up to a whole one: `88`. Nothing of nothing is `0`.

    With a pass mark that was not reached, rounding never shows it as reached: 79.6 of 100 is
    `79.6` beside a mark of 80, and 79.999 is `79.99`.
    """
    exact = earned * 100 / possible if possible else _NONE
    if pass_mark is None or exact >= pass_mark:
        return shown(exact, 0)
    for places in (0, 1, 2):
        if half_up(exact, places) < pass_mark:
            return shown(exact, places)
    return shown(Fraction(exact * 100 // 1, 100), 2)


def band(earned: Fraction, possible: Fraction, bands: Iterable[tuple[int, str]]) -> str:
    """The quiz's text for a result: that of the highest band (from so many per cent) that is
    reached exactly or passed; "" below all of them."""
    reached = [one for one in bands if earned * 100 >= one[0] * possible]
    return max(reached, key=lambda one: one[0])[1] if reached else ""


def _verdict(part: Fraction) -> Verdict:
    if part == 1:
        return Verdict.RIGHT
    return Verdict.PARTLY if part else Verdict.WRONG
