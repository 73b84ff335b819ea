"""A question as other systems know it. Types and fractions follow Moodle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lms.content.amounts import decimal_text

LARGEST = 10_000_000  # bytes of one file: pictures of an export are in it


class Kind(StrEnum):
    MULTICHOICE = "multichoice"
    TRUEFALSE = "truefalse"
    SHORTANSWER = "shortanswer"
    NUMERICAL = "numerical"
    MATCH = "match"
    ESSAY = "essay"
    DESCRIPTION = "description"


FORMATS = ("moodle", "html", "markdown", "plain")  # of a text; `moodle` is plain text with links


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text and how it is marked up."""

    text: str = ""
    format: str = "moodle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that was foreseen. Of a match it is the left side, of a number its middle."""

    text: Text
    fraction: Fraction  # per cent of the points, -100 to 100
    feedback: Text = Text()
    tolerance: Fraction | None = None  # of a number; None: any number (`*`)
    right: str = ""  # the right side of a match


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that came inside the text of a question."""

    name: str
    base64: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    kind: Kind
    name: str
    text: Text
    answers: tuple[Answer, ...] = ()
    single: bool = True  # of multichoice: one answer is chosen
    exact: bool = False  # of shortanswer: capitals count
    shuffle: bool = True
    points: Fraction = Fraction(1)
    general: Text = Text()  # feedback whatever was answered
    rubric: Text = Text()  # for markers of an essay
    tags: tuple[str, ...] = ()
    category: str = ""
    files: tuple[File, ...] = ()
    line: int = 1  # of the file where it begins, from 1

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values: type, name, text, format, answers; others where they say something."""
        made: dict[str, Any] = {
            "type": str(self.kind),
            "name": self.name,
            "text": self.text.text,
            "format": self.text.format,
            "line": self.line,
            "answers": [self._answer(one) for one in self.answers],
        }
        if self.kind is Kind.MULTICHOICE:
            made["single"] = self.single
        for key, value in (("category", self.category), ("feedback", self.general.text)):
            if value:
                made[key] = value
        return made

    def _answer(self, answer: Answer) -> dict[str, Any]:
        made: dict[str, Any] = {
            "text": answer.text.text,
            "fraction": json_number(answer.fraction),
            "feedback": answer.feedback.text,
        }
        if self.kind is Kind.MATCH:
            made["match"] = answer.right
        if answer.tolerance is not None:
            made["tolerance"] = json_number(answer.tolerance)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """What was not taken over, where it stood and why."""

    line: int
    reason: str

    def as_dict(self) -> dict[str, Any]:
        return {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a file gave."""

    questions: tuple[Foreign, ...]
    skipped: tuple[Skipped, ...] = ()


class NotThisFormat(ValueError):  # noqa: N818 - the answer to a question, as its name says
    """The file is not of the format it was read as; the message says why."""


def json_number(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


def number_text(number: Fraction, places: int = 7) -> str:
    """As a decimal: exact where there is one, else with so many places."""
    try:
        return decimal_text(number)
    except ValueError:
        return decimal_text(Fraction(round(number * 10**places), 10**places))


def percent(text: str) -> Fraction | None:
    """`33.33333` or `-100` exactly, None when it is no number from -100 to 100."""
    number = real(text)
    return None if number is None or abs(number) > 100 else number


def real(text: str) -> Fraction | None:
    """A decimal number, `1e3` included; None when it is none or has too many digits."""
    digits = text.strip().lower()
    exponent = digits.partition("e")[2]
    if len(digits) > 40 or "_" in digits or "/" in digits or len(exponent.lstrip("+-")) > 2:
        return None
    try:
        return Fraction(digits)
    except ValueError:
        return None


def decoded(data: bytes) -> str:
    """The file as text with plain line ends: UTF-8 or UTF-16 with its mark, else Windows-1252.

    Raises NotThisFormat when it is no text or larger than LARGEST.
    """
    if len(data) > LARGEST:
        raise NotThisFormat(f"the file is larger than {LARGEST // 1_000_000} MB")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise NotThisFormat("the file is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def short(text: str) -> str:
    """A name made of a text: one line of at most 80 signs."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:77].rstrip()}..."


def named(questions: Sequence[Foreign]) -> tuple[Foreign, ...]:
    """Each with a name, from its text where it has none."""
    return tuple(one if one.name else replace(one, name=short(one.text.text)) for one in questions)
