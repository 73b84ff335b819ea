"""The answers of a question, once it is known where they stand and what shape they have."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.content import keys
from lms.content.braces import item_attributes
from lms.content.findings import Report
from lms.content.items import Item, item_of
from lms.content.lines import Block, Kind, blocks, is_key
from lms.rules.questions import (
    Gap,
    Marking,
    NumberKey,
    Option,
    Pair,
    Question,
    Scale,
    Type,
    WordKey,
)


class Shape(StrEnum):
    """How answers are written, in the order in which they are looked for."""

    OPTIONS = "options"
    KEYS = "keys"
    PAIRS = "pairs"
    GAPS = "gaps"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The parts of a Question that its answers give."""

    type: Type
    options: tuple[Option, ...] = ()
    numbers: tuple[NumberKey, ...] = ()
    words: tuple[WordKey, ...] = ()
    pairs: tuple[Pair, ...] = ()
    items: tuple[str, ...] = ()
    item_was: tuple[tuple[str, ...], ...] = ()
    gaps: tuple[Gap, ...] = ()
    scale: Scale | None = None


_MARK = re.compile(r"([(\[])([ xX])([)\]])(?: +|$)")
_ITEM_MARK = re.compile(r"[-*+] +(?:\([ xX]\)|\[[ xX]\])(?: |$)")
_ARROW = re.compile(r"(?:^|(?<=\s))=>(?=\s|$)")
SURVEY_TYPES = {Type.SCALE, Type.NUMBER, Type.CHOICE, Type.MULTIPLE, Type.ESSAY}


def has_mark(line: str) -> bool:
    """The line begins an option: `- (x) …`, `- [ ] …`."""
    return bool(_ITEM_MARK.match(line))


def are_pairs(lines: Sequence[str], block: Block) -> bool:
    """Every item of the list has ` => `."""
    return all(_ARROW.search(lines[item.start].lstrip("-*+ ")) for item in block.items)


def read(
    shape: Shape,
    lines: Sequence[str],
    span: range,
    line: int,
    report: Report,
    values: Mapping[str, str],
    survey: bool,
) -> Answers | None:
    """The answers in these lines; line is the file's line of the question's heading.

    None with findings when they cannot be read; gaps are read by `gaps.read_gaps`.
    """
    part = lines[span.start : span.stop]
    first = line + 1 + span.start
    kind = values.get("type", "")
    if kind and (shape is not Shape.KEYS or kind not in ("numeric", "short")):
        wrong = f"`type={kind[:40]}` has no meaning here"
        report.add("value", wrong, line, 1, "write type=numeric or type=short above `= ` lines")
    if shape is Shape.KEYS:
        made = _keys(part, first, report, kind, survey)
    elif shape is Shape.GAPS:
        made = Answers(type=Type.GAPS)
    else:
        block = next(one for one in blocks(part) if one.kind in (Kind.BULLETS, Kind.NUMBERS))
        items = [item_of(part, item, first, report) for item in block.items]
        if shape is Shape.OPTIONS:
            made = _options(items, report, survey)
        elif shape is Shape.PAIRS:
            made = _pairs(items, report)
        else:
            made = _order(items, report)
    if made and survey and made.type not in SURVEY_TYPES:
        wrong = "a survey has no questions with right answers"
        remedy = 'write a list of options, `= 1..5 "low" "high"`, `= 0..99` or `= …`'
        report.add("question", wrong, first, 1, remedy)
        return None
    return made


def _options(items: Sequence[Item], report: Report, survey: bool) -> Answers | None:
    options, signs, keyed = [], set(), False
    for item in items:
        found = _MARK.match(item.text)
        if found is None and not survey:
            remedy = "write ( ) or (x) before it, or set it in by two to make it part of the last"
            report.add("question", "this option has no mark", item.line, 1, remedy)
            continue
        text = item.text[found.end() :] if found else item.text
        if found:
            signs.add(found[1])
            if {"(": ")", "[": "]"}[found[1]] != found[3]:
                wrong = f"`{found[0].strip()}` is no mark"
                report.add("question", wrong, item.line, 3, "write (x) or [x]")
        right = bool(found and found[2] in "xX")
        keyed = keyed or right
        text, said = item_attributes(text, report, item.line, pin=True, weight=True)
        if not text.strip():
            report.add("question", "the option is empty", item.line, 1, "write its text")
        options.append(
            Option(
                text=item.whole(text).strip(),
                right=right,
                weight=said.weight,
                feedback=item.feedback,
                pin=said.pin,
                was=said.was,
            )
        )
    if len(signs) > 1:
        wrong = "round and square marks stand in one list"
        remedy = "use ( ) when one option is right, [ ] when several may be"
        report.add("question", wrong, items[0].line, 1, remedy)
        return None
    if survey:
        if keyed:
            wrong = "an option of a survey is marked right"
            report.add("question", wrong, items[0].line, 1, "leave the x out")
            return None
        type = Type.MULTIPLE if signs == {"["} else Type.CHOICE
    else:
        type = Type.MULTIPLE if signs == {"["} else Type.SINGLE
    return Answers(type=type, options=tuple(options))


def _keys(
    part: Sequence[str], first: int, report: Report, kind: str, survey: bool
) -> Answers | None:
    texts = [(line[1:].strip(), first + row) for row, line in enumerate(part) if is_key(line)]
    alone = texts[0][0] if len(texts) == 1 else ""
    if alone in keys.ESSAY:
        return Answers(type=Type.ESSAY)
    if survey:
        scale = keys.scale_of(alone)
        if scale is None:
            wrong = "a survey has no questions with right answers"
            remedy = 'write `= 1..5 "low" "high"`, `= 0..99` or `= …` alone'
            report.add("question", wrong, first, 1, remedy)
            return None
        low, high = scale[1].low, scale[1].high
        if low >= high or (scale[0] is Type.SCALE and high - low >= keys.MOST_POINTS):
            wrong = f"a scale from {low} to {high} cannot be shown"
            report.add("question", wrong, first, 3, f"use 2 to {keys.MOST_POINTS} points")
        return Answers(type=scale[0], scale=scale[1])
    if alone.casefold() in ("true", "false") and not kind:
        right = alone.casefold() == "true"
        options = (Option(text="true", right=right), Option(text="false", right=not right))
        return Answers(type=Type.TRUE_FALSE, options=options)
    type, numbers, words = keys.read_keys(texts, kind, report)
    return Answers(type=type, numbers=numbers, words=words)


def _pairs(items: Sequence[Item], report: Report) -> Answers:
    pairs = []
    for item in items:
        text, said = item_attributes(item.text, report, item.line)
        _refuse_feedback(item, report)
        found = _ARROW.search(text)
        left = text[: found.start()].strip() if found else ""
        right = item.whole(text)[found.end() :].strip() if found else ""
        if not right:
            wrong = "nothing stands on the right of =>"
            report.add("question", wrong, item.line, 1, "write `- left => right`")
        pairs.append(Pair(left=_arrow_text(left), right=_arrow_text(right), was=said.was))
    return Answers(type=Type.MATCHING, pairs=tuple(pairs))


def _refuse_feedback(item: Item, report: Report) -> None:
    if item.feedback:
        wrong = "a quotation stands under an item, and only options have feedback"
        report.add("question", wrong, item.line, 1, "put it below the answers, at the margin")


def _arrow_text(text: str) -> str:
    return text.replace(r"\=>", "=>")


def _order(items: Sequence[Item], report: Report) -> Answers:
    texts, was = [], []
    for item in items:
        text, said = item_attributes(item.text, report, item.line)
        if not text.strip():
            report.add("question", "the item is empty", item.line, 1, "write its text")
        _refuse_feedback(item, report)
        texts.append(item.whole(text).strip())
        was.append(said.was)
    known = tuple(was) if any(was) else ()
    return Answers(type=Type.ORDERING, items=tuple(texts), item_was=known)


def check(question: Question, line: int, report: Report, survey: bool) -> None:
    """What must be true of a question of its type; line is that of its heading."""
    _check_count(question, line, report)
    _check_doubles(question, line, report)
    if not survey:
        _check_key(question, line, report)


def _check_count(question: Question, line: int, report: Report) -> None:
    counts = {
        "options": len(question.options) if question.options else None,
        "pairs": sum(1 for pair in question.pairs if pair.left) if question.pairs else None,
        "items": len(question.items) if question.items else None,
    }
    for name, count in counts.items():
        if count is not None and count < 2:
            wrong = f"the question has fewer than two {name}"
            report.add("question", wrong, line, 1, f"write at least two {name}")


def _check_doubles(question: Question, line: int, report: Report) -> None:
    texts = [option.text for option in question.options]
    texts += [pair.left for pair in question.pairs if pair.left]
    texts += question.items
    texts += [word.pattern for word in question.words]
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            report.add("doubled-answer", f"`{text[:60]}` stands twice", line)
        seen.add(text)


def _check_key(question: Question, line: int, report: Report) -> None:
    right = sum(option.right for option in question.options)
    if question.type is Type.SINGLE and right > 1:
        report.add("two-right", f"{right} options are marked (x)", line)
    if question.type is Type.SINGLE and not right:
        report.add("no-right-answer", "no option is marked right", line, 1, "mark one (x)")
    weights = [option.weight for option in question.options if option.weight is not None]
    if question.type is Type.MULTIPLE and question.marking is Marking.WEIGHTS:
        best = sum(weight for weight in weights if weight > 0)
        if best < 1:
            wrong = f"the right options come to {float(best):.0%} together"
            report.add("no-right-answer", wrong, line, 1, "give them 100 % together")
    elif question.type is Type.MULTIPLE and not right:
        report.add("no-right-answer", "no option is marked right", line, 1, "mark them [x]")
    elif question.type is Type.MULTIPLE and weights:
        wrong = "per cents stand at options of a question that is not marked by weights"
        report.add("value", wrong, line, 1, "add marking=weights")
    given = [number.weight for number in question.numbers]
    given += [word.weight for word in question.words]
    if given and max(given) < 1:
        wrong = "no answer gets all points"
        report.add("no-right-answer", wrong, line, 1, "write one answer without {…%}")
