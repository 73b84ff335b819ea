"""Call-outs and parts that open on demand: their words, their icons, their HTML."""

from xml.etree.ElementTree import Element, SubElement

from lms.content.page import Page

_ICON = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'

# Each kind has its own icon and word, so that nothing is said by colour alone.
ICONS = {
    "note": "M5 6v12M9 8h10M9 12h10M9 16h6",
    "warning": "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01",
    "tip": "M9 18h6m-5 3h4M12 3a6 6 0 0 0-3.5 11c.6.5 1 1 1 2h5c0-1 .4-1.5 1-2A6 6 0 0 0 12 3z",
    "example": "M12 4 3 8.5l9 4.5 9-4.5zM3 13l9 4.5 9-4.5",
    "case": "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
    "law": "M12 4v16M8 20h8M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z",
    "correct": "m5 12.5 4.5 4.5L19 7.5",
    "not_correct": "m6 6 12 12M18 6 6 18",
}
_TONES = {"note": "", "tip": " ok", "warning": " bad"}


def icon(name: str, page: Page) -> str:
    """A mark that becomes the icon after sanitizing."""
    return page.trust(_ICON.format(ICONS[name]))


def open_callout(
    parent: Element, kind: str, title: str | None, page: Page
) -> tuple[Element, Element]:
    """A call-out's box and the element for its title, which already says the kind in a word."""
    box = SubElement(parent, "div", {"class": "note" + _TONES.get(kind, " info")})
    heading = SubElement(box, "h3")
    heading.text = icon(kind, page)
    word = page.word(kind)
    title = (title or "").strip()
    if not title:
        heading.text += word
        return box, heading
    if not title.casefold().startswith(word.casefold()):
        if kind == "note":  # its icon says it to the eye
            SubElement(heading, "span", {"class": "hide"}).text = f"{word}: "
        else:
            heading.text += f"{word}: "
    holder = SubElement(heading, "text")
    holder.text = title
    return box, heading


def open_details(parent: Element, title: str | None, page: Page) -> tuple[Element, Element]:
    """A part that opens on demand, and the element of its title."""
    box = SubElement(parent, "details", {"class": "card check"})
    summary = SubElement(box, "summary")
    summary.text = (title or "").strip() or page.word("details")
    return box, summary
