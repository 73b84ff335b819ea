"""Which two records are probably one person. People decide; nothing is merged by this.

Names of one person differ by accents, by the way they are written in Latin letters (Yuriy, Iurii),
by order, and by a slip of the keyboard.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from lms.rules.searching import fold

_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ß": "s"})
_SPELLINGS = (  # of the same sound, in the order in which they are put together
    ("tch", "ch"),
    ("dzh", "j"),
    ("zh", "j"),
    ("dj", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ts", "c"),
    ("tz", "c"),
    ("ks", "x"),
    ("ph", "f"),
    ("sch", "sh"),
    ("w", "v"),
    ("yo", "io"),
    ("yu", "iu"),
    ("ya", "ia"),
    ("ye", "e"),
    ("y", "i"),
    ("j", "i"),
    ("q", "k"),
)
SHORTEST = 8  # letters of both names together, from which one slip is forgiven


class Sign(StrEnum):
    NAME = "name"
    AGENCY = "agency"
    ADDRESS = "address"
    OWN_SCRIPT = "own_script"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is compared of one record."""

    id: int
    affiliation_id: int
    given_name: str
    family_name: str
    own_script_name: str = ""
    agency: str = ""
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pair:
    first: int  # the smaller id
    second: int
    signs: frozenset[Sign]


def sound(name: str) -> tuple[str, ...]:
    """The words of a name without accents and ways of spelling, in alphabetical order."""
    plain = re.sub(r"['’`.]", "", fold(name).translate(_STROKES))
    words = []
    for word in re.split(r"[\s-]+", plain):
        for written, meant in _SPELLINGS:
            word = word.replace(written, meant)
        word = re.sub(r"(.)\1+", r"\1", word)
        if word:
            words.append(word)
    return tuple(sorted(words))


def look_alike(first: str, second: str) -> bool:
    """Whether two whole names may be one person's: the same sound, or one slip apart."""
    one, two = "".join(sound(first)), "".join(sound(second))
    return one == two or (min(len(one), len(two)) >= SHORTEST and is_one_slip(one, two))


def is_one_slip(one: str, two: str) -> bool:
    """Whether one letter more, less, or other makes the two alike."""
    if abs(len(one) - len(two)) > 1:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    return one[start + 1 :] == two[start + 1 :] or (
        one[start + 1 :] == two[start:] or one[start:] == two[start + 1 :]
    )


def pairs(records: Iterable[Known]) -> list[Pair]:
    """All probable pairs, by their ids. Time grows with the number of records, not its square."""
    found: dict[tuple[int, int], set[Sign]] = defaultdict(set)
    everybody = list(records)
    for one, two in _candidates(everybody):
        signs = signs_of(one, two)
        if signs:
            found[min(one.id, two.id), max(one.id, two.id)] |= signs
    return [Pair(first, second, frozenset(found[first, second])) for first, second in sorted(found)]


def signs_of(one: Known, two: Known) -> set[Sign]:
    """What speaks for one person; nothing unless it is enough.

    Enough is a shared address, or within one State a look-alike name with the same agency (or
    none known) or the same name in the own script.
    """
    signs = set()
    if look_alike(_whole(one), _whole(two)):
        signs.add(Sign.NAME)
    if one.addresses & two.addresses:
        signs.add(Sign.ADDRESS)
    if one.own_script_name and fold(one.own_script_name) == fold(two.own_script_name):
        signs.add(Sign.OWN_SCRIPT)
    agencies = {fold(one.agency), fold(two.agency)}
    if len(agencies) == 1 and agencies != {""}:
        signs.add(Sign.AGENCY)
    if Sign.ADDRESS in signs:
        return signs
    same_state = one.affiliation_id == two.affiliation_id
    supported = len(agencies - {""}) < 2 or Sign.OWN_SCRIPT in signs
    return signs if same_state and Sign.NAME in signs and supported else set()


def _whole(one: Known) -> str:
    return f"{one.given_name} {one.family_name}"


def _candidates(records: list[Known]) -> Iterator[tuple[Known, Known]]:
    """Pairs worth a look: they share an address, or their names are a slip apart."""
    shared: dict[object, list[Known]] = defaultdict(list)
    for one in records:
        for address in one.addresses:
            shared[address].append(one)
        name = "".join(sound(_whole(one)))
        for variant in {name, *(name[:n] + name[n + 1 :] for n in range(len(name)))}:
            shared[one.affiliation_id, variant].append(one)
    seen = set()
    for alike in shared.values():
        for one, two in combinations(alike, 2):
            if one.id != two.id and (one.id, two.id) not in seen:
                seen |= {(one.id, two.id), (two.id, one.id)}
                yield one, two
