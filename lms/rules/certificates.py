"""A certificate's code, its validity, and the name that its public page shows."""

import calendar
import hashlib
import hmac
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.rules.references import grouped, signs, typed_signs
from lms.rules.words import fold

__all__ = [
    "ShowName",
    "State",
    "expires",
    "grouped",
    "name_hash",
    "new_code",
    "shown_name",
    "state",
    "typed_code",
]

CODE = 20  # signs: 100 bits
_MONTHS = {"months": 1, "years": 12}
_DAYS = {"days": 1, "weeks": 7}


class State(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"  # the page says "Withdrawn"
    REPLACED = "replaced"


class ShowName(StrEnum):
    """What the public page shows of the holder's name."""

    FULL = "full"
    INITIALS = "initials"  # until the surname is typed
    HIDDEN = "hidden"


def new_code(random: bytes) -> str:
    """20 signs from 13 random bytes, 100 bits. Raises ValueError for another number of bytes."""
    return signs(random, bytes_wanted=13)


def typed_code(text: str) -> str | None:
    """The code that was typed or scanned, as `new_code` writes it; None when it can be none.

    Case, spaces, hyphens and Cyrillic look-alikes do not count.
    """
    return typed_signs(text, CODE)


def expires(issued: date, amount: int, unit: str) -> date:
    """The last day on which a certificate is valid: `4 years` after it was issued.

    unit is days, weeks, months or years. Where the month has no such day, its last one: a year
    after 29 February is 28 February. Raises ValueError for another unit, an amount below 1, and
    a day after the year 9999.
    """
    if amount < 1:
        raise ValueError(f"a certificate is valid for at least one day, not {amount} {unit}")
    try:
        if unit in _DAYS:
            return issued + timedelta(days=amount * _DAYS[unit])
        months = issued.year * 12 + issued.month - 1 + amount * _MONTHS[unit]
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(issued.day, calendar.monthrange(year, month)[1]))
    except KeyError:
        raise ValueError(f"a certificate is not valid for {unit}") from None
    except OverflowError:
        raise ValueError(f"{amount} {unit} after {issued} is beyond the calendar") from None


def state(
    today: date, *, revoked_at: datetime | None, replaced: bool, expires: date | None
) -> State:
    """What the check page says today, a day in Vienna.

    Withdrawn goes before replaced, and both before expired. The last day of validity is valid.
    """
    if revoked_at is not None:
        return State.REVOKED
    if replaced:
        return State.REPLACED
    return State.EXPIRED if expires is not None and today > expires else State.VALID


def shown_name(policy: str, given: str, family: str, typed_surname: str = "") -> str:
    """The holder's name as the public page shows it; "" where it is hidden.

    Under `initials` the surname, typed without regard to case, accents and spaces, shows the full
    name. Raises ValueError for an unknown policy.
    """
    policy = ShowName(policy)
    full = " ".join(part for part in (given.strip(), family.strip()) if part)
    if policy is ShowName.HIDDEN:
        return ""
    known = fold(typed_surname) == fold(family) != ""
    if policy is ShowName.FULL or known:
        return full
    return " ".join(f"{part.strip()[0].upper()}." for part in (given, family) if part.strip())


def name_hash(key: str, code: str, family_name: str) -> str:
    """What erasure leaves of the holder's name: it tells whether a typed surname is theirs.

    HMAC-SHA256 under the key of this house over the code and the folded name; hexadecimal.
    """
    text = f"{code}\n{fold(family_name)}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
