"""A question from its heading and the lines below it: stem, answers, explanation."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lms.content import amounts, answers
from lms.content.braces import Attributes, heading_attributes
from lms.content.findings import Finding, Report
from lms.content.gaps import find_gaps, read_gaps
from lms.content.items import quoted_text
from lms.content.lines import Block, Kind, blocks, is_key
from lms.rules.questions import Marking, Question, Type

# How each type may be marked; the first is the default.
MARKINGS: dict[Type, tuple[Marking, ...]] = {
    Type.SINGLE: (Marking.ALL,),
    Type.MULTIPLE: (Marking.ALL, Marking.NET, Marking.EACH, Marking.WEIGHTS),
    Type.TRUE_FALSE: (Marking.ALL,),
    Type.NUMERIC: (Marking.ALL,),
    Type.SHORT: (Marking.ALL, Marking.EXACT),
    Type.MATCHING: (Marking.SHARE, Marking.ALL),
    Type.ORDERING: (Marking.ALL, Marking.PAIRS),
    Type.GAPS: (Marking.SHARE, Marking.ALL),
    Type.ESSAY: (Marking.ALL,),
    Type.SCALE: (Marking.ALL,),
    Type.NUMBER: (Marking.ALL,),
    Type.CHOICE: (Marking.ALL,),
}
MOST_POINTS = 1000
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
RUBRIC = "Rubric:"

_SPACED = re.compile(r" {1,3}[-*+] [(\[][ xX][)\]] ")
_CLUMSY = re.compile(r"[-*+] ?[(\[] ?[xX]? ?[)\]]")


def id_of(heading: str) -> str:
    """What a question without `#id` is called: it stays while its heading does."""
    return "q-" + hashlib.sha256(heading.encode()).hexdigest()[:8]


def read_question(
    text: str, path: str = "", line: int = 1, *, survey: bool = False
) -> tuple[Question | None, tuple[Finding, ...]]:
    """One question by itself, as in a self-check: its first line is the heading without `## `.

    The question is None when it has no shape. line is the file's line of the heading.
    """
    report = Report(path)
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    heading, *rest = composed.split("\n")
    made = question_of(heading.removeprefix("## "), rest, line, report, survey=survey)
    return made, tuple(report.found)


def question_of(
    heading: str, lines: Sequence[str], line: int, report: Report, *, survey: bool = False
) -> Question | None:
    """The question below a heading (without `## `) at this line of the file, or None."""
    before = len(report.found)
    text, attributes = heading_attributes(heading, report, line)
    if not text:
        report.add("question", "the question has no text", line, 1, "write it after `## `")
    if attributes.id and not ID.fullmatch(attributes.id):
        wrong = f"`#{attributes.id[:70]}` cannot be an id"
        report.add("value", wrong, line, 1, "use up to 64 of a-z, 0-9, - and _")
    shape = _shape(lines, line + 1, report, survey)
    if shape is None:
        return None
    found = answers.read(shape.kind, lines, shape.span, line, report, attributes.values, survey)
    if found is None:
        return None
    explanation, rubric = _quotes(lines, shape.quotes)
    body, gaps = "\n".join(lines[: shape.stem]).strip("\n").rstrip(), found.gaps
    if shape.kind is answers.Shape.GAPS:
        body, gaps = read_gaps(lines[: shape.span.stop], line + 1, report)
        found = answers.Answers(type=Type.GAPS)
    if any(one.level == "error" for one in report.found[before:]):
        return None
    question = Question(
        id=attributes.id or id_of(text),
        type=found.type,
        heading=text,
        body=body,
        points=_points(attributes, line, report),
        objective=attributes.values.get("objective", ""),
        tags=_tags(attributes),
        marking=_marking(attributes, found.type, line, report),
        required=attributes.required,
        fixed=_fixed(attributes, line, report),
        typos=_typos(attributes, found.type, line, report),
        options=found.options,
        numbers=found.numbers,
        words=found.words,
        pairs=found.pairs,
        items=found.items,
        item_was=found.item_was,
        gaps=gaps,
        scale=found.scale,
        explanation=explanation,
        rubric=rubric,
    )
    answers.check(question, line, report, survey)
    failed = any(one.level == "error" for one in report.found[before:])
    return None if failed else question


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: answers.Shape
    stem: int  # lines of the stem, as an end index
    span: range  # lines of the answers
    quotes: tuple[Block, ...]


def _shape(lines: Sequence[str], line: int, report: Report, survey: bool) -> _Shape | None:
    """Where stem, answers and explanation stand; the first shape that fits, in the order of
    the format. line is the file's line of lines[0]."""
    found = list(blocks(lines))
    quotes: list[Block] = []
    while found and found[-1].kind is Kind.QUOTE:
        quotes.insert(0, found.pop())
    if quotes and not quotes[0].apart:
        wrong = "a quotation right below the answers is neither feedback nor explanation"
        remedy = "set it in by two for feedback, or put an empty line before it"
        report.add("question", wrong, line + quotes[0].start, 1, remedy)
        return None
    end = quotes[0].start if quotes else len(lines)
    marked = [block for block in found if _first_marked(lines, block) is not None]
    keys = [block for block in found if block.kind is Kind.KEYS]
    gaps = find_gaps(lines[:end])
    if bool(marked) + bool(keys) + bool(gaps) > 1:
        wrong = "the question has answers of two kinds"
        remedy = r"keep one, and write \ before `- (`, `=` or `{{` where text is meant"
        report.add("question", wrong, line - 1, 1, remedy)
        return None
    last = found[-1] if found else None
    if marked or keys:
        block = (marked or keys)[0]
        if block is not last:
            wrong = "text follows the answers"
            remedy = "put it before them, or after an empty line as a quotation"
            report.add("question", wrong, line + block.end, 1, remedy)
            return None
        start = _first_marked(lines, block) if marked else block.start
        shape = answers.Shape.OPTIONS if marked else answers.Shape.KEYS
        return _Shape(shape, start or 0, range(start or 0, block.end), tuple(quotes))
    if last and last.kind is Kind.BULLETS and answers.are_pairs(lines, last):
        return _Shape(answers.Shape.PAIRS, last.start, range(last.start, last.end), tuple(quotes))
    if gaps:
        if last and gaps[-1][0] < last.start:
            wrong = "text follows the text with gaps"
            report.add("question", wrong, line + last.start, 1, "put it before that text")
            return None
        stop = last.end if last else end
        return _Shape(answers.Shape.GAPS, 0, range(0, stop), tuple(quotes))
    if last and last.kind is Kind.NUMBERS:
        shape = answers.Shape.ORDER
        return _Shape(shape, last.start, range(last.start, last.end), tuple(quotes))
    if last and survey and last.kind is Kind.BULLETS:
        shape = answers.Shape.OPTIONS
        return _Shape(shape, last.start, range(last.start, last.end), tuple(quotes))
    _no_shape(lines, last, line, report, survey)
    return None


def _first_marked(lines: Sequence[str], block: Block) -> int | None:
    """The line of the first item with a mark, where the answers begin."""
    if block.kind is not Kind.BULLETS:
        return None
    marked = (item.start for item in block.items if answers.has_mark(lines[item.start]))
    return next(marked, None)


def _no_shape(
    lines: Sequence[str], last: Block | None, line: int, report: Report, survey: bool
) -> None:
    remedy = "end it with options, `= ` lines, pairs with =>, gaps or a numbered list"
    if survey:
        remedy = 'end it with a list of options, `= 1..5 "low" "high"`, `= 0..99` or `= …`'
    place = line - 1
    for index, one in enumerate(lines):
        if is_key(one) and index and lines[index - 1].strip():
            place, remedy = line + index, "put an empty line before the first `= ` line"
            break
        if _SPACED.match(one):
            place, remedy = line + index, "begin the options at the margin"
            break
        if _CLUMSY.match(one) and not answers.has_mark(one):
            place, remedy = line + index, "write `- (x) right` and `- ( ) wrong`"
            break
    else:
        if last and last.kind is Kind.BULLETS:
            place, remedy = line + last.start, "mark the options with (x) and ( ), or [x] and [ ]"
    report.add("question", "the question has no answers", place, 1, remedy)


def _quotes(lines: Sequence[str], quotes: Sequence[Block]) -> tuple[str, str]:
    """Explanation and rubric."""
    explanation, rubric = [], []
    for quote in quotes:
        text = quoted_text(lines[quote.start : quote.end])
        if text.startswith(RUBRIC):
            rubric.append(text.removeprefix(RUBRIC).strip())
        else:
            explanation.append(text)
    return "\n\n".join(explanation), "\n\n".join(rubric)


def _points(attributes: Attributes, line: int, report: Report) -> Fraction:
    text = attributes.values.get("points", "1")
    points = amounts.amount(text)
    if points is None or not 0 < points <= MOST_POINTS:
        wrong = f"`points={text[:40]}` is no number of points"
        report.add("value", wrong, line, 1, f"write a number up to {MOST_POINTS}, such as 2 or 1/2")
        return Fraction(1)
    return points


def _marking(attributes: Attributes, type: Type, line: int, report: Report) -> Marking:
    known = MARKINGS[type]
    text = attributes.values.get("marking", known[0])
    if text not in known:
        wrong = f"`marking={text[:40]}` is unknown for this type of question"
        report.add("value", wrong, line, 1, f"write one of {', '.join(known)}")
        return known[0]
    return Marking(text)


def _fixed(attributes: Attributes, line: int, report: Report) -> bool:
    order = attributes.values.get("order", "")
    if order not in ("", "fixed"):
        report.add("value", f"`order={order[:40]}` is unknown", line, 1, "write order=fixed")
    return order == "fixed"


def _typos(attributes: Attributes, type: Type, line: int, report: Report) -> int:
    typos = attributes.values.get("typos", "0")
    if typos not in ("0", "1") or (typos == "1" and type not in (Type.SHORT, Type.GAPS)):
        wrong = f"`typos={typos[:40]}` has no meaning here"
        report.add("value", wrong, line, 1, "write typos=1 for answers that are typed words")
        return 0
    return int(typos)


def _tags(attributes: Attributes) -> tuple[str, ...]:
    tags = (tag.strip() for tag in attributes.values.get("tags", "").split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))
