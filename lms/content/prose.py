"""Sentences of a Markdown text, to count their words."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from lms.content.lines import runs

LONGEST = 35  # words

_NOISE = re.compile(
    r"`+[^`\n]*`+"  # code
    r"|!\[[^\[\]\n]*\]"  # what describes a picture
    r"|\]\([^()\s]*(?:\s\"[^\"\n]*\")?\)|\]\[[^\[\]\n]*\]"  # where a link leads
    r"|\{[^{}\n]*\}"  # attributes and gaps
    r"|<?https?://\S+"
)
_LEAD = re.compile(r"(?:\s|>|#|[-*+] |[0-9]{1,9}[.)] |: |!!!|\?\?\?|[(\[][ xX][)\]] |= )*")
_END = re.compile(r"[.!?…։؟。][\"”»’')\]*_]*(?=\s|$)|[|]")


def long_sentences(lines: Sequence[str], first: int) -> Iterator[tuple[int, int]]:
    """Line where each sentence of over 35 words begins, and its number of words."""
    for run in runs(lines):
        text = "\n".join(lines[run.start : run.stop])
        if text.count(" ") < LONGEST:
            continue
        text = _NOISE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        starts = list(accumulate((len(lines[row]) + 1 for row in run), initial=0))
        lead = _LEAD.match(text)
        start = lead.end() if lead else 0
        for end in [*(found.end() for found in _END.finditer(text, start)), len(text)]:
            words = [word for word in text[start:end].split() if any(map(str.isalnum, word))]
            if len(words) > LONGEST:
                offset = len(text[start:end]) - len(text[start:end].lstrip())
                row = bisect_right(starts, min(start + offset, len(text) - 1)) - 1
                yield first + run.start + row, len(words)
            start = end
