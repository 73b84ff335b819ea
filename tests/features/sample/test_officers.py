"""The same seed gives the same people."""

import pytest

from lms.features.sample.names import HOMES
from lms.features.sample.officers import officers, shares
from lms.models import Gender, PersonAddress


def test_four_hundred_come_by_the_shares():
    assert shares(400) == [home.share for home in HOMES]


@pytest.mark.parametrize("count", [1, 7, 19, 20, 21, 40, 399, 1_000])
def test_any_number_is_spread_whole(count):
    spread = shares(count)

    assert sum(spread) == count
    assert min(spread) >= (1 if count >= len(HOMES) else 0)


def test_twenty_states_some_of_them_small():
    assert len({home.code for home in HOMES}) == 20
    assert sorted(shares(400))[:3] == [1, 3, 4]


def test_the_same_seed_gives_the_same_people():
    assert officers(7, 60) == officers(7, 60)
    assert officers(7, 60) != officers(8, 60)


def test_addresses_are_of_nobody_else():
    made = [one.address for seed in (1, 2, 11) for one in officers(seed, 120)]

    assert len(set(made)) == len(made)
    assert all(len(one) <= PersonAddress.address.type.length and one.isascii() for one in made)
    assert all(one == one.lower() and one.endswith("@sample.example") for one in made)


def test_names_are_written_in_their_own_script_where_there_is_another():
    people = officers(1, 400)
    own = {one.home.code: one.own_script_name for one in people if one.gender is Gender.WOMAN}

    assert all("ა" <= sign <= "ჰ" for sign in own["GE"].replace(" ", ""))
    assert all("ա" <= sign.lower() <= "և" for sign in own["AM"].replace(" ", ""))
    assert own["AZ"] == own["TR"] == ""


def test_women_bear_the_form_of_the_name_that_is_theirs():
    women = [one for one in officers(3, 400) if one.gender is Gender.WOMAN]
    kazakh = {one.family_name for one in women if one.home.code == "KZ"}

    assert kazakh
    assert all(name.endswith("a") for name in kazakh)
