"""Links and pictures inside a line, found as CommonMark finds them.

Python-Markdown looks for the first `[` and takes what follows; CommonMark lets brackets close from
the inside, so that a link never holds a link. One walk over the text plans all of them.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from lms.content.addresses import resolve
from lms.content.definitions import Reference, address_at, label, plain, title_at
from lms.content.figures import make_picture, take_attributes
from lms.content.page import Page
from lms.content.sources import PLACEHOLDER, Sources

_BRACKET = re.compile(r"!?\[|\]")
_LABEL = re.compile(r"\[([^\[\]]{0,999})\]")
_SPACE = re.compile(r"[ \t]*(?:\n[ \t]*)?")


class _Span(NamedTuple):
    """One link or picture: where its text stands, where it ends, and where it leads."""

    picture: bool
    text_start: int
    text_end: int
    end: int
    target: Reference


@dataclass(slots=True)
class _Opener:
    start: int
    text_start: int
    picture: bool
    active: bool = True
    bracket_after: bool = False


class LinkProcessor(InlineProcessor):
    """All links and pictures; a second one, for pictures only, serves the text of links."""

    def __init__(
        self, md: Markdown, page: Page, sources: Sources, pictures_only: bool = False
    ) -> None:
        super().__init__(r"!?\[", md)
        self.page, self.sources, self.pictures_only = page, sources, pictures_only
        # The plan of the text at hand, by distance from its end: what stands before a place is
        # replaced while the engine goes on, what stands after it is not.
        self.planned, self.plan = "", dict[int, _Span]()

    def handleMatch(  # type: ignore[override] # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        rest = data[m.start() :]
        if not self.planned.endswith(rest):
            self.plan = self._make_plan(rest)
        self.planned = rest
        span = self.plan.get(len(rest))
        if span is None or (self.pictures_only and not span.picture):
            return None, None, None
        inner, end = rest[span.text_start : span.text_end], span.end
        made, end = (self._picture if span.picture else self._link)(inner, span, rest)
        written = self.sources.raw(rest[:end])
        return self.sources.keep(made, written), m.start(), m.start() + end

    def _link(self, inner: str, span: _Span, rest: str) -> tuple[Element, int]:
        address = resolve(self._plain(span.target.address), self.page)
        link = Element("a" if address else "text")
        link.text = inner
        if address:
            link.set("href", address.href)
            if address.foreign:
                link.set("rel", "noopener noreferrer")
            if span.target.title:
                link.set("title", self._plain(span.target.title))
        return link, span.end

    def _picture(self, inner: str, span: _Span, rest: str) -> tuple[Element, int]:
        attributes, end = take_attributes(self.sources.raw(rest[span.end : span.end + 600]))
        if attributes is not None:
            end = _past_braces(rest, span.end)
        else:
            attributes, end = {}, span.end
        alt = _alternative(self.page.plain(self.sources.raw(inner)))
        title = self._plain(span.target.title or "")
        return make_picture(
            self._plain(span.target.address), alt, title, attributes, self.page
        ), end

    def _plain(self, text: str) -> str:
        return self.page.plain(plain(self.sources.raw(text)))

    # the plan --------------------------------------------------------------------------------

    def _make_plan(self, text: str) -> dict[int, _Span]:
        """The outermost links and pictures of the text, by their distance from its end."""
        openers: list[_Opener] = []
        spans: list[tuple[int, _Span]] = []
        place = 0
        while found := _BRACKET.search(text, place):
            place = found.end()
            if found[0] != "]":
                if openers:
                    openers[-1].bracket_after = True
                openers.append(_Opener(found.start(), found.end(), found[0] == "!["))
                continue
            if not openers:
                continue
            opener = openers.pop()
            if not opener.active:
                continue
            target = self._target(text, opener, found.start())
            if target is None:
                continue
            place = target[1]
            span = _Span(
                opener.picture,
                opener.text_start - opener.start,
                found.start() - opener.start,
                place - opener.start,
                target[0],
            )
            while spans and spans[-1][0] > opener.start:
                spans.pop()
            spans.append((opener.start, span))
            if not opener.picture:
                for outer in openers:
                    outer.active = outer.active and outer.picture
        return {len(text) - start: span for start, span in spans}

    def _target(self, text: str, opener: _Opener, close: int) -> tuple[Reference, int] | None:
        """Where the brackets that close at `close` lead, and where that ends."""
        after = close + 1
        if text[after : after + 1] == "(" and (target := self._inline_target(text, after)):
            return target
        named = _LABEL.match(text, after)
        if named and named[1].strip():
            found = self.page.references.get(label(self.sources.raw(named[1])))
            return (found, named.end()) if found else None
        if opener.bracket_after and not named:
            return None
        inner = self.sources.raw(text[opener.text_start : close])
        found = None if opener.bracket_after else self.page.references.get(label(inner))
        return (found, named.end() if named else after) if found else None

    def _inline_target(self, text: str, start: int) -> tuple[Reference, int] | None:
        """What stands in the parentheses that begin at `start`."""
        place = _past_space(text, start + 1)
        address: tuple[str, int] | None
        mark = PLACEHOLDER.match(text, place)
        if mark and (source := self.sources.raw(mark[0])).startswith("<") and source[-1] == ">":
            address = source[1:-1], mark.end()
        else:
            address = address_at(text, place)
        if address is None:
            return None
        place = _past_space(text, address[1])
        title = None
        if place > address[1] and (written := title_at(text, place)):
            title, place = written
            place = _past_space(text, place)
        if text[place : place + 1] != ")":
            return None
        return Reference(address[0], title), place + 1


def _past_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start


def _past_braces(text: str, start: int) -> int:
    return text.index("}", start) + 1


def _alternative(text: str) -> str:
    """The words of a picture's brackets, without the marks of Markdown."""
    text = re.sub(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?", r"\1", text)
    text = re.sub(r"\*+|(?<!\w)_+|_+(?!\w)|`+", "", plain(text))
    return " ".join(text.split())
