"""Which letters the paper can print, asked before compiling.

typst refuses PDF/UA when a glyph is missing. A learner's certificate must not fail over a letter,
so every text passes `printable` first. What counts is a letter with its marks: all of it has to
stand in one font, since typst shapes it with one font.
"""

import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts"
HEADINGS = (  # families of the headings, the nearest to the pages' own first
    *("Literata", "Noto Serif", "Noto Serif Georgian", "Noto Serif Armenian"),
    *("Noto Serif Hebrew", "Noto Naskh Arabic"),
)
JOINERS = "\u200c\u200d"  # Persian and others write with them; every other invisible sign goes
MOST_MARKS = 4  # on one letter: more are no spelling, and would climb into the line above


def covered(text: str) -> bool:
    """Whether every letter of `text` prints as itself."""
    return not missing(text)


def missing(text: str) -> set[str]:
    """The letters, each with its marks, that no font of the folder holds whole."""
    fonts = alphabets().values()
    return {
        letter for letter in letters(text) if not any(font.issuperset(letter) for font in fonts)
    }


def printable(text: str) -> str:
    """`text` as it can be printed: missing letters in their nearest spelling, or "?" for none."""
    gone = missing(text)
    return "".join(_nearest(one) if one in gone else one for one in letters(text))


def heading_face(text: str) -> str:
    """The family that sets all of `text`, spaces too: one name never mixes two designs.

    A text in two scripts has none; it begins in Noto Serif, and typst finds the rest.
    """
    whole = (one for one in HEADINGS if all(map(alphabets()[one].issuperset, letters(text))))
    return next(whole, "Noto Serif")


def tidy(text: str) -> str:
    """`text` in one line, composed, without controls, direction signs and towers of marks."""
    seen = (" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    kept = "".join(sign for sign in seen if sign in JOINERS or not _invisible(sign))
    return " ".join("".join(one[: 1 + MOST_MARKS] for one in letters(kept)).split())


def letters(text: str) -> Iterator[str]:
    """Each sign of `text` with the marks and joiners that follow it."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _follows(text[end]):
            yield text[start:end]
            start = end


@cache
def alphabets() -> Mapping[str, frozenset[str]]:
    """The signs of each family, such as Noto Sans: those that all its weights have."""
    found: dict[str, frozenset[str]] = {}
    for file in sorted(FONTS.glob("*.ttf")):
        family = re.sub("(?<=[a-z])(?=[A-Z])", " ", file.stem.partition("-")[0])
        signs = _signs(file.read_bytes())
        found[family] = found.get(family, signs) & signs
    return found


def _nearest(letter: str) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFKD", letter) if not _follows(one))
    plain = unicodedata.normalize("NFC", plain)
    return plain if plain and covered(plain) else "?"


def _follows(sign: str) -> bool:
    return sign in JOINERS or unicodedata.category(sign).startswith("M")


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf")


def _signs(font: bytes) -> frozenset[str]:
    """The signs of a TrueType file, from the format 4 table of its cmap (OpenType 1.9)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * n) for n in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for n in range(count):
        platform, _, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * n)
        form, _, _, twice = struct.unpack_from(">HHHH", font, cmap + offset)
        if platform == 3 and form == 4:
            return frozenset(map(chr, _mapped(font, cmap + offset + 14, twice // 2)))
    raise ValueError("the font has no table of format 4")


def _mapped(font: bytes, at: int, segments: int) -> Iterator[int]:
    """Code points that lead to a glyph; four arrays of `segments` words begin at `at`."""
    words = f">{segments}H"
    size = 2 * segments
    ends = struct.unpack_from(words, font, at)
    starts = struct.unpack_from(words, font, at + size + 2)
    deltas = struct.unpack_from(words, font, at + 2 * size + 2)
    ranges = struct.unpack_from(words, font, at + 3 * size + 2)
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if ranges[n]:
                here = at + 3 * size + 2 + 2 * n  # offsets count from their own place
                (glyph,) = struct.unpack_from(">H", font, here + ranges[n] + 2 * (code - first))
            if glyph and (glyph + deltas[n]) % 0x10000:
                yield code
