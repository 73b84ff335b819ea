"""What a question can show and what can answer it, whatever is right."""

from dataclasses import dataclass

from lms.rules.numbers import readings
from lms.rules.questions import Answer, Option, Question, Type

LINE = 1_000  # characters of a typed line: a number, a short answer, a gap
PROSE = 20_000  # characters of an essay


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a question offers, in the order shown to one attempt; a form's values are places here.

    Options carry their text and nothing else: no key, weight, feedback or former text.
    """

    options: tuple[Option, ...] = ()  # choices
    items: tuple[str, ...] = ()  # ordering
    lefts: tuple[str, ...] = ()  # matching
    rights: tuple[str, ...] = ()  # matching: each choice once, the ones too many included
    choices: tuple[tuple[str, ...], ...] = ()  # gaps: one tuple a gap, empty where it is typed


def fits_shape(question: Question, answer: Answer) -> bool:
    """Whether the answer is blank or one that the question's form could have given.

    Choices are options of the question, at most one but in multiple choice; an order holds each
    item once; pairs join a left side with a right side, gaps are as many as the question has and
    the listed ones hold an entry of their list; typed lines are at most 1,000 characters, essays
    20,000; a scale's point and a survey's number are whole and within the range.
    """
    empty = Answer()
    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.TRUE_FALSE | Type.CHOICE:
            known = {option.text for option in question.options}
            several = question.type is Type.MULTIPLE
            fits = answer.chosen <= known and (several or len(answer.chosen) <= 1)
            empty = Answer(chosen=answer.chosen)
        case Type.MATCHING:
            lefts, rights = sides(question)
            fits = answer.pairs.keys() <= set(lefts) and set(answer.pairs.values()) <= {"", *rights}
            empty = Answer(pairs=answer.pairs)
        case Type.ORDERING:
            fits = not answer.order or sorted(answer.order) == sorted(question.items)
            empty = Answer(order=answer.order)
        case Type.GAPS:
            fits = not answer.gaps or (
                len(answer.gaps) == len(question.gaps)
                and all(
                    text in ("", *gap.texts) if gap.listed else len(text) <= LINE
                    for gap, text in zip(question.gaps, answer.gaps, strict=True)
                )
            )
            empty = Answer(gaps=answer.gaps)
        case Type.ESSAY:
            fits = len(answer.text) <= PROSE
            empty = Answer(text=answer.text)
        case Type.SCALE | Type.NUMBER:
            fits = not answer.text or whole_number(question, answer.text) == answer.text
            empty = Answer(text=answer.text)
        case Type.NUMERIC | Type.SHORT:
            fits = len(answer.text) <= LINE
            empty = Answer(text=answer.text)
    return fits and answer == empty


def sides(question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The left and the right sides of a matching question, each text once, as they stand in it."""
    lefts = dict.fromkeys(pair.left for pair in question.pairs if pair.left)
    rights = dict.fromkeys(pair.right for pair in question.pairs)
    return tuple(lefts), tuple(rights)


def whole_number(question: Question, text: str) -> str | None:
    """The whole number within the question's range that the text says, in plain digits."""
    if question.scale is None:
        return None
    low, high = question.scale.low, question.scale.high
    found = [n for n in readings(text) or () if n.denominator == 1 and low <= n <= high]
    return str(found[0]) if len(found) == 1 else None
