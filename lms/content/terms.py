"""Glossary terms `[[shown|term]]` and gaps `{{1}}`: taken out before Markdown sees the text.

A `|` in one would part a table's cells, brackets in one would make a link. Code keeps them.
"""

import re
import unicodedata
from urllib.parse import quote
from xml.etree.ElementTree import Element

from lms.content.page import TAKEN, TAKEN_END, Page, Taken

_PLACES = re.compile(
    r"\\[\s\S]"
    r"|(?P<ticks>`+)"
    r"|\[\[(?P<shown>[^\[\]|`]{1,200})(?:\|(?P<term>[^\[\]|`]{1,200}))?\]\]"
    r"|\{\{(?P<gap>[0-9]{1,3})\}\}"
)


def take_out(text: str, page: Page) -> str:
    """The text of a paragraph or heading with a mark for each term, and each gap in a quiz."""
    if "[[" not in text and (page.gaps is None or "{{" not in text):
        return text
    pieces, start = [], 0
    while found := _PLACES.search(text, start):
        end = found.end()
        piece = found[0]
        if found["ticks"]:
            end = _after_code(text, found["ticks"], end)
            piece = text[found.start() : end]
        elif found["shown"] and found["shown"].strip():
            shown = " ".join(found["shown"].split())
            term = " ".join((found["term"] or shown).split())
            piece = _mark(page, Taken(shown, term))
        elif found["gap"] and page.gaps is not None and 0 < int(found["gap"]) <= len(page.gaps):
            piece = _mark(page, Taken(piece, gap=int(found["gap"])))
        pieces += [text[start : found.start()], piece]
        start = end
    return "".join([*pieces, text[start:]])


def _after_code(text: str, ticks: str, start: int) -> int:
    """Where the code that `ticks` opens ends; `start` when nothing closes it."""
    closing = re.compile(rf"(?<!`){ticks}(?!`)").search(text, start)
    return closing.end() if closing else start


def _mark(page: Page, taken: Taken) -> str:
    page.taken.append(taken)
    return f"{TAKEN}{len(page.taken) - 1}{TAKEN_END}"


def key(term: str) -> str:
    """A term as terms are compared."""
    return " ".join(unicodedata.normalize("NFC", term).casefold().split())


def link_terms(root: Element, page: Page) -> None:
    """Give every term in the page its link into the glossary; unknown ones become text."""
    anchors = {key(term): anchor for term, anchor in page.surroundings.terms.items()}
    for element in root.iter("a"):
        term = element.attrib.pop("data-term", None)
        if term is None:
            continue
        if term not in page.terms:
            page.terms.append(term)
        anchor = anchors.get(key(term))
        if anchor is None:
            element.tag = "text"
            element.attrib.clear()
        else:
            course = quote(page.surroundings.course, safe="")
            address = f"/courses/{course}/glossary#{anchor}"
            element.set("href", page.issue(address))
