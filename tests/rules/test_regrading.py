"""Remedies for a wrong key, worked out by hand and for every type."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.grading import Verdict, grade
from lms.rules.questions import (
    Answer,
    Gap,
    Marking,
    NumberKey,
    Option,
    Pair,
    Question,
    Type,
    WordKey,
)
from lms.rules.refusal import Refusal
from lms.rules.regrading import (
    Correction,
    Direction,
    Remedy,
    accepting,
    carried,
    direction,
    regrade,
)
from tests.rules.strategies import answers, questions


def single(id="q1", right="a", **values):
    options = tuple(Option(text=text, right=text == right) for text in "abc")
    return Question(id=id, type=Type.SINGLE, heading=id, options=options, **values)


def chose(*texts):
    return Answer(chosen=frozenset(texts))


QUIZ = [single(f"q{n}") for n in range(1, 5)]
SAID = {"q1": chose("b"), "q2": chose("a"), "q3": chose("a"), "q4": chose("c")}


def after(*corrections, quiz=QUIZ, said=SAID, pass_mark=75):
    return regrade(quiz, said, pass_mark, corrections)


def test_without_a_correction_it_is_the_grade():
    assert after() == grade(QUIZ, SAID, 75)


def test_a_new_key_replaces_the_old_one():
    corrected = Correction(question_id="q1", remedy=Remedy.NEW_KEY, key=single("q1", right="b"))
    made = after(corrected)

    assert (made.earned, made.possible, made.passed) == (3, 4, True)


def test_a_new_key_takes_from_those_who_followed_the_old_one():
    corrected = Correction(question_id="q2", remedy=Remedy.NEW_KEY, key=single("q2", right="b"))

    assert after(corrected).earned == 1


def test_accepting_another_answer_takes_from_nobody():
    also = accepting(single("q1"), "b")
    corrected = Correction(question_id="q1", remedy=Remedy.ACCEPT, key=also)

    assert [after(corrected, said={"q1": chose(text)}).earned for text in "abc"] == [1, 1, 0]


def test_full_marks_are_for_those_too_who_left_it_empty():
    corrected = Correction(question_id="q1", remedy=Remedy.FULL_MARKS)
    made = after(corrected, said={})

    assert (made.earned, dict(made.outcomes)["q1"].verdict) == (1, Verdict.RIGHT)


def test_a_question_left_out_is_no_longer_possible():
    made = after(Correction(question_id="q1", remedy=Remedy.DROP))

    assert (made.earned, made.possible, made.passed) == (2, 3, False)
    assert after(Correction(question_id="q1", remedy=Remedy.DROP), pass_mark=66).passed


def test_a_required_question_that_is_left_out_stops_nobody():
    quiz = [single("q1", required=True), *QUIZ[1:]]
    corrected = Correction(question_id="q1", remedy=Remedy.DROP)

    assert not after(quiz=quiz, pass_mark=50).passed
    assert after(corrected, quiz=quiz, pass_mark=50).passed


def test_leaving_out_all_that_was_asked_counts_it_in_full():
    made = after(Correction(question_id="q1", remedy=Remedy.DROP), quiz=QUIZ[:1])

    assert (made.earned, made.possible, made.passed) == (1, 1, True)


def test_the_last_remedy_of_a_question_counts():
    dropped = Correction(question_id="q1", remedy=Remedy.DROP)
    corrected = Correction(question_id="q1", remedy=Remedy.NEW_KEY, key=single("q1", right="b"))

    assert after(dropped, corrected) == after(corrected)


def test_an_option_is_known_by_its_former_words():
    new = single("q1", right="")
    new = replace(new, options=(Option(text="B", right=True, was=("b",)), *new.options[::2]))

    assert [one.right for one in carried(new, single("q1")).options] == [False, True, False]


def test_an_option_that_the_new_version_lacks_is_wrong():
    new = replace(single("q1"), options=(Option(text="z", right=True), Option(text="b")))

    assert [one.right for one in carried(new, single("q1")).options] == [False, False, False]


def test_a_pair_goes_back_into_the_words_that_were_offered():
    asked = Question(
        id="q",
        type=Type.MATCHING,
        heading="q",
        pairs=(Pair(left="A", right="one"), Pair(left="B", right="two")),
    )
    new = replace(asked, pairs=(Pair(left="A", right="two"), Pair(left="B", right="one")))

    assert carried(new, asked).pairs == new.pairs


def test_an_order_goes_back_into_the_words_that_were_offered():
    asked = Question(id="q", type=Type.ORDERING, heading="q", items=("one", "two", "three"))
    new = replace(asked, items=("Two", "one", "three"), item_was=(("two",), (), ()))

    assert carried(new, asked).items == ("two", "one", "three")


@pytest.mark.parametrize(
    "new",
    [
        Question(id="q1", type=Type.SHORT, heading="q", words=(WordKey(pattern="a"),)),
        Question(id="q1", type=Type.GAPS, heading="q", gaps=(Gap(texts=("a",)),)),
    ],
)
def test_another_type_of_question_is_refused(new):
    with pytest.raises(Refusal, match="asks something else"):
        carried(new, single("q1"))


def test_accepting_adds_an_option_to_a_choice_of_several():
    options = (Option(text="a", right=True), Option(text="b"), Option(text="c"))
    question = Question(
        id="q1", type=Type.MULTIPLE, heading="q", options=options, marking=Marking.ALL
    )
    corrected = Correction(question_id="q1", remedy=Remedy.ACCEPT, key=accepting(question, "b"))
    said = [{"q1": chose("a")}, {"q1": chose("a", "b")}, {"q1": chose("a", "c")}]

    assert [regrade([question], one, None, [corrected]).earned for one in said] == [1, 1, 0]


def test_accepting_what_was_not_offered_is_refused():
    with pytest.raises(Refusal, match="Choose one of the answers"):
        accepting(single(), "z")


def test_a_range_of_numbers_takes_the_new_limits():
    asked = Question(
        id="q1",
        type=Type.NUMERIC,
        heading="q",
        numbers=(NumberKey(low=Fraction(1), high=Fraction(2)),),
    )
    new = replace(asked, numbers=(NumberKey(low=Fraction(1), high=Fraction(5)),))
    corrected = Correction(question_id="q1", remedy=Remedy.NEW_KEY, key=new)

    assert regrade([asked], {"q1": Answer(text="4")}, None, [corrected]).earned == 1


def test_a_pass_weighs_more_than_points():
    quiz = [single("q1", required=True), single("q2"), single("q3")]
    most = grade(quiz, {"q2": chose("a"), "q3": chose("a")}, 30)
    least = grade(quiz, {"q1": chose("a")}, 30)

    assert (most.passed, least.passed) == (False, True)
    assert direction(most, least) is Direction.HIGHER
    assert direction(least, most) is Direction.LOWER
    assert direction(most, most) is Direction.SAME


@st.composite
def asked(draw):
    question = draw(questions())
    return question, draw(answers(question))


@given(asked())
@settings(max_examples=150)
def test_an_unchanged_key_changes_nothing(pair):
    question, answer = pair
    said = {question.id: answer}
    key = Correction(question_id=question.id, remedy=Remedy.NEW_KEY, key=question)
    also = Correction(question_id=question.id, remedy=Remedy.ACCEPT, key=question)
    if question.type in (Type.ESSAY, Type.SCALE, Type.NUMBER, Type.CHOICE):
        return

    before = grade([question], said, None)
    assert regrade([question], said, None, [key]) == before
    assert regrade([question], said, None, [also]) == before


@given(asked(), asked(), st.sampled_from(Remedy), st.integers(0, 100))
@settings(max_examples=150)
def test_no_remedy_leaves_the_limits_of_the_points(one, other, remedy, mark):
    (question, answer), (new, _) = one, other
    new = replace(new, id=question.id)
    corrected = Correction(question_id=question.id, remedy=remedy, key=new)
    try:
        made = regrade([question], {question.id: answer}, None, [corrected])
    except Refusal:
        assert remedy in (Remedy.NEW_KEY, Remedy.ACCEPT)
        return

    assert 0 <= made.earned <= made.possible <= question.points
    assert (remedy is Remedy.ACCEPT) <= (
        made.earned >= grade([question], {question.id: answer}, None).earned
    )
