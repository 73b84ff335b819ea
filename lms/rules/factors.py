"""The second factor: codes of an app (TOTP, RFC 6238), and those that stand in for it once."""

import unicodedata
from datetime import datetime

from lms.rules.references import grouped, signs, typed_signs

STEP = 30  # seconds that a code is shown
DRIFT = 1  # steps that the clock of a telephone may be wrong, before and after
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_SIGNS = 12  # 60 bits
RECOVERY_BYTES = 8


def steps_near(now: datetime) -> list[int]:
    """The steps whose codes are taken, the present one first; counted from 1970."""
    here = int(now.timestamp()) // STEP
    return [here, *(here + off * sign for off in range(1, DRIFT + 1) for sign in (-1, 1))]


def typed_code(text: str) -> str | None:
    """Six digits as an app shows them, with blanks or in other numerals; None for anything else."""
    if len(text) > 4 * DIGITS:
        return None
    plain = [sign for sign in text if not sign.isspace()]
    digits = "".join(str(unicodedata.digit(sign, "-")) for sign in plain)
    return digits if len(plain) == DIGITS and digits.isdigit() else None


def new_recovery_code(random: bytes) -> str:
    """From 8 random bytes: `K7WQ-3MZT-9HXD`. Raises ValueError for others."""
    return grouped(signs(random, bytes_wanted=RECOVERY_BYTES))


def typed_recovery_code(text: str) -> str | None:
    """The code that was typed, as `new_recovery_code` writes it; None when it can be none."""
    typed = typed_signs(text, RECOVERY_SIGNS)
    return grouped(typed) if typed else None
