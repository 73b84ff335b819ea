"""A certificate to print, and ways to read the print."""

import io
from typing import Any

from pypdf import PageObject, PdfReader

from lms.features.certificates.paper import make_pdf

CODE = "7K3MQ9TX4WRDHN8P2VCE"
ADDRESS = f"https://learning.example.org/verify/{CODE}"
SNAPSHOT: dict[str, Any] = {
    "name": "Nino Beridze",
    "own_script_name": "ნინო ბერიძე",
    "affiliation": "Georgia",
    "course_title": "International co-operation in drug investigations",
    "certificate_title": "Certificate of Completion",
    "hours": "3",
    "release": 2,
    "completed_on": "2026-09-18",
    "issued_on": "2026-09-20",
    "expires_on": "2030-09-20",
    "signatory_name": "Name of signatory",
    "signatory_function": "Head, Strategic Police Matters Unit",
    "code": CODE,
    "check_address": ADDRESS,
    "language": "en",
    "outcomes": ["Choose the channel for a request"],
    "issuer": "OSCE Strategic Police Matters Unit",
}


def paper(**changes: Any) -> PdfReader:
    return PdfReader(io.BytesIO(make_pdf({**SNAPSHOT, **changes})), strict=True)


def only_page(pdf: PdfReader) -> PageObject:
    (page,) = pdf.pages
    return page


def words(pdf: PdfReader) -> str:
    return " ".join(only_page(pdf).extract_text().split())


def letters(text: str) -> list[str]:
    """Signs without their order: readers of PDF files differ in how they order Arabic."""
    return sorted(text.replace(" ", ""))


def baselines(page: PageObject) -> list[tuple[float, float, float]]:
    """Where each piece of text begins, and its size; points from the lower left corner."""
    found = []

    def note(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append((x, y, size * abs(tm[3] * cm[3])))

    page.extract_text(visitor_text=note)
    return found
