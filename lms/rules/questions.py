"""A question, its key and an answer to it, as plain values.

The course format reads into these, grading takes them, a release keeps them as JSON
(`Question.as_dict`), and an attempt keeps answers as JSON (`Answer.as_dict`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self


class Type(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"  # its two options are "true" and "false"
    NUMERIC = "numeric"
    SHORT = "short"
    MATCHING = "matching"
    ORDERING = "ordering"
    GAPS = "gaps"
    ESSAY = "essay"
    SCALE = "scale"  # surveys only
    NUMBER = "number"  # surveys only
    CHOICE = "choice"  # surveys only: options without a key


class Marking(StrEnum):
    ALL = "all"  # all or nothing
    NET = "net"  # (right chosen - wrong chosen) / right, not below 0
    EACH = "each"  # decisions right / options
    WEIGHTS = "weights"  # sum of the options' weights, held within 0 and 1
    PAIRS = "pairs"  # ordering: share of neighbouring pairs in the right order
    SHARE = "share"  # matching and gaps: the share that is right (their default)
    EXACT = "exact"  # short answers: compared as written


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a choice. Its text (Markdown source) is what it is known by."""

    text: str
    right: bool = False
    weight: Fraction | None = None  # {50%} is 1/2; only under `marking=weights`
    feedback: str = ""  # Markdown
    pin: bool = False  # keeps its place when options are shuffled
    was: tuple[str, ...] = ()  # former texts, for regrading


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberKey:
    """An accepted range, both limits inclusive, with the unit's accepted spellings."""

    low: Fraction
    high: Fraction
    units: tuple[str, ...] = ()  # the first is the one shown
    weight: Fraction = Fraction(1)
    text: str = ""  # as the author wrote it, shown with the answers


@dataclass(frozen=True, slots=True, kw_only=True)
class WordKey:
    """An accepted short answer; `*` stands for any run of characters, `\\*` for itself."""

    pattern: str
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A row of a matching question; an empty left is a right side too many."""

    left: str
    right: str
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A gap in the body, in reading order: typed (each text is right) or listed (the first is)."""

    texts: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Points low..high of a survey question; for Type.NUMBER the allowed range."""

    low: int
    high: int
    low_label: str = ""
    high_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of one release.

    heading is the `## ` line without its attributes; body is the rest of the stem (Markdown).
    For GAPS the body holds the text with `{{1}}`, `{{2}}` … standing for the gaps in order.
    """

    id: str
    type: Type
    heading: str
    body: str = ""
    points: Fraction = Fraction(1)
    objective: str = ""
    tags: tuple[str, ...] = ()
    marking: Marking = Marking.ALL
    required: bool = False
    fixed: bool = False  # order=fixed: never shuffled
    typos: int = 0
    options: tuple[Option, ...] = ()
    numbers: tuple[NumberKey, ...] = ()
    words: tuple[WordKey, ...] = ()
    pairs: tuple[Pair, ...] = ()
    items: tuple[str, ...] = ()  # ordering: the right order
    item_was: tuple[tuple[str, ...], ...] = ()  # former texts of each item
    gaps: tuple[Gap, ...] = ()
    scale: Scale | None = None
    explanation: str = ""  # Markdown
    rubric: str = ""  # Markdown, for markers only

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; members at their default are left out."""
        return _plain(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The question that `as_dict` gave. Raises KeyError or ValueError on anything else."""
        made: dict[str, Any] = dict(data)
        made["type"] = Type(made["type"])
        made["points"] = Fraction(made.get("points", 1))
        made["marking"] = Marking(made.get("marking", Marking.ALL))
        made["tags"] = tuple(made.get("tags", ()))
        made["items"] = tuple(made.get("items", ()))
        made["item_was"] = tuple(tuple(was) for was in made.get("item_was", ()))
        made["options"] = tuple(
            Option(**_typed(one, weight=Fraction, was=tuple)) for one in made.get("options", ())
        )
        made["numbers"] = tuple(
            NumberKey(**_typed(one, low=Fraction, high=Fraction, weight=Fraction, units=tuple))
            for one in made.get("numbers", ())
        )
        made["words"] = tuple(
            WordKey(**_typed(one, weight=Fraction)) for one in made.get("words", ())
        )
        made["pairs"] = tuple(Pair(**_typed(one, was=tuple)) for one in made.get("pairs", ()))
        made["gaps"] = tuple(Gap(**_typed(one, texts=tuple)) for one in made.get("gaps", ()))
        made["scale"] = Scale(**made["scale"]) if made.get("scale") else None
        return cls(**made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an officer answered, known by texts and never by places.

    Choices fill `chosen`; numeric, short, essay, scale and number fill `text`; matching fills
    `pairs` (left to right); ordering fills `order`; gaps fill `gaps`, one text each in order.
    """

    chosen: frozenset[str] = frozenset()
    text: str = ""
    order: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        """Nothing was answered: counts as omitted, not as wrong."""
        return not (
            self.chosen
            or self.text.strip()
            or self.order
            or any(right for right in self.pairs.values())
            or any(gap.strip() for gap in self.gaps)
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, the same for equal answers."""
        made: dict[str, Any] = {}
        if self.chosen:
            made["chosen"] = sorted(self.chosen)
        if self.text:
            made["text"] = self.text
        if self.order:
            made["order"] = list(self.order)
        if self.pairs:
            made["pairs"] = dict(sorted(self.pairs.items()))
        if self.gaps:
            made["gaps"] = list(self.gaps)
        return made

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            chosen=frozenset(data.get("chosen", ())),
            text=data.get("text", ""),
            order=tuple(data.get("order", ())),
            pairs=dict(data.get("pairs", {})),
            gaps=tuple(data.get("gaps", ())),
        )


def _plain(value: Any) -> dict[str, Any]:
    made = {}
    for one in fields(value):
        inner = getattr(value, one.name)
        if inner == one.default:
            continue
        made[one.name] = _plain_value(inner)
    return made


def _plain_value(value: Any) -> Any:
    if isinstance(value, Fraction | StrEnum):
        return str(value)
    if isinstance(value, tuple):
        return [_plain_value(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return _plain(value)
    return value


def _typed(data: Mapping[str, Any], **kinds: Any) -> dict[str, Any]:
    return {key: kinds[key](value) if key in kinds else value for key, value in data.items()}
