"""Where our HTML has another structure than CommonMark would give the same text, and what to do.

Both outlines are compared; each place where they part is explained by a named rule.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from lms.content.outlines import ANYWHERE, Outline
from lms.content.page import clean
from lms.content.reference import reference
from lms.content.rendering import outline_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that other Markdown tools would show otherwise."""

    line: int  # from 1
    rule: str
    wrong: str
    remedy: str


class Rule(NamedTuple):
    name: str
    sign: re.Pattern[str]  # what the lines at the place look like
    wrong: str
    remedy: str


# Named by what an author did; the first whose sign stands in the lines at the place explains it.
RULES = (
    Rule(
        "address",
        re.compile(
            r"(?i)(?:<|\]\(\s*<?|\]:\s*<?)\s*(?:(?!https?:|mailto:)[a-z][a-z0-9+.-]*:|//|\\)"
        ),
        "a link leads only to http, https and mailto addresses and to files of the course",
        "write the full https address, or the file's relative path",
    ),
    Rule(
        "html",
        re.compile(r"</?[A-Za-z][^<>]*>|<!--|<\?|<![A-Za-z\[]|<[A-Za-z][A-Za-z0-9-]*(?:\s|\Z)"),
        "HTML is shown here as it is written; elsewhere it would have an effect",
        "write it in Markdown, or put it between backticks",
    ),
    Rule(
        "term",
        re.compile(r"\[\["),
        "double brackets make a glossary term here, no link",
        r"write \[ for a bracket that is to be seen, or a link with single brackets",
    ),
    Rule(
        "table",
        re.compile(r"\|"),
        "the rows of this table are divided into cells in another way elsewhere",
        r"begin and end each row with |, and write \| for a pipe that is to be seen",
    ),
    Rule(
        "attributes",
        re.compile(r"\{[^{}]*\}\s*\Z", re.MULTILINE),
        "the braces belong to the line before them here, elsewhere they are text",
        "write them directly after what they belong to",
    ),
    Rule(
        "abbreviation",
        re.compile(r"^\s*\*\[[^\]]+\]:", re.MULTILINE),
        "the line explains an abbreviation here, elsewhere it is text",
        "put an empty line before and after the explanations of abbreviations",
    ),
    Rule(
        "footnote",
        re.compile(r"\[\^"),
        "a footnote is read differently here and elsewhere",
        "put an empty line before the footnote, and indent what belongs to it by four spaces",
    ),
    Rule(
        "definition",
        re.compile(r"^\s*:\s", re.MULTILINE),
        "a line that begins with a colon defines the line before it here",
        "put an empty line before each term, and indent what belongs to a definition",
    ),
    Rule(
        "call-out",
        re.compile(r"^\s*(?:!!!|\?\?\?)", re.MULTILINE),
        "a call-out is read differently here and elsewhere",
        "put an empty line around the call-out, and indent its content by four spaces",
    ),
)
OTHER = Rule(
    "structure",
    re.compile(""),
    "this is divided into parts in another way elsewhere",
    "put an empty line around it, and write lists, emphasis and links one in another more simply",
)


def differences(markdown: str) -> Sequence[Difference]:
    """Every place where the rendered text has another structure than CommonMark's, by line.

    Call-outs and whatever else the course format adds are no differences. Raises TooMuch.
    """
    text = clean(markdown)
    ours, theirs = outline_of(text, ANYWHERE), reference(text)
    places = sorted(set(_partings(ours, theirs, len(text.split("\n")))))
    found: dict[tuple[int, str], Difference] = {}
    lines = text.split("\n")
    for place in places:
        rule = _explain("\n".join(lines[place.line - 1 : place.end]))
        found.setdefault(
            (place.line, rule.name), Difference(place.line, rule.name, rule.wrong, rule.remedy)
        )
    return tuple(found.values())


def _explain(lines: str) -> Rule:
    return next((rule for rule in RULES if rule.sign.search(lines)), OTHER)


class _Place(NamedTuple):
    line: int
    end: int


def _partings(ours: Outline, theirs: Outline, end: int) -> Iterator[_Place]:
    """The smallest elements in which the outlines part; `end` is the last line they may have."""
    if ours.value() == theirs.value():
        return
    start = theirs.line if theirs.tag != "page" else 1
    if (ours.tag, ours.leads) != (theirs.tag, theirs.leads):
        yield _Place(min(start, ours.line), end)
        return
    for i1, i2, j1, j2 in _unequal(
        [child.value() for child in ours.children], [child.value() for child in theirs.children]
    ):
        if i2 - i1 == j2 - j1:
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                yield from _partings(ours.children[i], theirs.children[j], _next(theirs, j, end))
            continue
        changed = ours.children[i1:i2] + theirs.children[j1:j2]
        line = min(child.line for child in changed)
        yield _Place(max(line, start), _next(theirs, j2 - 1, end) if j2 > j1 else end)


def _unequal(ours: list[object], theirs: list[object]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches in which two rows of children differ, as places from and to in each.

    What is equal at both ends is set aside first: many paragraphs are worth the same, and a
    matcher may pair the wrong ones.
    """
    most = min(len(ours), len(theirs))
    first = next((place for place in range(most) if ours[place] != theirs[place]), most)
    last = next(
        (place for place in range(most - first) if ours[-1 - place] != theirs[-1 - place]),
        most - first,
    )
    ours, theirs = ours[first : len(ours) - last], theirs[first : len(theirs) - last]
    if len(ours) == len(theirs):
        yield first, first + len(ours), first, first + len(theirs)
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            yield first + i1, first + i2, first + j1, first + j2


def _next(parent: Outline, place: int, end: int) -> int:
    """The line before the next child that begins on a later one."""
    own = parent.children[place].line
    later = (child.line for child in parent.children[place + 1 :] if child.line > own)
    return max(own, next(later, end + 1) - 1)
