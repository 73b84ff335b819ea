"""Random references and codes: what stands in an address or on a certificate instead of a key.

32 signs of five bits each, A–Z and 2–9 without I and O, which look like 1 and 0. A reference is
no secret: whoever looks one up is asked what he may see.
"""

import unicodedata

from lms.rules.words import LOOK_ALIKES

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
REFERENCE = 16  # signs: 80 bits
_FORGIVEN = str.maketrans("", "", " \t\r\n-‐‑‒–—−_.")
_LOOK_ALIKES = LOOK_ALIKES | {ord("з"): "3"}  # З on a Russian keyboard


def new_reference(random: bytes) -> str:
    """A reference from 10 random bytes: `k7wq-3mzt-9hxd-4cvn`. Raises ValueError for others."""
    return grouped(signs(random, bytes_wanted=10)).lower()


def typed_reference(text: str) -> str | None:
    """The reference that was typed, as `new_reference` writes it; None when it can be none."""
    typed = typed_signs(text, REFERENCE)
    return grouped(typed).lower() if typed else None


def signs(random: bytes, *, bytes_wanted: int) -> str:
    """As many whole signs as the bytes hold; the bits over fall away."""
    if len(random) != bytes_wanted:
        raise ValueError(f"{bytes_wanted} random bytes are needed, not {len(random)}")
    count, bits = 8 * len(random) // 5, int.from_bytes(random)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(count)))


def typed_signs(text: str, count: int) -> str | None:
    """So many signs as they were typed, without regard to case, spaces, dashes, full stops and
    Cyrillic look-alikes; None when there are others, more or fewer."""
    if len(text) > 4 * count:
        return None
    plain = unicodedata.normalize("NFKC", text).translate(_FORGIVEN)
    typed = plain.casefold().translate(_LOOK_ALIKES).upper()
    return typed if len(typed) == count and set(typed) <= set(ALPHABET) else None


def grouped(text: str) -> str:
    """In groups of four with hyphens, as it is printed and read aloud."""
    return "-".join(text[n : n + 4] for n in range(0, len(text), 4))
