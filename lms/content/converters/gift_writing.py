"""Questions written as GIFT, so that reading them again gives the same."""

import re
from collections.abc import Iterable
from fractions import Fraction

from lms.content.converters.foreign import Answer, Foreign, Kind, Text, number_text
from lms.content.converters.gift import NONE, WHOLE

_SIGNS = re.compile(r"[\\:#={}~]")
_PLACES = 5  # of a weight, as Moodle writes it


def write(questions: Iterable[Foreign]) -> bytes:
    """The file, an empty line between two questions."""
    parts = []
    category = ""
    for one in questions:
        if one.category and one.category != category:
            parts.append(f"$CATEGORY: {one.category}")
            category = one.category
        parts.append(_question(one))
    return ("\n\n".join(parts) + "\n").encode()


def unfit(question: Foreign) -> str:
    """Why GIFT cannot hold the question; empty when it can."""
    keys = " ".join(one.text.text for one in question.answers)
    if "->" in keys and question.kind in (Kind.MATCH, Kind.SHORTANSWER):
        return "an arrow -> stands in an answer"
    return ""


def lost(question: Foreign) -> list[str]:
    """What this question has that GIFT has no words for."""
    found = []
    if question.points != 1:
        found.append("its points")
    if question.exact:
        found.append("that capitals count")
    if not question.shuffle:
        found.append("that its order is fixed")
    if question.rubric.text:
        found.append("the notes for markers")
    if question.tags:
        found.append("its tags")
    found += [f"the file {one.name}" for one in question.files]
    if question.kind is Kind.NUMERICAL:
        stars = [one for one in question.answers if one.tolerance is None]
        if len(stars) > 1 or any(one.fraction for one in stars):
            found.append("points for any number")
    whole = any(one.fraction == WHOLE for one in question.answers)
    if question.kind is Kind.MULTICHOICE and question.single and not whole:
        found.append("that one answer is chosen")
    if question.kind is Kind.DESCRIPTION and question.general.text:
        found.append("its feedback")
    return found


def _question(question: Foreign) -> str:
    said = question.text.format
    name = f"::{_plain(question.name)}::" if question.name else ""
    text = f"[{said}]{_plain(question.text.text)}"
    if question.kind is Kind.DESCRIPTION:
        return name + text
    lines = list(_answers(question))
    if question.general.text:
        lines.append(f"####{_marked(question.general, said)}")
    inside = "\n".join(["", *(f"\t{line}" for line in lines), ""]) if lines else ""
    opening = "{#" if question.kind is Kind.NUMERICAL else "{"
    return f"{name}{text}{opening}{inside}}}"


def _answers(question: Foreign) -> Iterable[str]:
    said = question.text.format
    if question.kind is Kind.TRUEFALSE:
        right = next(one for one in question.answers if one.fraction == WHOLE)
        wrong = next((one for one in question.answers if one is not right), right)
        line = right.text.text.upper()
        if wrong.feedback.text or right.feedback.text:
            line += f"#{_marked(wrong.feedback, said)}#{_marked(right.feedback, said)}"
        yield line
        return
    for one in question.answers:
        yield _sign(question, one) + _key(question, one, said) + _feedback(one.feedback, said)


def _sign(question: Foreign, answer: Answer) -> str:
    weight = f"%{number_text(answer.fraction, _PLACES)}%"
    if question.kind is Kind.MULTICHOICE:
        if question.single and answer.fraction == WHOLE:
            return "="
        return "~" if answer.fraction == NONE else f"~{weight}"
    if question.kind is Kind.NUMERICAL and answer.tolerance is None:
        return "~"
    bare = answer.fraction == WHOLE and not answer.text.text.startswith("%")
    return "=" if bare else f"={weight}"


def _key(question: Foreign, answer: Answer, said: str) -> str:
    if answer.right:
        return f"{_marked(answer.text, said)} -> {_plain(answer.right)}"
    if answer.tolerance is not None:
        return f"{answer.text.text}:{_tolerance(answer.tolerance)}"
    if question.kind is Kind.NUMERICAL:
        return ""
    if question.kind is Kind.SHORTANSWER:
        return _plain(answer.text.text)
    return _marked(answer.text, said)


def _tolerance(number: Fraction) -> str:
    return number_text(number, 20)


def _feedback(text: Text, said: str) -> str:
    return f"#{_marked(text, said)}" if text.text else ""


def _marked(text: Text, said: str) -> str:
    """With its format where it is not that of the question, or looks as if it had one."""
    shown = text.format != said or text.text.startswith(("[", "%"))
    return (f"[{text.format}]" if shown and text.text else "") + _plain(text.text)


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text).replace("\n", "\\n")
