"""Whether there is a seat left. The interface says place, and numbers to the own State only.

A seat is held by whoever was offered a place or has one; nominations hold none, so a State can
nominate more officers than it has places, and those beyond are its reserve. Seats kept for a State
are nobody else's until they are released.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lms.rules.refusal import marked


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


@dataclass(frozen=True, slots=True)
class Share:
    """What one affiliation has in an activity, in seats."""

    guaranteed: int = 0  # kept for it until the release
    maximum: int | None = None  # None: as many as there are
    held: int = 0

    @property
    def unused(self) -> int:
        return max(self.guaranteed - self.held, 0)


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of one activity; shares by affiliation."""

    capacity: int | None
    held: int
    shares: dict[int, Share]
    released: bool = False  # what was kept and not used belongs to all
    common_pool: bool = True  # affiliations without a share may take seats, too


def invited(seats: Seats, affiliation: int) -> bool:
    """Whether officers of the affiliation can be nominated at all."""
    share = seats.shares.get(affiliation)
    return seats.common_pool if share is None else share.maximum != 0


def pool(seats: Seats, *, without: int | None = None) -> int | None:
    """Free seats that are kept for nobody, or for nobody but `without`; None without limit."""
    if seats.capacity is None:
        return None
    kept = 0
    if not seats.released:
        kept = sum(share.unused for key, share in seats.shares.items() if key != without)
    return seats.capacity - seats.held - kept


def may_take(seats: Seats, affiliation: int) -> bool:
    """Whether the affiliation can hold one seat more."""
    share = seats.shares.get(affiliation, Share())
    if not invited(seats, affiliation):
        return False
    if share.maximum is not None and share.held >= share.maximum:
        return False
    left = pool(seats, without=affiliation)
    return left is None or left > 0


def fits(seats: Seats) -> bool:
    """Whether all that is kept and all that is held have room: true after every change."""
    left = pool(seats)
    return (
        (left is None or left >= 0)
        and (seats.capacity is None or seats.held <= seats.capacity)
        and all(one.maximum is None or one.held <= one.maximum for one in seats.shares.values())
    )


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why the seats cannot be set so; without an affiliation it is about the whole activity."""

    affiliation: int | None
    sentence: str  # to translate, with {names} that values fill
    number: int = 0  # {number} in the sentence


def blocked(wanted: Seats) -> list[Blocked]:
    """What stands against these numbers: `held` is as it is, all else as somebody wants it.

    Nobody loses a place: what is held sets the least.
    """
    wrong = []
    for affiliation, share in wanted.shares.items():
        if share.maximum is not None and share.maximum < share.held:
            sentence = marked("{number} officers hold a place. Type {number} or more.")
            wrong.append(Blocked(affiliation, sentence, share.held))
        elif share.maximum is not None and share.guaranteed > share.maximum:
            sentence = marked("Keep at most {number} places, or raise the number beside it.")
            wrong.append(Blocked(affiliation, sentence, share.maximum))
    if wanted.capacity is not None and wanted.capacity < wanted.held:
        sentence = marked("{number} officers hold a place. Type {number} or more.")
        wrong.append(Blocked(None, sentence, wanted.held))
    elif not wrong and not fits(wanted):
        least = (wanted.capacity or 0) - (pool(wanted) or 0)
        sentence = marked("{number} places are kept or taken. Type {number} or more.")
        wrong.append(Blocked(None, sentence, least))
    return wrong
