"""The page that shows the answers says of each part what it was."""

from fractions import Fraction

from hypothesis import given, settings

from lms.rules.grading import Mark, PartMark, marks, share
from lms.rules.questions import Answer, Gap, NumberKey, Option, Pair, Question, Type, WordKey
from tests.rules.strategies import answered


def make(type, **fields):
    return Question(id="q", type=type, heading="?", **fields)


def test_options_are_chosen_right_chosen_wrong_missed_or_plain():
    options = (
        Option(text="a", right=True),
        Option(text="b"),
        Option(text="c", right=True),
        Option(text="d"),
    )
    told = marks(make(Type.MULTIPLE, options=options), Answer(chosen=frozenset("ab")))
    assert {one.text: one.mark for one in told.options} == {
        "a": Mark.CHOSEN_RIGHT,
        "b": Mark.CHOSEN_WRONG,
        "c": Mark.MISSED,
        "d": Mark.PLAIN,
    }


def test_an_option_that_earns_a_part_is_not_wrong():
    options = (Option(text="x", right=True), Option(text="p", weight=Fraction(1, 2)))
    told = marks(make(Type.SINGLE, options=options), Answer(chosen=frozenset("p")))
    assert [one.mark for one in told.options] == [Mark.MISSED, Mark.CHOSEN_RIGHT]


def test_a_weight_counts_only_where_the_marking_weighs():
    options = (Option(text="x", right=True), Option(text="p", weight=Fraction(1, 2)))
    told = marks(make(Type.MULTIPLE, options=options), Answer(chosen=frozenset("p")))
    assert [one.mark for one in told.options] == [Mark.MISSED, Mark.CHOSEN_WRONG]


def test_a_surveys_options_are_plain():
    options = (Option(text="x"), Option(text="y"))
    told = marks(make(Type.CHOICE, options=options), Answer(chosen=frozenset("x")))
    assert {one.mark for one in told.options} == {Mark.PLAIN}


def test_pairs_stand_with_the_right_side():
    pairs = (Pair(left="a", right="1"), Pair(left="b", right="2"), Pair(left="", right="3"))
    told = marks(make(Type.MATCHING, pairs=pairs), Answer(pairs={"a": "1", "b": "3"}))
    assert told.parts == (
        PartMark(part="a", given="1", right=True, correct=("1",)),
        PartMark(part="b", given="3", right=False, correct=("2",)),
    )


def test_an_order_stands_place_by_place():
    told = marks(make(Type.ORDERING, items=("A", "B", "C")), Answer(order=("A", "C", "B")))
    assert [(one.part, one.given, one.right, one.correct) for one in told.parts] == [
        ("1", "A", True, ("A",)),
        ("2", "C", False, ("B",)),
        ("3", "B", False, ("C",)),
    ]
    assert [one.given for one in marks(make(Type.ORDERING, items=("A", "B")), Answer()).parts] == [
        "",
        "",
    ]


def test_gaps_stand_with_what_is_accepted():
    gaps = (Gap(texts=("12", r"t\*")), Gap(texts=("1988", "1971"), listed=True))
    told = marks(make(Type.GAPS, gaps=gaps), Answer(gaps=("12", "1971")))
    assert told.parts == (
        PartMark(part="1", given="12", right=True, correct=("12", "t*")),
        PartMark(part="2", given="1971", right=False, correct=("1988",)),
    )


def test_typed_lines_stand_with_the_keys_as_written():
    key = NumberKey(low=Fraction(1), high=Fraction(3), text="2 ± 1 t")
    number = marks(make(Type.NUMERIC, numbers=(key,)), Answer(text="5"))
    word = marks(make(Type.SHORT, words=(WordKey(pattern="opium"),)), Answer(text="Opium"))
    assert number.parts == (PartMark(part="", given="5", right=False, correct=("2 ± 1 t",)),)
    assert word.parts == (PartMark(part="", given="Opium", right=True, correct=("opium",)),)


def test_an_essay_has_no_right_answer():
    assert marks(make(Type.ESSAY), Answer(text="Because.")).parts == ()


@settings(max_examples=60, deadline=None)
@given(answered((Type.MATCHING, Type.GAPS, Type.ORDERING, Type.SHORT, Type.NUMERIC)))
def test_all_parts_are_right_where_the_answer_is(pair):
    told = marks(*pair)
    assert told.parts
    assert all(one.right for one in told.parts) == (share(*pair) == 1)
