"""One page while it is made: what its parts must know of each other."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lms.content.blocks import Block
from lms.content.definitions import Reference
from lms.content.surroundings import Surroundings

# Noncharacters: no text contains them, an HTML reader lets them pass. Input is freed of them.
TAKEN, TAKEN_END = "\ufdd0", "\ufdd1"  # something taken out of the text before Markdown
TRUSTED, TRUSTED_END = "\ufdd2", "\ufdd3"  # finished HTML that waits until after sanitizing
TAKEN_OUT = re.compile(f"{TAKEN}([0-9]+){TAKEN_END}")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the page's own text, for its list of contents; level 2 to 6."""

    level: int
    id: str
    text: str


class Taken(NamedTuple):
    """What stood in `[[shown|term]]`, or the number of a gap `{{1}}`."""

    shown: str
    term: str = ""
    gap: int = 0


@dataclass(slots=True)
class Page:
    surroundings: Surroundings
    gaps: Sequence[str] | None = None  # finished HTML for `{{1}}` …; None: braces are text
    gap_marks: dict[int, str] = field(default_factory=dict)
    lines: bool = False  # whether elements keep the line they come from, for the checker
    taken: list[Taken] = field(default_factory=list)
    trusted: list[str] = field(default_factory=list)
    issued: set[str] = field(default_factory=set)  # addresses that the renderer itself gave out
    ids: dict[str, int] = field(default_factory=dict)  # how often each has been asked for
    headings: list[Heading] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    references: dict[str, Reference] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)
    footnotes: dict[str, Block] = field(default_factory=dict)

    def trust(self, html: str) -> str:
        """A mark that becomes this HTML after sanitizing. Author text in it must be escaped."""
        self.trusted.append(html)
        return f"{TRUSTED}{len(self.trusted) - 1}{TRUSTED_END}"

    def gap(self, number: int) -> str:
        """The mark of a gap's field; the same one each time, so that the field is put in once."""
        if number not in self.gap_marks and self.gaps is not None:
            self.gap_marks[number] = self.trust(self.gaps[number - 1])
        return self.gap_marks[number]

    def fresh_id(self, wanted: str) -> str:
        """The id, with a number where the page has it already."""
        name = wanted
        while name in self.ids:
            self.ids[wanted] += 1
            name = f"{wanted}-{self.ids[wanted]}"
        self.ids[name] = 1
        return name

    def issue(self, address: str) -> str:
        """The address, from now on one that the sanitizer lets stand."""
        self.issued.add(address)
        return address

    def plain(self, text: str) -> str:
        """The text with what was taken out of it put back as words, for attributes."""
        return TAKEN_OUT.sub(lambda found: self.taken[int(found[1])].shown, text)

    def word(self, name: str) -> str:
        return self.surroundings.word(name)


def clean(text: str) -> str:
    """The text with LF line ends, without byte-order mark, control and noncharacters."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text)


def anchor(text: str) -> str:
    """The id of a heading written or named so: letters of every script, joined by hyphens.

    `#northern` and a heading *Northern* both give `h-northern`; text without a letter or digit
    gives `h-part`.
    """
    kept = []
    for sign in unicodedata.normalize("NFC", text).casefold():
        kind = unicodedata.category(sign)
        if kind[0] in "LMN" or sign == "_":
            kept.append(sign)
        elif kind != "Cf" and sign not in "'’":  # a joiner within a word parts nothing
            kept.append(" ")
    return "h-" + ("-".join("".join(kept).split()) or "part")
