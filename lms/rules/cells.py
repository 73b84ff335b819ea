"""Text that spreadsheets must not take for a formula.

A spreadsheet reads a CSV cell that begins with = + - or @ as a formula, also behind blanks or
quotes, and some read the full-width signs of East Asian keyboards the same way. The guard is one
apostrophe in front. Our own import takes it off, so a file comes back as it went out.
"""

import unicodedata

GUARD = "'"
FORMULA_SIGNS = frozenset("=+-@")
BREAKS = frozenset("\t\r\n")
QUOTES = frozenset("\"'`´‘’‚‛“”„‟«»‹›＂＇")
IGNORED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})  # blanks, control and invisible signs


def guarded(text: str) -> str:
    """The text as it goes into a cell. Numbers are written as numbers and need no guard."""
    return GUARD + text if _is_risky(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith(GUARD) and _is_risky(text[1:]) else text


def _is_risky(text: str) -> bool:
    for sign in text:
        if sign in BREAKS:
            return True
        if sign in QUOTES or unicodedata.category(sign) in IGNORED:
            continue
        return unicodedata.normalize("NFKC", sign)[:1] in FORMULA_SIGNS
    return False
