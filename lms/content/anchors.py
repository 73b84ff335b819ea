"""What a heading is linked to by."""

import re
from collections.abc import Iterable

from lms.content.marks import Heading
from lms.content.page import anchor


def _words_of(text: str) -> str:
    """What a reader sees of a heading's Markdown: no addresses, no other names of terms."""
    text = re.sub(r"\[\[([^\[\]|]*)(?:\|[^\[\]]*)?\]\]", r"\1", text)
    return re.sub(r"\]\([^()\s]*\)", "]", text)


def anchors(headings: Iterable[Heading]) -> frozenset[str]:
    """The anchors of a page. A name that comes again is counted: `h-facts-2`."""
    made: set[str] = set()
    for heading in headings:
        name = anchor(heading.id or _words_of(heading.text))
        unique, number = name, 1
        while unique in made:
            number += 1
            unique = f"{name}-{number}"
        made.add(unique)
    return frozenset(made)
