"""Numbers: read as officers write them, rounded as pages show them.

What stands here is the paragraph "Numbers" of the course format. Nothing is a float: 10.2 is
102/10, and a limit that is reached exactly is reached.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction

LONGEST = 200  # characters; no number and no unit is longer, and what is longer is not read

_MINUS = dict.fromkeys(map(ord, "−‐‑‒–"), "-")  # the minus sign, and what phones write for it
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ"), "'")
_ARABIC_POINT, _ARABIC_GROUPS = "٫", "٬"  # unlike . and , these two have one meaning each
_POINTS = (".", ",", _ARABIC_POINT)
_BLANKS = (" ", "'")  # group, and never point
_GROUPERS = (".", ",", _ARABIC_GROUPS, *_BLANKS)
_AMOUNT = re.compile(rf"([-+]?) ?([0-9.,' {_ARABIC_POINT}{_ARABIC_GROUPS}]*[0-9]) ?([^0-9]?.*)")


def _shape(grouper: str, point: str) -> re.Pattern[str]:
    """A number that groups with one sign and points with another.

    Groups have three digits; those before the last may have two, as in India (1,00,000). The
    first group begins with no zero, so 0.200 is never two hundred.
    """
    g, p = re.escape(grouper), re.escape(point)
    groups = rf"[1-9][0-9]{{0,2}}(?:{g}[0-9]{{3}})+|[1-9][0-9]?(?:{g}[0-9]{{2}})+{g}[0-9]{{3}}"
    behind = rf"[0-9]+|[0-9]{{3}}(?:{g}[0-9]{{3}})+" if grouper in _BLANKS else "[0-9]+"
    return re.compile(rf"({groups}|[0-9]*)(?:{p}({behind}))?")


_SHAPES = tuple(
    (grouper, _shape(grouper, point))
    for grouper in _GROUPERS
    for point in _POINTS
    if grouper != point
)


def readings(text: str, units: Sequence[str] = ()) -> frozenset[Fraction] | None:
    """What a number typed by an officer may mean; None when it is no number.

    `10,200` may be 10200 or 10.2, so both are given; most numbers have one reading. `units` are
    the spellings that may stand behind the number (or before it, as in € 500), without regard to
    case and final dot. A text of over 200 characters is no number.
    """
    plain = _plain(text)
    spellings = {_unit(_plain(unit)) for unit in units} | {""}
    found = _AMOUNT.fullmatch(plain)
    if not found:
        found = _AMOUNT.fullmatch(_without_unit_before(plain, spellings))
    if not found or _unit(found[3]) not in spellings:
        return None
    sign = -1 if found[1] == "-" else 1
    read = frozenset(sign * number for number in _numbers(found[2]))
    return read or None


def half_up(value: Fraction, places: int = 0) -> Fraction:
    """Rounded to so many decimals (0 or more); a half goes away from zero."""
    scaled = abs(value) * 10**places
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(rounded if value >= 0 else -rounded, 10**places)


def shown(value: Fraction, places: int = 2) -> str:
    """The value half up as a decimal with a point, without needless zeros: `7`, `7.5`, `6.67`."""
    rounded = half_up(value, places)
    whole, behind = divmod(abs(rounded), 1)
    digits = f"{int(behind * 10**places):0{places}}".rstrip("0") if behind else ""
    return f"{'-' if rounded < 0 else ''}{whole}{'.' + digits if digits else ''}"


def _plain(text: str) -> str:
    """NFKC, ASCII digits, one kind of minus, apostrophe and space; invisible signs fall away."""
    if len(text) > LONGEST:
        return ""
    text = unicodedata.normalize("NFKC", text).translate(_MINUS).translate(_APOSTROPHES)
    made = []
    for sign in text.casefold():
        digit = unicodedata.decimal(sign, None)
        if digit is not None:
            made.append(str(digit))
        elif unicodedata.category(sign) != "Cf":  # direction marks of Arabic and Hebrew keyboards
            made.append(sign)
    return " ".join("".join(made).split())


def _unit(text: str) -> str:
    return text.strip().removesuffix(".")


def _without_unit_before(plain: str, spellings: set[str]) -> str:
    for unit in sorted(spellings, key=len, reverse=True):  # "tonnes" before "t"
        if unit and plain.startswith(unit):
            return plain.removeprefix(unit).removeprefix(".").lstrip()
    return plain


def _numbers(body: str) -> Iterator[Fraction]:
    for grouper, shape in _SHAPES:
        found = shape.fullmatch(body)
        if found:
            whole, behind = ((part or "").replace(grouper, "") for part in (found[1], found[2]))
            yield Fraction(int(whole + behind), 10 ** len(behind))
