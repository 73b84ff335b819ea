"""The outline of HTML: its tags and where they lead, as one comparable value.

Left out is what does not make the structure: ids, classes, white space, and what the course
format adds around a structure that CommonMark knows too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

from lms.content.surroundings import Media, Surroundings

VOID = frozenset({"br", "hr", "img", "input", "track"})
# Our tags that stand for nothing (their content stays), and those that go with their content.
_OPEN = frozenset({"abbr", "span"})
_GONE = frozenset({"figcaption", "input", "section", "svg", "track"})
_SAME = {"h1": "h2", "figure": "p", "b": "strong", "video": "img", "audio": "img"}


@dataclass(slots=True)
class Outline:
    """One element: its tag, where it leads, what it holds; `words` are its own text pieces."""

    tag: str
    leads: str = ""
    children: list["Outline"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    line: int = 1  # of the text; not part of the value

    def value(self, words: bool = False) -> object:
        """Nested tuples, equal for equal structures; with the words on demand."""
        inner = tuple(child.value(words) for child in self.children)
        text = (" ".join("".join(self.words).split()),) if words else ()
        return (self.tag, self.leads, *text, inner)

    def tags(self) -> Iterator[str]:
        yield self.tag
        for child in self.children:
            yield from child.tags()


def outline(html: str) -> Outline:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Outline("page")
        self.open: list[tuple[str, Outline]] = [("page", self.root)]
        self.gone = 0
        self.line = ""  # of an element that does not count, for what it holds

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        classes = found.get("class", "").split()
        if self.gone or tag in _GONE or _goes(tag, classes):
            self.gone += tag not in VOID
            return
        above = self.open[-1][1]
        if tag in _OPEN or "scroll" in classes or "term" in classes:
            self.open.append((tag, above))
            self.line = found.get("data-line", "")
            return
        name = "td" if tag == "th" and above.tag == "tr" and found.get("scope") == "row" else tag
        leads = unquote(found.get("href", found.get("src", ""))).partition("#")
        element = Outline(_SAME.get(name, name), leads[0] + leads[1])
        element.line = int(found.get("data-line") or self.line or above.line)
        self.line = ""
        above.children.append(element)
        if tag not in VOID:
            self.open.append((tag, element))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.gone:
            self.gone -= 1
        elif len(self.open) > 1 and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.gone:
            self.open[-1][1].words.append(data)


def _goes(tag: str, classes: list[str]) -> bool:
    """Calls of footnotes and self-checks, which are nothing elsewhere."""
    return (tag == "sup" and "ref" in classes) or (tag == "div" and "card" in classes)


class _AnyMedia(Mapping[str, Media]):
    """A media folder that has every file: the structure does not depend on what is there."""

    def __getitem__(self, path: str) -> Media:
        if not path or path.startswith("#"):
            raise KeyError(path)
        return Media(path)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


ANYWHERE = Surroundings(media=_AnyMedia(), links=lambda path: path)
