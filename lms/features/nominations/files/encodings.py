"""Which letters the bytes of a text file stand for.

What is found is a guess that the page shows for confirmation: the two Windows code pages can both
read almost any bytes, one as Cyrillic, the other as accented Latin letters.
"""

from enum import StrEnum

from lms.rules.refusal import Refusal, marked


class Encoding(StrEnum):
    """Values are Python's names."""

    UTF_8 = "utf-8-sig"  # with a byte order mark or without
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    WINDOWS_1251 = "cp1251"
    WINDOWS_1252 = "cp1252"


MARKS = {b"\xff\xfe": Encoding.UTF_16_LE, b"\xfe\xff": Encoding.UTF_16_BE}
FIRST_LETTER = 0xC0  # of both code pages: from here on all signs but two are letters
NUL_SHARE = 20  # one byte of this many is NUL: in UTF-16 commas and line ends alone are more


def detect(data: bytes) -> Encoding:
    """The most likely encoding of a text file."""
    if data[:2] in MARKS:
        return MARKS[data[:2]]
    if data.count(0) * NUL_SHARE > len(data):
        little = data[1::2].count(0) >= data[::2].count(0)
        return Encoding.UTF_16_LE if little else Encoding.UTF_16_BE
    if _reads(data, Encoding.UTF_8):
        return Encoding.UTF_8
    if not _reads(data, Encoding.WINDOWS_1252):
        return Encoding.WINDOWS_1251
    return Encoding.WINDOWS_1251 if _is_cyrillic(data) else Encoding.WINDOWS_1252


def decode(data: bytes, encoding: Encoding) -> str:
    """The text, without a byte order mark. Raises Refusal when the bytes do not fit."""
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Refusal(
            marked(
                "The letters of this file cannot be read in this encoding. "
                "Save it as CSV UTF-8, and upload it again."
            )
        ) from None


def _reads(data: bytes, encoding: Encoding) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_cyrillic(data: bytes) -> bool:
    """Cyrillic letters stand side by side; accented Latin ones among plain ones."""
    pairs = alone = 0
    previous = 0
    for byte in data:
        if byte >= FIRST_LETTER:
            if previous >= FIRST_LETTER:
                pairs += 1
            elif chr(previous).isalpha() and previous < 128:
                alone += 1
        previous = byte
    return pairs > alone
