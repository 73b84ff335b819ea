"""A letter or a list on A4 that anybody can open, print and have read aloud.

`make_pdf` is pure: the same letter gives the same bytes on every machine. Texts travel as JSON:
nothing in them is ever read as markup.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

import typst

from lms.web.paper.coverage import FONTS, heading_face, printable, tidy

TEMPLATE = Path(__file__).resolve().parent / "letter.typ"
LONGEST = 1_200  # signs of one text
SENDER = "OSCE Strategic Police Matters Unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that the paper says, finished texts in the letter's language."""

    title: str
    language: str  # BCP 47
    on: date
    dated: str  # the same day in words
    to: Sequence[str] = ()  # lines of the addressee
    paragraphs: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    columns: Sequence[str] = ()  # of a list, whose first is a number
    rows: Sequence[Sequence[str]] = ()
    closing: Sequence[str] = ()  # lines above and below the signature
    page_word: str = "Page"
    wide: bool = False  # landscape


def make_pdf(letter: Letter) -> bytes:
    """PDF/A-2a and PDF/UA-1."""
    return typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(content(letter))},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime(letter.on.year, letter.on.month, letter.on.day, tzinfo=UTC),
    )


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the folder alone: those of the machine would change the bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def content(letter: Letter) -> dict[str, Any]:
    """What letter.typ reads, every text of it printable."""
    return {
        "sender": text(SENDER),
        "title": text(letter.title),
        "language": letter.language.partition("-")[0],
        "date": letter.on.timetuple()[:3],
        "dated": text(letter.dated),
        "to": [text(one) for one in letter.to if one],
        "paragraphs": [text(one) for one in letter.paragraphs],
        "facts": [[text(name), text(value)] for name, value in letter.facts if value],
        "columns": [text(one) for one in letter.columns],
        "rows": [[text(cell) for cell in row] for row in letter.rows],
        "closing": [text(one) for one in letter.closing],
        "page_word": letter.page_word,
        "wide": letter.wide,
    }


def text(words: str) -> dict[str, Any]:
    """A text with its direction and the family that its heading is set in."""
    tidied = tidy(words)
    shown = printable(tidied if len(tidied) <= LONGEST else tidied[: LONGEST - 1] + "…")
    strong = (bidirectional(sign) for sign in shown)
    first = next((kind for kind in strong if kind in ("L", "R", "AL")), "L")
    return {"text": shown, "rtl": first != "L", "face": heading_face(shown)}
