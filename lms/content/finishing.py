"""What is settled once a page's elements are all there: ids, notes, figures, abbreviations."""

import html
import re
from xml.etree.ElementTree import Element

from lms.content.emphasis import restore
from lms.content.figures import make_figures
from lms.content.footnotes import number_notes
from lms.content.page import TRUSTED, TRUSTED_END, Heading, Page, anchor
from lms.content.sources import unshield
from lms.content.terms import link_terms

VOID = frozenset({"br", "hr", "img", "input", "track"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_UNEXPANDED = _HEADINGS | {"a", "code", "pre", "summary"}
_MARKS = re.compile(f"{TRUSTED}[0-9]+{TRUSTED_END}")


def finish(root: Element, page: Page) -> None:
    for element in root.iter():
        element.text = unshield(restore(element.text or ""))
        element.tail = unshield(restore(element.tail or ""))
    link_terms(root, page)
    _unwrap(root)
    make_figures(root, page)
    _make_steps(root)
    number_notes(root, page)
    _name_headings(root, page)
    _expand_abbreviations(root, page)


def _unwrap(root: Element) -> None:
    """Take away what only held its content: tight paragraphs, refused links, links in links."""
    waiting = [(root, False)]
    while waiting:
        parent, in_link = waiting.pop()
        place = 0
        while place < len(parent):
            child = parent[place]
            bare = child.tag == "text" or "data-tight" in child.attrib
            if bare or (in_link and child.tag == "a"):
                _dissolve(parent, place)
            else:
                waiting.append((child, in_link or child.tag == "a"))
                place += 1


def _dissolve(parent: Element, place: int) -> None:
    """Put the content of a child in the child's place."""
    child = parent[place]
    inner = list(child)
    tail = child.tail or ""
    parent.remove(child)
    _append_text(parent, place, child.text or "")
    for offset, element in enumerate(inner):
        parent.insert(place + offset, element)
    _append_text(parent, place + len(inner), tail)


def _append_text(parent: Element, place: int, text: str) -> None:
    """Add text right before the child at `place`."""
    if not text:
        return
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _make_steps(root: Element) -> None:
    """In a procedure the strong words that begin a step are its name."""
    for steps in root.iter("ol"):
        if steps.attrib.pop("data-flow", None) is None:
            continue
        for step in steps:
            if len(step) and step[0].tag == "p" and not (step.text or "").strip():
                name = step[0][0] if len(step[0]) and not (step[0].text or "").strip() else None
            else:
                name = step[0] if len(step) and not (step.text or "").strip() else None
            if name is not None and name.tag == "strong":
                name.tag = "b"
                name.tail = (name.tail or "").lstrip()


def words_of(element: Element) -> str:
    """The text of an element as one line, without the marks of icons and gaps."""
    return " ".join(_MARKS.sub("", "".join(element.itertext())).split())


def _name_headings(root: Element, page: Page) -> None:
    own = set(root)
    for element in root.iter():
        if element.tag not in _HEADINGS or "data-id" not in element.attrib:
            continue
        text = words_of(element)
        base = anchor(element.attrib.pop("data-id") or text)
        name = page.fresh_id(base)
        element.set("id", name)
        if element in own:
            page.headings.append(Heading(int(element.tag[1]), name, text))


# abbreviations -------------------------------------------------------------------------------


def _expand_abbreviations(root: Element, page: Page) -> None:
    """Explain each abbreviation where it is used first; code, headings and links stay."""
    if not page.abbreviations:
        return
    left = dict(page.abbreviations)
    longest_first = sorted(left, key=len, reverse=True)
    words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    waiting = [root]
    while waiting and left:
        element = waiting.pop()
        if element.tag in _UNEXPANDED:
            continue
        children = list(element)
        _expand_text(element, 0, element.text or "", words, left)
        for child in children:
            if child.tail:
                _expand_text(element, list(element).index(child) + 1, child.tail, words, left)
        waiting += reversed(children)


def _expand_text(
    parent: Element, place: int, text: str, words: re.Pattern[str], left: dict[str, str]
) -> None:
    """Wrap the first use of each abbreviation in the text that stands before child `place`."""
    start = 0
    for found in words.finditer(text):
        if found[0] not in left:
            continue
        element = Element("abbr", {"title": left.pop(found[0])})
        element.text = found[0]
        element.tail = text[found.end() :]
        before = text[start : found.start()]
        if place:
            parent[place - 1].tail = before
        else:
            parent.text = before
        parent.insert(place, element)
        place, start = place + 1, found.end()


# writing -------------------------------------------------------------------------------------


def serialize(root: Element) -> str:
    """The tree as HTML. All text in it is literal: every sign of HTML is escaped, once."""
    pieces: list[str] = []
    waiting: list[Element | str] = [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            pieces.append(element)
            continue
        written = "".join(
            f' {name}="{html.escape(value)}"' for name, value in element.attrib.items()
        )
        pieces.append(f"<{element.tag}{written}>")
        if element.tag == "pre":
            pieces.append("\n" if (element.text or "").startswith("\n") else "")
        if element.tail:
            waiting.append(html.escape(element.tail, quote=False))
        if element.tag in VOID:
            continue
        waiting.append(f"</{element.tag}>")
        waiting += reversed(element)
        pieces.append(html.escape(element.text or "", quote=False))
    return "".join(pieces)
