"""What stands inside a line: Python-Markdown's inline patterns, brought into CommonMark's order.

Escapes, code, autolinks and HTML are found in one walk from left to right; then come footnotes,
links and pictures, and emphasis last.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString, Registry

from lms.content.addresses import resolve
from lms.content.definitions import decode
from lms.content.emphasis import EmphasisProcessor
from lms.content.links import LinkProcessor
from lms.content.page import TAKEN_OUT, Page
from lms.content.sources import Sources

Made = tuple[Element | str | None, int | None, int | None]

_LITERAL = (
    r"\\(?P<escaped>[\s\S])"
    r"|(?P<ticks>`+)"
    r"|<(?P<address>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>"
    r"|<(?P<mail>[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>"
    r"|(?P<br><br[ ]?/?>)"
    r"|(?P<html></?(?!(?i:su[bp]>))[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--[^<>]*-->)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def patterns(md: Markdown, page: Page) -> Registry[Any]:
    """The inline patterns of the course format, for `md.inlinePatterns`."""
    sources = Sources(md)
    registry: Registry[Any] = Registry()
    registry.register(_Taken(md, page, sources), "taken", 200)
    registry.register(_Literal(md, page, sources), "literal", 190)
    registry.register(_Script(md, sources), "script", 180)
    registry.register(_Footnote(md, page, sources), "footnote", 170)
    registry.register(LinkProcessor(md, page, sources), "link", 160)
    registry.register(LinkProcessor(md, page, sources, pictures_only=True), "picture", 150)
    registry.register(_Break(md), "break", 100)
    registry.register(EmphasisProcessor(md, sources), "emphasis", 60)
    return registry


class _Taken(InlineProcessor):
    """A term or a gap in its place again."""

    def __init__(self, md: Markdown, page: Page, sources: Sources) -> None:
        super().__init__(TAKEN_OUT.pattern, md)
        self.page, self.sources = page, sources

    def handleMatch(self, m: re.Match[str], data: str) -> Made:  # type: ignore[override] # noqa: N802
        taken = self.page.taken[int(m[1])]
        if taken.gap:
            return self.sources.keep(self.page.gap(taken.gap), m[0]), m.start(), m.end()
        link = Element("a", {"class": "term", "data-term": taken.term})
        link.text = AtomicString(taken.shown)
        return self.sources.keep(link, m[0]), m.start(), m.end()


class _Literal(InlineProcessor):
    """Escapes, code, autolinks, character references, `<br>`, and HTML, which is text."""

    def __init__(self, md: Markdown, page: Page, sources: Sources) -> None:
        super().__init__(_LITERAL, md)
        self.page, self.sources = page, sources

    def handleMatch(self, m: re.Match[str], data: str) -> Made:  # type: ignore[override] # noqa: N802
        kind, end = m.lastgroup, m.end()
        made: Element | str | None
        if kind == "escaped":
            made = self._escaped(m["escaped"])
        elif kind == "ticks":
            made, end = self._code(m, data)
        elif kind in ("address", "mail"):
            made = self._autolink(m["address"] or "mailto:" + m["mail"], m["address"] or m["mail"])
        elif kind == "br":
            made = Element("br")
        elif kind == "entity":
            made = decode(m[0])
            made = None if made == m[0] else made
        else:
            made = m[0]
        if made is None:
            return None, None, None
        return self.sources.keep(made, data[m.start() : end]), m.start(), end

    def _escaped(self, sign: str) -> Element | str | None:
        if sign == "\n":
            return _break()
        return sign if sign in _PUNCTUATION else None

    def _code(self, m: re.Match[str], data: str) -> tuple[Element | None, int]:
        closing = re.compile(rf"(?<!`){m[0]}(?!`)").search(data, m.end())
        if not closing:
            return None, m.end()
        text = self.page.plain(data[m.end() : closing.start()].replace("\n", " "))
        if text.strip(" ") and text.startswith(" ") and text.endswith(" "):
            text = text[1:-1]
        code = Element("code")
        code.text = AtomicString(text)
        return code, closing.end()

    def _autolink(self, address: str, shown: str) -> Element | str:
        found = resolve(address, self.page)
        if found is None or not found.foreign:
            return f"<{shown}>"
        link = Element("a", {"href": found.href, "rel": "noopener noreferrer"})
        link.text = AtomicString(shown)
        return link


class _Script(InlineProcessor):
    """`<sub>` and `<sup>`, the only HTML with content."""

    def __init__(self, md: Markdown, sources: Sources) -> None:
        self.sources = sources
        super().__init__(r"(?i)<(sub|sup)>([^<>]{1,200})</\1>", md)

    def handleMatch(self, m: re.Match[str], data: str) -> Made:  # type: ignore[override] # noqa: N802
        element = Element(m[1].lower())
        element.text = m[2]
        return self.sources.keep(element, m[0]), m.start(), m.end()


class _Footnote(InlineProcessor):
    """`[^label]`, where such a footnote is written; its number comes when the page is whole."""

    def __init__(self, md: Markdown, page: Page, sources: Sources) -> None:
        super().__init__(r"\[\^([^\]\s]+)\]", md)
        self.page, self.sources = page, sources

    def handleMatch(self, m: re.Match[str], data: str) -> Made:  # type: ignore[override] # noqa: N802
        if m[1] not in self.page.footnotes:
            return None, None, None
        reference = Element("sup", {"class": "ref", "data-note": m[1]})
        return self.sources.keep(reference, m[0]), m.start(), m.end()


class _Break(InlineProcessor):
    """Two spaces at the end of a line."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(r" {2,}\n[ \t]*", md)

    def handleMatch(self, m: re.Match[str], data: str) -> Made:  # type: ignore[override] # noqa: N802
        return _break(), m.start(), m.end()


def _break() -> Element:
    return Element("br", {"data-line": "1"})
