"""The bytes of a file as lines of text, refused early when they are not fit to be read."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.findings import Report

LARGEST_FILE = 200_000  # bytes
DEEPEST_NESTING = 50  # levels of quotations and lists
MOST_MARKS = 2000  # of [ < or * in one block

MARK = "\ufeff"
# What no editor writes on purpose and readers disagree on: controls but tab and newline, the
# line breaks of other worlds, and a byte-order mark in the middle.
_STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_PREFIX = re.compile(r"(?:[ \t]|>|[-*+](?= )|[0-9]{1,9}[.)](?= ))*")
_LEVEL = re.compile(r">|[-*+](?= )|[0-9]+[.)]")
_FENCE = re.compile(r"[ >]*(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file's text in lines, NFC, without mark and line ends. Lines count from 1."""

    path: str
    lines: tuple[str, ...]
    front: range | None  # indexes into lines, between the two ---; None: there is none
    body_at: int  # index into lines where the body begins

    @property
    def body(self) -> tuple[str, int]:
        """The body without empty lines around it, and the line where it begins."""
        first, last = self.body_at, len(self.lines)
        while first < last and not self.lines[first].strip():
            first += 1
        while last > first and not self.lines[last - 1].strip():
            last -= 1
        return "\n".join(self.lines[first:last]), first + 1


def source_of(data: bytes | str, report: Report) -> Source | None:
    """The file as text, or None with findings."""
    text = _decoded(data, report)
    if text is None:
        return None
    lines = tuple(text.split("\n"))
    front, body_at = _front_of(lines)
    if not _within_limits(lines, body_at, report):
        return None
    return Source(path=report.path, lines=lines, front=front, body_at=body_at)


def _decoded(data: bytes | str, report: Report) -> str | None:
    if len(data) > LARGEST_FILE:
        size = f"{len(data) // 1000} KB"
        report.add("limit", f"the file has {size}; {LARGEST_FILE // 1000} KB are allowed", 1)
        return None
    if isinstance(data, bytes):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as fault:
            line = data.count(b"\n", 0, fault.start) + 1
            column = fault.start - data.rfind(b"\n", 0, fault.start)
            report.add("encoding", "this is not UTF-8", line, column)
            return None
    else:
        text = data
    text = text.removeprefix(MARK).replace("\r\n", "\n")
    strange = _STRANGE.search(text)
    if strange:
        before = text[: strange.start()]
        sign = f"U+{ord(strange[0]):04X}"
        report.add(
            "encoding",
            f"the control sign {sign} stands here",
            before.count("\n") + 1,
            len(before) - before.rfind("\n"),
            "remove it (or press Enter for a new line)",
        )
        return None
    return unicodedata.normalize("NFC", text)


def _front_of(lines: Sequence[str]) -> tuple[range | None, int]:
    """The lines between the first two ---, and where the body begins."""
    if lines[0].rstrip() != "---":
        return None, 0
    for index in range(1, len(lines)):
        if lines[index].rstrip() == "---":
            return range(1, index), index + 1
    return None, 0


def _within_limits(lines: Sequence[str], body_at: int, report: Report) -> bool:
    """Refuse what a Markdown reader could take minutes for. Time grows with the text only."""
    fence = ""
    counts = dict.fromkeys("[<*{", 0)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            counts = dict.fromkeys(counts, 0)
            continue
        for sign in counts:
            # { is counted in front matter alone, where it opens a level
            counts[sign] += line.count(sign) if sign != "{" or number <= body_at else 0
            if counts[sign] > MOST_MARKS:
                wrong = f"more than {MOST_MARKS:,} of {sign} stand in one block"
                report.add("limit", wrong, number, 1, "part it by an empty line")
                return False
        found = _FENCE.match(line) if number > body_at else None
        if found and fence:
            fence = "" if found[1].startswith(fence) else fence
        elif found:
            fence = found[1]
        elif not fence and _levels(line) > DEEPEST_NESTING:
            wrong = f"more than {DEEPEST_NESTING} levels of quotations and lists"
            report.add("limit", wrong, number, 1, "use fewer levels")
            return False
    return True


def _levels(line: str) -> int:
    found = _PREFIX.match(line)
    prefix = found[0] if found else ""
    spaces = prefix.count(" ") + 4 * prefix.count("\t")
    marks = len(_LEVEL.findall(prefix))
    # each mark of a list or quotation is followed by a space that is no level of its own
    return marks + max(0, spaces - marks) // 2
