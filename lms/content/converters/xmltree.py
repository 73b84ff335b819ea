"""A small XML tree with lines, from a reader that refuses document types and so all entities."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from lms.content.converters.foreign import LARGEST, NotThisFormat

DEEPEST = 50


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def all(self, tag: str) -> Iterator["Element"]:
        return (one for one in self.children if one.tag == tag)

    def first(self, tag: str) -> "Element":
        """The first child of this name; an empty one where there is none."""
        return next(self.all(tag), Element(tag, {}, self.line))


def parse(data: bytes) -> Element:
    """The root. Raises NotThisFormat for what is not well formed, too large or too deep, and for
    any document type: with it go entities, outer references and bombs made of them."""
    if len(data) > LARGEST:
        raise NotThisFormat(f"the file is larger than {LARGEST // 1_000_000} MB")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    holder = Element("", {}, 1)
    path = [holder]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(path) > DEEPEST:
            raise NotThisFormat(f"elements are nested more than {DEEPEST} levels deep")
        made = Element(tag, attributes, parser.CurrentLineNumber)
        path[-1].children.append(made)
        path.append(made)

    def end(tag: str) -> None:
        path.pop()

    def refuse(*_: object) -> NoReturn:
        raise NotThisFormat("a document type or entity stands in the file")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: path[-1].pieces.append(text)
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as wrong:
        if isinstance(wrong, NotThisFormat):
            raise
        raise NotThisFormat(f"the file is no XML: {wrong}") from None
    return holder.children[0]
