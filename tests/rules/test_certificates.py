"""A code survives being read aloud, and a certificate is valid to its last day."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.certificates import (
    State,
    expires,
    grouped,
    new_code,
    shown_name,
    state,
    typed_code,
)
from lms.rules.references import ALPHABET, new_reference, typed_reference

quick = settings(max_examples=60, deadline=None)
CODE = "ABCEHKMPTXY23456789Z"
DAY = date(2026, 11, 23)


def test_the_alphabet_has_no_look_alikes():
    assert len(set(ALPHABET)) == 32
    assert not set("IO01") & set(ALPHABET)


@quick
@given(st.binary(min_size=13, max_size=13))
def test_a_code_has_twenty_signs_and_is_read_back(random):
    code = new_code(random)
    assert len(code) == 20
    assert set(code) <= set(ALPHABET)
    assert typed_code(grouped(code)) == typed_code(f" {grouped(code).lower()} ") == code


def test_every_one_of_the_hundred_bits_counts():
    codes = {new_code((1 << bit).to_bytes(13)) for bit in range(104)}
    assert len(codes) == 101  # four bits are over


@pytest.mark.parametrize("size", [0, 12, 14])
def test_another_number_of_random_bytes_is_a_mistake(size):
    with pytest.raises(ValueError, match="13 random bytes"):
        new_code(bytes(size))


def test_a_code_is_printed_in_five_groups_of_four():
    assert grouped(CODE) == "ABCE-HKMP-TXY2-3456-789Z"


@pytest.mark.parametrize(
    "text",
    [
        "abce hkmp txy2 3456 789z",
        "ABCE–HKMP—TXY2−3456‑789Z",
        "АВСЕ-НКМР-ТХУ2-3456-789Z",
        "авсе-нкмр-тху2-З456-789z",
        "ＡＢＣＥ-ＨＫＭＰ-ＴＸＹ２-３４５６-789Z",
        "\tABCEHKMPTXY2\n3456789Z",
    ],
)
def test_a_typed_code_is_forgiven(text):
    assert typed_code(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        CODE[:-1],
        CODE + "A",
        CODE[:-1] + "0",
        CODE[:-1] + "I",
        CODE[:-1] + "й",
        "-" * 20,
        CODE * 1000,
        "%" * 20,
    ],
)
def test_what_can_be_no_code(text):
    assert typed_code(text) is None


@quick
@given(st.text(max_size=90))
def test_a_typed_code_is_none_or_a_code(text):
    typed = typed_code(text)
    assert typed is None or (len(typed) == 20 and set(typed) <= set(ALPHABET))


@quick
@given(st.binary(min_size=10, max_size=10))
def test_a_reference_is_lower_case_in_groups_of_four(random):
    reference = new_reference(random)
    assert [len(group) for group in reference.split("-")] == [4, 4, 4, 4]
    assert reference == reference.lower()
    assert typed_reference(reference.replace("-", " ").upper()) == reference


def test_a_reference_uses_all_eighty_bits():
    assert new_reference(bytes(10)) == "aaaa-aaaa-aaaa-aaaa"
    assert new_reference(b"\xff" * 10) == "9999-9999-9999-9999"
    assert len({new_reference((1 << bit).to_bytes(10)) for bit in range(80)}) == 80
    with pytest.raises(ValueError, match="10 random bytes"):
        new_reference(bytes(13))


@pytest.mark.parametrize("text", ["", "k7wq-3mzt-9hxd-4cv", "k7wq-3mzt-9hxd-4cv0", "Admin"])
def test_what_can_be_no_reference(text):
    assert typed_reference(text) is None


@pytest.mark.parametrize(
    ("issued", "amount", "unit", "last"),
    [
        (DAY, 4, "years", date(2030, 11, 23)),
        (date(2028, 2, 29), 1, "years", date(2029, 2, 28)),
        (date(2028, 2, 29), 4, "years", date(2032, 2, 29)),
        (date(2027, 1, 31), 1, "months", date(2027, 2, 28)),
        (date(2026, 12, 31), 2, "months", date(2027, 2, 28)),
        (DAY, 13, "months", date(2027, 12, 23)),
        (DAY, 2, "weeks", date(2026, 12, 7)),
        (DAY, 1, "days", date(2026, 11, 24)),
    ],
)
def test_a_certificate_is_valid_for_a_span_of_the_calendar(issued, amount, unit, last):
    assert expires(issued, amount, unit) == last


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, "years"), (1, "h"), (9_000, "years"), (10**12, "days")]
)
def test_a_span_that_ends_no_day_is_a_mistake(amount, unit):
    with pytest.raises(ValueError, match=r"."):
        expires(DAY, amount, unit)


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, State.VALID),
        ({"expires": DAY}, State.VALID),  # the last day
        ({"expires": date(2026, 11, 22)}, State.EXPIRED),
        ({"replaced": True}, State.REPLACED),
        ({"replaced": True, "expires": date(2026, 11, 22)}, State.REPLACED),
        ({"revoked_at": NOON}, State.REVOKED),
        ({"revoked_at": NOON, "replaced": True}, State.REVOKED),
    ],
)
def test_the_check_page_says_one_thing(facts, expected):
    known = {"revoked_at": None, "replaced": False, "expires": None}
    assert state(DAY, **known | facts) is expected


@pytest.mark.parametrize(
    ("policy", "typed", "shown"),
    [
        ("full", "", "Ana Khélaïa"),
        ("initials", "", "A. K."),
        ("initials", "Smith", "A. K."),
        ("initials", " KHELAIA ", "Ana Khélaïa"),
        ("hidden", "", ""),
        ("hidden", "Khelaia", ""),
    ],
)
def test_the_name_is_shown_as_the_course_says(policy, typed, shown):
    assert shown_name(policy, "Ana", "Khélaïa", typed) == shown


def test_a_single_name_has_a_single_initial_and_opens_to_nothing_typed():
    assert shown_name("initials", "", "Suharto") == "S."
    assert shown_name("initials", "Suharto", "", "") == "S."
    assert shown_name("full", "", "Suharto") == "Suharto"


def test_an_unknown_policy_is_a_mistake():
    with pytest.raises(ValueError, match="nickname"):
        shown_name("nickname", "Ana", "Khelaia")
