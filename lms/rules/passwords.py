"""Which passwords are taken: long ones that are not put together from what is tried first.

Tried first are common passwords and words, runs of keys, letters and digits, repeats, years, and
what a stranger knows of the person and this site. A password falls into such parts; a sign that
belongs to none is a part by itself. The words are the 30,000 most frequent passwords and the 30,000
most frequent English words of the package zxcvbn (MIT licence), which counted them in published
leaks and in Wikipedia.
"""

import re
from collections.abc import Collection
from itertools import pairwise

from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

from lms.rules.refusal import Refusal
from lms.rules.texts import nfc

SHORTEST = 15  # the only factor
LONGEST = 200
FEWEST_PARTS = 4  # different ones: four words picked at random are enough
FEWEST_SIGNS = 8  # beside what is known of the person
SITE_WORDS = ("osce", "spmu", "police", "polis", "learning", "training", "password")
SHORTEST_WORD = 3
LONGEST_WORD = 20
COMMON = frozenset(
    "".join(filter(str.isalnum, word))
    for kind in ("passwords", "english_wikipedia")
    for word in FREQUENCY_LISTS[kind]
    if SHORTEST_WORD <= len(word) <= LONGEST_WORD
)
ROWS = (  # of keyboards and alphabets, read in both directions
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "qwertzuiop",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "0p"),
)
NEIGHBOURS = frozenset(
    pair for row in ROWS for one, other in pairwise(row) for pair in (one + other, other + one)
)
SHORTEST_RUN = 3
DISGUISES = str.maketrans("@$!013457", "asioieast")  # p@ssw0rd


def normalized(password: str) -> str:
    """NFC, once; nothing is cut off."""
    return nfc(password)


def words_of(*texts: str) -> list[str]:
    """The words in names and addresses, for `check`."""
    return re.findall(r"\w{3,}", " ".join(texts))


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
    rest = "".join(sign for sign in rest if sign.isalnum())
    if len(rest) < FEWEST_SIGNS:
        raise Refusal("Use other words: your name, address and this site are tried first.")
    plain = rest.translate(DISGUISES)
    if min(len(parts(rest)), len(parts(plain))) < FEWEST_PARTS:
        raise Refusal(
            "This password is one of those that are tried first. Use four or five words that have"
            " nothing to do with each other."
        )


def parts(text: str) -> set[str]:
    """What the text is put together from, in as few parts as it can be; the same part counts once.

    `text` is in small letters and at most LONGEST signs long.
    """
    fewest: list[list[str]] = [[]]  # of the first n signs
    run = same = 0  # how many signs before this one go on from each other, or are the same
    for end in range(1, len(text) + 1):
        here = text[end - 2 : end] if end > 1 else ""
        run = run + 1 if here in NEIGHBOURS else 0
        same = same + 1 if here and here[0] == here[1] else 0
        best = [*fewest[end - 1], text[end - 1]]
        for begin in range(max(0, end - LONGEST), end - 1):
            if len(fewest[begin]) + 1 < len(best) and _is_part(text[begin:end], run=run, same=same):
                best = [*fewest[begin], text[begin:end]]
        fewest.append(best)
    return set(fewest[-1])


def _is_part(piece: str, *, run: int, same: int) -> bool:
    """Whether the piece, after whose last sign `run` and `same` were counted, is tried first."""
    length = len(piece)
    if length >= SHORTEST_RUN and (run >= length - 1 or same >= length - 1):
        return True
    if length <= 4 and piece.isdigit():
        return True  # a year, a day, an end that a rule asked for
    return length <= LONGEST_WORD and piece in COMMON
