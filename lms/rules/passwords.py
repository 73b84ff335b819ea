"""Which passwords are taken: long ones, without the words that a stranger tries first."""

from collections.abc import Collection

from lms.rules.refusal import Refusal
from lms.rules.texts import nfc

SHORTEST = 15  # the only factor
LONGEST = 200
SITE_WORDS = ("osce", "spmu", "police", "learning", "password")


def normalized(password: str) -> str:
    """NFC, once; nothing is cut off."""
    return nfc(password)


def check(password: str, *, own_words: Collection[str]) -> None:
    """Raises Refusal with what to do when the password is too easy; own_words: name, address …"""
    if len(password) < SHORTEST:
        raise Refusal(
            "Use at least {SHORTEST} signs. Four or five words are easy to remember.",
            SHORTEST=SHORTEST,
        )
    if len(password) > LONGEST:
        raise Refusal("Use at most {LONGEST} signs.", LONGEST=LONGEST)
    if len(set(password.casefold())) < 6:
        raise Refusal("Use more different signs: this password repeats a few.")
    rest = password.casefold()
    for word in sorted({*SITE_WORDS, *(word.casefold() for word in own_words)}, key=len)[::-1]:
        if len(word) > 2:
            rest = rest.replace(word, "")
    if len(rest) < 8:
        raise Refusal("Use other words: your name, address and this site are tried first.")
