"""What a Markdown text points to and stands on: links, pictures, terms, headings, attributes.

A scanner, not a renderer: it knows code from text and finds what the checker has to look up.
Its time grows with the text only.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from lms.content.lines import code_spans, fenced, fences, is_escaped, runs


class Kind(StrEnum):
    LINK = "link"
    PICTURE = "picture"  # a player too
    TERM = "term"
    BRACES = "braces"  # attributes that stand at no link or picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """line and column count from 1, in the file."""

    kind: Kind
    line: int
    column: int
    text: str = ""  # what is shown
    target: str = ""  # where it leads; the term
    braces: str | None = None  # what stands in {…} right behind it


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    id: str  # as written in {#…}, else ""
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block with a meaning: its info string and content, set back to the margin."""

    info: str
    lines: tuple[str, ...]
    line: int  # of its first content line


_TERM = re.compile(r"\[\[([^\[\]|`]{1,200})(?:\|([^\[\]|`]{1,200}))?\]\]")
_BRACKET = re.compile(r"\\.|!?\[|\]", re.DOTALL)
_TARGET = re.compile(
    r"\(\s*(?:<([^<>\n]{0,2000})>|((?:[^\s()<>\\]|\\.|\([^\s()]{0,500}\)){0,2000}))"
    r"(?:\s+(?:\"(?:\\.|[^\"\\]){0,2000}\"|'(?:\\.|[^'\\]){0,2000}'))?\s*\)"
)
_REFERENCE = re.compile(r"\[([^\[\]]{1,200})\]")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]^*][^\[\]]{0,200})\]:\s*<?([^\s<>]+)")
_BRACES = re.compile(r"\{:?([^{}\n]{0,1000})\}")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_INNER = re.compile(r"(?:[ >]|[-*+] |[0-9]{1,9}[.)] )*(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_ID = re.compile(r"(?:\A|[ \t]+)\{[ \t]*#([^\s{}#]+)[ \t]*\}\Z")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*")


def scan(lines: Sequence[str], first: int) -> Iterator[Mark]:
    """Every mark of a text outside code; first is the file's line of lines[0]."""
    definitions = _definitions(lines)
    for run in runs(lines):
        text = "\n".join(lines[run.start : run.stop])
        if not any(sign in text for sign in "[{"):
            continue
        starts = list(accumulate((len(lines[row]) + 1 for row in run), initial=0))
        for place, mark in _marks(text, definitions):
            row = bisect_right(starts, place) - 1
            yield Mark(
                kind=mark.kind,
                line=first + run.start + row,
                column=place - starts[row] + 1,
                text=mark.text,
                target=mark.target,
                braces=mark.braces,
            )


def _definitions(lines: Sequence[str]) -> dict[str, str]:
    mask = fenced(lines)
    found = (_DEFINITION.match(line) for line, code in zip(lines, mask, strict=True) if not code)
    return {_label(one[1]): one[2] for one in found if one}


def _label(text: str) -> str:
    return " ".join(text.casefold().split())


def _marks(text: str, definitions: dict[str, str]) -> Iterator[tuple[int, Mark]]:
    """Marks of one run with their places in it, each with line and column still 1."""
    text = _without_code(text)
    defined = _DEFINITION.match(text)
    if defined:
        yield defined.start(2), Mark(kind=Kind.LINK, line=1, column=1, target=defined[2])
        return
    terms: list[tuple[int, Mark]] = []

    def take(found: re.Match[str]) -> str:
        if is_escaped(text, found.start()) or not found[1].strip():
            return found[0]
        shown = " ".join(found[1].split())
        term = " ".join((found[2] or shown).split())
        mark = Mark(kind=Kind.TERM, line=1, column=1, text=shown, target=term)
        terms.append((found.start(), mark))
        return "t" * len(found[0])

    text = _TERM.sub(take, text)
    yield from terms
    used: set[int] = set()  # where braces of links and pictures begin
    opened: list[tuple[int, bool]] = []
    skip = 0
    for found in _BRACKET.finditer(text):
        if found.start() < skip or found[0].startswith("\\"):
            continue
        if found[0] != "]":
            opened.append((found.start(), found[0] == "!["))
            continue
        if not opened:
            continue
        start, picture = opened.pop()
        shown = text[start + (2 if picture else 1) : found.start()]
        target, end = _target(text, found.end(), shown, definitions)
        if target is None:
            continue
        skip = end
        braces = _BRACES.match(text, end)
        if braces:
            used.add(braces.start())
        kind = Kind.PICTURE if picture else Kind.LINK
        inside = braces[1] if braces else None
        yield start, Mark(kind=kind, line=1, column=1, text=shown, target=target, braces=inside)
    for found in _BRACES.finditer(text):
        alone = found.start() not in used and not is_escaped(text, found.start())
        if alone and "{{" not in text[max(0, found.start() - 1) : found.start() + 1]:
            yield found.start(), Mark(kind=Kind.BRACES, line=1, column=1, braces=found[1])


def _target(
    text: str, place: int, shown: str, definitions: dict[str, str]
) -> tuple[str | None, int]:
    found = _TARGET.match(text, place)
    if found:
        target = found[1] if found[1] is not None else found[2]
        return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", target), found.end()
    reference = _REFERENCE.match(text, place)
    if reference and _label(reference[1]) in definitions:
        return definitions[_label(reference[1])], reference.end()
    if _label(shown) in definitions:
        return definitions[_label(shown)], place
    return None, place


def _without_code(text: str) -> str:
    pieces, place = [], 0
    for span in code_spans(text):
        pieces += [text[place : span.start], "`" * len(span)]
        place = span.stop
    return "".join([*pieces, text[place:]])


def headings(lines: Sequence[str], first: int, *, inner: bool = False) -> Iterator[Heading]:
    """Headings at the margin of a text; first is the file's line of lines[0].

    inner: those in quotations, lists and call-outs too, which can be linked to as well.
    """
    mask = fenced(lines)
    for index, line in enumerate(lines):
        if mask[index]:
            continue
        found = (_INNER if inner else _HEADING).fullmatch(line)
        if found:
            text = found[2] or ""
            id = _ID.search(text)
            shown = text[: id.start()] if id else text
            yield Heading(len(found[1]), shown.strip(), id[1] if id else "", first + index)
        elif (
            index
            and (under := _UNDERLINE.fullmatch(line))
            and _is_text(lines[index - 1])
            and not mask[index - 1]
        ):
            level = 1 if under[1].startswith("=") else 2
            yield Heading(level, lines[index - 1].strip(), "", first + index - 1)


def _is_text(line: str) -> bool:
    return bool(line.strip()) and not re.match(r"\s*(?:[#>|]|[-*+] |[0-9]+[.)] |-{3}|={3})", line)


def special_blocks(lines: Sequence[str], first: int) -> Iterator[Block]:
    """Fenced blocks ```question and ```steps, and those that do not end (info "")."""
    for fence in fences(lines):
        if not fence.closed:
            yield Block("", (), first + fence.start)
        elif fence.info in ("question", "steps"):
            opening = lines[fence.start]
            lead = len(opening) - len(opening.lstrip(" >"))
            content = tuple(
                line[min(lead, len(line) - len(line.lstrip(" >"))) :]
                for line in lines[fence.start + 1 : fence.end - 1]
            )
            yield Block(fence.info, content, first + fence.start + 1)
