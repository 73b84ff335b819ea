"""Between the course's own questions and those of other systems."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from fractions import Fraction

from lms.content import keys
from lms.content.amounts import decimal_text
from lms.content.converters.foreign import Answer, Foreign, Kind, Text, number_text, short
from lms.content.converters.gift import NONE, WHOLE
from lms.content.converters.markup import escaped, markdown_of
from lms.content.questions import ID, id_of
from lms.content.questiontext import write_question
from lms.rules.questions import Marking, NumberKey, Option, Pair, Question, Type, WordKey

NEAR = Fraction(1, 100)  # per cent: how exactly others write a third


class NoPlace(ValueError):  # noqa: N818 - of one question
    """Why a question cannot be had in the other form."""


def question_of(foreign: Foreign, taken: Collection[str] = ()) -> tuple[Question, list[str]]:
    """The course's question, and in words what it lost; `taken` are the ids in use.

    Raises NoPlace when the course format has no such question.
    """
    lost: list[str] = []

    def markdown(text: Text, of: str) -> str:
        made, less = markdown_of(text)
        lost.extend([f"the form of {of}"] if less else [])
        return made

    heading, _, body = markdown(foreign.text, "its text").partition("\n")
    if foreign.category:
        lost.append(f"its category {foreign.category}")
    lost += [f"the file {one.name}" for one in foreign.files]
    id = _id(foreign.name, heading, taken)
    if foreign.name not in (id, short(foreign.text.text)):
        lost.append(f"its name {foreign.name}")
    question = Question(
        id=id,
        type=Type.ESSAY,
        heading=heading,
        body=body.strip("\n"),
        points=foreign.points,
        tags=foreign.tags,
        fixed=not foreign.shuffle,
        explanation=markdown(foreign.general, "its feedback"),
        rubric=markdown(foreign.rubric, "the notes for markers"),
    )
    question = _INTO[foreign.kind](question, foreign, markdown, lost)
    try:
        write_question(question)
    except ValueError as wrong:
        raise NoPlace(str(wrong)) from None
    return question, list(dict.fromkeys(lost))


def _id(name: str, heading: str, taken: Collection[str]) -> str:
    id = name if ID.fullmatch(name) else id_of(heading)
    made, number = id, 1
    while made in taken:
        number += 1
        made = f"{id[:58]}-{number}"
    return made


Markdown = Callable[[Text, str], str]
Into = Callable[[Question, Foreign, Markdown, list[str]], Question]


def _into_choice(
    question: Question, foreign: Foreign, markdown: Markdown, lost: list[str]
) -> Question:
    fractions = [one.fraction for one in foreign.answers]
    options = tuple(
        Option(
            text=markdown(one.text, "an answer"),
            right=one.fraction == WHOLE if foreign.single else one.fraction > 0,
            feedback=markdown(one.feedback, "a feedback"),
        )
        for one in foreign.answers
    )
    if foreign.single:
        if any(one not in (WHOLE, NONE) for one in fractions):
            lost.append("points for a half right answer")
        return replace(question, type=Type.SINGLE, options=options)
    question = replace(question, type=Type.MULTIPLE, marking=Marking.NET, options=options)
    each = Fraction(100, max(1, sum(one > 0 for one in fractions)))
    if all(abs(abs(one) - each) < NEAR for one in fractions):
        return question
    shares = _shares(fractions, each)
    if shares != fractions:
        lost.append("parts of a hundredth of a per cent")
    weighed = tuple(
        replace(option, weight=share / 100 if share else None)
        for option, share in zip(options, shares, strict=True)
    )
    return replace(question, marking=Marking.WEIGHTS, options=weighed)


def _shares(fractions: Sequence[Fraction], each: Fraction) -> list[Fraction]:
    """The same; but equal parts that no decimal can tell are rounded and come to 100."""
    right = [place for place, one in enumerate(fractions) if one > 0]
    if not right or any(abs(fractions[place] - each) >= NEAR for place in right):
        return list(fractions)
    shares = [_rounded(one) for one in fractions]
    shares[right[-1]] = WHOLE - sum(shares[place] for place in right[:-1])
    return shares


def _rounded(number: Fraction) -> Fraction:
    return Fraction(round(number * 100), 100)


def _into_true_false(
    question: Question, foreign: Foreign, markdown: Markdown, lost: list[str]
) -> Question:
    if any(one.feedback.text for one in foreign.answers):
        lost.append("the feedback to true and false")
    options = tuple(
        Option(text=one.text.text, right=one.fraction == WHOLE) for one in foreign.answers
    )
    return replace(question, type=Type.TRUE_FALSE, options=options)


def _keyed(foreign: Foreign, lost: list[str]) -> list[Answer]:
    """The answers that earn something."""
    if any(one.feedback.text for one in foreign.answers):
        lost.append("the feedback to single answers")
    if any(one.fraction < 0 for one in foreign.answers):
        lost.append("points taken away")
    if any(one.fraction == 0 and one.text.text != "*" for one in foreign.answers):
        lost.append("answers that earn nothing")
    return [one for one in foreign.answers if one.fraction > 0]


def _into_words(
    question: Question, foreign: Foreign, markdown: Markdown, lost: list[str]
) -> Question:
    words = tuple(
        WordKey(pattern=one.text.text, weight=one.fraction / 100) for one in _keyed(foreign, lost)
    )
    marking = Marking.EXACT if foreign.exact else Marking.ALL
    return replace(question, type=Type.SHORT, words=words, marking=marking)


def _into_numbers(
    question: Question, foreign: Foreign, markdown: Markdown, lost: list[str]
) -> Question:
    numbers = []
    for one in _keyed(foreign, lost):
        if one.tolerance is None:
            lost.append("points for any number")
        else:
            numbers.append(_number_key(Fraction(one.text.text), one.tolerance, one.fraction))
    return replace(question, type=Type.NUMERIC, numbers=tuple(numbers))


def _number_key(middle: Fraction, by: Fraction, fraction: Fraction) -> NumberKey:
    try:
        text = decimal_text(middle) + (f" ± {decimal_text(by)}" if by else "")
    except ValueError as wrong:
        raise NoPlace(str(wrong)) from None
    made = keys.number_key(text)
    if made is None:
        raise NoPlace(f"{text[:40]} has too many digits")
    return replace(made, weight=fraction / 100)


def _into_pairs(
    question: Question, foreign: Foreign, markdown: Markdown, lost: list[str]
) -> Question:
    def right(one: Answer) -> str:
        return one.right if foreign.text.format == "markdown" else escaped(one.right)

    pairs = tuple(
        Pair(left=markdown(one.text, "a pair"), right=right(one)) for one in foreign.answers
    )
    return replace(question, type=Type.MATCHING, pairs=pairs, marking=Marking.SHARE)


def _into_essay(
    question: Question, foreign: Foreign, markdown: Markdown, lost: list[str]
) -> Question:
    return question


def _into_nothing(
    question: Question, foreign: Foreign, markdown: Markdown, lost: list[str]
) -> Question:
    raise NoPlace("a description asks nothing: put its text into a lesson")


_INTO: dict[Kind, Into] = {
    Kind.MULTICHOICE: _into_choice,
    Kind.TRUEFALSE: _into_true_false,
    Kind.SHORTANSWER: _into_words,
    Kind.NUMERICAL: _into_numbers,
    Kind.MATCH: _into_pairs,
    Kind.ESSAY: _into_essay,
    Kind.DESCRIPTION: _into_nothing,
}


_KINDS = {
    Type.SINGLE: Kind.MULTICHOICE,
    Type.MULTIPLE: Kind.MULTICHOICE,
    Type.TRUE_FALSE: Kind.TRUEFALSE,
    Type.NUMERIC: Kind.NUMERICAL,
    Type.SHORT: Kind.SHORTANSWER,
    Type.MATCHING: Kind.MATCH,
    Type.ESSAY: Kind.ESSAY,
}


def foreign_of(question: Question) -> tuple[Foreign, list[str]]:
    """The question as others know it, and in words what it lost.

    Raises NoPlace for a type that they do not have.
    """
    kind = _KINDS.get(question.type)
    if kind is None:
        raise NoPlace(f"other systems have no {question.type} questions in these formats")
    text = f"{question.heading}\n\n{question.body}" if question.body else question.heading
    foreign = Foreign(
        kind=kind,
        name=question.id,
        text=_said(text),
        answers=_answers(question),
        single=question.type is not Type.MULTIPLE,
        exact=question.marking is Marking.EXACT,
        shuffle=not question.fixed,
        points=question.points,
        general=_said(question.explanation),
        rubric=_said(question.rubric),
        tags=question.tags,
    )
    return foreign, _lost(question)


def _said(text: str) -> Text:
    return Text(text=text, format="markdown" if text else "moodle")


def _answers(question: Question) -> tuple[Answer, ...]:
    if question.type is Type.TRUE_FALSE:
        return tuple(
            Answer(text=Text(text=one.text, format="plain"), fraction=WHOLE if one.right else NONE)
            for one in question.options
        )
    if question.options:
        return tuple(
            Answer(text=_said(one.text), fraction=share, feedback=_said(one.feedback))
            for one, share in zip(question.options, _fractions(question), strict=True)
        )
    found = [Answer(text=_plain(one.pattern), fraction=one.weight * 100) for one in question.words]
    for number in question.numbers:
        middle, by = (number.high + number.low) / 2, (number.high - number.low) / 2
        text = _plain(number_text(middle, 20))
        found.append(Answer(text=text, fraction=number.weight * 100, tolerance=by))
    found += [
        Answer(text=_said(one.left), fraction=WHOLE, right=one.right) for one in question.pairs
    ]
    return tuple(found)


def _plain(text: str) -> Text:
    return Text(text=text, format="plain")


def _fractions(question: Question) -> list[Fraction]:
    """Of each option: others add up what was chosen."""
    right = sum(one.right for one in question.options)
    if question.type is Type.SINGLE:
        return [WHOLE if one.right else NONE for one in question.options]
    if question.marking is Marking.WEIGHTS:
        return [(one.weight or Fraction(0)) * 100 for one in question.options]
    part = Fraction(100, max(1, right))
    away = -part if question.marking is Marking.NET else -WHOLE
    return [part if one.right else away for one in question.options]


def _lost(question: Question) -> list[str]:
    lost = []
    if question.objective:
        lost.append("its objective")
    if question.required:
        lost.append("that it must be right")
    if question.typos:
        lost.append("the typing error that is forgiven")
    if any(one.pin for one in question.options):
        lost.append("options that keep their place")
    if any(one.was for one in question.options) or any(one.was for one in question.pairs):
        lost.append("former texts")
    if any(one.units for one in question.numbers):
        lost.append("the units")
    if question.marking in (Marking.ALL, Marking.EACH) and question.type is Type.MULTIPLE:
        lost.append("how it is marked: each choice gives or takes its part")
    if question.marking is Marking.ALL and question.type is Type.MATCHING:
        lost.append("how it is marked: each pair gives its part")
    if question.marking is Marking.WEIGHTS and any(
        one.right is not bool(one.weight and one.weight > 0) for one in question.options
    ):
        lost.append("which options without points are right")
    if question.fixed and question.type not in (Type.SINGLE, Type.MULTIPLE, Type.MATCHING):
        lost.append("that its order is fixed")
    if question.rubric and question.type is not Type.ESSAY:
        lost.append("the notes for markers")
    keyed = [one.weight for one in question.words] + [one.weight for one in question.numbers]
    if 0 in keyed:
        lost.append("answers that earn nothing")
    if not _decimal(question.points):
        lost.append("its points beyond seven decimals")
    return lost


def _decimal(number: Fraction) -> bool:
    try:
        decimal_text(number)
    except ValueError:
        return False
    return True
