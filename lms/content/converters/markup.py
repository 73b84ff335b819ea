"""Texts of other systems as Markdown."""

import re
from html.parser import HTMLParser

from lms.content.converters.foreign import Text

_SIGNS = re.compile(r"([\\`*_\[\]<>{}|])")
_LINE = re.compile(r"(?m)^(\s*)([#+=~-]|\d+[.)])")
_AMPERSAND = re.compile(r"&(?=#?\w+;)")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_BREAKS = {"p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"}
_PLAIN = {"span", "br", "li", *_MARKS, *_BREAKS}


def markdown_of(text: Text) -> tuple[str, bool]:
    """The text in Markdown, and whether something of its form was lost."""
    if text.format == "markdown" or not text.text:
        return text.text, False
    if text.format == "plain" or not re.search(r"<\w|&#?\w+;", text.text):
        return escaped(text.text), False
    reader = _Reader()
    reader.feed(text.text)
    reader.close()
    lines = [" ".join(line.split(" ")).strip() for line in "".join(reader.made).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), reader.lost


def escaped(text: str) -> str:
    """Plain text that Markdown shows as it is."""
    safe = _AMPERSAND.sub("&amp;", _SIGNS.sub(r"\\\1", text))
    return _LINE.sub(lambda found: found[1] + _apart(found[2]), safe)


def _apart(mark: str) -> str:
    """`\\#`, `1\\.`"""
    return f"{mark[:-1]}\\{mark[-1]}"


class _Reader(HTMLParser):
    """The few elements that a question is written with; others leave their text."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []
        self.lost = False
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.hidden += 1
        self.lost = self.lost or tag not in _PLAIN
        if tag == "br":
            self.made.append("\n")
        elif tag == "li":
            self.made.append("\n- ")
        else:
            self.made.append("\n\n" if tag in _BREAKS else _MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.hidden = max(0, self.hidden - 1)
        self.made.append("\n\n" if tag in _BREAKS else _MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.made.append(escaped(" ".join(data.replace("\n", " ").split(" "))))
