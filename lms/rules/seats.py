"""Whether there is a seat left. The interface says place, and numbers to the own State only."""

from datetime import datetime
from enum import StrEnum


class Opening(StrEnum):
    """What a course page says of an activity."""

    FUTURE = "future"  # opens later
    OPEN = "open"
    FULL = "full"  # open, with a waiting list
    CLOSED = "closed"


def free(capacity: int | None, held: int) -> int | None:
    """Seats left, never below 0; None where there is no limit."""
    return None if capacity is None else max(capacity - held, 0)


def opening(
    now: datetime, *, opens: datetime | None, closes: datetime | None, free: int | None
) -> Opening:
    """Whether a place can be had now. Opens at its instant, is closed from its closing instant on;
    None stands for "long ago" and "never". What is closed is closed, full or not."""
    if closes is not None and now >= closes:
        return Opening.CLOSED
    if opens is not None and now < opens:
        return Opening.FUTURE
    return Opening.FULL if free == 0 else Opening.OPEN
