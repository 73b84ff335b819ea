"""How long things are kept: a period for each category, changed by a setting."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum


class Category(StrEnum):
    """In the order in which they are carried out."""

    SIGN_INS = "sign_ins"  # ended sessions, failures, used links, the trail of devices of attempts
    MESSAGES = "messages"  # what people were told
    REGISTRATIONS = "registrations"  # declined ones
    REJECTED = "rejected"  # why somebody was nominated and not selected
    ANSWERS = "answers"  # of quizzes; the grade stays
    SUSPEND = "suspend"  # accounts nobody uses
    ERASE = "erase"  # the same, for longer


# Months. 0 keeps for ever.
DEFAULTS: Mapping[Category, int] = {
    Category.SIGN_INS: 12,
    Category.MESSAGES: 24,
    Category.REGISTRATIONS: 6,
    Category.REJECTED: 6,
    Category.ANSWERS: 12,
    Category.SUSPEND: 18,
    Category.ERASE: 24,
}
LONGEST = 600  # months


def periods(text: str) -> dict[Category, int]:
    """The defaults, changed by a text such as `answers=24, erase=0`.

    Raises ValueError for a category or a number that is none, and where accounts would be erased
    sooner than suspended.
    """
    made = dict(DEFAULTS)
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = part.partition("=")
        months = int(number)
        if not 0 <= months <= LONGEST:
            raise ValueError(part)
        made[Category(name.strip())] = months
    if made[Category.ERASE] and not 0 < made[Category.SUSPEND] < made[Category.ERASE]:
        raise ValueError(text)
    return made


def earliest(now: datetime, months: int) -> datetime | None:
    """What ended before this instant has been kept long enough; None: nothing has.

    So many months before, on the same day of the month, or on its last where there is none.
    """
    if not months:
        return None
    total = now.year * 12 + now.month - 1 - months
    year, month = divmod(total, 12)
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return now.replace(year=year, month=month + 1)
