"""The certificate as a file that anybody can open, keep, print and have read aloud.

`make_pdf` is pure: it reads its argument, the template and the fonts beside it, nothing else. The
same snapshot gives the same bytes on every machine and in every year, as long as the template,
the fonts and typst's version stay. Texts travel as JSON: nothing in them is ever read as markup.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypedDict
from unicodedata import bidirectional

import typst

from lms.features.certificates.qr import QUIET, qr_path
from lms.web.paper.coverage import (
    FONTS,
    covered,
    heading_face,
    printable,
    tidy,
)

TEMPLATE = Path(__file__).resolve().parent / "template.typ"
LONGEST = 300  # signs of one text; forms allow fewer


class Snapshot(TypedDict):
    """All that a certificate says, as it was at issue. Dates are ISO days in Vienna."""

    name: str  # Latin letters, as in the passport
    own_script_name: str  # or ""
    affiliation: str
    course_title: str
    certificate_title: str
    hours: str  # "4" or "4.5"
    release: int
    completed_on: str
    issued_on: str
    expires_on: str | None  # the last valid day; None: for ever
    signatory_name: str
    signatory_function: str
    code: str  # 20 signs
    check_address: str  # https://…/verify/CODE
    language: str  # of the course's texts; the paper's own words are English
    outcomes: list[str]  # kept for the check page; the paper has no room for them
    issuer: str


def make_pdf(snapshot: Mapping[str, Any]) -> bytes:
    """The certificate of `snapshot` (see Snapshot): PDF/A-2a and PDF/UA-1, one A4 landscape page.

    Raises KeyError for a missing key and ValueError for a date that is none. Any text prints:
    see coverage.py for letters that no font holds.
    """
    issued = date.fromisoformat(snapshot["issued_on"])
    return typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(content(snapshot))},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime(issued.year, issued.month, issued.day, tzinfo=UTC),
    )


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the folder alone: those of the machine would change the bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def content(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """What template.typ reads, every text of it printable."""
    course, name = _text(snapshot["course_title"]), _text(snapshot["name"])
    own = _cut(tidy(snapshot["own_script_name"]))
    shows_own = own and own != name["text"] and covered(own)
    title = _text(snapshot["certificate_title"])
    return {
        "title": f"{title['text']}: {course['text']}, {name['text']}",
        "language": "en",
        "course_language": _language(snapshot["language"]),
        "date": date.fromisoformat(snapshot["issued_on"]).timetuple()[:3],
        "name": name,
        "own_script_name": _text(own) if shows_own else None,
        "affiliation": _text(snapshot["affiliation"]) if snapshot["affiliation"] else None,
        "course_title": course,
        "certificate_title": title,
        "facts": [_text(fact) for fact in _facts(snapshot)],
        "signatory_name": _text(snapshot["signatory_name"]),
        "signatory_function": _text(snapshot["signatory_function"]),
        "issuer": _text(snapshot["issuer"]),
        "check_at": _text(_typed_address(snapshot["check_address"], snapshot["code"])),
        "code": "-".join(_groups(printable(tidy(snapshot["code"])))),
        "qr": _qr(snapshot["check_address"]),
        "words": {
            "certifies": "This certifies that",
            "completed": "completed the course",
            "check": "Check this certificate at",
            "code": "Code",
            "qr": "QR code that opens the check page for this certificate",
        },
    }


def _text(text: str) -> dict[str, Any]:
    """A text with its direction and the family that its heading is set in."""
    shown = printable(_cut(tidy(text)))
    strong = (bidirectional(sign) for sign in shown)
    first = next((kind for kind in strong if kind in ("L", "R", "AL")), "L")
    return {"text": shown, "rtl": first != "L", "face": heading_face(shown)}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _facts(snapshot: Mapping[str, Any]) -> list[str]:
    """Two lines: what was studied, and when."""
    hours = snapshot["hours"]
    studied = f"{hours} hour{'' if hours == '1' else 's'} of study, version {snapshot['release']}"
    completed = date.fromisoformat(snapshot["completed_on"])
    issued = date.fromisoformat(snapshot["issued_on"])
    days = [f"Completed on {_day(completed)}"]
    if issued != completed:
        days.append(f"issued on {_day(issued)}")
    if snapshot["expires_on"]:
        days.append(f"valid until {_day(date.fromisoformat(snapshot['expires_on']))}")
    return [studied, ", ".join(days)]


def _day(day: date) -> str:
    """British English whatever the machine's locale is: 18 September 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _typed_address(address: str, code: str) -> str:
    """What a person types into the browser: no scheme, and no code, which has its own line."""
    typed = address.partition("://")[2] or address
    before, _, last = typed.rpartition("/")
    return before if last.replace("-", "") == code.replace("-", "") else typed


def _groups(code: str) -> list[str]:
    signs = code.replace("-", "")
    return [signs[at : at + 4] for at in range(0, len(signs), 4)]


def _qr(address: str) -> dict[str, Any]:
    size, path = qr_path(address)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#18222f" d="{path}"/></svg>'
    )
    return {"svg": drawing, "size": size, "quiet": QUIET}


def _language(tag: str) -> str:
    """The language of a tag such as fa-AF; "und" for what is no language tag."""
    language = tag.partition("-")[0].lower()
    return (
        language if language.isalpha() and language.isascii() and 2 <= len(language) <= 3 else "und"
    )
