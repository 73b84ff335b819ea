"""Where a text has code, lists, quotations and paragraphs: line by line, in one pass.

This is not a Markdown reader. It knows just enough of blocks to say where a question's answers
stand and what is code, and it never looks back, so that its time grows with the text only.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

_FENCE = re.compile(r"(?P<lead> *(?:(?:[-*+]|[0-9]{1,9}[.)]) +|> ?)*)(?P<marks>`{3,}|~{3,})(.*)")
_BULLET = re.compile(r"[-*+](?: |$)")
_NUMBER = re.compile(r"([0-9]{1,9})[.)](?: |$)")
_RULE = re.compile(r"(?:[-] *){3,}|(?:[*] *){3,}|(?:[_] *){3,}")
_CONTAINER = re.compile(r"!!! ?|\?\?\?\+? ?|\[\^|: ")  # its content is indented by four


class Kind(StrEnum):
    BULLETS = "bullets"
    NUMBERS = "numbers"
    QUOTE = "quote"
    KEYS = "keys"  # lines that begin with `= `
    FENCE = "fence"
    CODE = "code"  # indented
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines start to end (end not included) of the text, without empty lines at its end."""

    kind: Kind
    start: int
    end: int
    items: tuple[range, ...] = ()  # of a list
    apart: bool = True  # an empty line stands before it


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its first and last line as indexes, and what follows the opening marks."""

    start: int
    end: int  # not included
    info: str
    closed: bool


def fences(lines: Sequence[str]) -> tuple[Fence, ...]:
    """Every fenced block of a text, also in lists and quotations."""
    made = []
    index = 0
    while index < len(lines):
        found = _FENCE.fullmatch(lines[index])
        if found and not (found["marks"][0] == "`" and "`" in found[3]):
            end, closed = _fence_end(lines, index, found["lead"], found["marks"])
            made.append(Fence(index, end, found[3].strip(), closed))
            index = end
        else:
            index += 1
    return tuple(made)


def _fence_end(lines: Sequence[str], start: int, lead: str, marks: str) -> tuple[int, bool]:
    quoted, indented = ">" in lead, len(lead) >= 2
    for index in range(start + 1, len(lines)):
        line = lines[index]
        bare = line.lstrip(" >") if quoted else line.lstrip(" ")
        if bare.startswith(marks) and not bare.strip().strip(marks[0]):
            return index + 1, True
        # the list item or quotation it stands in has ended, and the fence with it
        if quoted and not line.lstrip().startswith(">"):
            return index, False
        if indented and not quoted and line.strip() and not line.startswith(" "):
            return index, False
    return len(lines), False


def fenced(lines: Sequence[str], found: Sequence[Fence] | None = None) -> list[bool]:
    """For each line whether it belongs to a fenced block."""
    mask = [False] * len(lines)
    for fence in fences(lines) if found is None else found:
        mask[fence.start : fence.end] = [True] * (fence.end - fence.start)
    return mask


def blocks(lines: Sequence[str]) -> tuple[Block, ...]:
    """The blocks at the margin of a text, in order."""
    mask = fenced(lines)
    made: list[Block] = []
    index, apart = 0, True
    while index < len(lines):
        if not lines[index].strip():
            index, apart = index + 1, True
            continue
        block = _block(lines, mask, index, apart)
        made.append(block)
        index, apart = block.end, False
    return tuple(made)


def _block(lines: Sequence[str], mask: Sequence[bool], start: int, apart: bool) -> Block:
    line = lines[start]
    if line.startswith(">"):
        end = _paragraph_end(lines, mask, start, quoted=True)
        return Block(Kind.QUOTE, start, end, (), apart)
    if mask[start] and not _BULLET.match(line) and not _NUMBER.match(line):
        end = _while(mask, start, True)
        return Block(Kind.FENCE, start, end, (), apart)
    if _RULE.fullmatch(line.rstrip()):
        return Block(Kind.TEXT, start, start + 1, (), apart)
    for kind, marker in ((Kind.BULLETS, _BULLET), (Kind.NUMBERS, _NUMBER)):
        if marker.match(line):
            items = _items(lines, mask, start, marker)
            return Block(kind, start, items[-1].stop, items, apart)
    if is_key(line) and apart:
        return Block(Kind.KEYS, start, _keys_end(lines, start), (), apart)
    if _CONTAINER.match(line):
        return Block(Kind.TEXT, start, _container_end(lines, start), (), apart)
    if line.startswith("    ") and apart:
        end = start
        while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
            end += 1
        return Block(Kind.CODE, start, _trimmed(lines, start, end), (), apart)
    return Block(Kind.TEXT, start, _paragraph_end(lines, mask, start), (), apart)


def _while(mask: Sequence[bool], start: int, value: bool) -> int:
    end = start
    while end < len(mask) and mask[end] is value:
        end += 1
    return end


def is_key(line: str) -> bool:
    """A line that begins with `= `."""
    return line.startswith("= ") or line.rstrip() == "="


def _starts_block(line: str, masked: bool) -> bool:
    """What interrupts a paragraph, as CommonMark has it."""
    if masked or line.startswith((">", "#")) or _BULLET.match(line):
        return True
    number = _NUMBER.match(line)
    return bool(number and int(number[1]) == 1) or bool(_RULE.fullmatch(line.rstrip()))


def _paragraph_end(
    lines: Sequence[str], mask: Sequence[bool], start: int, *, quoted: bool = False
) -> int:
    end = start + 1
    while end < len(lines) and lines[end].strip():
        goes_on = quoted and lines[end].startswith(">")
        if not goes_on and _starts_block(lines[end], mask[end]):
            break
        end += 1
    return end


def _keys_end(lines: Sequence[str], start: int) -> int:
    end = index = start
    while index < len(lines) and (is_key(lines[index]) or not lines[index].strip()):
        index += 1
        if lines[index - 1].strip():
            end = index
    return end


def _container_end(lines: Sequence[str], start: int) -> int:
    end = index = start + 1
    while index < len(lines):
        line = lines[index]
        if line.strip():
            if not line.startswith("    ") and not lines[index - 1].strip():
                break
            end = index + 1
        index += 1
    return end


def _items(
    lines: Sequence[str], mask: Sequence[bool], start: int, marker: re.Pattern[str]
) -> tuple[range, ...]:
    items: list[range] = []
    first, end, index = start, start + 1, start + 1
    apart = False
    while index < len(lines):
        line = lines[index]
        if not line.strip():
            apart = True
        elif line.startswith("  ") or (mask[index] and mask[index - 1] and index - 1 > first):
            end, apart = index + 1, False
        elif marker.match(line) and not _RULE.fullmatch(line.rstrip()):
            items.append(range(first, end))
            first, end, apart = index, index + 1, False
        elif apart or _starts_block(line, mask[index]) or _NUMBER.match(line):
            break
        else:
            end = index + 1  # the paragraph of the item goes on at the margin
        index += 1
    items.append(range(first, end))
    return tuple(items)


def _trimmed(lines: Sequence[str], start: int, end: int) -> int:
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return end


# --- code within a line -------------------------------------------------------------------

_TICKS = re.compile(r"(?<!`)`+")
_NEW_RUN = re.compile(r" *(?:[-*+] |[0-9]{1,9}[.)] |[|#>]|!!! |\?\?\?)")


def code_spans(text: str) -> tuple[range, ...]:
    """Where code stands in a run of text, the backticks included."""
    runs = [(found.start(), found.end()) for found in _TICKS.finditer(text)]
    following: dict[int, int] = {}  # length of a run to the index of the next such run
    closing = [-1] * len(runs)
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        closing[index] = following.get(length, -1)
        following[length] = index
    made = []
    index = 0
    while index < len(runs):
        start = runs[index][0]
        if closing[index] >= 0 and not is_escaped(text, start):
            made.append(range(start, runs[closing[index]][1]))
            index = closing[index] + 1
        else:
            index += 1
    return tuple(made)


def is_escaped(text: str, place: int) -> bool:
    """An odd number of backslashes stands before the place."""
    slashes = 0
    while slashes < place and text[place - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1


def runs(lines: Sequence[str]) -> Iterator[range]:
    """Lines that are read as one run of text: code spans and links do not reach over its end.

    Fenced and indented code is left out.
    """
    mask = fenced(lines)
    code = {
        index
        for block in blocks(lines)
        if block.kind is Kind.CODE
        for index in range(block.start, block.end)
    }
    start = 0
    for index in range(len(lines) + 1):
        end = index == len(lines) or mask[index] or index in code or not lines[index].strip()
        if (end or _NEW_RUN.match(lines[index])) and start < index:
            yield range(start, index)
            start = index
        if end:
            start = index + 1
