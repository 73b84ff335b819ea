"""The glossary: a definition list, terms to what they mean."""

import re
import unicodedata
from collections.abc import Mapping

from lms.content.decoding import Source
from lms.content.findings import Report
from lms.content.items import dedented

_DEFINITION = re.compile(r" {0,3}: {1,3}(\S.*)")


def read_glossary(source: Source, report: Report) -> dict[str, str]:
    """Terms to definitions in Markdown, in order. Several terms may share a definition.

    Headings may group the terms. Several definitions of a term are paragraphs of one.
    """
    made: dict[str, str] = {}
    waiting: list[tuple[str, int]] = []  # terms that want a definition, and their lines
    current: list[str] = []  # terms whose definition is being read
    held: list[str] = []  # its lines
    defined = True
    for index in range(source.body_at, len(source.lines) + 1):
        line = source.lines[index] if index < len(source.lines) else "end"
        found = _DEFINITION.fullmatch(line)
        if found and (waiting or current):
            if waiting:
                _close(current, held, made)
                current, held, defined = [term for term, _ in waiting], [], True
                _notice_doubles(waiting, made, report)
                waiting = []
            elif held:
                held.append("")
            held.append(found[1])
        elif not line.strip():
            held.append("")
        elif line.startswith("  ") and current and not waiting:
            held.append(line)
        elif current and not waiting and held and held[-1] and index < len(source.lines):
            held.append(line)  # the paragraph goes on at the margin
        else:
            if waiting and not source.lines[index - 1].strip():
                defined = False
            if not defined or (waiting and (index == len(source.lines) or line.startswith("#"))):
                _missing(waiting, report)
                waiting, defined = [], True
            if not line.startswith("#") and index < len(source.lines):
                waiting.append((line.strip(), index + 1))
    _close(current, held, made)
    return made


def _close(terms: list[str], held: list[str], made: dict[str, str]) -> None:
    if not terms:
        return
    first, *rest = held
    text = "\n".join([first, *dedented(rest)]).strip("\n").rstrip()
    for term in terms:
        made.setdefault(term, text)


def _notice_doubles(
    waiting: list[tuple[str, int]], made: Mapping[str, str], report: Report
) -> None:
    known = {term_key(term) for term in made}
    for term, line in waiting:
        if term_key(term) in known:
            report.add("term", f"the term `{term[:60]}` is defined twice", line, 1, "keep one")


def _missing(waiting: list[tuple[str, int]], report: Report) -> None:
    for term, line in waiting:
        wrong = f"`{term[:60]}` has no definition"
        report.add("term", wrong, line, 1, "write `:   …` on the line below it")


def term_key(term: str) -> str:
    """What a term is looked up by: case and runs of space do not count."""
    return " ".join(unicodedata.normalize("NFC", term).casefold().split())


def write_glossary(glossary: Mapping[str, str]) -> str:
    """The body of a glossary.md."""
    made = []
    for term, text in glossary.items():
        first, *rest = text.split("\n")
        lines = [term, f":   {first}", *(f"    {line}" if line.strip() else "" for line in rest)]
        made.append("\n".join(lines))
    return "\n\n".join(made)
