"""Typed text made fit to keep."""

import unicodedata

MOST_MARKS = 30  # on one letter, as Unicode's stream-safe format has it (UAX 15)


def nfc(text: str) -> str:
    """NFC. Marks beyond thirty on one letter fall away: ordering them takes quadratic time."""
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))
