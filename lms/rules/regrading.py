"""Putting a wrong key right: what an attempt is worth under the remedies that a trainer chose.

A remedy speaks of one question. Answers stay as they were given, in the words of the release they
were given on, so a corrected key is first carried back into those words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from lms.rules.attempts import Graded
from lms.rules.grading import Grade, Outcome, Verdict, outcome, total
from lms.rules.marking import worth
from lms.rules.questions import Answer, Marking, Option, Pair, Question, Type
from lms.rules.refusal import Refusal, marked

_NONE = Fraction(0)
_KEYLESS = frozenset({Type.ESSAY, Type.SCALE, Type.NUMBER, Type.CHOICE})
_OTHER_WORDS = marked(
    "The new version of this question asks something else, so its key does not fit the old "
    "answers. Choose full marks, or leave the question out."
)


class Remedy(StrEnum):
    NEW_KEY = "new_key"  # the corrected key alone
    ACCEPT = "accept"  # the better of the key of then and this one
    FULL_MARKS = "full_marks"  # for everybody who was asked
    DROP = "drop"  # the question is left out, and the rest is the whole


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One remedy for one question; NEW_KEY and ACCEPT have a key, in the words of any release."""

    question_id: str
    remedy: Remedy
    key: Question | None = None


def regrade(
    questions: Sequence[Question],
    answers: Mapping[str, Answer],
    pass_mark: int | None,
    corrections: Sequence[Correction],
    *,
    awarded: Mapping[str, Fraction] | None = None,
) -> Grade:
    """What an attempt is worth under the corrections, in the order in which they were decided.

    Without any it is `grading.grade`. A later correction of a question replaces an earlier one,
    but ACCEPT adds to what counts already. A question left out is neither earned nor possible and
    no longer required; where nothing else was asked it counts in full instead. Points stay those
    of the question that was asked.

    Raises Refusal where a key does not fit the question, ValueError as `grading.grade` does.
    """
    given = awarded or {}
    outcomes: dict[str, Outcome] = {}
    left_out = set()
    for question in questions:
        own = [one for one in corrections if one.question_id == question.id]
        outcomes[question.id] = _outcome(
            question, answers.get(question.id), own, given.get(question.id)
        )
        if own and own[-1].remedy is Remedy.DROP:
            left_out.add(question.id)
    asked = [one for one in questions if one.id not in left_out]
    if left_out and not any(one.points for one in asked):
        asked = list(questions)
        outcomes |= {one.id: _full(one) for one in questions if one.id in left_out}
    return total(asked, {one.id: outcomes[one.id] for one in asked}, pass_mark)


def corrected(question: Question, corrections: Sequence[Correction]) -> Question:
    """The question as its officer sees it afterwards: options are right that any key of now has
    as right; of other types the last key is shown."""
    keys = [question]
    for one in corrections:
        if one.question_id == question.id and one.key is not None:
            held = carried(one.key, question)
            keys = [*keys, held] if one.remedy is Remedy.ACCEPT else [held]
    right = {option.text for key in keys for option in key.options if option.right}
    options = tuple(replace(one, right=one.text in right) for one in keys[-1].options)
    return replace(keys[-1], options=options)


def carried(key: Question, asked: Question) -> Question:
    """The question that was asked, with the key of another release of it.

    Texts are matched by their words or by `was`. An option that only one of both has is wrong:
    nobody was offered it, or the new key knows nothing good of it.

    Raises Refusal when the two cannot be matched.
    """
    if key.type is not asked.type or asked.type in _KEYLESS:
        raise Refusal(_OTHER_WORDS)
    made = replace(asked, marking=key.marking, typos=key.typos)
    match asked.type:
        case Type.SINGLE | Type.MULTIPLE | Type.TRUE_FALSE:
            return replace(made, options=tuple(_option(one, key) for one in asked.options))
        case Type.NUMERIC:
            return replace(made, numbers=key.numbers)
        case Type.SHORT:
            return replace(made, words=key.words)
        case Type.MATCHING:
            return replace(made, pairs=tuple(_pair(one, key, asked) for one in asked.pairs))
        case Type.ORDERING:
            return replace(made, items=_items(key, asked))
        case _:
            if [gap.listed for gap in key.gaps] != [gap.listed for gap in asked.gaps]:
                raise Refusal(_OTHER_WORDS)
            return replace(made, gaps=key.gaps)


def accepting(question: Question, text: str) -> Question:
    """The question as if the option of this text were right too; for types with options.

    A single choice has it as its only right one. Raises Refusal for a text that is no option.
    """
    if text not in {option.text for option in question.options} or question.type in _KEYLESS:
        raise Refusal("Choose one of the answers of this question.")
    alone = question.type is not Type.MULTIPLE
    best = max((worth(option) for option in question.options), default=Fraction(1))

    def changed(option: Option) -> Option:
        if option.text == text:
            weight = best if question.marking is Marking.WEIGHTS and not alone else None
            return replace(option, right=True, weight=weight)
        return replace(option, right=False, weight=None) if alone else option

    return replace(question, options=tuple(changed(one) for one in question.options))


def direction(before: Graded, after: Graded) -> Direction:
    """Whether a result rises or falls: by its pass first, then by its share of the points."""
    was = (bool(before.passed), _share(before))
    now = (bool(after.passed), _share(after))
    if now == was:
        return Direction.SAME
    lower = now[0] < was[0] or (now[0] == was[0] and now[1] < was[1])
    return Direction.LOWER if lower else Direction.HIGHER


def _share(one: Graded) -> Fraction:
    return one.earned / one.possible if one.possible else _NONE


def _outcome(
    question: Question,
    answer: Answer | None,
    corrections: Sequence[Correction],
    awarded: Fraction | None,
) -> Outcome:
    keys, full = [question], False
    for one in corrections:
        full = one.remedy is Remedy.FULL_MARKS or (full and one.remedy is Remedy.ACCEPT)
        if one.remedy is Remedy.NEW_KEY and one.key is not None:
            keys = [carried(one.key, question)]
        elif one.remedy is Remedy.ACCEPT and one.key is not None:
            keys.append(carried(one.key, question))
    if full:
        return _full(question)
    found = [outcome(one, answer, awarded) for one in keys]
    return max(found, key=lambda one: one.share)


def _full(question: Question) -> Outcome:
    return Outcome(
        verdict=Verdict.RIGHT,
        share=Fraction(1),
        points=question.points,
        possible=question.points,
    )


def _former(text: str, was: Sequence[str], asked: str) -> bool:
    return asked == text or asked in was


def _option(option: Option, key: Question) -> Option:
    new = next((one for one in key.options if _former(one.text, one.was, option.text)), None)
    if new is None:
        return replace(option, right=False, weight=None)
    return replace(option, right=new.right, weight=new.weight)


def _pair(pair: Pair, key: Question, asked: Question) -> Pair:
    if not pair.left:
        return pair
    new = next((one for one in key.pairs if _former(one.left, one.was, pair.left)), None)
    if new is None:
        raise Refusal(_OTHER_WORDS)
    offered = {one.right for one in asked.pairs}
    former = next((text for text in (new.right, *new.was) if text in offered), new.right)
    return replace(pair, right=former)


def _items(key: Question, asked: Question) -> tuple[str, ...]:
    known = key.item_was or ((),) * len(key.items)
    order = tuple(
        next((one for one in asked.items if _former(text, was, one)), text)
        for text, was in zip(key.items, known, strict=True)
    )
    if sorted(order) != sorted(asked.items):
        raise Refusal(_OTHER_WORDS)
    return order
