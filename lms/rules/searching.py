"""Text made comparable for search: no case, no accents, one blank between words."""

import unicodedata


def fold(text: str) -> str:
    """`Türkiye  ЁЛКА` gives `turkiye елка`; accents fall away from every letter that has one."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(plain.split())
