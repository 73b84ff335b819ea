"""Which records are probably one person."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.duplicates import Known, Sign, is_one_slip, look_alike, pairs, signs_of


def known(id: int, name: str, **values: object) -> Known:
    given_name, _, family_name = name.partition(" ")
    fields = {"affiliation_id": 1, "agency": "Border Police", **values}
    return Known(id=id, given_name=given_name, family_name=family_name, **fields)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Yuriy Kovalenko", "Iurii Kovalenko"),
        ("Nino Beridze", "Beridze Nino"),
        ("Şükrü Yıldız", "Sukru Yildiz"),
        ("Jean-Luc O'Brien", "Jean Luc OBrien"),
        ("Mykhailo Zhuk", "Mihailo Juk"),
        ("Ketevan Abashidze", "Ketevan Abashidse"),
        ("Ketevan Abashidze", "Ketevn Abashidze"),
    ],
)
def test_names_of_one_person_look_alike(one, two):
    assert look_alike(one, two)
    assert look_alike(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [("Nino Beridze", "Nana Beridze"), ("Ana Marku", "Ina Marka"), ("Li Wu", "Li Wo")],
)
def test_other_names_do_not(one, two):
    assert not look_alike(one, two)


def test_within_a_state_the_agency_has_to_fit():
    one = known(1, "Nino Beridze")

    assert signs_of(one, known(2, "Nino Beridze")) == {Sign.NAME, Sign.AGENCY}
    assert signs_of(one, known(2, "Nino Beridze", agency="")) == {Sign.NAME}
    assert signs_of(one, known(2, "Nino Beridze", agency="Customs")) == set()
    assert signs_of(one, known(2, "Nino Beridze", affiliation_id=2)) == set()


def test_a_shared_address_is_enough_across_states():
    held = frozenset({"n@mia.gov.ge"})
    one, two = (
        known(1, "Nino Beridze", addresses=held),
        known(2, "Nino Kapanadze", affiliation_id=2, addresses=held),
    )
    assert Sign.ADDRESS in signs_of(one, two)


def test_a_pair_is_told_once_and_an_old_pair_of_three_thrice():
    records = [known(n, "Nino Beridze") for n in (3, 1, 2)]

    assert [(one.first, one.second) for one in pairs(records)] == [(1, 2), (1, 3), (2, 3)]


def test_ten_thousand_records_are_compared_in_time_that_grows_with_their_number():
    letters = string.ascii_lowercase
    records = [
        known(n, f"A{letters[n % 26]}{letters[n // 26 % 26]}ndre Q{letters[n // 676]}vist {n:05}")
        for n in range(10_000)
    ]
    assert len(pairs([*records, known(10_001, "Aandre Qavist 00000")])) >= 1


NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=12)


@settings(max_examples=50)
@given(NAMES, st.integers(0, 11), st.sampled_from(string.ascii_lowercase))
def test_one_letter_more_less_or_other_is_one_slip(name, place, letter):
    place %= len(name)

    assert is_one_slip(name, name)
    assert is_one_slip(name, name[:place] + letter + name[place + 1 :])
    assert is_one_slip(name, name[:place] + letter + name[place:])
    assert is_one_slip(name[:place] + name[place + 1 :], name)


@settings(max_examples=30)
@given(st.lists(st.tuples(NAMES, NAMES), max_size=8))
def test_the_quick_way_finds_what_every_comparison_finds(names):
    records = [known(n, f"{a} {b}") for n, (a, b) in enumerate(names)]
    slow = {
        (one.id, two.id)
        for one in records
        for two in records
        if one.id < two.id and signs_of(one, two)
    }
    assert {(pair.first, pair.second) for pair in pairs(records)} == slow
