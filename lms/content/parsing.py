"""The block structure of a course text: lines in, a tree of blocks out.

Lists, quotations, code and headings are read line by line in the way of CommonMark, because
Python-Markdown's own reader divides text at blank lines first and so sees other lists than every
other Markdown tool. What the course format adds (call-outs, parts that open, footnotes,
definitions, abbreviations) is read in the same pass. No inline text is looked at here.
"""

import re
from collections.abc import Callable
from enum import Enum
from itertools import pairwise

from lms.content import limits
from lms.content.blocks import Block, Kind, Structure, find_loose, make_terms
from lms.content.cursor import Cursor
from lms.content.definitions import take_abbreviations, take_references

CALLOUTS = ("note", "warning", "tip", "example", "case", "law")

CALLOUT = re.compile(rf'!!! +({"|".join(CALLOUTS)})(?:[ \t]+"(.*)")?[ \t]*\Z')
DETAILS = re.compile(r'\?\?\?(?:[ \t]+"(.*)")?[ \t]*\Z')
FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]:")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|\Z)")
_HEADING_END = re.compile(r"(?:\A|[ \t]+)#+[ \t]*\Z")
_SETEXT = re.compile(r"(=+|-+)[ \t]*\Z")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})\Z")
_FENCE = re.compile(r"(`{3,})([^`]*)\Z|(~{3,})(.*)\Z")
_MARK = re.compile(r"([*+-])|(\d{1,9})([.)])")
DEFINED = re.compile(r":[ \t]+\S")
_OPEN_INDENTED = (Kind.CALLOUT, Kind.DETAILS, Kind.FOOTNOTE)
# A line that is not indented ends these; elsewhere it may go on with an open paragraph.
_NOT_LAZY = (Kind.CALLOUT, Kind.DETAILS)


class Begun(Enum):
    """What a try to begin a block at this place of the line came to."""

    NOTHING = 0
    CONTAINER = 1  # the line goes on inside it
    LEAF = 2  # it has the whole line


def read(text: str, first_line: int = 1, deep: int = 0) -> Structure:
    """The structure of a text whose first line is line `first_line` of its file.

    `deep` is how many levels surround the text already. Raises TooMuch beyond 50 levels.
    """
    lines = text.split("\n")
    reader = _Reader(first_line, deep)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        reader.take(line, following)
    return reader.finish()


class _Reader(Cursor):
    """The state of one pass: the open containers, the open leaf, and a place in the line."""

    def __init__(self, first_line: int, deep: int) -> None:
        super().__init__()
        self.number = first_line - 1
        self.deep = deep
        self.following = ""
        self.depth = 1  # how many open containers the line goes on with
        self.quoted = 0  # the innermost of them that it shows by `>`
        self.open = [Block(Kind.DOCUMENT, first_line)]
        self.leaf: Block | None = None
        self.structure = Structure(self.open[0], {}, {})
        self.starts: tuple[Callable[[int], Begun], ...] = (
            self._quote,
            self._heading,
            self._fence,
            self._underline,
            self._rule,
            self._callout,
            self._footnote,
            self._definition,
            self._item,
        )

    # one line --------------------------------------------------------------------------------

    def take(self, line: str, following: str) -> None:
        self.number += 1
        self.line, self.following, self.at = line, following, 0
        self.depth, self.quoted = 1, 0
        while self.depth < len(self.open) and self._continues(self.open[self.depth]):
            self.depth += 1
        if self.depth == len(self.open) and self._leaf_takes():
            return
        if not self._open_blocks():
            self._take_text()

    def _continues(self, block: Block) -> bool:
        """Whether the line goes on with this container; moves past what shows that it does."""
        indent = self.indent()
        if block.kind is Kind.QUOTE:
            if indent > 3 or self.line[self.at + indent : self.at + indent + 1] != ">":
                return False
            self._past_quote_mark(indent)
            self.quoted = self.depth
            return True
        if self.blank():
            # An item may begin with one blank line, not with two.
            return bool(block.children) or block.kind in _OPEN_INDENTED
        width = 4 if block.kind in _OPEN_INDENTED else block.offset
        if indent < width:
            return False
        self.at += width
        return True

    def _past_quote_mark(self, indent: int) -> None:
        self.at += indent + 1
        if self.indent():
            self.at += 1

    def _leaf_takes(self) -> bool:
        """Let the open leaf have the line when it is code; close it when it ends here."""
        leaf = self.leaf
        if leaf is None:
            return False
        if leaf.fence:
            indent = self.indent()
            text = self.rest()[indent:].rstrip(" \t")
            closing = text and indent < 4 and set(text) == {leaf.fence[0]}
            if closing and len(text) >= len(leaf.fence):
                self._touch()
                self.leaf = None
                return True
            self.at += min(indent, leaf.offset)
            leaf.lines.append(self.rest())
            self._touch()
            return True
        if leaf.kind is Kind.CODE:
            indent = self.indent()
            if indent >= 4:
                blank = self.blank()
                leaf.lines.append(self.rest()[4:])
                if not blank:
                    self._touch()
                return True
            if self.blank():
                leaf.lines.append("")
                return True
            self._close_leaf()
        return False

    def _open_blocks(self) -> bool:
        """Open every block that begins in the line; True when a leaf took the whole line."""
        while True:
            indent = self.indent()
            if self.blank():
                return False
            if indent > 3:
                if self._goes_on():
                    return False
                code = Block(Kind.CODE, self.number, lines=[self.rest()[4:]])
                self._add(code)
                self.leaf = code
                return True
            begun = Begun.NOTHING
            for start in self.starts:
                begun = start(indent)
                if begun is not Begun.NOTHING:
                    break
            if begun is not Begun.CONTAINER:
                return begun is Begun.LEAF
            self.depth = len(self.open)

    def _goes_on(self) -> bool:
        """Whether text in the line goes on with the open paragraph, even in a container above."""
        if self.leaf is None or self.leaf.kind is not Kind.PARAGRAPH:
            return False
        unmatched = {block.kind for block in self.open[self.depth :]}
        if Kind.DEFINITION in unmatched and DEFINED.match(self.following):
            return False  # the line is the next term
        return unmatched.isdisjoint(_NOT_LAZY)

    def _take_text(self) -> None:
        if self.blank():
            self._close_unmatched()
            self._close_leaf()
            self._touch(self.quoted + 1)  # `>` alone is no blank line to what is around it
            return
        text = self.rest().lstrip(" \t")
        if self.leaf is not None and self._goes_on():
            self.leaf.lines.append(text)
            self._touch()
            return
        paragraph = Block(Kind.PARAGRAPH, self.number, lines=[text])
        self._add(paragraph)
        self.leaf = paragraph

    # the blocks that can begin ---------------------------------------------------------------

    def _in_paragraph(self) -> bool:
        """Whether the line would break off a paragraph of the container it stands in."""
        return (
            self.depth == len(self.open)
            and self.leaf is not None
            and self.leaf.kind is Kind.PARAGRAPH
        )

    def _quote(self, indent: int) -> Begun:
        if self.line[self.at + indent] != ">":
            return Begun.NOTHING
        self._push(Block(Kind.QUOTE, self.number))
        self._past_quote_mark(indent)
        return Begun.CONTAINER

    def _heading(self, indent: int) -> Begun:
        found = _HEADING.match(self.line, self.at + indent)
        if not found:
            return Begun.NOTHING
        text = _HEADING_END.sub("", self.line[found.end() :]).strip(" \t")
        self._add(Block(Kind.HEADING, self.number, lines=[text], level=len(found[1])))
        return Begun.LEAF

    def _fence(self, indent: int) -> Begun:
        found = _FENCE.match(self.line, self.at + indent)
        if not found:
            return Begun.NOTHING
        run, info = (found[1], found[2]) if found[1] else (found[3], found[4])
        code = Block(Kind.CODE, self.number, name=info.strip(), fence=run, offset=indent)
        self._add(code)
        self.leaf = code
        return Begun.LEAF

    def _underline(self, indent: int) -> Begun:
        found = _SETEXT.match(self.line, self.at + indent)
        if not found or self.leaf is None or not self._in_paragraph():
            return Begun.NOTHING
        lines = take_references(self.leaf.lines, self.structure.references)
        if not lines:
            self.leaf.lines = []
            return Begun.NOTHING
        self.leaf.kind, self.leaf.lines = Kind.HEADING, lines
        self.leaf.level = 1 if found[1][0] == "=" else 2
        self._touch()
        self.leaf = None
        return Begun.LEAF

    def _rule(self, indent: int) -> Begun:
        if not _RULE.match(self.line, self.at + indent):
            return Begun.NOTHING
        self._add(Block(Kind.RULE, self.number))
        return Begun.LEAF

    def _callout(self, indent: int) -> Begun:
        if found := CALLOUT.match(self.line, self.at + indent):
            block = Block(Kind.CALLOUT, self.number, name=found[1], title=found[2])
        elif found := DETAILS.match(self.line, self.at + indent):
            block = Block(Kind.DETAILS, self.number, title=found[1])
        else:
            return Begun.NOTHING
        self._push(block)
        self.at = len(self.line)
        return Begun.CONTAINER

    def _footnote(self, indent: int) -> Begun:
        found = FOOTNOTE.match(self.line, self.at + indent)
        if not found:
            return Begun.NOTHING
        self._push(Block(Kind.FOOTNOTE, self.number, name=found[1]))
        self.at = found.end()
        self.at += self.indent()
        return Begun.CONTAINER

    def _definition(self, indent: int) -> Begun:
        if not DEFINED.match(self.line, self.at + indent):
            return Begun.NOTHING
        parent = self.open[self.depth - 1]
        last = parent.children[-1] if parent.children else None
        if last is None or last.kind not in (Kind.PARAGRAPH, Kind.DEFINITIONS):
            return Begun.NOTHING
        blanks = self.number - last.end - 1
        if last.kind is Kind.PARAGRAPH and blanks > 1:
            return Begun.NOTHING
        self._close_unmatched()
        self._close_leaf()
        if last.kind is Kind.PARAGRAPH and not last.lines:
            return Begun.NOTHING
        group = last if last.kind is Kind.DEFINITIONS else make_terms(parent, last)
        self.at += indent + 1
        spaces = self.indent()
        width = spaces if spaces < 5 else 1
        self.at += width
        definition = Block(Kind.DEFINITION, self.number, offset=indent + 1 + width)
        definition.loose = blanks > 0
        self._push(definition, into=group)
        return Begun.CONTAINER

    def _item(self, indent: int) -> Begun:
        found = _MARK.match(self.line, self.at + indent)
        if not found or self.line[found.end() : found.end() + 1] not in ("", " ", "\t"):
            return Begun.NOTHING
        empty = not self.line[found.end() :].strip(" \t")
        if self._in_paragraph() and (empty or (found[2] and int(found[2]) != 1)):
            return Begun.NOTHING
        self._close_unmatched()
        self._close_leaf()
        self.at = found.end()
        spaces = self.indent()
        width = 1 if empty or spaces > 4 else spaces
        self.at = min(self.at + width, len(self.line))
        sign = found[1] or found[3]
        siblings = self.open[-1].children
        if not siblings or siblings[-1].kind is not Kind.LIST or siblings[-1].name != sign:
            level = int(found[2]) if found[2] else 0
            siblings.append(Block(Kind.LIST, self.number, level=level, name=sign))
        item = Block(Kind.ITEM, self.number, offset=indent + len(found[0]) + width)
        self._push(item, into=siblings[-1])
        return Begun.CONTAINER

    # opening and closing ---------------------------------------------------------------------

    def _push(self, block: Block, into: Block | None = None) -> None:
        self._close_unmatched()
        self._close_leaf()
        (into or self.open[-1]).children.append(block)
        self.open.append(block)
        if self.deep + len(self.open) - 1 > limits.DEEPEST:
            raise limits.too_deep(self.number)
        if into is not None:
            into.end = self.number
        self._touch()

    def _add(self, block: Block) -> None:
        self._close_unmatched()
        self._close_leaf()
        self.open[-1].children.append(block)
        block.end = self.number
        self._touch()

    def _touch(self, levels: int | None = None) -> None:
        """The line belongs to every open block, or to the outermost so many."""
        for outer, block in pairwise(self.open[:levels]):
            block.end = self.number
            outer.children[-1].end = self.number  # the list around an item
        if self.leaf is not None:
            self.leaf.end = self.number

    def _close_unmatched(self) -> None:
        if self.depth < len(self.open):
            self._close_leaf()
            del self.open[self.depth :]

    def _close_leaf(self) -> None:
        leaf, self.leaf = self.leaf, None
        if leaf is None:
            return
        if leaf.kind is Kind.PARAGRAPH:
            lines = take_abbreviations(leaf.lines, self.structure.abbreviations)
            leaf.lines = take_references(lines, self.structure.references)
        elif leaf.kind is Kind.CODE and not leaf.fence:
            while leaf.lines and not leaf.lines[-1].strip():
                leaf.lines.pop()

    def finish(self) -> Structure:
        self._close_leaf()
        find_loose(self.structure.root)
        return self.structure
