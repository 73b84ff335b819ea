"""What is asked of a person, and what may stand in each field."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from lms.rules.refusal import marked

LONGEST_NAME = 120  # signs; as the column
LONGEST_OWN_SCRIPT = 240
LONGEST_AGENCY = 200
LONGEST_FUNCTION = 120
LONGEST_ADDRESS = 254
MOST_LANGUAGES = 10
AGENCY_TYPES = (
    "police",
    "border_guard",
    "customs",
    "prosecution",
    "judiciary",
    "drug_control",
    "forensic",
    "academy",
    "other",
)
RANK_BANDS = ("junior", "middle", "senior")
_BESIDE_LETTERS = frozenset(" -'’.")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_ADDRESS = re.compile(  # ASCII: other addresses do not reach every mail server
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


class Gender(StrEnum):
    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is known of a person; only what a certificate or a report needs."""

    given_name: str  # Latin letters, as in the passport
    family_name: str
    own_script_name: str = ""
    family_name_first: bool = False  # how the person writes the name
    gender: Gender = Gender.NOT_STATED
    affiliation_id: int
    agency: str = ""
    agency_type: str = ""  # of AGENCY_TYPES
    rank_band: str = ""  # of RANK_BANDS
    function: str = ""
    languages: tuple[str, ...] = ()  # BCP 47
    time_zone: str = "Europe/Vienna"
    language: str = "en"  # of the interface
    address: str = ""  # none: the person signs in with a sign-in name


def check(particulars: Particulars) -> list[tuple[str, str]]:
    """(field, sentence to translate) of everything that is wrong, in the order of the form."""
    return list(_mistakes(particulars))


def _mistakes(one: Particulars) -> Iterator[tuple[str, str]]:
    for field in ("given_name", "family_name"):
        sentence = name_mistake(getattr(one, field))
        if sentence:
            yield field, sentence
    for field, longest in (
        ("own_script_name", LONGEST_OWN_SCRIPT),
        ("agency", LONGEST_AGENCY),
        ("function", LONGEST_FUNCTION),
    ):
        text = getattr(one, field)
        if len(text) > longest:
            yield field, marked("This is too long. Use a shorter form.")
        elif not is_one_line(text):
            yield field, marked("Write one line without special signs.")
    if one.agency_type and one.agency_type not in AGENCY_TYPES:
        yield "agency_type", marked("Choose a kind of agency from the list.")
    if one.rank_band and one.rank_band not in RANK_BANDS:
        yield "rank_band", marked("Choose a rank from the list.")
    if len(one.languages) > MOST_LANGUAGES:
        yield "languages", marked("Choose at most ten languages.")
    elif not all(map(is_tag, one.languages)) or len(set(one.languages)) < len(one.languages):
        yield "languages", marked("Write each language once, as a code such as en or ru.")
    if not is_time_zone(one.time_zone):
        yield "time_zone", marked("Choose a time zone from the list, such as Europe/Vienna.")
    if not is_tag(one.language):
        yield "language", marked("Choose a language from the list.")
    if one.address and typed_address(one.address) is None:
        yield "address", marked("Enter a work email address, for example name@mia.gov.ge.")


def name_mistake(name: str) -> str | None:
    """What is wrong with a name as the certificate shows it; None when nothing is."""
    if not name:
        return marked("Write the name as it stands in the passport.")
    if len(name) > LONGEST_NAME:
        return marked("This is too long. Write the name as it stands in the passport.")
    if not any(map(str.isalpha, name)) or not all(map(_may_stand_in_a_name, name)):
        return marked("Use Latin letters, as in the passport. The own script has its own field.")
    return None


def _may_stand_in_a_name(sign: str) -> bool:
    if sign.isalpha():
        return unicodedata.name(sign, "").startswith("LATIN ")
    return sign in _BESIDE_LETTERS or unicodedata.category(sign) == "Mn"


def is_one_line(text: str) -> bool:
    return not any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in text)


def is_tag(text: str) -> bool:
    """Whether this looks like a language: `en`, `fa-AF`."""
    return _TAG.fullmatch(text) is not None


@cache
def is_time_zone(name: str) -> bool:
    if len(name) > 60 or not re.fullmatch(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*", name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not there, a folder, or no zone
        return False
    return True


def typed_address(text: str) -> str | None:
    """The email address without regard to case, as it is kept; None when it can be none."""
    typed = text.strip().lower()
    if len(typed) > LONGEST_ADDRESS or len(typed.partition("@")[0]) > 64:
        return None
    return typed if _ADDRESS.fullmatch(typed) else None


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def typed_domain(text: str) -> str | None:
    """A mail domain such as mia.gov.ge, without case; None when it can be none."""
    typed = text.strip().lower().removeprefix("@")
    return typed if typed_address(f"a@{typed}") else None


def is_known_domain(address: str, domains: Collection[str]) -> bool:
    """Whether the address is of one of the domains or of a part of one."""
    domain = domain_of(address)
    return any(domain == one or domain.endswith(f".{one}") for one in domains)
