"""Front matter: a small, strict part of YAML, read as text with the place of every word.

PyYAML parses, but only its events are used: so nothing is ever made from a tag, aliases cannot
multiply, and each value knows its line and column.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from lms.content.decoding import Source
from lms.content.findings import Report

DEEPEST = 5  # the format itself needs three

_SENTENCE = re.compile(r"(?P<key>\s*(?:- )?(?:[\w-]+: +)?)(?P<value>\S.*?)\s*")


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    line: int
    column: int
    plain: bool = True  # without quotation marks


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple["Node", ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    entries: Mapping[str, "Entry"] = field(default_factory=dict)
    line: int = 1
    column: int = 1
    broken: bool = False  # it could not be read: what is missing has been said already


@dataclass(frozen=True, slots=True)
class Entry:
    key: Text
    value: "Node"


Node = Text | Items | Table


class _BrokenError(Exception):
    """The reading has been given up; the finding is in the report."""


def front_of(source: Source, report: Report, *, obliged: bool = True) -> Table:
    """The front matter of a file. What is wrong goes into the report; then it is empty.

    Where it is not obliged to be there, its absence is no fault.
    """
    if source.front is None:
        if source.lines[0].rstrip() == "---":
            remedy = "end the front matter with a line that is ---"
            report.add("front-matter", "the front matter does not end", 1, 1, remedy)
        elif obliged:
            report.add("front-matter", "the file has no front matter", 1)
        return Table(broken=obliged)
    lines = [source.lines[index] for index in source.front]
    for number, line in enumerate(lines, start=2):
        if "\t" in line:
            column = line.index("\t") + 1
            report.add(
                "front-matter", "a tab stands here", number, column, "use spaces instead of it"
            )
            return Table(broken=True)
    try:
        table = _table_of(lines, report)
    except _BrokenError:
        return Table(broken=True)
    return table


def _table_of(lines: list[str], report: Report) -> Table:
    text = "\n".join(lines) + "\n"
    try:
        events = iter(list(yaml.parse(text, Loader=yaml.BaseLoader)))
    except yaml.MarkedYAMLError as fault:
        raise _broken(fault, lines, report) from None
    except yaml.YAMLError:
        report.add("front-matter", "the front matter cannot be read", 2)
        raise _BrokenError from None
    next(events)  # the stream's start
    if isinstance(next(events), yaml.StreamEndEvent):
        return Table()  # nothing but comments
    top = _node(next(events), events, report, 0)
    next(events)  # the document's end
    if not isinstance(next(events), yaml.StreamEndEvent) or not isinstance(top, Table):
        wrong = "the front matter is no list of keys"
        report.add("front-matter", wrong, 2, 1, "write one `key: value` on each line")
        raise _BrokenError
    return top


def _node(event: Any, events: Iterator[Any], report: Report, depth: int) -> Node:
    line, column = event.start_mark.line + 2, event.start_mark.column + 1
    if isinstance(event, yaml.AliasEvent):
        _refuse("an alias (*)", report, line, column)
    if event.anchor is not None:
        _refuse("an anchor (&)", report, line, column)
    if event.tag is not None:
        _refuse("a tag (!)", report, line, column)
    if depth > DEEPEST:
        report.add("front-matter", "too many levels", line, column, "use fewer levels")
        raise _BrokenError
    if isinstance(event, yaml.ScalarEvent):
        return Text(event.value, line, column, event.style is None)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(one := next(events), yaml.SequenceEndEvent):
            items.append(_node(one, events, report, depth + 1))
        return Items(tuple(items), line, column)
    entries: dict[str, Entry] = {}
    while not isinstance(one := next(events), yaml.MappingEndEvent):
        key = _node(one, events, report, depth + 1)
        value = _node(next(events), events, report, depth + 1)
        if not isinstance(key, Text):
            wrong = "a list or table is used as a key"
            report.add("front-matter", wrong, key.line, key.column, "write a word as the key")
        elif key.text in entries:
            first = entries[key.text].key.line
            wrong = f"the key `{key.text}` stands already at line {first}"
            report.add("doubled-key", wrong, key.line, key.column)
        else:
            entries[key.text] = Entry(key, value)
    return Table(entries, line, column)


def _refuse(what: str, report: Report, line: int, column: int) -> None:
    remedy = 'front matter has none; put the value in "quotation marks" if it is meant as text'
    report.add("front-matter", f"{what} stands here", line, column, remedy)
    raise _BrokenError


def _broken(fault: yaml.MarkedYAMLError, lines: list[str], report: Report) -> _BrokenError:
    """Say what is wrong in words of a trainer, with the mended line where one can be made."""
    mark = fault.problem_mark or fault.context_mark
    index = min(mark.line, len(lines) - 1) if mark else 0
    column = mark.column + 1 if mark else 1
    # an error met at the start of a line mostly belongs to the line before it
    culprit = index if column > 1 or not index else index - 1
    found = _SENTENCE.fullmatch(lines[culprit]) if lines else None
    if found and ": " in found["value"] and not found["value"].startswith(("[", "{", '"', "'")):
        wrong = "a sentence with `: ` in it needs quotation marks"
        remedy = f"write `{found['key'].strip()} {quoted(found['value'])}`"
        report.add("front-matter", wrong, culprit + 2, found.start("value") + 1, remedy)
    elif found and found["key"].strip() and found["value"][0] in "[{@`%&*!|>\"'":
        wrong = "this value cannot be read"
        remedy = f"if it is meant as text, write `{found['key'].strip()} {quoted(found['value'])}`"
        report.add("front-matter", wrong, culprit + 2, found.start("value") + 1, remedy)
    else:
        wrong = f"the front matter cannot be read here ({fault.problem})"
        report.add("front-matter", wrong, index + 2, column, "write one `key: value` on each line")
    return _BrokenError()


def quoted(text: str) -> str:
    """The text as a double-quoted value of front matter."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
