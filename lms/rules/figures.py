"""What a completion report counts, and how its figures are rounded."""

import statistics
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from lms.rules.enrolments import State

LEAST = 5  # places; below it there is no share and no median, so that nobody is recognized in one


class Status(StrEnum):
    """How a place stands, in the order in which lists sort by it."""

    NOT_STARTED = "not_started"  # no unit finished and no quiz begun
    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"  # the activity has ended, the place is still open
    AWAITING_MARKING = "awaiting_marking"  # also after the end: it is not the officer who is late
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


WORKING = (Status.IN_PROGRESS, Status.OVERDUE, Status.AWAITING_MARKING)
ENDED = (Status.FAILED, Status.EXPIRED, Status.WITHDRAWN)  # without completion

# A place is counted from the moment it is taken, however it ends. An application, a nomination
# or an offer is none yet; one that went to somebody else, or that nobody came to, is counted
# with the nominations.
COUNTED = (State.ENROLLED, State.COMPLETED, State.FAILED, State.EXPIRED, State.WITHDRAWN)


def percent(n: int, of: int) -> int | None:
    """n of `of` in whole per cent, half up; None where `of` is below LEAST.

    0 and 100 are kept for nobody and everybody: 399 of 400 is 99 per cent.
    """
    if of < LEAST:
        return None
    if n in (0, of):
        return 100 * n // of
    return min(max((200 * n + of) // (2 * of), 1), 99)


def median(values: Sequence[float]) -> Decimal | None:
    """The middle value, by `tenths`; None of fewer than LEAST."""
    return tenths(statistics.median(values)) if len(values) >= LEAST else None


def tenths(value: float) -> Decimal:
    """One place after the point, none where it is zero.

    Rounded down, so that 79.96 per cent never reads as a pass mark of 80.
    """
    exact = Decimal(str(round(value, 6)))  # 79.9 is kept as 79.90000000000001
    down = exact.quantize(Decimal("0.1"), ROUND_FLOOR)
    whole = down.to_integral_value()
    return whole if whole == down else down


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which the day begins there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def month_of(day: date) -> date:
    return day.replace(day=1)


def months(first: date, last: date) -> list[date]:
    """The first days of all months from that of `first` to that of `last`."""
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(begin, end + 1)]


def after(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def highest(counts: Iterable[int]) -> tuple[int, ...]:
    """The places in the sequence that hold the highest count, if that is above 0."""
    held = list(counts)
    most = max(held, default=0)
    return tuple(index for index, n in enumerate(held) if n == most) if most else ()


def drops(start: int, counts: Sequence[int]) -> list[int]:
    """By how much each count lies below the one before it; at least 0."""
    return [max(before - n, 0) for before, n in zip((start, *counts), counts, strict=False)]
