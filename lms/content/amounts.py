"""Numbers, per cents, durations and dates as authors write them."""

import re
from datetime import date, timedelta
from fractions import Fraction

from lms.content.values import Span

_DECIMAL = re.compile(r"[-−+]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_PARTS = re.compile(r"[0-9]{1,9}/[0-9]{1,9}")
_PERCENT = re.compile(r"([0-9]{1,3}) ?%?")
_DURATION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([a-z]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

UNITS = {
    "min": "min",
    "minute": "min",
    "minutes": "min",
    "h": "h",
    "hour": "h",
    "hours": "h",
    "day": "days",
    "days": "days",
    "week": "weeks",
    "weeks": "weeks",
    "month": "months",
    "months": "months",
    "year": "years",
    "years": "years",
}
MINUTES = {"min": 1, "h": 60, "days": 24 * 60, "weeks": 7 * 24 * 60}


def decimal(text: str) -> Fraction | None:
    """`-12.5` exactly; a decimal point, no grouping. None when it is no such number."""
    if not _DECIMAL.fullmatch(text):
        return None
    return Fraction(text.replace("−", "-"))


def amount(text: str) -> Fraction | None:
    """A whole number, a decimal or a fraction such as `1/2`, not negative."""
    if _PARTS.fullmatch(text):
        above, below = text.split("/")
        return Fraction(int(above), int(below)) if int(below) else None
    number = decimal(text)
    return None if number is None or number < 0 else number


def whole(text: str) -> int | None:
    """A whole number of at most nine digits, not negative."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def percent(text: str) -> int | None:
    """`80`, `80 %` or `80%`, from 0 to 100."""
    found = _PERCENT.fullmatch(text)
    if not found or int(found[1]) > 100:
        return None
    return int(found[1])


def weight(text: str) -> Fraction | None:
    """`50%`, `-33.3%` as a share, within -1 and 1."""
    if not text.endswith("%"):
        return None
    number = decimal(text[:-1])
    return None if number is None or abs(number) > 100 else number / 100


def duration(text: str) -> timedelta | None:
    """`30 min`, `24 h`, `2 days`, `1 week`: what has a fixed length."""
    found = _DURATION.fullmatch(text)
    if not found or UNITS.get(found[2], "") not in MINUTES:
        return None
    seconds = Fraction(found[1]) * MINUTES[UNITS[found[2]]] * 60
    return timedelta(seconds=int(seconds)) if seconds.denominator == 1 else None


def span(text: str) -> Span | None:
    """`4 years`, `18 months`: a whole number of a unit of the calendar."""
    found = _DURATION.fullmatch(text)
    if not found or not found[1].isdigit() or found[2] not in UNITS or not int(found[1]):
        return None
    return Span(amount=int(found[1]), unit=UNITS[found[2]])


def day(text: str) -> date | None:
    """`2028-12-31`."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def decimal_text(number: Fraction) -> str:
    """The number as a decimal, exactly. Raises ValueError when it has none (1/3)."""
    digits = 0
    while number.denominator != 1 and (number * 10**digits).denominator != 1:
        digits += 1
        if digits > 30:
            raise ValueError(f"{number} cannot be written as a decimal")
    scaled = abs(int(number * 10**digits))
    sign = "-" if number < 0 else ""
    if not digits:
        return f"{sign}{scaled}"
    text = str(scaled).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}"


def duration_text(length: timedelta) -> str:
    """In the largest unit that gives a whole number. Raises ValueError for parts of a minute."""
    minutes, rest = divmod(length, timedelta(minutes=1))
    if rest:
        raise ValueError(f"{length} is no whole number of minutes")
    for unit in ("weeks", "days", "h"):
        if minutes and minutes % MINUTES[unit] == 0:
            # 24 h is how people say it, two weeks is not 14 days to them
            if unit == "days" and minutes == MINUTES["days"]:
                continue
            return f"{minutes // MINUTES[unit]} {unit}"
    return f"{minutes} min"
