"""Aiken: a text, options `A.` or `A)`, `ANSWER: B`. Choices with one right answer, no feedback."""

import re
from collections.abc import Iterable

from lms.content.converters.foreign import (
    Answer,
    Foreign,
    Kind,
    NotThisFormat,
    Skipped,
    Taken,
    Text,
    decoded,
    named,
)
from lms.content.converters.gift import NONE, WHOLE

_OPTION = re.compile(r"([A-Z])[.)] +(.+)")
_ANSWER = re.compile(r"ANSWER: *([A-Z])\b.*")


def read(data: bytes) -> Taken:
    """All questions of the file. Raises NotThisFormat when no line begins with `ANSWER:`."""
    lines = [line.strip() for line in decoded(data).split("\n")]
    if not any(_ANSWER.fullmatch(line) for line in lines):
        raise NotThisFormat("no line of the file says ANSWER: and a letter")
    questions, skipped = [], []
    stem: list[str] = []
    options: dict[str, str] = {}
    first = 1
    for number, line in enumerate(lines, start=1):
        option, answer = _OPTION.fullmatch(line), _ANSWER.fullmatch(line)
        first = first if stem or options else number
        if answer:
            made, reason = _question(stem, options, answer[1], first)
            questions += [made] if made else []
            skipped += [Skipped(line=first, reason=reason)] if reason else []
            stem, options = [], {}
        elif option and stem:
            options[option[1]] = option[2]
        elif line and options:
            skipped.append(Skipped(line=first, reason="no ANSWER: follows its options"))
            stem, options, first = [line], {}, number
        elif line:
            stem.append(line)
    if stem or options:
        skipped.append(Skipped(line=first, reason="no ANSWER: follows its options"))
    return Taken(questions=named(questions), skipped=tuple(skipped))


def _question(
    stem: list[str], options: dict[str, str], right: str, line: int
) -> tuple[Foreign | None, str]:
    if not stem or len(options) < 2:
        return None, "a question needs a text and two options"
    if right not in options:
        return None, f"ANSWER: {right} names no option"
    answers = tuple(
        Answer(text=Text(text=text), fraction=WHOLE if letter == right else NONE)
        for letter, text in options.items()
    )
    text = Text(text="\n".join(stem))
    return Foreign(kind=Kind.MULTICHOICE, name="", text=text, answers=answers, line=line), ""


def unfit(question: Foreign) -> str:
    """Why Aiken cannot hold the question; empty when it can."""
    if question.kind is not Kind.MULTICHOICE or not question.single:
        return f"Aiken has choices of one only, and this is {question.kind}"
    if not 2 <= len(question.answers) <= 26:
        return "Aiken has 2 to 26 options"
    right = [one.fraction for one in question.answers].count(WHOLE)
    return "" if right == 1 else f"{right} options are right, and Aiken has one"


def lost(question: Foreign) -> list[str]:
    """What this question has that Aiken has no words for."""
    found = []
    if question.points != 1:
        found.append("its points")
    if question.general.text or any(one.feedback.text for one in question.answers):
        found.append("its feedback")
    if any(one.fraction not in (WHOLE, NONE) for one in question.answers):
        found.append("points for a half right answer")
    if "\n" in question.text.text or any("\n" in one.text.text for one in question.answers):
        found.append("its line breaks")
    if question.text.format not in ("moodle", "plain"):
        found.append(f"that its text is {question.text.format}")
    if not question.shuffle:
        found.append("that its order is fixed")
    found += ["its tags"] if question.tags else []
    found += [f"the file {one.name}" for one in question.files]
    return found


def write(questions: Iterable[Foreign]) -> bytes:
    """The file, of questions that are not unfit."""
    parts = []
    for question in questions:
        letters = [chr(ord("A") + place) for place in range(len(question.answers))]
        lines = [_line(question.text.text)]
        pairs = list(zip(letters, question.answers, strict=True))
        lines += [f"{letter}) {_line(one.text.text)}" for letter, one in pairs]
        right = next(letter for letter, one in pairs if one.fraction == WHOLE)
        parts.append("\n".join([*lines, f"ANSWER: {right}"]))
    return ("\n\n".join(parts) + "\n").encode()


def _line(text: str) -> str:
    return " ".join(text.split())
