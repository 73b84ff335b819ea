from datetime import date
from fractions import Fraction

import pytest

from lms.rules.statistics import by_month, median, months, percent


def test_the_median_is_the_middle_or_between_the_two():
    values = [Fraction(n, 3) for n in (5, 1, 3)]
    assert median(values) == 1
    assert median([*values, Fraction(2)]) == Fraction(4, 3)
    assert median([]) is None


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 8, 13), (1, 3, 33), (2, 3, 67), (0, 5, 0), (5, 5, 100)]
)
def test_per_cents_are_rounded_half_up(part, whole, expected):
    assert percent(part, whole) == expected


def test_nothing_of_nothing_is_no_per_cent():
    assert percent(0, 0) is None


def test_months_run_over_the_year():
    first, last = date(2026, 11, 30), date(2027, 2, 1)
    assert months(first, last) == ("2026-11", "2026-12", "2027-01", "2027-02")
    assert months(last, first) == ()


def test_empty_months_are_counted_too_and_days_outside_are_not():
    days = [date(2026, 11, 2), date(2026, 11, 30), date(2027, 1, 1), date(2027, 1, 20)]
    counts = by_month(days, first=date(2026, 11, 3), last=date(2027, 1, 19))
    assert counts == {"2026-11": 1, "2026-12": 0, "2027-01": 1}
