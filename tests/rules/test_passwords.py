"""Which passwords are refused, and that good ones are not."""

import random

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from lms.rules.passwords import SHORTEST, check, normalized, parts
from lms.rules.refusal import Refusal
from tests.factories import PASSWORD

COMMON = FREQUENCY_LISTS["passwords"]


def is_taken(password: str, *own_words: str) -> bool:
    try:
        check(password, own_words=own_words)
    except Refusal:
        return False
    return True


def test_ten_thousand_common_passwords_that_are_long_enough_are_refused():
    """Those of the list that fit, and shorter ones as people make them long: doubled, numbered."""
    long = [word for word in COMMON if len(word) >= SHORTEST]
    made = [
        longer
        for word in COMMON[:5_600]
        for longer in (word + word, word + "12345678", word.capitalize() + "2026!", word * 3)
        if len(longer) >= SHORTEST
    ]
    tried = {*long, *made}

    assert len(tried) >= 10_000
    assert [word for word in tried if is_taken(word)] == []


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiopasdfgh",
        "1qaz2wsx3edc4rfv",
        "qwertz12345qwertz",
        "йцукенгшщзфывап",
        "abcdefghijklmnopq",
        "aaaaaaabbbbbbbcccccccd",
        "123456789012345678",
        "P@ssw0rdP@ssw0rd",
        "Passw0rd-2026-Passw0rd",
        "iloveyouiloveyou1",
        "Password1234567!",
        "monkey dragon football",
    ],
)
def test_runs_repeats_and_disguises_are_refused(password):
    assert not is_taken(password)


@pytest.mark.parametrize(
    "password", ["Nino-Beridze-Georgia", "beridze police training", "NinoBeridzeGeorgia2026"]
)
def test_what_is_known_of_the_person_does_not_count(password):
    assert not is_taken(password, "Nino", "Beridze", "Georgia")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "correcthorsebatterystaple",
        "Lampe Wolke Fahrrad Zimt",
        "ночь фонарь кактус ведро",
        "kV9#tLq2!xZp7&mW",
        "ღამე ლამპარი კაქტუსი",
        "x" + "é" * 3 + "9Ω~ kleine Möwe fliegt",
    ],
)
def test_long_ones_of_unrelated_words_or_signs_are_taken(password):
    assert is_taken(password)


def test_random_signs_are_taken():
    chance = random.Random(5)
    signs = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

    assert all(is_taken("".join(chance.choices(signs, k=16))) for _ in range(200))


def test_a_long_password_is_read_to_its_end():
    assert normalized("e\u0301" * 3) == "é" * 3
    assert is_taken("0kL" + "many unrelated lamps and clouds " * 6)
    assert not is_taken("a" * 201)


def test_the_same_part_counts_once():
    assert parts("monkeymonkey2026") == {"monkey", "2026"}
