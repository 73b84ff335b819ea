"""Pictures and players from the course's media; with a caption, alone, they are figures."""

import re
from xml.etree.ElementTree import Element, SubElement

from lms.content.addresses import picture
from lms.content.page import Page

VIDEO = (".mp4", ".webm")
SOUND = (".mp3", ".ogg")

_BRACES = re.compile(r"\{[ \t]*([^{}\n]*?)[ \t]*\}")
_DECORATIVE = ".decorative"
_PLAYER = re.compile(r"(transcript|captions)=(\"[^\"]*\"|[^\s\"]+)\Z")


def take_attributes(text: str) -> tuple[dict[str, str] | None, int]:
    """What `{…}` right after a picture says, and its length; None where it is not such a list.

    The set is closed: `.decorative`, `transcript=media/…`, `captions=media/…`. Braces that hold
    anything else are text, all of them.
    """
    found = _BRACES.match(text)
    if not found or not found[1]:
        return None, 0
    attributes = {}
    for word in found[1].split():
        if word == _DECORATIVE:
            attributes[_DECORATIVE] = ""
        elif pair := _PLAYER.match(word):
            attributes[pair[1]] = pair[2].strip('"')
        else:
            return None, 0
    return attributes, found.end()


def make_picture(
    source: str, alt: str, title: str, attributes: dict[str, str], page: Page
) -> Element:
    """The picture or player; its alternative text in a box when the course has no such file."""
    media = picture(source, page)
    if media is None:
        missing = Element("span", {"class": "missing"})
        missing.text = alt or source.rpartition("/")[2]
        return missing
    name = source.lower().partition("?")[0]
    kind = "video" if name.endswith(VIDEO) else "audio" if name.endswith(SOUND) else "img"
    element = Element(kind, {"src": page.issue(media.url)})
    if kind != "audio" and media.width and media.height:
        element.set("width", str(media.width))
        element.set("height", str(media.height))
    if title:
        element.set("title", title)
    if kind == "img":
        element.set("alt", "" if _DECORATIVE in attributes else alt)
        element.set("loading", "lazy")
        return element
    element.attrib.update({"controls": "", "preload": "none", "aria-label": alt})
    captions = picture(attributes.get("captions", ""), page)
    if captions:
        track = SubElement(element, "track")
        track.attrib.update(
            {
                "kind": "captions",
                "src": page.issue(captions.url),
                "srclang": page.surroundings.language,
                "label": page.word("captions"),
                "default": "",
            }
        )
    transcript = picture(attributes.get("transcript", ""), page)
    if transcript:
        element.set("data-transcript", page.issue(transcript.url))
    return element


def make_figures(root: Element, page: Page) -> None:
    """Turn each paragraph that is one captioned picture, or one player, into a figure."""
    for paragraph in root.iter("p"):
        if len(paragraph) != 1 or (paragraph.text or "").strip():
            continue
        shown = paragraph[0]
        if (shown.tail or "").strip() or shown.tag not in ("img", "video", "audio"):
            continue
        title = shown.attrib.pop("title", "")
        if shown.tag == "img" and not title:
            continue
        paragraph.tag = "figure"
        paragraph.set("class", "stack stack-s")
        paragraph.text = shown.tail = None
        words = title or shown.get("aria-label", "")
        transcript = shown.attrib.pop("data-transcript", "")
        caption = SubElement(paragraph, "figcaption", {"class": "muted"})
        caption.text = words
        if transcript:
            caption.text += ". " if words and words[-1] not in ".!?。؟" else " "
            link = SubElement(caption, "a", {"href": transcript})
            link.text = page.word("transcript")
    for shown in root.iter():
        shown.attrib.pop("data-transcript", None)
