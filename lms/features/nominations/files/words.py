"""What people write for a State, a gender or a language: in many spellings and languages."""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from babel import Locale, localedata

from lms.features.nominations.files.folding import folded
from lms.models import Gender

FILE = Path(__file__).parents[3] / "data" / "affiliation_variants.csv"
LANGUAGES = ("en", "de", "es", "fr", "it", "ru")  # in which names are understood
GENDERS = {
    Gender.WOMAN: "woman;women;female;f;w;lady;Frau;weiblich;femme;féminin;mujer;femenino;"
    "donna;femmina;femminile;женщина;женский;ж;жен",
    Gender.MAN: "man;men;male;m;Mann;männlich;homme;masculin;hombre;masculino;"
    "uomo;maschio;maschile;мужчина;мужской;м;муж",
    Gender.OTHER: "other;x;divers;d;andere;autre;otro;otra;altro;другой;иной",
    Gender.NOT_STATED: "not stated;not_stated;-;n/a;unknown;keine Angabe;non précisé;"
    "no indicado;non indicato;не указано;не указан",
}


def gender(text: str) -> Gender | None:
    return _genders().get(folded(text))


def language(text: str) -> str | None:
    """The tag of a language, from its tag or its name: `fr`, `fa-AF`, `French`, `français`."""
    tag = text.strip().replace("_", "-")
    if folded(tag.partition("-")[0]) in _tags():
        first, *rest = tag.split("-")
        return "-".join((first.lower(), *(one.upper() if len(one) == 2 else one for one in rest)))
    return _languages().get(folded(text))


class States:
    """Codes of the affiliations, found by code, official name or a known variant."""

    def __init__(self, official: Iterable[tuple[str, str]]) -> None:
        """official: (code, name) of each affiliation."""
        self._codes = dict(_variants())
        for code, name in official:
            self._codes[folded(name)] = code
            self._codes[folded(code)] = code

    def find(self, text: str) -> str | None:
        name = folded(text)
        return self._codes.get(name) or self._codes.get(name.removeprefix("the"))


@cache
def _genders() -> Mapping[str, Gender]:
    return {folded(word): one for one, words in GENDERS.items() for word in words.split(";")}


@cache
def _tags() -> frozenset[str]:
    """The languages of two letters, and a few of three that are written at home."""
    return frozenset(tag for tag in Locale("en").languages if tag.isalpha() and len(tag) <= 3)


@cache
def _languages() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for tag in sorted(_tags(), key=len):
        own = Locale(tag).get_language_name() if localedata.exists(tag) else None
        every = [Locale(one).languages.get(tag) for one in LANGUAGES]
        for name in (*every, own):
            if name:
                found.setdefault(folded(name), tag)
    return found


@cache
def _variants() -> Mapping[str, str]:
    """Folded names of Babel's in six languages, and those of the file, which win."""
    found: dict[str, str] = {}
    listed: dict[str, str] = {}
    with FILE.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            for name in row["names"].split(";"):
                listed[folded(name)] = row["code"]
            if len(row["code"]) == 2:
                for one in LANGUAGES:
                    found[folded(Locale(one).territories[row["code"]])] = row["code"]
    return found | listed
