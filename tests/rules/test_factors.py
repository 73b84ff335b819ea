"""Which codes are taken, and how they may be typed."""

from datetime import UTC, datetime

import pytest

from lms.rules.factors import (
    new_recovery_code,
    steps_near,
    typed_code,
    typed_recovery_code,
)


def test_a_code_of_the_step_before_and_after_is_taken():
    assert steps_near(datetime.fromtimestamp(90, UTC)) == [3, 2, 4]
    assert steps_near(datetime.fromtimestamp(119, UTC)) == [3, 2, 4]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("12345", None),
        ("1234567", None),
        ("12345a", None),
        ("-12345", None),
        ("1" * 6 + " " * 100, None),
        ("", None),
    ],
)
def test_a_code_is_six_digits(typed, code):
    assert typed_code(typed) == code


def test_a_recovery_code_is_read_as_it_was_printed_or_said():
    code = new_recovery_code(bytes(range(8)))

    assert len(code.replace("-", "")) == 12
    assert typed_recovery_code(code.lower().replace("-", " ")) == code
    assert typed_recovery_code(code[:-1]) is None
