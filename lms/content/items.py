"""An item of a list of answers: its text, its feedback, and where its lines stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.findings import Report
from lms.content.lines import Kind, blocks, fenced

_MARKER = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])(?: +|$)")
_STARTER = re.compile(r"(?:[-*+] |[0-9]{1,9}[.)] |[>#|]|`{3}|~{3})")


@dataclass(frozen=True, slots=True)
class Item:
    """The first paragraph of an item, what else it holds, and the quotation that ends it."""

    text: str  # the first paragraph
    more: str  # blocks below it, Markdown
    feedback: str  # Markdown
    line: int  # of the file

    def whole(self, text: str | None = None) -> str:
        """The item's Markdown, with another first paragraph where one is given."""
        first = self.text if text is None else text
        return f"{first}\n{self.more}".rstrip() if self.more.strip() else first


def item_of(lines: Sequence[str], span: range, line: int, report: Report) -> Item:
    """The item that stands in these lines; line is the file's line of lines[0]."""
    marker = _MARKER.match(lines[span.start])
    first = lines[span.start][marker.end() if marker else 0 :].strip()
    rest = dedented(lines[span.start + 1 : span.stop])
    paragraph = [first, *paragraph_of(rest)]
    rest = rest[len(paragraph) - 1 :]
    offset = line + span.start + len(paragraph)
    quotes: list[str] = []
    end = len(rest)
    found = list(blocks(rest))
    while found and found[-1].kind is Kind.QUOTE:
        quote = found.pop()
        quotes.insert(0, quoted_text(rest[quote.start : quote.end]))
        end = quote.start
    for block in found:
        if block.kind is Kind.QUOTE:
            wrong = "text follows this option's feedback"
            remedy = "put the quotation last, or let the option's text come first"
            report.add("question", wrong, offset + block.start, 1, remedy)
    more = "\n".join(rest[:end]).rstrip()
    text = "\n".join(paragraph).rstrip()
    return Item(text, more, "\n\n".join(quotes), line + span.start)


def paragraph_of(lines: Sequence[str]) -> list[str]:
    """The lines that go on with the paragraph above them."""
    made: list[str] = []
    for line in lines:
        bare = line.lstrip()
        if not bare or _STARTER.match(bare):
            break
        made.append(bare)
    return made


def dedented(lines: Sequence[str]) -> list[str]:
    """Without the indent that the lines share; lines that have none stay as they are."""
    indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    cut = min((indent for indent in indents if indent), default=0)
    return [line[min(cut, len(line) - len(line.lstrip(" "))) :] for line in lines]


def indented(text: str, by: str) -> str:
    """Every line but the first, and no empty one, set in by a few spaces."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(by + line if line.strip() else line for line in rest)])


def quoted_text(lines: Sequence[str]) -> str:
    """What a block quotation says."""
    mask = fenced(lines)
    made = []
    for line, code in zip(lines, mask, strict=True):
        bare = line.lstrip(" ")
        if bare.startswith(">"):
            made.append(bare[2:] if bare.startswith("> ") else bare[1:])
        else:
            made.append(line if code else bare)
    return "\n".join(made).strip("\n").rstrip()


def as_quote(text: str) -> str:
    """The text as a block quotation."""
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
