"""Statistics of questions against examples worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules import analysis
from lms.rules.analysis import (
    Flag,
    Reply,
    Tried,
    correlate,
    figures,
    reliability,
    thirds,
    upper_less_lower,
)
from lms.rules.gains import Gain, gain, shown_groups


def tried(*points, chosen=(), seconds=None, passed=None):
    """An attempt at questions of a point each, known as q1, q2 …"""
    return Tried(
        replies={
            f"q{n}": Reply(
                share=Fraction(given or 0),
                possible=Fraction(1),
                omitted=given is None,
                chosen=frozenset(chosen if n == 1 else ()),
                seconds=seconds,
            )
            for n, given in enumerate(points, start=1)
        },
        passed=passed,
    )


# Five officers, four questions: the totals are 4, 3, 2, 1, 0.
FIVE = [
    tried(1, 1, 1, 1),
    tried(1, 1, 1, 0),
    tried(1, 1, 0, 0),
    tried(1, 0, 0, 0),
    tried(0, 0, 0, 0),
]


def test_kr20_of_a_perfect_ladder():
    """p = .8 .6 .4 .2; with n-1 the item variances are .2 .3 .3 .2, that of the totals 2.5:
    alpha = 4/3 · (1 - 1.0/2.5) = 0.8."""
    assert reliability(FIVE) == pytest.approx(0.8)


def test_alpha_of_parts_of_points():
    """Items (1, ½, 0) and (½, ½, 0): variances ¼ and 1/12, totals 1½ 1 0 with variance 7/12:
    alpha = 2 · (1 - (1/3)/(7/12)) = 6/7."""
    three = [
        tried(Fraction(1), Fraction(1, 2)),
        tried(Fraction(1, 2), Fraction(1, 2)),
        tried(0, 0),
    ]

    assert reliability(three) == pytest.approx(6 / 7)


def test_without_variance_there_is_no_reliability():
    assert reliability([tried(1, 1), tried(1, 1)]) is None
    assert reliability([tried(1), tried(0)]) is None


def test_an_item_agrees_with_the_rest_and_not_with_itself():
    """Of FIVE, q1 = 1 1 1 1 0 and the rest of it 3 2 1 0 0: r = 1.2/√(0.8·6.8) = 0.5145."""
    shares = [float(one.replies["q1"].share) for one in FIVE]
    rest = [one.rest("q1") * 3 for one in FIVE]

    assert rest == pytest.approx([3, 2, 1, 0, 0])
    assert correlate(shares, rest) == pytest.approx(0.514496, abs=1e-6)


def test_what_never_varies_agrees_with_nothing():
    assert correlate([1, 1, 1], [1, 2, 3]) is None


def test_the_upper_and_the_lower_27_per_cent():
    """Of ten, 27 % are 3 (2.7 rounded): q1 is right for all 3 at the top and 1 of 3 below."""
    ten = [tried(1, 1)] * 5 + [tried(1, 0)] * 3 + [tried(0, 0)] * 2

    assert upper_less_lower(ten, "q1") == pytest.approx(1 - 1 / 3)


def test_thirds_of_eight_are_two_four_two():
    assert [len(group) for group in thirds([tried(1)] * 8)] == [2, 4, 2]


def test_below_thirty_there_are_no_figures():
    assert figures([tried(1, 0)] * 29, {"q1": [], "q2": []}) is None
    assert figures([tried(1, 0)] * 30, {"q1": [], "q2": []}) is not None


def test_a_question_asked_of_fewer_than_thirty_has_no_figures():
    rows = [tried(1, 0)] * 29 + [tried(1)] * 10
    made = figures(rows, {"q1": [], "q2": []})

    assert made is not None
    assert [(one.n, one.facility) for one in made.items] == [(39, 1.0), (29, None)]


def test_the_figures_of_a_quiz():
    """20 of 40 earn 2 of 2 and pass, 20 nothing and leave all empty."""
    rows = [tried(1, 1, seconds=30, passed=True)] * 20
    rows += [tried(None, None, seconds=10, passed=False)] * 20
    made = figures(rows, {"q1": [], "q2": []})

    assert made is not None
    assert (made.n, made.mean, made.passed, made.seconds) == (40, 0.5, 20, 40)
    assert (made.alpha, made.error) == (pytest.approx(1), pytest.approx(0, abs=1e-6))
    one = made.items[0]
    assert (one.facility, one.omitted, one.index, one.seconds) == (0.5, 0.5, 1, 20)
    assert (one.correlation, one.flags) == (pytest.approx(1), ())


def test_the_standard_error_is_that_of_the_shares():
    """FIVE eight times: shares 1 ¾ ½ ¼ 0, s² = 8·0.625/39 = 0.128205; alpha does not change with
    n, for every variance takes the same factor: SEM = √(0.128205 · 0.2) = 0.160128."""
    made = figures(FIVE * 8, {})

    assert made is not None
    assert made.alpha == pytest.approx(0.8)
    assert made.error == pytest.approx(0.160128, abs=1e-6)


OPTIONS = [("a", True), ("b", False), ("c", False)]


def test_a_wrong_option_that_the_best_choose_is_found():
    """Of 30, the upper third chooses b six times and a four; nobody chooses c."""
    upper = [tried(0, 1, 1, chosen="b")] * 6 + [tried(1, 1, 1, chosen="a")] * 4
    rest = [tried(1, 0, 0, chosen="a")] * 20
    made = figures(upper + rest, {"q1": OPTIONS})

    assert made is not None
    one = made.items[0]
    assert one.options[0].thirds == pytest.approx((1, 1, 0.4))
    assert one.options[1].thirds == pytest.approx((0, 0, 0.6))
    assert one.options[1].share == 0.2
    assert one.flags == (Flag.BEATEN, Flag.NEGATIVE, Flag.UNUSED)


@pytest.mark.parametrize(
    ("right", "flags"),
    [(5, (Flag.HARD,)), (6, ()), (28, ()), (29, (Flag.EASY,))],
)
def test_questions_that_are_too_hard_or_too_easy_are_found(right, flags):
    """Of 30: 5 are 16.7 %, 6 are 20 %, 28 are 93.3 %, 29 are 96.7 %."""
    rows = [tried(1, 1)] * right + [tried(0, 0)] * (30 - right)
    made = figures(rows, {"q1": []})

    assert made is not None
    assert made.items[0].flags == flags


SHARES = st.sampled_from([None, 0, Fraction(1, 3), Fraction(1, 2), 1])


@given(st.lists(st.tuples(SHARES, SHARES, SHARES), min_size=1, max_size=8))
def test_figures_stay_within_their_limits(rows):
    made = figures([tried(*row) for row in rows * 30], {"q1": OPTIONS, "q2": [], "q3": []})

    assert made is not None
    assert 0 <= made.mean <= 1
    assert made.alpha is None or made.alpha <= 1 + 1e-9
    for one in made.items:
        assert one.index is not None
        assert -1 <= one.index <= 1
        assert one.correlation is None or -1 - 1e-9 <= one.correlation <= 1 + 1e-9


def test_alpha_over_pairs_is_alpha_by_its_first_formula():
    """k/(k-1) · (1 - Σ s_i²/s_T²) where all have the same questions."""
    rows = [(1, 0, 1), (1, 1, 1), (0, 0, 1), (1, 0, 0), (0, 0, 0), (1, 1, 0)]
    items = [analysis.statistics.variance(column) for column in zip(*rows, strict=True)]
    total = analysis.statistics.variance([sum(row) for row in rows])

    assert reliability([tried(*row) for row in rows]) == pytest.approx(
        3 / 2 * (1 - sum(items) / total)
    )


def test_gain_by_hand():
    """40 → 70 of 100: 30 points, half of the 60 that there were to gain."""
    made = gain([(30, 60), (50, 80), (40, 70), (35, 65), (45, 75)])

    assert made == Gain(n=5, before=40, after=70)
    assert (made.difference, made.normalised) == (30, 0.5)
    assert Gain(n=5, before=100, after=100).normalised is None
    assert gain([(30, 60)] * 4) is None


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 5, "b": 7}, {"a", "b"}),
        ({"a": 4, "b": 7}, set()),
        ({"a": 4, "b": 7, "c": 9}, {"c"}),
        ({"a": 2, "b": 3, "c": 9}, {"c"}),
        ({"a": 4}, set()),
        ({"a": 0, "b": 5}, {"b"}),
    ],
)
def test_no_small_group_is_shown_or_left_over(counts, shown):
    assert shown_groups(counts) == shown


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 12), max_size=8))
def test_what_is_left_over_is_nobody_or_five(counts):
    shown = shown_groups(counts)
    rest = sum(n for name, n in counts.items() if name not in shown)

    assert all(counts[name] >= 5 for name in shown)
    assert not shown or rest == 0 or rest >= 5
