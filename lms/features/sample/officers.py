"""Invented officers: the same seed gives the same people."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lms.features.sample import names
from lms.features.sample.names import HOMES, Home
from lms.models import Gender

DOMAIN = "sample.example"  # reserved: mail to it reaches nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One invented officer, and what their histories are made with."""

    number: int  # from 1
    home: Home
    given_name: str
    family_name: str
    own_script_name: str
    gender: Gender
    agency_type: str
    agency: str
    function: str
    rank_band: str
    address: str
    ability: float  # logits of knowing a question of middling difficulty after the lessons
    zeal: float  # 0 to 1: how probably they finish what they begin
    pace: float  # days between two sittings


def officers(seed: int, count: int) -> list[Officer]:
    """So many officers, spread over the States by their shares, in an order without pattern.

    With 400 everybody's number is the share; a smaller count leaves the smallest States out.
    """
    homes = [home for home, n in zip(HOMES, shares(count), strict=True) for _ in range(n)]
    random.Random(f"order of {seed}").shuffle(homes)
    return [officer(seed, number, home) for number, home in enumerate(homes, start=1)]


def shares(count: int) -> list[int]:
    """How many officers each State sends: by largest remainder, and at least one where there are
    enough officers for all."""
    least = 1 if count >= len(HOMES) else 0
    return [least + n for n in _apportioned(count - least * len(HOMES), least)]


def _apportioned(count: int, less: int) -> list[int]:
    weights = [home.share - less for home in HOMES]
    whole = sum(weights)
    seats = [count * weight // whole for weight in weights]
    by_remainder = sorted(range(len(HOMES)), key=lambda n: (-(count * weights[n] % whole), n))
    for n in by_remainder[: count - sum(seats)]:
        seats[n] += 1
    return seats


def officer(seed: int, number: int, home: Home) -> Officer:
    rng = random.Random(f"officer {number} of {seed}")
    gender = rng.choices(
        (Gender.WOMAN, Gender.MAN, Gender.NOT_STATED),
        (home.share_of_women, 0.98 - home.share_of_women, 0.02),
    )[0]
    woman = gender is Gender.WOMAN
    given = rng.choice(names.listed(home.women if woman else home.men))
    family = names.family(home, rng.choice(names.listed(home.families)), woman=woman)
    agency_type, agency, functions = rng.choices(names.AGENCIES, names.AGENCY_WEIGHTS)[0]
    return Officer(
        number=number,
        home=home,
        given_name=given[0],
        family_name=family[0],
        own_script_name=f"{given[1]} {family[1]}".strip(),
        gender=gender,
        agency_type=agency_type,
        agency=agency,
        function=rng.choice(functions),
        rank_band=rng.choices(names.RANK_BANDS, names.RANK_WEIGHTS)[0],
        address=address(seed, number, given[0], family[0]),
        ability=rng.gauss(2.1 + home.ability, 0.8),
        zeal=min(max(rng.gauss(home.zeal, 0.15), 0.05), 0.98),
        pace=rng.choice((1, 2, 2, 3, 4, 6)),
    )


def address(seed: int, number: int, given: str, family: str) -> str:
    """An address that no other officer of any seed has: `nino.dolidze.1-17@sample.example`."""
    local = f"{names.ascii_letters(given)}.{names.ascii_letters(family)}"
    return f"{local}.{seed}-{number}@{DOMAIN}"


def languages(officer: Officer, spoken: Collection[str]) -> Sequence[str]:
    """English and the State's own working languages."""
    return ["en", *(one for one in spoken if one != "en")]
