"""What is wrong with a course, said so that its author can mend it.

Every finding belongs to a named rule. The rules stand here, with their level and the remedy
that is given where a finding has no better one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A thing the checker looks for."""

    level: Level
    remedy: str  # what to write instead, in general


def _error(remedy: str) -> Rule:
    return Rule("error", remedy)


def _warning(remedy: str) -> Rule:
    return Rule("warning", remedy)


RULES: dict[str, Rule] = {
    # files
    "missing-file": _error("add the file"),
    "unknown-file": _error("remove it, or name it as the format does"),
    "outside-link": _error("replace the link by the file itself"),
    "name": _error("use a-z, 0-9 and - after the number"),
    "doubled-number": _error("give each its own number"),
    "doubled-slug": _error("give each its own name after the number"),
    "encoding": _error("save the file as UTF-8 text"),
    "limit": _error("split the text"),
    "picture-size": _warning("make the picture smaller; 40 KB load quickly everywhere"),
    "picture-limit": _error("make the picture smaller than 1 MB"),
    "svg": _error("export the drawing as plain SVG"),
    # front matter
    "front-matter": _error("begin the file with ---, the keys, and --- again"),
    "unknown-key": _error("remove the key"),
    "doubled-key": _error("keep one of them"),
    "missing-key": _error("add the key"),
    "value": _error("write a value of the named kind"),
    "comment-in-title": _warning('put the value in "quotation marks"'),
    # what refers to something
    "reference": _error("write the name of something that exists"),
    "prerequisite": _error("write the slug of a course that exists"),
    "handling": _error("raise the course's handling mark, or lower this one"),
    "link": _error("write the path of a file or heading that exists"),
    "transcript": _error("add {transcript=media/….md}"),
    "term": _error("add the term to glossary.md"),
    # questions
    "question": _error("write stem, answers and explanation as the format has them"),
    "no-right-answer": _error("mark what is right"),
    "two-right": _error("mark one option (x), or use [x] and [ ] for all"),
    "doubled-answer": _error("make each text differ from the others"),
    "doubled-id": _error("give each question its own {#id}"),
    "missing-id": _warning("add {#…} to the heading, or run `lms courses ids`"),
    "braces": _warning(r"write known words in {…}, or \{ for a plain brace"),
    "number-as-words": _warning("write a plain number and one unit, or add type=short"),
    "quiz-heading": _error("use ## for a question and ### inside one"),
    "draw": _error("draw fewer questions, or write more"),
    "small-pool": _warning("write at least twice as many questions as are drawn"),
    "untested-objective": _warning("add objective=… to a question that tests it"),
    # Markdown
    "attribute": _error("remove it; the format has a closed set of attributes"),
    "construct": _error("write the block as the format has it"),
    "alternative-text": _warning("describe the picture in [ ], or add {.decorative}"),
    "heading-level": _warning("go down one level at a time, from ##"),
    "long-sentence": _warning("make two sentences of it"),
    "markdown": _warning("write it so that every Markdown reads it alike"),
    # translations
    "translation": _error("give the translation what the source has, in the same order"),
    "stale-translation": _warning("look at what changed, then run `lms courses stamp`"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, with its place. line and column count from 1."""

    path: str
    line: int
    column: int
    level: Level
    rule: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place}: {self.level}: {self.wrong}; {self.remedy}"


class Report:
    """The findings of one file, in the order they are met."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Finding] = []

    def add(self, rule: str, wrong: str, line: int, column: int = 1, remedy: str = "") -> None:
        """Note a finding. Raises KeyError when the rule is not registered."""
        known = RULES[rule]
        self.found.append(
            Finding(self.path, line, column, known.level, rule, wrong, remedy or known.remedy)
        )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by path, line and column; what was found twice stands once."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda one: (one.path, one.line, one.column, one.rule)))


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(one.level == "error" for one in findings)
