"""A number is read the way its writer's country writes it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.numbers import half_up, readings, shown
from tests.steps import steps_of

quick = settings(max_examples=60, deadline=None)
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９")
GROUPERS = ("", ",", ".", " ", "\u00a0", "\u202f", "\u2009", "'", "’", "٬")


def only(text):
    """The one reading of a number that has one."""
    (number,) = readings(text) or (None,)
    return number


@quick
@given(
    st.integers(-(10**9), 10**9),
    st.none() | st.text("0123456789", min_size=1, max_size=5),
    st.sampled_from(GROUPERS),
    st.sampled_from((".", ",", "٫")),
    st.sampled_from(DIGITS),
    st.sampled_from(("", " ", "\u00a0")),
    st.sampled_from(("", "ha", "HA", "Ha.", "hectares")),
)
def test_every_spelling_of_a_number_is_read(whole, behind, grouper, point, digits, blank, unit):
    text = f"{abs(whole):,}".replace(",", grouper)
    if behind is not None:
        if grouper == point:
            return
        text += point + behind
    text = text.translate(dict(zip(map(ord, "0123456789"), digits, strict=True)))
    sign = "−" if whole < 0 else ""
    number = Fraction(f"{'-' if whole < 0 else ''}{abs(whole)}{'.' + behind if behind else ''}")
    assert number in readings(f"{sign}{text}{blank}{unit}", ("ha", "Hectares"))


@pytest.mark.parametrize("text", ["10,200", "10.200", "१०,२००", "10,200."])
def test_one_mark_before_three_digits_may_be_either(text):
    assert readings(text) == {Fraction(10200), Fraction("10.2")}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10 200", 10200),
        ("10\u202f200", 10200),
        ("10’200.5", Fraction("10200.5")),
        ("1,234.567", Fraction("1234.567")),
        ("1.234,567", Fraction("1234.567")),
        ("1.234.567", 1234567),
        ("1,234,567.25", Fraction("1234567.25")),
        ("12,34", Fraction("12.34")),
        ("1234.567", Fraction("1234.567")),
        ("0.200", Fraction("0.2")),
        ("0,125", Fraction("0.125")),
        (".5", Fraction("0.5")),
        ("1,00,000", 100000),
        ("3.141 592", Fraction("3.141592")),
        ("٣٫١٤", Fraction("3.14")),
        ("١٠٬٢٠٠", 10200),
        ("-5", -5),
        ("− 5", -5),
        ("–5", -5),
        ("+5", 5),
        ("007", 7),
        ("１２", 12),
        (" 19. ", 19),
        ("\u200f19\u200e", 19),
    ],
)
def test_a_number_with_one_reading(text, number):
    assert only(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        ".",
        "ten",
        "1 2 3",
        "10 20",
        "1000 200",
        "0 200",
        "0.200.300",
        "1.2.3",
        "1,2.3,4",
        "12.05.2024",
        "1,234,567,8",
        "5-10",
        "1/2",
        "½",
        "10 000,000.5",
        "1e3",
        "0x10",
        "--5",
        "5 5 t",
    ],
)
def test_what_is_no_number(text):
    assert readings(text) is None


@pytest.mark.parametrize("text", ["19t", "19 t", "19 T.", "19 Tonnes", "19", "t 19", "tonnes 19"])
def test_a_unit_may_stand_in_any_of_its_spellings(text):
    assert readings(text, ("t", "tonnes")) == {Fraction(19)}


@pytest.mark.parametrize("text", ["19 kg", "19 t t", "t", "19 t 20", "19 to"])
def test_another_unit_is_not_read(text):
    assert readings(text, ("t", "tonnes")) is None


def test_signs_serve_as_units():
    assert readings("80%", ("%",)) == readings("80 %", ("%",)) == {Fraction(80)}
    assert readings("€ 500", ("€",)) == readings("500 €", ("€",)) == {Fraction(500)}
    assert readings("10 m²", ("m²",)) == {Fraction(10)}


@pytest.mark.parametrize("text", ["1" * 10_000, "1 " * 5_000, "1," * 5_000, " " * 10_000 + "1"])
@pytest.mark.parametrize("end", ["", "x", ".", "\ufdfa" * 100])
def test_a_hostile_number_is_no_number_in_few_steps(text, end):
    assert readings(text + end, ("ha",)) is None
    assert readings(text[:190] + end[:10], ("ha",)) is None or not end or end == "."
    assert steps_of(lambda: readings(text + end, ("ha",))) < 1_000


@quick
@given(st.text(max_size=250), st.lists(st.text(max_size=5), max_size=3))
def test_no_text_is_an_error(text, units):
    read = readings(text, units)
    assert read is None or read


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("1/2", 0, 1),
        ("-1/2", 0, -1),
        ("1/200", 2, "1/100"),
        ("2/3", 2, "67/100"),
        ("5/4", 1, "13/10"),
    ],
)
def test_a_half_goes_away_from_zero(value, places, expected):
    assert half_up(Fraction(value), places) == Fraction(expected)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("7", "7"),
        ("15/2", "7.5"),
        ("20/3", "6.67"),
        ("1/20", "0.05"),
        ("-1/3", "-0.33"),
        ("0", "0"),
        ("199/200", "1"),
        ("-1/1000", "0"),
        ("10200", "10200"),
    ],
)
def test_a_value_is_shown_without_needless_zeros(value, text):
    assert shown(Fraction(value)) == text
