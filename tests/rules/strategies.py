"""Questions of every type and answers to them, for property tests of any room."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from lms.rules.questions import (
    Answer,
    Gap,
    Marking,
    NumberKey,
    Option,
    Pair,
    Question,
    Scale,
    Type,
    WordKey,
)

GRADED = tuple(one for one in Type if one not in (Type.SCALE, Type.NUMBER, Type.CHOICE))

RULES = {
    Type.MULTIPLE: (Marking.ALL, Marking.NET, Marking.EACH, Marking.WEIGHTS),
    Type.SINGLE: (Marking.ALL, Marking.WEIGHTS),
    Type.SHORT: (Marking.ALL, Marking.EXACT),
    Type.MATCHING: (Marking.SHARE, Marking.ALL),
    Type.GAPS: (Marking.SHARE, Marking.ALL, Marking.EXACT),
    Type.ORDERING: (Marking.ALL, Marking.PAIRS),
}

texts = st.text("abcdéßяИ中ع 019-*'\"<&{}", min_size=1, max_size=12).filter(str.strip)
ids = st.integers(0, 999).map("q-{}".format)
lines = st.text(max_size=30)
shares = st.fractions(min_value=0, max_value=1, max_denominator=12)
seeds = st.binary(min_size=16, max_size=16)


def several(least: int = 2, most: int = 6) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=least, max_size=most, unique=True)


@st.composite
def questions(draw, types: tuple[Type, ...] = tuple(Type), id: str | None = None) -> Question:
    """A question that the course format can hold, of one of the types."""
    type = draw(st.sampled_from(types))
    return Question(
        id=id or draw(ids),
        type=type,
        heading=draw(texts),
        points=draw(st.fractions(min_value=0, max_value=5, max_denominator=4)),
        objective=draw(st.sampled_from(("", "LO1", "LO2", "LO3"))),
        marking=draw(st.sampled_from(RULES.get(type, (Marking.ALL,)))),
        required=draw(st.booleans()),
        fixed=draw(st.booleans()),
        typos=draw(st.integers(0, 1)),
        **draw(_parts(type)),
    )


@st.composite
def _parts(draw, type: Type):
    match type:
        case Type.SINGLE | Type.MULTIPLE | Type.CHOICE:
            options = [
                Option(
                    text=text,
                    weight=draw(st.none() | st.fractions(-1, 1, max_denominator=4)),
                    feedback=draw(st.sampled_from(("", "Read again."))),
                    pin=draw(st.booleans()),
                )
                for text in draw(several())
            ]
            if type is Type.CHOICE:
                return {"options": tuple(replace(one, weight=None) for one in options)}
            most = 1 if type is Type.SINGLE else len(options)
            places = st.integers(0, len(options) - 1)
            right = draw(st.sets(places, min_size=1, max_size=most))
            return {"options": tuple(replace(o, right=n in right) for n, o in enumerate(options))}
        case Type.TRUE_FALSE:
            truth = draw(st.booleans())
            return {
                "options": (Option(text="true", right=truth), Option(text="false", right=not truth))
            }
        case Type.NUMERIC:
            return {"numbers": tuple(draw(st.lists(number_keys(), min_size=1, max_size=3)))}
        case Type.SHORT:
            keys = st.builds(WordKey, pattern=texts, weight=shares)
            return {"words": tuple(draw(st.lists(keys, min_size=1, max_size=3)))}
        case Type.MATCHING:
            rights = draw(several())
            rows = [
                Pair(left=left, right=draw(st.sampled_from(rights))) for left in draw(several())
            ]
            return {"pairs": (*rows, *(Pair(left="", right=right) for right in rights[:1]))}
        case Type.ORDERING:
            return {"items": tuple(draw(several()))}
        case Type.GAPS:
            gaps = st.builds(Gap, texts=several(1).map(tuple), listed=st.booleans())
            return {"gaps": tuple(draw(st.lists(gaps, min_size=1, max_size=4)))}
        case Type.SCALE | Type.NUMBER:
            low = draw(st.integers(-2, 5))
            return {"scale": Scale(low=low, high=low + draw(st.integers(1, 900)))}
        case _:
            return {}


@st.composite
def number_keys(draw) -> NumberKey:
    low = draw(st.fractions(-100, 100, max_denominator=100))
    return NumberKey(
        low=low,
        high=low + draw(st.fractions(0, 50, max_denominator=10)),
        units=draw(st.sampled_from(((), ("t", "tonnes"), ("%",)))),
        weight=draw(shares),
        text=str(low),
    )


@st.composite
def answers(draw, question: Question) -> Answer:
    """An answer that fits the question: blank, right or wrong."""
    if draw(st.integers(0, 5)) == 0:
        return Answer()
    match question.type:
        case Type.SINGLE | Type.TRUE_FALSE | Type.CHOICE | Type.MULTIPLE:
            options = st.sampled_from([option.text for option in question.options])
            most = None if question.type is Type.MULTIPLE else 1
            return Answer(chosen=frozenset(draw(st.sets(options, max_size=most))))
        case Type.NUMERIC:
            key = draw(st.sampled_from(question.numbers))
            return Answer(text=draw(lines | st.just(f"{key.low.numerator}") | st.just("19 t")))
        case Type.SHORT:
            patterns = [key.pattern for key in question.words]
            return Answer(text=draw(lines | st.sampled_from(patterns)))
        case Type.MATCHING:
            rights = st.sampled_from([pair.right for pair in question.pairs])
            lefts = st.sampled_from([pair.left for pair in question.pairs if pair.left])
            return Answer(pairs=draw(st.dictionaries(lefts, rights)))
        case Type.ORDERING:
            return Answer(order=tuple(draw(st.permutations(question.items))))
        case Type.GAPS:
            filled = (
                st.sampled_from(("", *gap.texts)) | (st.nothing() if gap.listed else lines)
                for gap in question.gaps
            )
            return Answer(gaps=draw(st.tuples(*filled)))
        case Type.SCALE | Type.NUMBER:
            return Answer(text=str(draw(st.integers(question.scale.low, question.scale.high))))
        case _:
            return Answer(text=draw(lines))


@st.composite
def answered(draw, types: tuple[Type, ...] = tuple(Type)) -> tuple[Question, Answer]:
    """A question with an answer that fits it."""
    question = draw(questions(types))
    return question, draw(answers(question))


@st.composite
def quizzes(draw, types: tuple[Type, ...] = GRADED, least: int = 1) -> tuple[Question, ...]:
    """Some questions with ids of their own."""
    count = draw(st.integers(least, 5))
    return tuple(draw(questions(types, id=f"q{n}")) for n in range(count))


@st.composite
def rekeyed(draw, question: Question) -> Question:
    """The same question with another key: what an officer may see is unchanged."""
    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.TRUE_FALSE:
            options = [
                replace(
                    one,
                    right=draw(st.booleans()),
                    weight=draw(st.none() | shares),
                    feedback=draw(lines),
                    was=("earlier",),
                )
                for one in question.options
            ]
            return replace(question, options=tuple(options))
        case Type.MATCHING:
            rights = draw(st.permutations([pair.right for pair in question.pairs]))
            pairs = zip(question.pairs, rights, strict=True)
            return replace(question, pairs=tuple(replace(p, right=right) for p, right in pairs))
        case Type.ORDERING:
            return replace(question, items=tuple(draw(st.permutations(question.items))))
        case Type.GAPS:
            gaps = [
                replace(gap, texts=tuple(draw(st.permutations(gap.texts))))
                if gap.listed
                else replace(gap, texts=("other",))
                for gap in question.gaps
            ]
            return replace(question, gaps=tuple(gaps))
        case Type.NUMERIC:
            return replace(question, numbers=(NumberKey(low=Fraction(1), high=Fraction(2)),))
        case _:
            return replace(question, words=(), explanation="Because.", rubric="For markers.")
