"""Lines that define something and show nothing: link references and abbreviations."""

import html
import re
from collections.abc import MutableMapping
from typing import NamedTuple


class Reference(NamedTuple):
    """Where a reference leads; the address is as written, not yet judged."""

    address: str
    title: str | None


LABEL = r"\[((?:[^\[\]\\]|\\.){1,999})\]"
# The address of a link: in angle brackets, or without spaces and with balanced parentheses.
_ANGLED = re.compile(r"<((?:[^<>\n\\]|\\.)*)>")
_TITLE = re.compile(
    r'"((?:[^"\\]|\\[\s\S])*)"|\'((?:[^\'\\]|\\[\s\S])*)\'|\(((?:[^()\\]|\\[\s\S])*)\)'
)
_REFERENCE = re.compile(rf" {{0,3}}{LABEL}:")
_SPACE = re.compile(r"[ \t]*\n?[ \t]*")
_END = re.compile(r"[ \t]*(?:\n|\Z)")
ABBREVIATION = re.compile(r"\*\[([^\]\\]+)\]:[ \t]*(\S.*?)[ \t]*\Z")
_ENGINE = "\x02\x03"  # Python-Markdown's marks for what it has finished; no author can write them
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def label(text: str) -> str:
    """A reference's name as names are compared: without case, white space run together."""
    return " ".join(text.split()).casefold().upper()


def plain(text: str) -> str:
    """The text with backslash escapes and character references resolved, as in an attribute."""
    return decode(_ESCAPED.sub(r"\1", text)) if "\\" not in text else _plain_slowly(text)


def _plain_slowly(text: str) -> str:
    """As `plain`, where an escaped `&` must not begin a character reference."""
    parts = re.split(r"(\\[!-/:-@\[-`{-~])", text)
    return "".join(part[1] if place % 2 else decode(part) for place, part in enumerate(parts))


def decode(text: str) -> str:
    """Replace character references by their characters; what is none stays as it stands."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def address_at(text: str, start: int) -> tuple[str, int] | None:
    """The link address that begins at `start` and where it ends; None where there is none."""
    if text[start : start + 1] == "<":
        found = _ANGLED.match(text, start)
        return (found[1], found.end()) if found else None
    depth, place = 0, start
    while place < len(text):
        sign = text[place]
        if sign == "\\" and place + 1 < len(text) and not text[place + 1].isspace():
            place += 2
            continue
        if sign == "(":
            depth += 1
            if depth > 32:
                return None
        elif sign == ")":
            if not depth:
                break
            depth -= 1
        elif (sign <= " " and sign not in _ENGINE) or sign == "\x7f":
            break
        place += 1
    return (text[start:place], place) if not depth else None


def title_at(text: str, start: int) -> tuple[str, int] | None:
    """The quoted title that begins at `start` and where it ends."""
    found = _TITLE.match(text, start)
    if not found:
        return None
    return next(group for group in found.groups() if group is not None), found.end()


def take_references(lines: list[str], known: MutableMapping[str, Reference]) -> list[str]:
    """The lines after the link references that they begin with; these go into `known`."""
    if not lines or not lines[0].startswith("["):
        return lines
    text = "\n".join(lines)
    start = 0
    while start < len(text) and (end := _take_one(text, start, known)):
        start = end
    return text[start:].split("\n") if start < len(text) else []


def _take_one(text: str, start: int, known: MutableMapping[str, Reference]) -> int:
    """The place after the one reference at `start`; 0 where there is none."""
    found = _REFERENCE.match(text, start)
    if not found or not found[1].strip() or found[1].startswith("^"):
        return 0
    address = address_at(text, _past_space(text, found.end()))
    begins = _past_space(text, found.end())
    if not address or (address[1] == begins):
        return 0
    end = _END.match(text, address[1])
    after, title = (end.end() if end else 0), None
    begin_title = _past_space(text, address[1])
    if begin_title > address[1] and (written := title_at(text, begin_title)):
        ends = _END.match(text, written[1])
        if ends:
            after, title = ends.end(), written[0]
    if not after:
        return 0
    known.setdefault(label(found[1]), Reference(address[0], title))
    return after


def _past_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start


def take_abbreviations(lines: list[str], known: MutableMapping[str, str]) -> list[str]:
    """The lines without those that explain an abbreviation; these go into `known`."""
    left = []
    for line in lines:
        if found := ABBREVIATION.match(line):
            known.setdefault(" ".join(found[1].split()), found[2])
        else:
            left.append(line)
    return left
