"""What stood in the text where Python-Markdown's inline engine now keeps a mark."""

import re
from typing import cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import ETX, INLINE_PLACEHOLDER_RE, STX

PLACEHOLDER = INLINE_PLACEHOLDER_RE
_ACTIVE = re.compile(r"[\\`*_\[\]!<>&()\n ]")
_SHIELDED = re.compile(f"{STX}([0-9]+){ETX}")


def shield(text: str) -> str:
    """The text with its active signs hidden: the engine looks at some pieces more than once."""
    return _ACTIVE.sub(lambda found: f"{STX}{ord(found[0])}{ETX}", text)


def unshield(text: str) -> str:
    return _SHIELDED.sub(lambda found: chr(int(found[1])), text) if STX in text else text


class _Finished(str):
    """Text that no pattern looks at again; it remembers how it was written."""

    source: str


class Sources:
    """The source of each finished piece of a line.

    An address, a title or a label takes its text as written, although escapes and code in it
    have been finished by then.
    """

    def __init__(self, md: Markdown) -> None:
        self.md = md
        self.written: dict[Element, str] = {}

    def keep(self, piece: Element | str, source: str) -> Element | str:
        """The piece, from now on with its source."""
        if isinstance(piece, str):
            piece = _Finished(shield(piece))
            piece.source = source
        else:
            self.written[piece] = source
        return piece

    def raw(self, text: str) -> str:
        """The text with every mark replaced by what stood in its place."""
        nodes = cast(InlineProcessor, self.md.treeprocessors["inline"]).stashed_nodes

        def source(found: re.Match[str]) -> str:
            node = nodes.get(found[1], "")
            if isinstance(node, _Finished):
                return node.source
            if isinstance(node, str):
                return node
            return self.written.get(node) or self.raw("".join(node.itertext()))

        return PLACEHOLDER.sub(source, text)
