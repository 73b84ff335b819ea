"""What an answer gets right: the rules of the course format, section 4, "Marking".

`share` is the part in figures, `marks` the same in detail for the page that shows the answers.
Both hold keys: what they give leaves the server only where `reviewing.may_review` allows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lms.rules.numbers import readings
from lms.rules.questions import Answer, Gap, Marking, NumberKey, Option, Question, Type
from lms.rules.words import matches, plain_pattern

_NONE, _ALL = Fraction(0), Fraction(1)


class Mark(StrEnum):
    """What an option of a choice turned out to be. A right option that is not chosen is missed."""

    CHOSEN_RIGHT = "chosen_right"
    CHOSEN_WRONG = "chosen_wrong"
    MISSED = "missed"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionMark:
    text: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMark:
    """One row of an answer: a left side, a gap, a place in the order, or the one typed line."""

    part: str  # the left side; "1", "2" … for gaps and places; "" for a line
    given: str  # "" where nothing was given
    right: bool
    correct: tuple[str, ...]  # what would be right, the first being the one to show


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Choices fill `options`, in the question's order; all other types fill `parts`."""

    options: tuple[OptionMark, ...] = ()
    parts: tuple[PartMark, ...] = ()


def share(question: Question, answer: Answer) -> Fraction:
    """The part of the question that the answer gets right by its marking rule, from 0 to 1.

    A blank answer, a survey's question and an essay (which a trainer marks) have 0.
    """
    if answer.blank:
        return _NONE
    match question.type:
        case Type.SINGLE | Type.TRUE_FALSE:
            return _single(question, answer)
        case Type.MULTIPLE:
            return _multiple(question, answer)
        case Type.NUMERIC:
            return _best(key.weight for key in question.numbers if _within(key, answer.text))
        case Type.SHORT:
            return _best(
                key.weight for key in question.words if _typed(question, answer.text, key.pattern)
            )
        case Type.MATCHING:
            rows = [
                answer.pairs.get(pair.left) == pair.right for pair in question.pairs if pair.left
            ]
            return _part(question, rows)
        case Type.GAPS:
            return _part(question, [right for _, _, right in _gaps(question, answer)])
        case Type.ORDERING:
            return _ordering(question, answer)
        case _:
            return _NONE


def is_number(question: Question, text: str) -> bool:
    """Whether a numeric answer can be read at all; else the page asks for a number."""
    return any(readings(text, key.units) is not None for key in question.numbers)


def worth(option: Option) -> Fraction:
    """What choosing the option adds: its weight (-1 to 1), else 1 where it is right and 0 else."""
    return option.weight if option.weight is not None else Fraction(option.right)


def marks(question: Question, answer: Answer) -> Marks:
    """The answer option by option, or part by part with what would be right.

    Ordering gives one part for each place, in the right order. Essays, scales and numbers of a
    survey have no right answer and give nothing; the options of a survey are all plain.
    """
    if question.options:
        return Marks(
            options=tuple(
                OptionMark(text=option.text, mark=_mark(question, option, answer))
                for option in question.options
            )
        )
    return Marks(parts=tuple(_parts(question, answer)))


def _held(part: Fraction) -> Fraction:
    return min(max(part, _NONE), _ALL)


def _best(parts: Iterable[Fraction]) -> Fraction:
    return _held(max(parts, default=_NONE))


def _within(key: NumberKey, text: str) -> bool:
    """Whether one of the readings lies within the key's limits, both inclusive."""
    return any(key.low <= number <= key.high for number in readings(text, key.units) or ())


def _single(question: Question, answer: Answer) -> Fraction:
    chosen = [option for option in question.options if option.text in answer.chosen]
    return _held(worth(chosen[0])) if len(chosen) == len(answer.chosen) == 1 else _NONE


def _multiple(question: Question, answer: Answer) -> Fraction:
    right = {option.text for option in question.options if option.right}
    wrong = {option.text for option in question.options} - right
    hits, misses = len(answer.chosen & right), len(answer.chosen & wrong)
    match question.marking:
        case Marking.NET:
            return _held(Fraction(hits - misses, len(right))) if right else _NONE
        case Marking.EACH:
            return Fraction(hits + len(wrong) - misses, len(right) + len(wrong))
        case Marking.WEIGHTS:
            return _held(
                sum((worth(o) for o in question.options if o.text in answer.chosen), _NONE)
            )
        case _:
            return Fraction(answer.chosen == right)


def _ordering(question: Question, answer: Answer) -> Fraction:
    """All or nothing; with `pairs`, of every two neighbours in the right order those that stand
    in this order in the answer, be it with others between them."""
    if sorted(answer.order) != sorted(question.items):
        return _NONE
    if question.marking is not Marking.PAIRS or len(question.items) < 2:
        return Fraction(answer.order == question.items)
    place = {item: n for n, item in enumerate(answer.order)}
    pairs = list(zip(question.items, question.items[1:], strict=False))
    return Fraction(sum(place[one] < place[two] for one, two in pairs), len(pairs))


def _gaps(question: Question, answer: Answer) -> list[tuple[Gap, str, bool]]:
    """Each gap with its text and whether that is right: listed the first text, typed any."""
    given = answer.gaps + ("",) * (len(question.gaps) - len(answer.gaps))
    filled = zip(question.gaps, given, strict=False)
    return [(gap, text, _gap(question, gap, text)) for gap, text in filled]


def _gap(question: Question, gap: Gap, text: str) -> bool:
    if gap.listed:
        return text == gap.texts[0]
    return bool(text.strip()) and any(_typed(question, text, pattern) for pattern in gap.texts)


def _typed(question: Question, text: str, pattern: str) -> bool:
    exact = question.marking is Marking.EXACT
    return matches(text, pattern, typos=question.typos, exact=exact)


def _part(question: Question, rows: list[bool]) -> Fraction:
    if question.marking is Marking.ALL:
        return Fraction(all(rows) and bool(rows))
    return Fraction(sum(rows), len(rows)) if rows else _NONE


def _mark(question: Question, option: Option, answer: Answer) -> Mark:
    if question.type is Type.CHOICE:
        return Mark.PLAIN
    if option.text not in answer.chosen:
        return Mark.MISSED if option.right else Mark.PLAIN
    weighed = question.type is Type.SINGLE or question.marking is Marking.WEIGHTS
    earns = option.right or (weighed and worth(option) > 0)
    return Mark.CHOSEN_RIGHT if earns else Mark.CHOSEN_WRONG


def _parts(question: Question, answer: Answer) -> list[PartMark]:
    match question.type:
        case Type.MATCHING:
            return [
                _compared(pair.left, answer.pairs.get(pair.left, ""), pair.right)
                for pair in question.pairs
                if pair.left
            ]
        case Type.ORDERING:
            given = answer.order or ("",) * len(question.items)
            places = zip(given, question.items, strict=False)
            return [_compared(str(n), *place) for n, place in enumerate(places, start=1)]
        case Type.GAPS:
            return [
                PartMark(part=str(n), given=text, right=right, correct=_accepted(gap))
                for n, (gap, text, right) in enumerate(_gaps(question, answer), start=1)
            ]
        case Type.NUMERIC:
            keys = tuple(key.text for key in question.numbers)
        case Type.SHORT:
            keys = tuple(plain_pattern(key.pattern) for key in question.words)
        case _:
            return []
    right = share(question, answer) == 1
    return [PartMark(part="", given=answer.text, right=right, correct=keys)]


def _compared(part: str, given: str, correct: str) -> PartMark:
    return PartMark(part=part, given=given, right=given == correct, correct=(correct,))


def _accepted(gap: Gap) -> tuple[str, ...]:
    return gap.texts[:1] if gap.listed else tuple(plain_pattern(text) for text in gap.texts)
