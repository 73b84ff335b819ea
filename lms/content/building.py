"""From the structure of a text to Python-Markdown's element tree, block by block."""

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import AtomicString

from lms.content import parsing, selfchecks
from lms.content.blocks import Block, Kind
from lms.content.callouts import open_callout, open_details
from lms.content.footnotes import add_notes
from lms.content.page import Page
from lms.content.tables import Tables
from lms.content.terms import take_out

_ID = re.compile(r"(?:\A|[ \t]+)\{[ \t]*#([^\s{}#]+)[ \t]*\}\Z")
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")


class Builder(BlockParser):
    """Python-Markdown's block parser with the course format's structure in the place of its own.

    Lists, quotations, code and headings come from `parsing.read`; tables are the library's.
    """

    def __init__(self, md: Markdown, page: Page, inline_only: bool = False) -> None:
        super().__init__(md)
        self.page = page
        self.inline_only = inline_only
        self.tables = Tables(self, page)
        self.heading = ""  # the text of the latest heading names the tables under it
        self.depth = 0  # of the block at hand, for texts inside fences

    def parseDocument(self, lines: Iterable[str]) -> "ElementTree[Element | None]":  # noqa: N802
        root = Element(self.md.doc_tag)
        if self.inline_only:
            words = " ".join("\n".join(lines).split())
            self.inline(root, "text", words)
        else:
            self.add_text(root, "\n".join(lines), 1)
            add_notes(self, root)
        return ElementTree(root)

    def add_text(self, parent: Element, text: str, line: int) -> None:
        """Add what a text says; its definitions hold for the whole page."""
        structure = parsing.read(text, line, self.depth)
        for label, reference in structure.references.items():
            self.page.references.setdefault(label, reference)
        for word, meaning in structure.abbreviations.items():
            self.page.abbreviations.setdefault(word, meaning)
        self.find_footnotes(structure.root)
        self.add(parent, structure.root.children)

    def find_footnotes(self, root: Block) -> None:
        waiting = [root]
        while waiting:
            block = waiting.pop()
            if block.kind is Kind.FOOTNOTE:
                self.page.footnotes.setdefault(block.name, block)
            waiting += reversed(block.children)

    def add(self, parent: Element, content: Sequence[Block], tight: bool = False) -> None:
        """Add blocks to their parent element; in a tight list paragraphs are bare text."""
        self.depth += 1
        for block in content:
            present = len(parent)
            match block.kind:
                case Kind.PARAGRAPH:
                    self.add_paragraph(parent, block, tight)
                case Kind.HEADING:
                    self.add_heading(parent, block)
                case Kind.RULE:
                    SubElement(parent, "hr")
                case Kind.CODE:
                    self.add_code(parent, block)
                case Kind.QUOTE:
                    self.add(SubElement(parent, "blockquote"), block.children)
                case Kind.LIST:
                    self.add_list(parent, block)
                case Kind.DEFINITIONS:
                    self.add_definitions(parent, block)
                case Kind.CALLOUT:
                    box, title = open_callout(parent, block.name, block.title, self.page)
                    self.take_out_all(title)
                    self.add(box, block.children)
                case Kind.DETAILS:
                    box, title = open_details(parent, block.title, self.page)
                    self.take_out_all(title)
                    self.add(box, block.children)
            for child in parent[present:]:
                child.set("data-line", str(block.line))
        self.depth -= 1

    def take_out_all(self, element: Element) -> None:
        for part in element.iter():
            if part.text:
                part.text = take_out(part.text, self.page)

    def inline(self, parent: Element, tag: str, text: str) -> Element:
        """A new element whose text is Markdown without blocks."""
        element = SubElement(parent, tag)
        element.text = take_out(text.rstrip(" \t"), self.page)
        return element

    def add_paragraph(self, parent: Element, block: Block, tight: bool) -> None:
        if not block.lines:
            return
        lines = take_out(block.text, self.page).split("\n")
        table = self.tables.start(lines)
        text = lines[:table]
        if text:
            paragraph = SubElement(parent, "p")
            paragraph.text = "\n".join(text).rstrip(" \t")
            if tight:
                paragraph.set("data-tight", "")
        if table is not None:
            self.tables.build(parent, lines[table:], self.page.plain(self.heading))

    def add_heading(self, parent: Element, block: Block) -> None:
        # The page itself has the one h1.
        text, name = block.text, ""
        if found := _ID.search(text):
            text, name = text[: found.start()], found[1]
        heading = self.inline(parent, f"h{max(block.level, 2)}", text)
        heading.set("data-id", name)
        self.heading = heading.text or ""

    def add_code(self, parent: Element, block: Block) -> None:
        name = block.name.partition(" ")[0]
        if block.fence and name == "question":
            selfchecks.add(self, parent, block.text, block.line + 1)
            return
        if block.fence and name == "steps":
            self.add_steps(parent, block)
            return
        pre = SubElement(parent, "pre")
        code = SubElement(pre, "code")
        code.text = AtomicString("".join(line + "\n" for line in block.lines))

    def add_list(self, parent: Element, block: Block) -> Element:
        ordered = block.name in ".)"
        element = SubElement(parent, "ol" if ordered else "ul")
        if ordered and block.level != 1:
            element.set("start", str(block.level))
        for item in block.children:
            entry = SubElement(element, "li", {"data-line": str(item.line)})
            first = item.children[0] if item.children else None
            if not ordered and first and first.kind is Kind.PARAGRAPH and first.lines:
                self.take_task(entry, first)
            self.add(entry, item.children, tight=not block.loose)
        return element

    def take_task(self, entry: Element, paragraph: Block) -> None:
        found = _TASK.match(paragraph.lines[0])
        if not found:
            return
        paragraph.lines[0] = paragraph.lines[0][found.end() :]
        done = found[1] != " "
        box = SubElement(entry, "input", {"type": "checkbox", "disabled": ""})
        box.set("aria-label", self.page.word("done" if done else "to_do"))
        if done:
            box.set("checked", "")
        box.tail = " "
        entry.set("class", "task")

    def add_steps(self, parent: Element, block: Block) -> None:
        """A procedure: the numbered list in the fence, as a row of steps."""
        holder = Element("div")
        self.add_text(holder, block.text, block.line + 1)
        for part in holder:
            if part.tag == "ol":
                part.set("class", "flow")
                part.set("data-flow", "")
            parent.append(part)

    def add_definitions(self, parent: Element, block: Block) -> None:
        group = SubElement(parent, "dl", {"class": "terms"})
        for part in block.children:
            if part.kind is Kind.TERM:
                self.inline(group, "dt", part.text)
            else:
                self.add(SubElement(group, "dd"), part.children, tight=not part.loose)
