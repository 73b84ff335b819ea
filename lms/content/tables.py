"""Tables: Python-Markdown's own, found where GitHub finds them, named and scoped for everybody."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser
from markdown.extensions.tables import TableProcessor

from lms.content.page import Page

_DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
_ALIGNED = {"left": "start", "center": "centre", "right": "end"}


class Tables:
    """The tables of one page; counts them, so that each has its own name."""

    def __init__(self, parser: BlockParser, page: Page) -> None:
        self.page = page
        self.processor = TableProcessor(parser, {"use_align_attribute": True})
        self.names: dict[str, int] = {}

    def start(self, lines: list[str]) -> int | None:
        """The place of the header row in a paragraph's lines; None where there is no table."""
        for place in range(len(lines) - 1):
            below = lines[place + 1]
            if "|" not in lines[place] + below or not _DELIMITERS.match(below):
                continue
            if self.processor.test(Element("div"), "\n".join(lines[place : place + 2])):
                return place
        return None

    def build(self, parent: Element, lines: list[str], heading: str) -> None:
        """Add the table to its parent, in a region that scrolls and has a name."""
        text = "\n".join(lines)
        region = SubElement(
            parent,
            "div",
            {
                "class": "scroll",
                "tabindex": "0",
                "role": "region",
                "aria-label": self._name(heading),
            },
        )
        self.processor.test(region, "\n".join(lines[:2]))
        self.processor.run(region, [text])
        table = region[0]
        body = table.find("tbody")
        if body is not None and len(lines) < 3:
            table.remove(body)
        for cell in table.iter():
            if cell.tag not in ("th", "td"):
                continue
            # The pipes are done with: an escaped one is a pipe, also within code.
            cell.text = (cell.text or "").replace("\\|", "|")
            align = cell.attrib.pop("align", "")
            if align:
                cell.set("class", _ALIGNED[align])
        for cell in table.findall("thead/tr/th"):
            cell.set("scope", "col")
        for row in table.findall("tbody/tr"):
            first = row[0]
            if len(row) > 1 and first.get("class", "start") == "start" and first.text:
                first.tag = "th"
                first.set("scope", "row")

    def _name(self, heading: str) -> str:
        name = heading or self.page.word("table")
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name} ({self.names[name]})"
