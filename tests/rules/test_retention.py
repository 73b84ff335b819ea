"""Periods of keeping."""

from datetime import UTC, datetime

import pytest

from lms.rules.retention import DEFAULTS, Category, earliest, periods


def test_a_setting_changes_the_periods_it_names():
    made = periods("answers=24, erase=0")

    assert (made[Category.ANSWERS], made[Category.ERASE]) == (24, 0)
    assert periods("") == DEFAULTS


@pytest.mark.parametrize(
    "text", ["answers", "answers=", "answers=-1", "answers=601", "logs=2", "erase=12", "suspend=0"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 -- of int, of the enum or our own
        periods(text)


@pytest.mark.parametrize(
    ("now", "months", "day"),
    [
        ((2026, 12, 4), 12, (2025, 12, 4)),
        ((2026, 12, 4), 1, (2026, 11, 4)),
        ((2026, 1, 31), 2, (2025, 11, 30)),
        ((2027, 3, 31), 1, (2027, 2, 28)),
        ((2028, 2, 29), 12, (2027, 2, 28)),
        ((2026, 12, 27), 24, (2024, 12, 27)),
    ],
)
def test_months_are_counted_back(now, months, day):
    assert earliest(datetime(*now, tzinfo=UTC), months) == datetime(*day, tzinfo=UTC)


def test_no_period_keeps_for_ever():
    assert earliest(datetime(2026, 12, 4, tzinfo=UTC), 0) is None
