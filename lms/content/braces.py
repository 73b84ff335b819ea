"""The `{…}` at the end of a question's heading, of an option and of an item."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction

from lms.content import amounts
from lms.content.findings import Report

KEYS = ("points", "objective", "tags", "marking", "order", "type", "typos")

# Only the end of a long line is looked at, so that a line of braces costs no time.
_REACH = 4000
_LAST = re.compile(r'(?<![\\{`])\{((?:[^{}"]|"(?:\\.|[^"\\])*")*)\}(?![}`])')
_WORD = re.compile(r'\s*([^\s="{}]+)(?:=("(?:\\.|[^"\\])*"|[^\s"]+))?(?=\s|$)')
_MARKDOWN = re.compile(r"[:.]|\s*(?:transcript|captions)=")


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a heading's braces say; values are as written, without quotation marks."""

    id: str = ""
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemAttributes:
    pin: bool = False
    weight: Fraction | None = None
    was: tuple[str, ...] = ()


def heading_attributes(text: str, report: Report, line: int) -> tuple[str, Attributes]:
    """The heading (without `## `) without its attributes, and these; line is the file's."""
    found = _last(text)
    if found is None:
        return text.strip(), Attributes()
    before, inside, after, column = found
    words = _words(inside)
    wrong = "" if not after.strip() else "stands before the end of the heading"
    if words is None or not words:
        wrong = "is not made of words such as #id, required or key=value"
    for name, value in words or ():
        known = name == "required" if value is None else name in KEYS
        if not known and not (value is None and name.startswith("#") and len(name) > 1):
            near = get_close_matches(name, [*KEYS, "required"], n=1)
            wrong = f"has the unknown word `{name[:40]}`"
            wrong += f" (did you mean `{near[0]}`?)" if near else ""
            break
    if wrong:
        wrong = f"{{{inside[:60]}}} {wrong}, and is shown as text"
        report.add("braces", wrong, line, column + 4)  # behind `## `, from 1
        return text.strip(), Attributes()
    id = next((name[1:] for name, value in words or () if value is None and name[0] == "#"), "")
    values = {name: value for name, value in words or () if value is not None}
    required = ("required", None) in (words or ())
    return before.strip(), Attributes(id, required, values)


def item_attributes(
    text: str, report: Report, line: int, *, pin: bool = False, weight: bool = False
) -> tuple[str, ItemAttributes]:
    """An option's, item's or key's text without its attributes, and these.

    pin and weight say whether `{pin}` and `{50%}` have a meaning here; `{was="…"}` always has.
    """
    found = _last(text.rstrip())
    if found is None or found[2]:
        return text, ItemAttributes()
    before, inside, _, _ = found
    if _MARKDOWN.match(inside) or not before.strip():
        return text, ItemAttributes()
    pinned, share, was = False, None, []
    for name, value in _words(inside) or [("", None)]:
        if name == "was" and value is not None and value.strip():
            was.append(value)
        elif value is None and name == "pin" and pin:
            pinned = True
        elif value is None and weight and (share := amounts.weight(name)) is not None:
            pass
        else:
            report.add("braces", f"{{{inside[:60]}}} is unknown here and shown as text", line)
            return text, ItemAttributes()
    return before.rstrip(), ItemAttributes(pinned, share, tuple(was))


def _last(text: str) -> tuple[str, str, str, int] | None:
    """What stands before, in and after the last braces, and their place."""
    offset = max(0, len(text) - _REACH)
    last = None
    for found in _LAST.finditer(text, offset):
        last = found
    if last is None:
        return None
    return text[: last.start()], last[1], text[last.end() :], last.start()


def _words(inside: str) -> list[tuple[str, str | None]] | None:
    """Names with their values; None when something else stands there."""
    made: list[tuple[str, str | None]] = []
    place = 0
    while inside[place:].strip():
        found = _WORD.match(inside, place)
        if not found:
            return None
        value = found[2]
        if value is not None and value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        made.append((found[1], value))
        place = found.end()
    return made


def quoted_value(text: str) -> str:
    """A value as it is written in braces: in quotation marks where it needs them."""
    if re.fullmatch(r"[^\s\"{}=\\]+", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
