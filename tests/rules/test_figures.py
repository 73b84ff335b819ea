"""Shares, medians and months of a report."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules import figures
from lms.rules.enrolments import State

VIENNA = ZoneInfo("Europe/Vienna")


@pytest.mark.parametrize(
    ("n", "of", "expected"),
    [
        (131, 214, 61),
        (1, 8, 13),  # 12.5
        (0, 400, 0),
        (1, 400, 1),
        (399, 400, 99),
        (400, 400, 100),
        (4, 4, None),
        (0, 0, None),
        (5, 5, 100),
    ],
)
def test_shares_are_whole_and_none_below_five(n, of, expected):
    assert figures.percent(n, of) == expected


@given(st.integers(5, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_only_all_are_a_hundred_per_cent(pair):
    n, of = pair
    assert (figures.percent(n, of) == 100) == (n == of)
    assert (figures.percent(n, of) == 0) == (n == 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(80, "80"), (79.96, "79.9"), (79.90000000000001, "79.9"), (200 / 3, "66.6"), (0, "0")],
)
def test_scores_are_rounded_down_to_tenths(value, expected):
    assert figures.tenths(value) == Decimal(expected)
    assert str(figures.tenths(value)) == expected


def test_four_values_have_no_median():
    assert figures.median([1, 2, 3, 4]) is None
    assert figures.median([90, 70, 80, 60, 100]) == 80
    assert figures.median([60, 70, 80, 81, 90, 100]) == Decimal("80.5")


def test_a_day_begins_at_midnight_in_vienna():
    assert figures.begin_of(date(2026, 12, 4), VIENNA) == datetime(2026, 12, 3, 23, tzinfo=UTC)
    assert figures.begin_of(date(2026, 7, 1), VIENNA) == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_months_run_over_the_year():
    assert figures.months(date(2026, 11, 30), date(2027, 1, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]
    assert figures.after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert figures.after(date(2026, 1, 1)) == date(2026, 2, 1)


def test_the_highest_may_be_several_or_none():
    assert figures.highest([1, 3, 3]) == (1, 2)
    assert figures.highest([0, 0]) == ()
    assert figures.highest([]) == ()


def test_a_drop_is_never_negative():
    assert figures.drops(10, [8, 9, 4]) == [2, 0, 5]


def test_every_state_of_a_place_is_counted_or_left_out_on_purpose():
    left_out = {
        State.DRAFT,
        State.SUBMITTED,
        State.WAIT_LISTED,
        State.OFFERED,
        State.REJECTED,
        State.SUBSTITUTED,
        State.NO_SHOW,
    }
    assert set(State) - set(figures.COUNTED) == left_out
