"""Answers that an officer of a certain ability might give."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lms.rules.marking import share, worth
from lms.rules.numbers import shown
from lms.rules.questions import Answer, NumberKey, Question, Type
from lms.rules.shapes import fits_shape, sides

HARDER = 0.7  # logits: how far the questions of a quiz lie apart
LEFT_OUT = 0.08  # of the questions that an officer does not know
GUESSES = ("I am not sure", "the national law", "the liaison officer", "a written request")
TEXTS = (
    "More examples from my own region, please.",
    "The cases were close to my daily work.",
    "I will use the list of contact points first.",
    "I will share the chapter on channels with my unit.",
    "Shorter lessons would help on a telephone.",
    "Nothing. The length was right for me.",
    "A version in my own language.",
    "The questions at the end of each module.",
)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A question with its right answer and some that are not; either may be missing."""

    question: Question
    right: Answer | None
    wrong: tuple[Answer, ...]
    difficulty: float  # logits; the same for a question in every course and year


def keyed(question: Question) -> Keyed:
    fitting = [one for one in _tries(question) if fits_shape(question, one) and not one.blank]
    right = next((one for one in fitting if share(question, one) == 1), None)
    wrong = tuple(one for one in fitting if share(question, one) < 1)
    difficulty = random.Random(f"difficulty of {question.id}").gauss(0, HARDER)
    return Keyed(question, right, wrong, difficulty)


def answered(rng: random.Random, one: Keyed, ability: float) -> Answer:
    """An answer, blank now and then; ability and difficulty are logits of being right."""
    if one.question.type is Type.ESSAY:
        return Answer(text=rng.choice(TEXTS))
    knows = rng.random() < 1 / (1 + math.exp(one.difficulty - ability))
    if knows and one.right is not None:
        return one.right
    if not one.wrong or rng.random() < LEFT_OUT:
        return Answer()
    return rng.choice(one.wrong)


def opinion(rng: random.Random, question: Question, content: float) -> Answer:
    """An answer to a question of an evaluation; content from 0 to 1 is how much was liked."""
    match question.type:
        case Type.SCALE | Type.NUMBER if question.scale is not None:
            low, high = question.scale.low, question.scale.high
            point = round(rng.gauss(low + (high - low) * content, (high - low) / 5))
            return Answer(text=str(min(max(point, low), high)))
        case Type.CHOICE if question.options:
            return Answer(chosen=frozenset({rng.choice(question.options).text}))
        case Type.ESSAY if question.required or rng.random() < 0.35:
            return Answer(text=rng.choice(TEXTS))
        case _:
            return Answer()


def _tries(question: Question) -> Iterator[Answer]:
    """Answers of the question's shape, the right one among the first."""
    match question.type:
        case Type.SINGLE | Type.TRUE_FALSE:
            for option in sorted(question.options, key=worth, reverse=True):
                yield Answer(chosen=frozenset({option.text}))
        case Type.MULTIPLE:
            right = frozenset(option.text for option in question.options if worth(option) > 0)
            yield Answer(chosen=right)
            for option in question.options:
                yield Answer(chosen=right ^ {option.text})
        case Type.NUMERIC:
            yield from (Answer(text=text) for key in question.numbers for text in _numbers(key))
        case Type.SHORT:
            patterns = (key.pattern for key in question.words)
            yield from (Answer(text=text) for text in (*map(_plain, patterns), *GUESSES))
        case Type.MATCHING:
            yield from _pairings(question)
        case Type.ORDERING:
            items = question.items
            yield Answer(order=items)
            for at in range(len(items) - 1):
                swapped = (*items[:at], items[at + 1], items[at], *items[at + 2 :])
                yield Answer(order=swapped)
            yield Answer(order=items[::-1])
        case Type.GAPS:
            right_texts = tuple(_plain(gap.texts[0]) for gap in question.gaps)
            yield Answer(gaps=right_texts)
            for at, gap in enumerate(question.gaps):
                for text in gap.texts[1:3] if gap.listed else ("?", GUESSES[1]):
                    yield Answer(gaps=(*right_texts[:at], text, *right_texts[at + 1 :]))
        case _:
            return


def _numbers(key: NumberKey) -> Iterator[str]:
    middle = (key.low + key.high) / 2
    unit = f" {key.units[0]}" if key.units else ""
    beside = (key.high + 1, key.low - 1, key.high * 2, key.low / 2)
    for value in (middle, key.low, key.high, *beside):
        yield f"{shown(value, 3)}{unit}"


def _pairings(question: Question) -> Iterator[Answer]:
    right = {pair.left: pair.right for pair in question.pairs if pair.left}
    lefts, rights = sides(question)
    yield Answer(pairs=right)
    for one, other in pairwise(lefts):
        yield Answer(pairs=right | {one: right[other], other: right[one]})
    for at, left in enumerate(lefts):
        yield Answer(pairs=right | {left: rights[(at + 1) % len(rights)]})


def _plain(pattern: str) -> str:
    """A text that fits the pattern of a short answer."""
    return pattern.replace("\\*", "\0").replace("*", "").replace("\0", "*").strip()
