"""Letters and lists on paper: tagged, in any script, the same bytes each time."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from lms.web.paper.letters import Letter, make_pdf

ROW = ("1", "BERIDZE, Nino", "ნინო ბერიძე", "Patrol Police", "Selected")


def letter(**changes: Any) -> Letter:
    facts: dict[str, Any] = {
        "title": "Invitation to the course",
        "language": "en",
        "on": date(2026, 12, 4),
        "dated": "4 December 2026",
        "to": ("Nino Beridze", "Patrol Police", "Georgia"),
        "paragraphs": ("Dear Nino Beridze,", "You have a place."),
        "facts": (("Course", "Synthetic drugs"), ("Empty", "")),
        "closing": ("Yours sincerely,",),
    }
    return Letter(**{**facts, **changes})


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made), strict=True)


def words(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_a_letter_says_what_it_was_given():
    pdf = read(make_pdf(letter()))

    for said in ("Georgia", "4 December 2026", "You have a place.", "Synthetic drugs", "1 / 1"):
        assert said in words(pdf)
    assert "Empty" not in words(pdf)
    assert pdf.metadata.title == "Invitation to the course"
    assert pdf.root_object["/MarkInfo"]["/Marked"]


def test_a_list_repeats_its_head_on_every_page():
    columns = ("No.", "Name", "Own script", "Agency", "Status")
    pdf = read(make_pdf(letter(columns=columns, rows=[ROW] * 90, wide=True)))

    assert len(pdf.pages) > 2
    assert all("Own script" in page.extract_text() for page in pdf.pages)


@pytest.mark.parametrize("text", ["", "=1+1", "#strong[x]", "سیما رحیمی", "漢字", "x" * 5_000])
def test_any_text_prints(text):
    pdf = read(
        make_pdf(letter(paragraphs=(text, "end"), to=(text,), rows=[(text,)], columns=("No.",)))
    )

    assert "end" in words(pdf)


def test_the_same_letter_gives_the_same_bytes():
    assert make_pdf(letter()) == make_pdf(letter())
