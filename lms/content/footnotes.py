"""Footnotes: numbered in the order in which the text calls for them, with ways there and back."""

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from lms.content.page import Page

if TYPE_CHECKING:
    from lms.content.building import Builder


def add_notes(builder: "Builder", root: Element) -> None:
    """Add every footnote that is written, in a section at the end of the page."""
    if not builder.page.footnotes:
        return
    section = SubElement(root, "section", {"class": "footnotes small"})
    section.set("aria-label", builder.page.word("footnotes"))
    notes = SubElement(section, "ol")
    for label, block in builder.page.footnotes.items():
        note = SubElement(notes, "li", {"data-note": label})
        builder.add(note, block.children)


def number_notes(root: Element, page: Page) -> None:
    """Number notes and calls, drop the notes that nothing calls for."""
    section = next((part for part in root if part.get("class") == "footnotes small"), None)
    if section is None:
        return
    notes = {note.get("data-note", ""): note for note in section[0]}
    root.remove(section)
    order: dict[str, int] = {}
    calls: dict[str, int] = {}
    waiting = [root]
    for place in waiting:  # a note that is called for may call for others
        for call in place.iter("sup"):
            label = call.attrib.pop("data-note", None)
            if label is None:
                continue
            if label not in order:
                order[label] = len(order) + 1
                waiting.append(notes[label])
            calls[label] = calls.get(label, 0) + 1
            _link(call, order[label], calls[label], page)
    kept = section[0]
    for note in list(kept):
        kept.remove(note)
    for label, number in order.items():
        note = notes[label]
        del note.attrib["data-note"]
        note.set("id", f"fn-{number}")
        _add_ways_back(note, number, calls[label], page)
        kept.append(note)
    if order:
        root.append(section)


def _call_id(number: int, call: int) -> str:
    return f"ref-{number}" if call == 1 else f"ref-{number}-{call}"


def _link(call: Element, number: int, times: int, page: Page) -> None:
    link = SubElement(call, "a", {"id": _call_id(number, times)})
    link.set("href", page.issue(f"#fn-{number}"))
    link.text = str(number)


def _add_ways_back(note: Element, number: int, calls: int, page: Page) -> None:
    last = note[-1] if len(note) and note[-1].tag == "p" else SubElement(note, "p")
    for call in range(1, calls + 1):
        link = SubElement(last, "a", {"class": "back"})
        link.set("href", page.issue(f"#{_call_id(number, call)}"))
        link.set("aria-label", page.word("back"))
        link.text = "↩"
        if len(last) > 1:
            last[-2].tail = (last[-2].tail or "") + " "
        else:
            last.text = (last.text or "") + " "
