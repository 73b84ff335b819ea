"""What the renderer refuses before it works: text that only an attack, or an accident, contains."""

import re

MOST_BYTES = 200_000
DEEPEST = 50
MOST_SIGNS = 2_000  # `[`, `<` or `*` in one block

_BLANK = re.compile(r"[ \t]*\Z")


class TooMuch(ValueError):  # noqa: N818 - a refusal, as its name says
    """The text goes over a limit of the course format; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


def check(markdown: str) -> None:
    """Raise TooMuch when the text is too large, or one block of it holds too many signs.

    A block is what stands between blank lines. Nesting is counted while the structure is read.
    """
    size = 0
    counts = dict.fromkeys("[<*", 0)
    for number, line in enumerate(markdown.split("\n"), 1):
        size += len(line.encode("utf-8", "replace")) + 1
        if size > MOST_BYTES + 1:
            raise TooMuch(number, "the file is larger than 200 KB; divide it into two lessons")
        if _BLANK.match(line):
            counts = dict.fromkeys(counts, 0)
            continue
        for sign in counts:
            counts[sign] += line.count(sign)
            if counts[sign] > MOST_SIGNS:
                raise TooMuch(
                    number,
                    f"there are more than 2,000 “{sign}” in one block; "
                    "divide the block with empty lines",
                )


def too_deep(line: int) -> TooMuch:
    return TooMuch(
        line, "lists, quotations, call-outs or emphasis are nested more than 50 levels deep"
    )


def fullest_line(markdown: str) -> int:
    """The line with the most signs of nesting: where text that nests too deep most likely is."""
    lines = markdown.split("\n")
    return 1 + max(range(len(lines)), key=lambda place: sum(map(lines[place].count, "[<*_!")))
