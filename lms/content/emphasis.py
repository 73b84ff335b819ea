"""Emphasis as CommonMark pairs it: `***a***`, `**"a"**b` and `a_b_c` mean what they mean elsewhere.

Python-Markdown pairs signs without looking at punctuation beside them. Here all signs of a text
are paired in one walk, in time that grows with their number.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from lms.content.limits import DEEPEST
from lms.content.sources import PLACEHOLDER, Sources

# Signs that found no partner, until the page is written: no pattern may look at them again.
LEFT_OVER = {"*": "\ufdd4", "_": "\ufdd5"}
_LEAVE = str.maketrans(LEFT_OVER)
_RETURN = str.maketrans({mark: sign for sign, mark in LEFT_OVER.items()})
_RUN = re.compile(r"\*+|_+")


@dataclass(slots=True)
class _Run:
    """Signs side by side; `start` and `end` shrink as they find partners."""

    number: int
    sign: str
    start: int
    end: int
    length: int  # at first
    opens: bool
    closes: bool

    def pairs_with(self, closer: "_Run") -> bool:
        if self.sign != closer.sign:
            return False
        if not (self.closes or closer.opens):
            return True
        # CommonMark's rule of three: `*a**b*` holds no strong part.
        return bool((self.length + closer.length) % 3) or not (self.length % 3 or closer.length % 3)


class _Span(NamedTuple):
    start: int  # of the signs before
    end: int  # of the signs after
    width: int  # how many signs on each side: 2 is strong


class EmphasisProcessor(InlineProcessor):
    """All emphasis from the first sign of a text to the text's end."""

    def __init__(self, md: Markdown, sources: Sources) -> None:
        super().__init__(r"[*_]", md)
        self.sources = sources

    def handleMatch(  # type: ignore[override] # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        spans = _pair(self._runs(data, m.start()))
        return _build(data, m.start(), spans), m.start(), len(data)

    def _runs(self, data: str, start: int) -> list[_Run]:
        runs = []
        for number, found in enumerate(_RUN.finditer(data, start)):
            before = self._sign_before(data, found.start())
            after = self._sign_after(data, found.end())
            opens, closes = _flanks(before, after, found[0][0])
            runs.append(
                _Run(
                    number,
                    found[0][0],
                    found.start(),
                    found.end(),
                    len(found[0]),
                    opens,
                    closes,
                )
            )
        return runs

    def _sign_before(self, data: str, place: int) -> str:
        if place and data[place - 1] == "\x03":
            mark = data[data.rindex("\x02", 0, place) : place]
            return self.sources.raw(mark)[-1:]
        return data[place - 1 : place]

    def _sign_after(self, data: str, place: int) -> str:
        if data[place : place + 1] == "\x02" and (mark := PLACEHOLDER.match(data, place)):
            return self.sources.raw(mark[0])[:1]
        return data[place : place + 1]


def restore(text: str) -> str:
    """The text with its unpaired signs as they were written."""
    return text.translate(_RETURN)


def _flanks(before: str, after: str, sign: str) -> tuple[bool, bool]:
    """Whether a run between these two characters can open, and whether it can close."""
    space_before, space_after = _is_space(before), _is_space(after)
    mark_before, mark_after = _is_mark(before), _is_mark(after)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    if sign == "*":
        return left, right
    return left and (not right or mark_before), right and (not left or mark_after)


def _is_space(sign: str) -> bool:
    return not sign or sign.isspace()


def _is_mark(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] in "PS"


def _pair(runs: list[_Run]) -> list[_Span]:
    """Every pair of the runs, in the order of their closing signs."""
    spans: list[_Span] = []
    openers: list[_Run] = []
    # Below these nothing of the kind was found before, and nothing will be.
    bottoms: dict[tuple[str, bool, int], int] = {}
    for closer in runs:
        kind = (closer.sign, closer.opens, closer.length % 3)
        while closer.closes and closer.start < closer.end:
            place = len(openers) - 1
            bottom = bottoms.get(kind, -1)
            while place >= 0 and openers[place].number > bottom:
                if openers[place].pairs_with(closer):
                    break
                place -= 1
            else:
                bottoms[kind] = openers[-1].number if openers else bottom
                break
            opener = openers[place]
            del openers[place + 1 :]
            width = 2 if min(opener.end - opener.start, closer.end - closer.start) > 1 else 1
            opener.end -= width
            spans.append(_Span(opener.end, closer.start + width, width))
            closer.start += width
            if opener.start == opener.end:
                openers.pop()
        if closer.opens and closer.start < closer.end:
            openers.append(closer)
    return spans


def _build(data: str, start: int, spans: list[_Span]) -> Element:
    """The text from `start` on with its spans as elements, in a holder that goes away again."""
    holder = Element("text")
    open_spans: list[tuple[Element, int, int]] = [(holder, len(data), 0)]
    place = start
    for span in sorted(spans):
        while span.start >= open_spans[-1][1]:
            place = _close(data, place, open_spans)
        parent = open_spans[-1][0]
        _add_text(parent, data[place : span.start])
        element = SubElement(parent, "strong" if span.width == 2 else "em")
        open_spans.append((element, span.end, span.width))
        if len(open_spans) > DEEPEST:
            raise RecursionError("emphasis is nested too deep")
        place = span.start + span.width
    while open_spans:
        place = _close(data, place, open_spans)
    return holder


def _close(data: str, place: int, open_spans: list[tuple[Element, int, int]]) -> int:
    element, end, width = open_spans.pop()
    _add_text(element, data[place : end - width])
    return end


def _add_text(parent: Element, text: str) -> None:
    text = text.translate(_LEAVE)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
