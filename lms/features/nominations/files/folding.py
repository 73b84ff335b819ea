"""Names compared as people mean them: no case, no accents, no signs between words."""

import unicodedata

STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ß": "ss"})


def folded(text: str) -> str:
    """`First_name`, `first name` and `FIRST NAME` are one; so are `Türkiye` and `Turkiye`."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(STROKES)
    return "".join(sign for sign in plain if sign.isalnum())
