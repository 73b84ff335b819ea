"""A question as it is written in a quiz."""

import re
from collections.abc import Sequence
from fractions import Fraction

from lms.content import amounts, keys
from lms.content.braces import quoted_value
from lms.content.gaps import put_back
from lms.content.items import as_quote, indented, paragraph_of
from lms.content.questions import MARKINGS, RUBRIC, read_question
from lms.rules.questions import Option, Question, Type

_ARROW = re.compile(r"(?:^|(?<=[\s\\]))=>")


def write_question(question: Question, *, survey: bool = False) -> str:
    """The question's Markdown, from `## ` to its last line.

    Raises ValueError when the format has no words for it (a third of a per cent, an explanation
    that begins with `Rubric:`), so that what is written is always read as it was meant.
    """
    body = put_back(question.body, question.gaps) if question.gaps else question.body
    quotes = [_rubric(question.rubric)] if question.rubric else []
    quotes += [question.explanation] if question.explanation else []
    parts = [body, _answers(question), *map(as_quote, quotes)]
    text = "\n\n".join([_heading(question), *(part for part in parts if part)])
    read, findings = read_question(text, survey=survey)
    if read != question:
        found = next((one.wrong for one in findings), "it would be read as another question")
        raise ValueError(f"the question {question.id} cannot be written: {found}")
    return text


def _heading(question: Question) -> str:
    words = [f"#{question.id}"]
    if question.points != 1:
        words.append(f"points={points_text(question.points)}")
    if question.objective:
        words.append(f"objective={quoted_value(question.objective)}")
    if question.tags:
        words.append(f"tags={quoted_value(', '.join(question.tags))}")
    if question.marking is not MARKINGS[question.type][0]:
        words.append(f"marking={question.marking}")
    if question.fixed:
        words.append("order=fixed")
    if _looks_numeric(question):
        words.append("type=short")
    if question.typos:
        words.append(f"typos={question.typos}")
    if question.required:
        words.append("required")
    return f"## {question.heading} {{{' '.join(words)}}}"


def _rubric(text: str) -> str:
    """A list, table or code begins on a line of its own, or it would be text of the first."""
    return f"{RUBRIC} {text}" if paragraph_of([text.split("\n")[0]]) else f"{RUBRIC}\n{text}"


def points_text(points: Fraction) -> str:
    """`2`, `0.5` or `1/3`."""
    try:
        return amounts.decimal_text(points)
    except ValueError:
        return str(points)


def _looks_numeric(question: Question) -> bool:
    """Short answers that would all be read as numbers."""
    texts = [keys.word_text(word.pattern) for word in question.words]
    return bool(texts) and all(keys.number_key(text) for text in texts)


def _answers(question: Question) -> str:
    if question.type is Type.TRUE_FALSE:
        return f"= {next(one.text for one in question.options if one.right)}"
    if question.options:
        return "\n".join(write_option(one, question.type) for one in question.options)
    if question.type is Type.ESSAY:
        return f"= {keys.ESSAY[0]}"
    if question.scale:
        return f"= {keys.scale_text(question.scale, question.type)}"
    lines = [f"= {keys.number_text(one)}{_share(one.weight)}" for one in question.numbers]
    lines += [f"= {keys.word_text(one.pattern)}{_share(one.weight)}" for one in question.words]
    for pair in question.pairs:
        left, right = (_ARROW.sub(r"\\=>", side) for side in (pair.left, pair.right))
        lines.append(_item("- ", f"{left} => {right}".strip(), _was(pair.was)))
    was = question.item_was or ((),) * len(question.items)
    for number, (text, former) in enumerate(zip(question.items, was, strict=True), start=1):
        lines.append(_item(f"{number}. ", text, _was(former)))
    return "\n".join(lines)


def write_option(option: Option, type: Type) -> str:
    """One option with its mark, attributes and feedback."""
    marks = {Type.SINGLE: "(x) ( ) ", Type.MULTIPLE: "[x] [ ] "}.get(type, "")
    mark = marks[:4] if option.right else marks[4:]
    words = ["pin"] if option.pin else []
    if option.weight is not None:
        words.append(_percent(option.weight))
    text = _item(f"- {mark}", option.text, [*words, *_was(option.was)])
    if not option.feedback:
        return text
    return text + "\n  " + indented(as_quote(option.feedback), "  ")


def _item(lead: str, text: str, words: Sequence[str]) -> str:
    """A list item; its attributes stand at the end of its first paragraph."""
    first, *rest = text.split("\n")
    paragraph = [first, *paragraph_of(rest)]
    if words:
        paragraph[-1] += f" {{{' '.join(words)}}}"
    by = "   " if lead[0].isdigit() else "  "
    return lead + indented("\n".join([*paragraph, *rest[len(paragraph) - 1 :]]), by)


def _was(texts: Sequence[str]) -> list[str]:
    return ['was="{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"')) for text in texts]


def _share(weight: Fraction) -> str:
    return "" if weight == 1 else f" {{{_percent(weight)}}}"


def _percent(share: Fraction) -> str:
    return f"{amounts.decimal_text(share * 100)}%"
