"""A language in which every text that goes through gettext is written ⟦so⟧, and what is not."""

import re
from html.parser import HTMLParser

from flask_babel import Domain

OPEN, CLOSE = "⟦", "⟧"
SPOKEN = ("aria-label", "title", "alt", "placeholder")
SILENT = {"script", "style"}
VALUE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
WORD = re.compile(r"[A-Za-z]{2,}")


class Pseudo:
    """In place of a catalogue."""

    def ugettext(self, text):
        """The text in brackets; what is put into it must have its own."""
        return OPEN + VALUE.sub(lambda value: CLOSE + value[0] + OPEN, text) + CLOSE

    def ungettext(self, one, many, number):
        return self.ugettext(one if number == 1 else many)

    def upgettext(self, _context, text):
        return self.ugettext(text)

    def unpgettext(self, _context, one, many, number):
        return self.ungettext(one, many, number)


def speak(monkeypatch):
    monkeypatch.setattr(Domain, "get_translations", lambda _self: Pseudo())


class Texts(HTMLParser):
    """The texts of a page, spoken attributes among them, and what of each is in no ⟦…⟧."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[str] = []
        self.bare: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._depth = 0
        self._silent = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._silent = tag in SILENT
        self.tags.append((tag, dict(attrs)))
        for name, value in attrs:
            if name in SPOKEN and value:
                self.all.append(value)
                self._look(value, 0)

    def handle_endtag(self, tag):
        self._silent = False

    def handle_data(self, data):
        if not self._silent and data.strip():
            self.all.append(" ".join(data.split()))
            self._depth = self._look(data, self._depth)

    def _look(self, text: str, depth: int) -> int:
        """Note the words outside brackets; gives how many are open at the end."""
        outside = ""
        for sign in text:
            depth -= sign == CLOSE
            outside += " " if depth or sign == CLOSE else sign
            depth += sign == OPEN
        if WORD.search(outside.replace(OPEN, " ")):
            self.bare.append(" ".join(outside.replace(OPEN, " ").split()))
        return depth
