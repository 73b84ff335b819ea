"""Figures of reports: exact within, rounded at the end."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from lms.rules.numbers import half_up


def median(values: Sequence[Fraction]) -> Fraction | None:
    """The middle value, or the mean of the two middle ones; None of none."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def percent(part: int | Fraction, whole: int | Fraction) -> int | None:
    """Whole per cents, half up; None of nothing, which is no 0 %."""
    return int(half_up(Fraction(part) * 100 / Fraction(whole))) if whole else None


def months(first: date, last: date) -> tuple[str, ...]:
    """Every month from that of first to that of last, as `2026-11`; () when last comes before."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)


def by_month(days: Iterable[date], *, first: date, last: date) -> dict[str, int]:
    """How many of the days fall into each month of the period, empty months included.

    A day is a day in Vienna: whoever has instants converts them. Days outside the period's first
    and last day are not counted.
    """
    counts = dict.fromkeys(months(first, last), 0)
    for day in days:
        if first <= day <= last:
            counts[f"{day:%Y-%m}"] += 1
    return counts
