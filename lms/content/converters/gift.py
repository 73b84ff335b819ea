"""GIFT, as Moodle reads it: https://docs.moodle.org/en/GIFT_format."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from lms.content.amounts import decimal_text
from lms.content.converters.foreign import (
    FORMATS,
    Answer,
    Foreign,
    Kind,
    NotThisFormat,
    Skipped,
    Taken,
    Text,
    decoded,
    named,
    percent,
    real,
)

GAP = "_____"  # stands for the answers of a sentence that goes on after them
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")
WHOLE, NONE = Fraction(100), Fraction(0)

_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_HIDDEN = 0xE000  # an escaped sign waits in Unicode's private area, where no rule sees it
_SHOWN = re.compile("[\ue000-\ue0ff]")
_FORMAT = re.compile(rf"\[({'|'.join(FORMATS)})\]")
_WEIGHT = re.compile(r"%([^%\n]{1,20})%")
_CATEGORY = re.compile(r"\$CATEGORY:(.*)")


class Unreadable(ValueError):  # noqa: N818 - of one question
    """Why a question cannot be taken over."""


def read(data: bytes) -> Taken:
    """All questions of the file. Raises NotThisFormat when it holds none."""
    text = decoded(data)
    if text.lstrip().startswith("<"):
        raise NotThisFormat("the file begins like XML or HTML")
    questions: list[Foreign] = []
    skipped: list[Skipped] = []
    category = ""
    for block in _blocks(text):
        found = _CATEGORY.match(block.text)
        if found:
            category = found[1].strip()
            block = _Block(block.line + 1, block.text[found.end() :].strip())
        if not block.text:
            continue
        try:
            questions.append(_question(block, category))
        except Unreadable as wrong:
            skipped.append(Skipped(line=block.line, reason=str(wrong)))
    if not questions and not skipped:
        raise NotThisFormat("the file holds no question")
    return Taken(questions=named(questions), skipped=tuple(skipped))


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    text: str


def _blocks(text: str) -> Iterator[_Block]:
    """What stands between empty lines, without comments."""
    kept: list[str] = []
    first = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        plain = line.strip()
        if plain.startswith("//"):
            continue
        if plain:
            first = first if kept else number
            kept.append(plain)
        elif kept:
            yield _Block(first, "\n".join(kept))
            kept = []


def _question(block: _Block, category: str) -> Foreign:
    text = _ESCAPED.sub(lambda found: chr(_HIDDEN + ord(found[1])), _without_private(block.text))
    name = ""
    if text.startswith("::") and "::" in text[2:]:
        name, _, text = text[2:].partition("::")
    stem, inside = _parted(text.strip())
    said = _text(stem, "moodle")
    general = Text()
    if inside is not None and "####" in inside:
        inside, _, after = inside.rpartition("####")
        inside, general = inside.strip(), _text(after, said.format)
    kind, single, answers = _answers(inside, said.format)
    return Foreign(
        kind=kind,
        name=_shown(name.strip()),
        text=said,
        answers=answers,
        single=single,
        general=general,
        category=category,
        line=block.line,
    )


def _without_private(text: str) -> str:
    return _SHOWN.sub("\ufffd", text)


def _shown(text: str) -> str:
    """The text with the signs that were escaped; `\\n` was a new line."""

    def sign(found: re.Match[str]) -> str:
        one = chr(ord(found[0]) - _HIDDEN)
        return "\n" if one == "n" else one

    return _SHOWN.sub(sign, text)


def _text(text: str, default: str) -> Text:
    text = text.strip()
    found = _FORMAT.match(text)
    if found:
        text = text[found.end() :].strip()
    return Text(text=_shown(text), format=found[1] if found else default)


def _parted(text: str) -> tuple[str, str | None]:
    """The stem, and what stands in the braces: None where there are none."""
    start, end = text.find("{"), text.find("}")
    if start == end == -1:
        return text, None
    if start == -1 or end < start:
        raise Unreadable("the braces { } do not match")
    gap = "" if text.endswith("}") else GAP
    return text[:start] + gap + text[end + 1 :], text[start + 1 : end].strip()


def _answers(inside: str | None, format: str) -> tuple[Kind, bool, tuple[Answer, ...]]:
    if inside is None:
        return Kind.DESCRIPTION, True, ()
    if not inside:
        return Kind.ESSAY, True, ()
    if inside.startswith("#"):
        return Kind.NUMERICAL, True, tuple(_numbers(inside[1:], format))
    if "~" in inside:
        answers = tuple(_choices(inside, format))
        if len(answers) < 2:
            raise Unreadable("a choice needs two answers or more")
        return Kind.MULTICHOICE, "=" in inside, answers
    if "=" in inside and "->" in inside:
        return Kind.MATCH, True, tuple(_pairs(inside, format))
    word = inside.partition("#")[0].strip().upper()
    if word in TRUE + FALSE:
        return Kind.TRUEFALSE, True, _true_false(word in TRUE, inside, format)
    return Kind.SHORTANSWER, True, tuple(_words(inside, format))


def _pieces(text: str, sign: str) -> list[str]:
    first, *rest = (piece.strip() for piece in text.split(sign))
    return [first, *rest] if first else rest


def _weighed(text: str, default: Fraction) -> tuple[Fraction, str]:
    """`%50%text`: the fraction and the rest."""
    found = _WEIGHT.match(text)
    if not found:
        return default, text
    weight = percent(found[1])
    if weight is None:
        raise Unreadable(f"{found[0]} is no weight between -100 and 100")
    return weight, text[found.end() :]


def _choices(inside: str, format: str) -> Iterator[Answer]:
    for piece in _pieces(inside.replace("=", "~="), "~"):
        right = piece.startswith("=")
        weight, rest = _weighed(piece.removeprefix("=").lstrip(), WHOLE if right else NONE)
        said, _, feedback = rest.partition("#")
        yield Answer(text=_text(said, format), fraction=weight, feedback=_text(feedback, format))


def _words(inside: str, format: str) -> Iterator[Answer]:
    for piece in _pieces(inside, "="):
        weight, rest = _weighed(piece, WHOLE)
        said, _, feedback = rest.partition("#")
        yield Answer(
            text=Text(text=_shown(said.strip()), format="plain"),
            fraction=weight,
            feedback=_text(feedback, format),
        )


def _pairs(inside: str, format: str) -> Iterator[Answer]:
    for piece in _pieces(inside, "="):
        left, arrow, right = piece.partition("->")
        if not arrow or not right.strip():
            raise Unreadable("a pair of a match is written =left -> right")
        yield Answer(text=_text(left, format), fraction=WHOLE, right=_shown(right.strip()))


def _true_false(true: bool, inside: str, format: str) -> tuple[Answer, ...]:
    """`TRUE#feedback to the wrong answer#feedback to the right answer`."""
    _, wrong, right, *_ = (*inside.split("#", 2), "", "")
    return tuple(
        Answer(
            text=Text(text=word, format="plain"),
            fraction=WHOLE if (word == "true") is true else NONE,
            feedback=_text(right if (word == "true") is true else wrong, format),
        )
        for word in ("true", "false")
    )


def _numbers(inside: str, format: str) -> Iterator[Answer]:
    inside, wrong, otherwise = inside.partition("~")
    pieces = _pieces(inside, "=")
    if not pieces:
        raise Unreadable("a numerical question needs a number")
    for piece in pieces:
        weight, rest = _weighed(piece, WHOLE)
        key, _, feedback = rest.partition("#")
        text, tolerance = _number(_shown(key.strip()))
        yield Answer(
            text=Text(text=text, format="plain"),
            fraction=weight,
            feedback=_text(feedback, format),
            tolerance=tolerance,
        )
    if wrong:
        yield Answer(
            text=Text(text="*", format="plain"),
            fraction=NONE,
            feedback=_text(otherwise.partition("#")[2], format),
        )


def _number(key: str) -> tuple[str, Fraction | None]:
    """`1822`, `1822:2`, `3.141..3.142` or `*`: the middle as text, and the tolerance."""
    if key == "*":
        return key, None
    low, dots, high = key.partition("..")
    middle, _, tolerance = key.partition(":")
    first, second = (real(low), real(high)) if dots else (real(middle), real(tolerance or "0"))
    if first is None or second is None or (second < first if dots else second < 0):
        raise Unreadable(f"{key[:40]} is no number, no number:tolerance and no low..high")
    if not dots:
        return middle.strip(), second
    return decimal_text((first + second) / 2), (second - first) / 2
