"""Short answers: typed words compared as the course format's "Short answers" has it."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 2_000  # characters of an answer; a longer one is not compared and does not match
LONG_WORD = 6  # letters a word needs before a typing error in it is forgiven

# Cyrillic letters that look like a Latin one, as casefold leaves them (В and в look like B).
LOOK_ALIKES = dict(zip(map(ord, "авекмнорстухіїјѕһӏԁԛԝ"), "abekmhopctyxiijshldqw", strict=True))

# Letters whose stroke or missing dot is an accent to those who type them, not to Unicode.
_STROKES = dict(zip(map(ord, "łøđħŧı"), "lodhti", strict=True))
_DASHES = {ord("−"): "-"}
_QUOTES = dict.fromkeys(map(ord, "’‘ʼ`"), "'") | dict.fromkeys(map(ord, "“”„«»"), '"')
_ANY_RUN = "\ue000"  # stands for `*` while a pattern is folded; a private sign that no one types
_STAR = re.compile(r"\\\*|\*")


def matches(answer: str, pattern: str, *, typos: int = 0, exact: bool = False) -> bool:
    """Whether the answer is the pattern, in which `*` is any run of characters and `\\*` a star.

    typos=1 forgives one wrong, missing or extra letter, in a word of six letters or more. exact
    compares as written, but for white space at the ends; it forgives no typing error. Takes time
    in proportion to the answer's length; an answer of over 2,000 characters does not match.
    """
    if len(answer) > LONGEST:
        return False
    wanted = _STAR.sub(
        lambda star: _ANY_RUN if star[0] == "*" else "*", pattern.replace(_ANY_RUN, "")
    )
    if exact:
        return _follows(_written(answer), _written(wanted), typos=False)
    given, wanted = fold(answer), fold(wanted)
    if _follows(given, wanted, typos=typos > 0):
        return True
    # A text with such a word is compared as the eye has it: what looks like the key is right.
    if not (_mixes_scripts(given) or _mixes_scripts(wanted)):
        return False
    return _follows(_seen(given), _seen(wanted), typos=typos > 0)


def fold(text: str) -> str:
    """The text without what does not count: case, accents of Latin and Greek, kinds of dash,
    apostrophe and quotation mark, ё for е, invisible signs, runs of white space."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.translate(_QUOTES).translate(_DASHES)
    made: list[str] = []
    bare = False  # whether accents fall away from the letter they stand on
    for sign in unicodedata.normalize("NFD", text):
        category = unicodedata.category(sign)
        if category == "Cf":
            continue
        if category == "Mn":
            if bare or (sign == "\u0308" and made[-1:] == ["е"]):
                continue
        else:
            bare = _latin_or_greek(sign)
        made.append("-" if category == "Pd" else sign)
    text = unicodedata.normalize("NFC", "".join(made)).translate(_STROKES)
    return " ".join(text.split())


def plain_pattern(pattern: str) -> str:
    """The pattern as it is shown among the right answers: `\\*` as a star."""
    return pattern.replace("\\*", "*")


def _written(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _latin_or_greek(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(("LATIN", "GREEK"))


def _mixes_scripts(text: str) -> bool:
    """Whether a word holds letters of both alphabets, as look-alikes typed by mistake do."""
    for word in re.findall(r"\w+", text):
        names = [unicodedata.name(sign, "") for sign in word]
        if any(name.startswith("LATIN") for name in names) and any(
            name.startswith("CYRILLIC") for name in names
        ):
            return True
    return False


def _seen(text: str) -> str:
    """The text as the eye has it: Cyrillic letters become the Latin ones they look like."""
    return text.translate(LOOK_ALIKES)


def _follows(answer: str, pattern: str, *, typos: bool) -> bool:
    """One pass over the answer that follows all readings of the pattern at once.

    Bit n of `clean` says that what was read so far can be the first n signs of the pattern; `slip`
    says so with one typing error. This is the automaton of Wu and Manber ("Fast text searching
    allowing errors", 1992): no pattern makes it go back.
    """
    signs = pattern.replace(_ANY_RUN, "")
    loops = _bits_before(pattern)
    places: dict[str, int] = {}
    for n, sign in enumerate(signs):
        places[sign] = places.get(sign, 0) | 1 << n
    forgiven = _long_words(pattern) if typos else 0  # places whose letter may be wrong or missing
    beside = forgiven | forgiven << 1  # places before which an extra letter may stand
    clean, slip = 1, 2 if forgiven & 1 else 0
    for sign in answer:
        here = places.get(sign, 0)
        after = (clean & here) << 1 | clean & loops
        slip = (slip & here) << 1 | slip & loops
        if forgiven:
            if _letter(sign):
                slip |= (clean & forgiven) << 1 | clean & beside
            slip |= (after & forgiven) << 1
        clean = after
    return bool((clean | slip) >> len(signs) & 1)


def _bits_before(pattern: str) -> int:
    """The places (counted without `*`) at which any run of characters may stand."""
    bits = n = 0
    for sign in pattern:
        if sign == _ANY_RUN:
            bits |= 1 << n
        else:
            n += 1
    return bits


def _long_words(pattern: str) -> int:
    """The places (counted without `*`) of letters in words of six letters or more."""
    bits = n = 0
    for word in _words(pattern):
        if len(word) >= LONG_WORD and _letter(word[0]):
            bits |= ((1 << len(word)) - 1) << n
        n += len(word) - word.count(_ANY_RUN)
    return bits


def _words(text: str) -> Sequence[str]:
    """The text cut into runs of letters and single other signs."""
    made: list[str] = []
    for sign in text:
        if made and _letter(sign) and _letter(made[-1][0]):
            made[-1] += sign
        else:
            made.append(sign)
    return made


def _letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM"
