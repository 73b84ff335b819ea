"""How the questions of a quiz work, from the answers of many officers.

Figures are floats: they describe, and decide nothing. Nothing is given of fewer than `LEAST`
attempts, neither of the quiz nor of one of its questions.

Sources: facility and discrimination by the upper and lower 27 %: T. L. Kelley, "The selection of
upper and lower groups for the validation of test items", J. of Educational Psychology 30 (1939);
corrected item-rest correlation: S. Henrysson, "Correction of item-total correlations in item
analysis", Psychometrika 28 (1963); KR-20: G. F. Kuder and M. W. Richardson, "The theory of the
estimation of test reliability", Psychometrika 2 (1937); alpha: L. J. Cronbach, "Coefficient alpha
and the internal structure of tests", Psychometrika 16 (1951).
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

LEAST = 30  # attempts
HARD, EASY = 0.2, 0.95  # facility
UNUSED = 0.05  # share of attempts below which a wrong option distracts nobody
GROUP = 0.27  # of all attempts, at either end


class Flag(StrEnum):
    """Why a question deserves a look."""

    BEATEN = "beaten"  # in the upper third a wrong option is chosen more than the key
    NEGATIVE = "negative"  # officers with a good result answer it wrongly
    HARD = "hard"
    EASY = "easy"
    UNUSED = "unused"  # a wrong option that almost nobody chooses


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one attempt made of one question. share is that of its points, 0 to 1."""

    share: Fraction
    possible: Fraction
    omitted: bool = False
    chosen: frozenset[str] = frozenset()  # texts of options
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One attempt: its replies by question."""

    replies: Mapping[str, Reply]
    passed: bool | None = None

    @property
    def earned(self) -> Fraction:
        return sum((one.share * one.possible for one in self.replies.values()), Fraction(0))

    @property
    def possible(self) -> Fraction:
        return sum((one.possible for one in self.replies.values()), Fraction(0))

    @property
    def share(self) -> float:
        return float(self.earned / self.possible) if self.possible else 0.0

    def rest(self, question_id: str) -> float:
        """The share of the points without this question's."""
        one = self.replies[question_id]
        possible = self.possible - one.possible
        return float((self.earned - one.share * one.possible) / possible) if possible else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionFigures:
    """Who chose an option: the share in the lower, the middle and the upper third, and of all."""

    text: str
    right: bool
    thirds: tuple[float, float, float]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigures:
    """How one question works; only n and omitted are known below LEAST attempts."""

    id: str
    n: int  # attempts that were asked it
    facility: float | None = None  # mean share of the points
    correlation: float | None = None  # with the rest; None where one of both never varies
    index: float | None = None  # upper less lower 27 %
    omitted: float | None = None  # share
    seconds: float | None = None  # median
    options: tuple[OptionFigures, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizFigures:
    n: int
    mean: float  # share of the points
    passed: int | None  # attempts; None: nothing to pass
    alpha: float | None  # reliability; None where results do not vary
    error: float | None  # standard error of measurement, in shares of the points
    seconds: float | None  # median of whole attempts
    items: tuple[ItemFigures, ...] = field(default=())


def figures(
    tried: Sequence[Tried], items: Mapping[str, Sequence[tuple[str, bool]]]
) -> QuizFigures | None:
    """How a quiz works; None below LEAST attempts.

    items are the questions in their order, each with (text, right) of its options, if it has any.
    """
    if len(tried) < LEAST:
        return None
    passes = [one.passed for one in tried if one.passed is not None]
    alpha = reliability(tried)
    spread = statistics.stdev([one.share for one in tried])
    return QuizFigures(
        n=len(tried),
        mean=statistics.fmean(one.share for one in tried),
        passed=sum(passes) if passes else None,
        alpha=alpha,
        error=None if alpha is None else spread * math.sqrt(max(1 - alpha, 0.0)),
        seconds=_median(
            sum(reply.seconds or 0 for reply in one.replies.values())
            for one in tried
            if any(reply.seconds is not None for reply in one.replies.values())
        ),
        items=tuple(_item(id, tried, options) for id, options in items.items()),
    )


def _item(id: str, tried: Sequence[Tried], options: Sequence[tuple[str, bool]]) -> ItemFigures:
    asked = [one for one in tried if id in one.replies]
    if len(asked) < LEAST:
        return ItemFigures(id=id, n=len(asked))
    replies = [one.replies[id] for one in asked]
    shares = [float(one.share) for one in replies]
    facility = statistics.fmean(shares)
    correlation = correlate(shares, [one.rest(id) for one in asked])
    made = _options(asked, id, options)
    index = upper_less_lower(asked, id)
    return ItemFigures(
        id=id,
        n=len(asked),
        facility=facility,
        correlation=correlation,
        index=index,
        omitted=statistics.fmean(one.omitted for one in replies),
        seconds=_median(one.seconds for one in replies if one.seconds is not None),
        options=made,
        flags=tuple(_flags(facility, correlation, made)),
    )


def _flags(
    facility: float, correlation: float | None, options: Sequence[OptionFigures]
) -> Iterable[Flag]:
    wrong = [one for one in options if not one.right]
    keys = [one.thirds[2] for one in options if one.right]
    if keys and any(one.thirds[2] > min(keys) for one in wrong):
        yield Flag.BEATEN
    if correlation is not None and correlation < 0:
        yield Flag.NEGATIVE
    if facility < HARD:
        yield Flag.HARD
    if facility > EASY:
        yield Flag.EASY
    if any(one.share < UNUSED for one in wrong):
        yield Flag.UNUSED


def correlate(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's r; None where one of both is the same for everybody.

    With the rest of the points as the other it is the corrected item-rest correlation: an item
    that counted in its own total would agree with itself (Henrysson 1963).
    """
    if len(set(one)) < 2 or len(set(other)) < 2:
        return None
    return statistics.correlation(one, other)


def upper_less_lower(tried: Sequence[Tried], id: str) -> float:
    """Mean share among the best 27 % less that among the weakest 27 % (Kelley 1939), -1 to 1.

    The groups are of the whole result; a group has at least one attempt.
    """
    ranked = sorted(tried, key=lambda one: one.share)
    size = max(round(len(ranked) * GROUP), 1)
    low, high = ranked[:size], ranked[-size:]
    return statistics.fmean(float(one.replies[id].share) for one in high) - statistics.fmean(
        float(one.replies[id].share) for one in low
    )


def reliability(tried: Sequence[Tried]) -> float | None:
    """Cronbach's alpha of the points, which is KR-20 where every question is right or wrong.

    alpha = k/(k-1) · (1 - Σ s_i² / s_T²), written as k·c / (v + (k-1)·c) with the mean variance v
    of the questions and the mean covariance c of their pairs: the same figure where all attempts
    have the same questions, and an estimate over the pairs asked together where each draws its
    own. k is the mean number of questions. None below two questions or without any variance.
    """
    scores: dict[str, list[float]] = defaultdict(list)
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for one in tried:
        points = {id: float(reply.share * reply.possible) for id, reply in one.replies.items()}
        for id, given in points.items():
            scores[id].append(given)
        for first, second in combinations(sorted(points), 2):
            held = sums[first, second]
            held[0] += 1
            held[1] += points[first]
            held[2] += points[second]
            held[3] += points[first] * points[second]
    k = statistics.fmean(len(one.replies) for one in tried)
    variances = [statistics.variance(given) for given in scores.values() if len(given) > 1]
    covariances = [
        (products - firsts * seconds / n) / (n - 1)
        for n, firsts, seconds, products in sums.values()
        if n > 1
    ]
    if k < 2 or not variances or not covariances:
        return None
    v, c = statistics.fmean(variances), statistics.fmean(covariances)
    whole = v + (k - 1) * c
    return k * c / whole if whole > 1e-12 else None


def thirds(tried: Sequence[Tried]) -> tuple[Sequence[Tried], Sequence[Tried], Sequence[Tried]]:
    """The attempts by their results: lower, middle and upper third; the middle takes the rest."""
    ranked = sorted(tried, key=lambda one: one.share)
    size = len(ranked) // 3
    return ranked[:size], ranked[size : len(ranked) - size], ranked[len(ranked) - size :]


def _options(
    asked: Sequence[Tried], id: str, options: Sequence[tuple[str, bool]]
) -> tuple[OptionFigures, ...]:
    groups = thirds(asked)
    return tuple(
        OptionFigures(
            text=text,
            right=right,
            thirds=(
                _chose(groups[0], id, text),
                _chose(groups[1], id, text),
                _chose(groups[2], id, text),
            ),
            share=_chose(asked, id, text),
        )
        for text, right in options
    )


def _chose(group: Sequence[Tried], id: str, text: str) -> float:
    return statistics.fmean(text in one.replies[id].chosen for one in group)


def _median(values: Iterable[float]) -> float | None:
    held = list(values)
    return statistics.median(held) if held else None
