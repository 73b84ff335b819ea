"""The ungraded question of a lesson: asked in the text, its answer in a part that opens."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from lms.content.callouts import icon

if TYPE_CHECKING:
    from lms.content.building import Builder

_OPTION = re.compile(r"- (?:\((?P<one>[ xX])\)|\[(?P<many>[ xX])\])[ \t]+(?P<text>\S.*)")
_ANSWER = re.compile(r"=[ \t]+(\S.*)")
_QUOTE = re.compile(r">[ \t]?(.*)")
_ATTRIBUTES = re.compile(r"[ \t]+\{[^{}]*\}[ \t]*\Z")
_PART = re.compile(r"[ \t]*\{(?:-?[0-9]{1,3}%|pin)\}[ \t]*\Z")


@dataclass(slots=True)
class Choice:
    text: str
    right: bool
    line: int
    feedback: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Check:
    """A self-check as its fence says it; stem and explanation are Markdown lines."""

    heading: str = ""
    stem: list[str] = field(default_factory=list)
    stem_line: int = 1
    choices: list[Choice] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    explanation_line: int = 1


def read(text: str, line: int) -> Check:
    """Read the text of a ```question fence that begins at this line of its file."""
    check = Check()
    lines = text.split("\n")
    first = next((place for place, one in enumerate(lines) if one.strip()), len(lines))
    if first < len(lines):
        check.heading = _ATTRIBUTES.sub("", lines[first].strip()).removeprefix("## ")
    check.stem_line = line + first + 1
    for number, written in enumerate(lines[first + 1 :], line + first + 1):
        inner = written.strip()
        quoted = _QUOTE.match(inner)
        indented = written.startswith("  ")
        if option := _OPTION.match(written):
            right = (option["one"] or option["many"]) in "xX"
            check.choices.append(Choice(_PART.sub("", option["text"]), right, number))
        elif (answer := _ANSWER.match(written)) and not check.choices:
            check.answers.append(_PART.sub("", answer[1]))
        elif check.choices and quoted and indented:
            check.choices[-1].feedback.append(quoted[1])
        elif (check.choices or check.answers) and quoted:
            check.explanation_line = check.explanation_line if check.explanation else number
            check.explanation.append(quoted[1])
        elif check.choices and indented and inner:
            check.choices[-1].text += "\n" + inner
        elif check.explanation:
            check.explanation.append(written)
        elif not check.choices and not check.answers:
            check.stem.append(written)
    if not check.choices and not check.answers:
        _take_last_quote(check)
    return check


def _take_last_quote(check: Check) -> None:
    """Without options the quotation at the end is the answer: a question to think about."""
    lines = check.stem
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and (quoted := _QUOTE.match(lines[-1])):
        check.explanation.insert(0, quoted[1])
        lines.pop()
    check.explanation_line = check.stem_line + len(lines)


def add(builder: "Builder", parent: Element, text: str, line: int) -> None:
    """Add a self-check: its heading, stem and options, then its answers in a part that opens."""
    check = read(text, line)
    page = builder.page
    card = SubElement(parent, "div", {"class": "card stack", "role": "group"})
    builder.inline(card, "p", check.heading).set("class", "strong")
    if any(one.strip() for one in check.stem):
        builder.add_text(card, "\n".join(check.stem), check.stem_line)
    if check.choices:
        options = SubElement(card, "ul")
        for choice in check.choices:
            builder.inline(options, "li", choice.text)
    details = SubElement(card, "details", {"class": "check"})
    SubElement(details, "summary").text = page.word("answer")
    for choice in check.choices:
        if choice.right or any(choice.feedback):
            _add_answer(builder, details, choice)
    for answer in check.answers:
        paragraph = builder.inline(details, "p", answer)
        paragraph.text = f"{page.word('correct_answer')}: {paragraph.text}"
    if check.explanation:
        builder.add_text(details, "\n".join(check.explanation), check.explanation_line)


def _add_answer(builder: "Builder", details: Element, choice: Choice) -> None:
    """One option with its verdict: an icon, a word, and what the author says about it."""
    verdict = "correct" if choice.right else "not_correct"
    tone = "ok" if choice.right else "bad"
    box = SubElement(details, "div", {"class": f"answer {tone}"})
    box.text = icon(verdict, builder.page)
    words = builder.inline(box, "span", choice.text)
    said = " ".join([builder.page.word(verdict) + ".", *choice.feedback]).strip()
    builder.inline(words, "em", said)
