"""The blocks a course text is made of, as values; `parsing.read` finds them."""

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from lms.content.definitions import Reference


class Kind(StrEnum):
    DOCUMENT = "document"
    QUOTE = "quote"
    LIST = "list"
    ITEM = "item"
    CALLOUT = "callout"
    DETAILS = "details"
    FOOTNOTE = "footnote"
    DEFINITIONS = "definitions"
    TERM = "term"
    DEFINITION = "definition"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    RULE = "rule"
    CODE = "code"


@dataclass(slots=True)
class Block:
    """One block; lines count from 1, `end` is its last line that is not blank."""

    kind: Kind
    line: int
    end: int = 0
    children: list["Block"] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # of a leaf: its text
    level: int = 0  # a heading's level, an ordered list's first number
    name: str = ""  # a list's sign, a call-out's kind, a footnote's label, a fence's info string
    title: str | None = None  # of a call-out or a part that opens
    offset: int = 0  # columns that an item's or definition's content is moved in by
    fence: str = ""  # the sign run that opened fenced code
    loose: bool = False  # a list whose items are paragraphs, a definition that is one

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(slots=True)
class Structure:
    """What a text is made of, and what its definition lines defined."""

    root: Block
    references: dict[str, Reference]  # by label, as `definitions.label` writes it
    abbreviations: dict[str, str]


def make_terms(parent: Block, paragraph: Block) -> Block:
    """Turn the container's last paragraph into terms; the list they belong to."""
    parent.children.pop()
    if not parent.children or parent.children[-1].kind is not Kind.DEFINITIONS:
        parent.children.append(Block(Kind.DEFINITIONS, paragraph.line, end=paragraph.end))
    group = parent.children[-1]
    for line, text in enumerate(paragraph.lines, paragraph.line):
        group.children.append(Block(Kind.TERM, line, end=line, lines=[text]))
    return group


def find_loose(root: Block) -> None:
    """Mark the lists whose items are apart, and the definitions that hold paragraphs."""
    waiting = [root]
    while waiting:
        block = waiting.pop()
        waiting += block.children
        if block.kind is Kind.LIST:
            block.loose = _parted(block.children) or any(
                _parted(item.children) for item in block.children
            )
        elif block.kind is Kind.DEFINITION:
            block.loose = block.loose or _parted(block.children)


def _parted(blocks: list[Block]) -> bool:
    """Whether a blank line stands between two neighbours."""
    return any(after.line - before.end > 1 for before, after in pairwise(blocks))
