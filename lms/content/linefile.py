"""A file in lines that each remember how they end, so that an edit leaves the others alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.decoding import MARK


@dataclass(frozen=True, slots=True)
class LineFile:
    """A file in pieces: its mark, its lines, and the end of each line ("" where there is none)."""

    mark: str
    lines: tuple[str, ...]
    ends: tuple[str, ...]

    @property
    def end(self) -> str:
        """The line end that new lines get: that of the first line."""
        return self.ends[0] or "\n"

    def body_at(self) -> int:
        """The index of the line where the body begins; 0 without front matter."""
        if self.lines[0].rstrip() != "---":
            return 0
        for index in range(1, len(self.lines)):
            if self.lines[index].rstrip() == "---":
                return index + 1
        return 0

    def with_lines(self, start: int, stop: int, lines: Sequence[str]) -> "LineFile":
        """Other lines for those from start to stop; what is alike at both ends is kept."""
        old = self.lines[start:stop]
        while lines and old and lines[0] == old[0]:
            start, old, lines = start + 1, old[1:], lines[1:]
        while lines and old and lines[-1] == old[-1]:
            stop, old, lines = stop - 1, old[:-1], lines[:-1]
        ends = [self.end] * len(lines)
        before, after = self.ends[:start], self.ends[stop:]
        if not after and ends and self.ends[-1] == "" and old:
            ends[-1] = ""  # the file ends without a newline, and goes on doing so
        if before and before[-1] == "" and lines:
            before = (*before[:-1], self.end)
        return LineFile(
            self.mark,
            (*self.lines[:start], *lines, *self.lines[stop:]),
            (*before, *ends, *after),
        )

    def data(self) -> bytes:
        text = "".join(line + end for line, end in zip(self.lines, self.ends, strict=True))
        return (self.mark + text).encode()


def line_file(file: bytes) -> LineFile:
    """The file in pieces. Raises UnicodeDecodeError."""
    text = file.decode("utf-8")
    mark = MARK if text.startswith(MARK) else ""
    lines, ends = [], []
    for line in text[len(mark) :].split("\n"):
        crlf = line.endswith("\r")
        lines.append(line[:-1] if crlf else line)
        ends.append("\r\n" if crlf else "\n")
    # what follows the last newline is a line of its own only where something stands there
    if len(lines) > 1 and not lines[-1]:
        return LineFile(mark, tuple(lines[:-1]), tuple(ends[:-1]))
    last = lines[-1] + ("\r" if ends[-1] == "\r\n" else "")
    return LineFile(mark, (*lines[:-1], last), (*ends[:-1], ""))
