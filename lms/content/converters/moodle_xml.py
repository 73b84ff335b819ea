"""Moodle XML, the core types: https://docs.moodle.org/en/Moodle_XML_format."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from lms.content.converters.foreign import (
    FORMATS,
    Answer,
    File,
    Foreign,
    Kind,
    NotThisFormat,
    Skipped,
    Taken,
    Text,
    named,
    number_text,
    percent,
    real,
)
from lms.content.converters.gift import NONE, WHOLE
from lms.content.converters.xmltree import Element, parse

_KINDS = {str(kind): kind for kind in Kind} | {"matching": Kind.MATCH}
_AUTO = "moodle_auto_format"  # Moodle's word for "moodle" in this format
_NO = ("0", "false")


class Unreadable(ValueError):  # noqa: N818 - of one question
    """Why a question cannot be taken over."""


def read(data: bytes) -> Taken:
    """All questions of the core types. Raises NotThisFormat for what is no Moodle XML."""
    root = parse(data)
    if root.tag != "quiz":
        raise NotThisFormat("the file has no <quiz>")
    questions, skipped = [], []
    category = ""
    for element in root.all("question"):
        type = element.attributes.get("type", "")
        if type == "category":
            category = _line(element.first("category").first("text").text)
            continue
        name = _line(element.first("name").first("text").text)
        kind = _KINDS.get(type)
        if kind is None:
            reason = f"“{name}”: questions of type {type[:40]} are not taken over"
            skipped.append(Skipped(line=element.line, reason=reason))
            continue
        try:
            questions.append(_question(element, kind, name, category))
        except Unreadable as wrong:
            skipped.append(Skipped(line=element.line, reason=f"“{name}”: {wrong}"))
    return Taken(questions=named(questions), skipped=tuple(skipped))


def _line(text: str) -> str:
    return " ".join(text.split())


def _question(element: Element, kind: Kind, name: str, category: str) -> Foreign:
    points = element.first("defaultgrade").text.strip()
    return Foreign(
        kind=kind,
        name=name,
        text=_text(element.first("questiontext")),
        answers=tuple(_answers(element, kind)),
        single=element.first("single").text.strip().lower() not in _NO,
        exact=element.first("usecase").text.strip() == "1",
        shuffle=element.first("shuffleanswers").text.strip().lower() not in _NO,
        points=(real(points) if points else None) or Fraction(1),
        general=_text(element.first("generalfeedback")),
        rubric=_text(element.first("graderinfo")),
        tags=tuple(_line(one.first("text").text) for one in element.first("tags").all("tag")),
        category=category,
        files=tuple(_files(element)),
        line=element.line,
    )


def _text(element: Element) -> Text:
    said = (
        element.attributes.get("format", "moodle")
        .replace(_AUTO, "moodle")
        .replace("plain_text", "plain")
    )
    text = element.first("text").text.strip()
    return Text(text=text, format=said if said in FORMATS and text else "moodle")


def _answers(element: Element, kind: Kind) -> Iterator[Answer]:
    if kind is Kind.MATCH:
        for pair in element.all("subquestion"):
            right = _line(pair.first("answer").first("text").text)
            yield Answer(text=_text(pair), fraction=WHOLE, right=right)
        return
    if kind in (Kind.ESSAY, Kind.DESCRIPTION):
        return
    found = [_answer(one, kind) for one in element.all("answer")]
    if not found:
        raise Unreadable("it has no answers")
    if kind is Kind.TRUEFALSE:
        words = sorted(one.text.text for one in found)
        if words != ["false", "true"] or {one.fraction for one in found} != {WHOLE, NONE}:
            raise Unreadable("of true and false one is right")
        found.sort(key=lambda one: one.text.text, reverse=True)
    yield from found


def _answer(element: Element, kind: Kind) -> Answer:
    fraction = percent(element.attributes.get("fraction", "0"))
    if fraction is None:
        raise Unreadable("a fraction is no number from -100 to 100")
    text, tolerance = _text(element), None
    if kind is not Kind.MULTICHOICE:
        text = Text(text=text.text, format="plain")
    if kind is Kind.TRUEFALSE:
        text = Text(text=text.text.lower(), format="plain")
    if kind is Kind.NUMERICAL and text.text != "*":
        tolerance = real(element.first("tolerance").text.strip() or "0")
        if real(text.text) is None or tolerance is None or tolerance < 0:
            raise Unreadable(f"{text.text[:40]} is no number with a tolerance")
    feedback = _text(element.first("feedback"))
    return Answer(text=text, fraction=fraction, feedback=feedback, tolerance=tolerance)


def _files(element: Element) -> Iterator[File]:
    for child in element.children:
        if child.tag == "file" and child.attributes.get("encoding", "base64") == "base64":
            yield File(name=child.attributes.get("name", ""), base64="".join(child.text.split()))
        yield from _files(child)


def unfit(question: Foreign) -> str:
    """Why Moodle XML cannot hold the question: it can."""
    return ""


def lost(question: Foreign) -> list[str]:
    """What this question has that Moodle XML has no words for: nothing."""
    return []


def write(questions: Iterable[Foreign]) -> bytes:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    category = ""
    for one in questions:
        if one.category and one.category != category:
            category = one.category
            inner = f"<category><text>{_safe(category)}</text></category>"
            parts.append(f'<question type="category">{inner}</question>')
        parts += _lines(one)
    return "\n".join([*parts, "</quiz>", ""]).encode()


def _lines(question: Foreign) -> Iterator[str]:
    kind = "matching" if question.kind is Kind.MATCH else question.kind
    yield f'<question type="{kind}">'
    yield f"  <name><text>{_safe(question.name)}</text></name>"
    yield f"  {_element('questiontext', question.text, _files_text(question))}"
    yield f"  {_element('generalfeedback', question.general)}"
    yield f"  <defaultgrade>{number_text(question.points)}</defaultgrade>"
    if question.kind is Kind.MULTICHOICE:
        yield f"  <single>{str(question.single).lower()}</single>"
    if question.kind in (Kind.MULTICHOICE, Kind.MATCH):
        yield f"  <shuffleanswers>{str(question.shuffle).lower()}</shuffleanswers>"
    if question.kind is Kind.SHORTANSWER:
        yield f"  <usecase>{int(question.exact)}</usecase>"
    if question.rubric.text:
        yield f"  {_element('graderinfo', question.rubric)}"
    for one in question.answers:
        yield f"  {_written(question.kind, one)}"
    if question.tags:
        tags = "".join(f"<tag><text>{_safe(tag)}</text></tag>" for tag in question.tags)
        yield f"  <tags>{tags}</tags>"
    yield "</question>"


def _written(kind: Kind, answer: Answer) -> str:
    if kind is Kind.MATCH:
        right = f"<answer><text>{_safe(answer.right)}</text></answer>"
        return _element("subquestion", answer.text, right)
    inner = _element("feedback", answer.feedback)
    if answer.tolerance is not None:
        inner += f"<tolerance>{number_text(answer.tolerance, 20)}</tolerance>"
    fraction = f' fraction="{number_text(answer.fraction)}"'
    return _element("answer", answer.text, inner, fraction)


def _element(tag: str, text: Text, inner: str = "", more: str = "") -> str:
    said = {"moodle": _AUTO, "plain": "plain_text"}.get(text.format, text.format)
    return f"<{tag}{more} format={quoteattr(said)}><text>{_safe(text.text)}</text>{inner}</{tag}>"


def _files_text(question: Foreign) -> str:
    return "".join(
        f'<file name={quoteattr(one.name)} encoding="base64">{_safe(one.base64)}</file>'
        for one in question.files
    )


def _safe(text: str) -> str:
    """Escaped, without the controls that XML has no place for."""
    kept = "".join(sign for sign in text if sign >= " " or sign in "\t\n")
    return escape(kept, {"\r": "&#13;"})
