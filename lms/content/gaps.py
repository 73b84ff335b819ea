"""Gaps: `{{12}}` is typed, `{{1988|1971}}` is a list, `{{=a|b}}` typed in one of two ways."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from lms.content.findings import Report
from lms.content.lines import code_spans, is_escaped, runs
from lms.rules.questions import Gap

# No brace inside: so that a line of opening braces is passed over once.
_GAP = re.compile(r"\{\{([^{}\n]*)\}\}")
_OPEN = re.compile(r"\{\{")
_BAR = re.compile(r"(?<!\\)\|")


def find_gaps(lines: Sequence[str]) -> list[tuple[int, int, int, str]]:
    """Line index, first and last column (0-based) and content of each gap outside code."""
    return [
        (row, column, column + len(found[0]), found[1])
        for row, column, found in _places(lines, _GAP)
    ]


def open_braces(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Line index and column (0-based) of each `{{` outside code that opens no gap."""
    gaps = {(row, first) for row, first, _, _ in find_gaps(lines)}
    places = [(row, column) for row, column, _ in _places(lines, _OPEN)]
    return [place for place in places if place not in gaps]


def _places(
    lines: Sequence[str], pattern: re.Pattern[str]
) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Row, column and match of what stands outside code and has no backslash before it."""
    for run in runs(lines):
        text = "\n".join(lines[run.start : run.stop])
        if "{{" not in text:
            continue
        starts = list(accumulate((len(lines[row]) + 1 for row in run), initial=0))
        code = iter(code_spans(text))
        span = next(code, None)
        for found in pattern.finditer(text):
            while span is not None and span.stop <= found.start():
                span = next(code, None)
            if span is not None and found.start() in span:
                continue
            if not is_escaped(text, found.start()):
                row = bisect_right(starts, found.start()) - 1
                yield run.start + row, found.start() - starts[row], found


def read_gaps(lines: Sequence[str], line: int, report: Report) -> tuple[str, tuple[Gap, ...]]:
    """The text with `{{1}}`, `{{2}}` … for its gaps, and these; line is that of lines[0]."""
    made = list(lines)
    gaps: list[Gap] = []
    found = find_gaps(lines)
    for row, first, _, content in found:
        gaps.append(_gap(content, line + row, first + 1, report))
    for number, (row, first, last, _) in reversed(list(enumerate(found, start=1))):
        made[row] = f"{made[row][:first]}{{{{{number}}}}}{made[row][last:]}"
    for row, column in open_braces(lines):
        wrong = "this gap is not closed on its line, or holds a brace"
        report.add("question", wrong, line + row, column + 1, r"write {{…}}, or \{{ for text")
    return "\n".join(made).strip("\n").rstrip(), tuple(gaps)


def _gap(content: str, line: int, column: int, report: Report) -> Gap:
    typed = content.lstrip().startswith("=")
    bare = content.lstrip()[1:] if typed else content
    texts = tuple(_plain(part.strip()) for part in _BAR.split(bare))
    if not all(texts):
        report.add("question", "a gap has an empty answer", line, column, "write {{answer}}")
    elif len(set(texts)) < len(texts):
        report.add("doubled-answer", "a gap has the same answer twice", line, column)
    return Gap(texts=texts, listed=len(texts) > 1 and not typed)


def _plain(text: str) -> str:
    return re.sub(r"\\([=|])", r"\1", text)


def gap_text(gap: Gap) -> str:
    """The gap as it is written."""
    inner = "|".join(text.replace("|", r"\|") for text in gap.texts)
    if inner.startswith("="):
        inner = "\\" + inner
    return f"{{{{={inner}}}}}" if len(gap.texts) > 1 and not gap.listed else f"{{{{{inner}}}}}"


def put_back(body: str, gaps: Sequence[Gap]) -> str:
    """The body as its author writes it: gaps for their placeholders, code left alone."""
    lines = body.split("\n")
    for row, first, last, content in reversed(find_gaps(lines)):
        gap = gaps[int(content) - 1]
        lines[row] = f"{lines[row][:first]}{gap_text(gap)}{lines[row][last:]}"
    return "\n".join(lines)
